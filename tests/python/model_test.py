"""A model that follows a reference: threads, failures, forks, ends."""

import gc
import itertools
import os
import subprocess
import sys
import textwrap
import threading
import unittest
import weakref
from unittest import mock

import algoctl
from shop import ShopTest, text_of


class Loaded:
    """A model that can be seen to end."""

    def __init__(self, files):
        self.text = text_of(files)
        self.version = files.version


class ModelTest(ShopTest):
    def follow(self, load=text_of, reference="acme/sentiment@^1", **options):
        model = algoctl.Model(reference, load, client=self.client, **options)
        self.addCleanup(model.close)
        return model

    def until(self, holds):
        """Waits for what the thread that reloads writes down."""
        nobody = self.follow()
        for _ in range(1000):
            if holds():
                return
            nobody.wait_for("9.9.9", timeout=0.03)
        self.fail("it never holds")

    def test_follows_a_range_and_a_label(self):
        self.ship("first")
        self.upload("first", "label.txt")
        model = self.follow()
        label = self.follow(reference="data://acme/sentiment/label.txt")
        self.assertEqual((model.get(), model.version), ("first", "1.0.0"))
        self.ship("second")
        self.assertTrue(model.wait_for(">=1.1.0"))
        self.assertEqual(model.current(), ("second", "1.1.0"))
        self.upload("third", "label.txt", replace=True)
        digest = self.client.resolve("data://acme/sentiment/label.txt").sha256
        self.assertTrue(label.wait_for(digest))
        self.assertEqual(label.current(), ("third", digest))
        status = model.status()
        self.assertEqual((status.state, status.serving, status.switches), ("serving", "1.1.0", 2))
        self.assertIsNone(status.error)

    def test_min_version_waits_or_is_busy(self):
        self.ship("first")
        model = self.follow()
        self.assertEqual(model.get(min_version="1.0.0"), "first")
        with self.assertRaises(algoctl.Busy) as raised:
            model.get(min_version="1.1.0", timeout=0.01)
        self.assertEqual(
            raised.exception.message,
            "acme/sentiment@^1 is served as 1.0.0 after 0.01 s, and not as '>=1.1.0'",
        )
        self.assertFalse(model.wait_for("1.1.0", timeout=0.01))
        publisher = threading.Thread(target=self.ship, args=("second",))
        publisher.start()
        self.assertEqual(model.get(min_version="1.1.0"), "second")
        publisher.join()

    def test_what_a_loader_raises_is_the_failure_and_the_last_model_is_served_on(self):
        self.ship("first")

        def load(files):
            text = text_of(files)
            if text == "second":
                raise ValueError("these are no weights")
            return text

        model = self.follow(load)
        self.ship("second")
        self.until(lambda: model.status().error)
        status = model.status()
        self.assertEqual((status.state, status.serving), ("failed", "1.0.0"))
        self.assertIsInstance(status.error, algoctl.CheckFailed)
        self.assertEqual(
            status.error.message,
            "cannot load 1.1.0 of acme/sentiment@^1: ValueError: these are no weights",
        )
        self.assertEqual(model.get(), "first")
        model.reload_now()
        self.ship("third")
        self.assertTrue(model.wait_for("1.2.0"))
        self.assertEqual(model.get(), "third")
        self.until(lambda: model.status().error is None)

    def test_the_first_failure_is_raised_with_its_cause(self):
        self.ship("first")
        cause = ValueError("these are no weights")

        def load(files):
            raise cause

        with self.assertRaises(algoctl.CheckFailed) as raised:
            self.follow(load)
        self.assertEqual(
            raised.exception.message,
            "cannot load 1.0.0 of acme/sentiment@^1: ValueError: these are no weights",
        )
        self.assertIs(raised.exception.__cause__, cause)
        with self.assertRaises(algoctl.CheckFailed) as raised:
            self.follow(validate=lambda text: text == "second")
        self.assertEqual(
            raised.exception.message,
            "cannot load 1.0.0 of acme/sentiment@^1: the model is not valid",
        )
        with self.assertRaises(algoctl.CheckFailed):
            self.follow(warm_up=lambda text: 1 / 0)
        with self.assertRaises(algoctl.NotFound):
            self.follow(reference="acme/absent")
        with self.assertRaises(algoctl.UsageError):
            self.follow(reference="no reference")

    def test_is_validated_and_warmed_up(self):
        self.ship("first")
        seen = []
        self.follow(validate=lambda text: seen.append("validate"), warm_up=seen.append)
        self.assertEqual(seen, ["validate", "first"])

    def test_threads_see_whole_models_while_a_hundred_are_swapped(self):
        self.ship("v0")
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(0.0002)  # else each call of the publisher waits for eight readers
        model = self.follow(lambda files: (text_of(files), files.version))
        done = threading.Event()
        failed = []
        counts = [0] * 8

        def read(i):
            newest = 0
            try:
                while not done.is_set():
                    (text, loaded), version = model.current()
                    number = int(text[1:])
                    assert loaded == version == f"1.{number}.0", (text, loaded, version)
                    assert number >= newest, (number, newest)
                    newest = number
                    counts[i] += 1
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=read, args=(i,)) for i in range(8)]
        for thread in threads:
            thread.start()
        try:
            for i in range(1, 101):
                self.assertTrue(model.wait_for(self.ship(f"v{i}")))
        finally:
            done.set()
            for thread in threads:
                thread.join()
        self.assertEqual(failed, [])
        self.assertTrue(all(counts))
        self.assertEqual(model.status().loads, 101)

    def test_an_old_model_lives_as_long_as_somebody_has_it(self):
        self.ship("first")
        ended = threading.Event()
        ended_by = []

        def note(_):
            ended_by.append(threading.get_ident())
            ended.set()

        model = self.follow(Loaded)
        kept = model.get()
        watched = weakref.ref(kept, note)
        self.ship("second")
        self.assertTrue(model.wait_for("1.1.0"))
        self.assertEqual(kept.text, "first")
        self.assertIs(watched(), kept)
        del kept
        self.assertTrue(ended.wait(30))

    def test_an_old_model_that_nobody_has_ends_on_another_thread(self):
        self.ship("first")
        ended = threading.Event()
        ended_by = []
        model = self.follow(Loaded)
        watched = weakref.ref(
            model.get(), lambda _: (ended_by.append(threading.get_ident()), ended.set())
        )
        self.ship("second")
        self.assertTrue(ended.wait(30))
        self.assertIsNone(watched())
        self.assertNotEqual(ended_by, [threading.get_ident()])

    def test_is_closed_by_its_context_and_by_being_dropped(self):
        self.ship("first")
        with algoctl.Model("acme/sentiment", Loaded, client=self.client) as model:
            watched = weakref.ref(model.get())
        self.assertIsNone(watched())
        with self.assertRaises(algoctl.UsageError) as raised:
            model.get()
        self.assertEqual(raised.exception.message, "the model of acme/sentiment is closed")
        model.close()
        model = algoctl.Model("acme/sentiment", Loaded, client=self.client)
        watched = weakref.ref(model.get())
        del model
        gc.collect()
        self.assertIsNone(watched())

    def test_times_are_checked_and_rounded_up(self):
        self.ship("first")
        for options in ({"poll": -1}, {"backoff": float("nan")}, {"max_staleness": float("inf")}):
            with self.assertRaises(algoctl.UsageError):
                self.follow(**options)
        self.assertEqual(algoctl._following.milliseconds("poll", 0.0001), 1)
        self.assertEqual(algoctl._following.milliseconds("poll", 0.0), 0)
        self.assertEqual(algoctl._following.milliseconds("poll", 30.0), 30000)

    def test_no_signal_and_no_close_waits_long_for_a_wait(self):
        slices = itertools.islice(algoctl._following._slices(3600, 0.5), 20)
        self.assertLessEqual(max(slices), 500)
        self.ship("first")
        model = self.follow()
        asked = []
        with mock.patch.object(
            algoctl._following, "_slices", lambda _, longest: asked.append(longest) or [1]
        ):
            for selector in ("2.0.0", ">=2", "^1"):
                model.wait_for(selector, 60)
        self.assertEqual(asked, [0.5, 0.5, 4.0])

    def test_in_the_child_of_a_fork_it_says_what_to_do(self):
        self.ship("first")
        model = self.follow()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(reading)
                calls = (model.get, model.status, model.reload_now, lambda: model.wait_for("1.0.0"))
                said = set()
                for call in calls:
                    try:
                        call()
                        said.add("nothing")
                    except algoctl.Error as error:
                        said.add(str(error))
                model.close()
                os.write(writing, "; ".join(said).encode())
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            self.assertEqual(
                pipe.read(),
                "the model of acme/sentiment@^1 was made before a fork, and nobody reloads it in "
                "this process\n  hint: start it after fork: in each worker (gunicorn: post_fork)",
            )
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(model.get(), "first")

    def test_a_program_that_never_closes_it_ends(self):
        self.ship("first")
        program = textwrap.dedent(
            """
            import algoctl, sys
            client = algoctl.Client(sys.argv[1], cache=sys.argv[2])
            model = algoctl.Model("acme/sentiment", lambda files: files.version, client=client)
            print(model.get())
            """
        )
        ended = subprocess.run(
            [sys.executable, "-c", program, self.path("home"), self.path("cache")],
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual((ended.stdout, ended.stderr, ended.returncode), ("1.0.0\n", "", 0))

    def test_may_be_dropped_by_its_own_loader(self):
        self.ship("first")
        box = []

        def load(files):
            box.clear()
            return text_of(files)

        box.append(algoctl.Model("acme/sentiment", load, client=self.client))
        following = weakref.ref(box[0])
        self.ship("second")
        other = self.follow()
        self.assertTrue(other.wait_for("1.1.0"))
        ended = threading.Event()
        if following() is not None:
            weakref.finalize(following(), ended.set)
            self.assertTrue(ended.wait(30))


if __name__ == "__main__":
    unittest.main()
