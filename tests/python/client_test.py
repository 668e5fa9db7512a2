"""A client: what it answers, what it raises."""

import hashlib
import json
import os
import pickle
import subprocess
import threading
import time
import unittest
from unittest import mock

import algoctl
from shop import ShopTest


def digest(text):
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


class ClientTest(ShopTest):
    def test_publishes_and_resolves(self):
        uploaded = self.upload("first", "first.txt")
        self.assertEqual(
            uploaded.files,
            [
                algoctl.UploadedFile(
                    "model",
                    "first.txt",
                    "data://acme/sentiment/first.txt",
                    digest("first"),
                    5,
                    True,
                )
            ],
        )
        published = self.client.publish(
            self.manifest, notes="February", metadata={"accuracy": 0.9}, channels=["canary"]
        )
        self.assertEqual(published.version, "1.0.0")
        self.assertTrue(published.created)
        self.assertEqual(published.channels, ["canary"])
        self.assertFalse(self.client.publish(self.manifest).created)
        resolved = self.client.resolve("acme/sentiment@^1")
        self.assertEqual((resolved.version, resolved.notes), ("1.0.0", "February"))
        self.assertEqual((resolved.published_by, resolved.previous), ("ada", None))
        self.assertEqual(resolved.sha256, published.sha256)
        self.assertEqual(
            self.client.resolve("data://acme/sentiment/first.txt").sha256, digest("first")
        )

    def test_pulls_verified_files(self):
        self.client.upload(
            {"model": self.write("a", "one"), "words/list": self.write("b", "two")},
            manifest=self.manifest,
        )
        self.client.publish(self.manifest, bump="major")
        pulled = self.client.pull("acme/sentiment@1.0.0")
        self.assertEqual(sorted(pulled.paths), ["model", "words/list"])
        self.assertEqual(os.path.dirname(pulled.paths["model"]), pulled.folder)
        with self.assertRaises(algoctl.UsageError) as raised:
            pulled.path
        self.assertEqual(
            raised.exception.message,
            "acme/sentiment has 2 slots, and none was named: model, words/list",
        )
        file = self.client.file("acme/sentiment@1.0.0", slot="words/list")
        with open(file.path, encoding="utf-8") as opened:
            self.assertEqual(opened.read(), "two")
        into = self.client.pull("acme/sentiment", slots=["model"], into=self.path("into"))
        self.assertEqual(into.path, self.path("into", "a"))

    def test_a_file_has_a_name_and_can_be_read(self):
        self.upload("first", "first.txt")
        file = self.client.file("data://acme/sentiment/first.txt")
        local = file.getFile()
        self.assertEqual(local.name, file.path)
        self.assertEqual(os.fspath(local), local.name)
        with file.getFile() as opened:
            self.assertEqual(opened.read(), b"first")
        self.assertTrue(opened.closed)
        self.upload("second", "first.txt", replace=True)
        with file.getFile() as opened:
            self.assertEqual(list(opened), [b"second"])

    def test_promotes_by_compare_and_set(self):
        self.ship("first")
        self.ship("second")
        moved = self.client.promote("acme/sentiment@1.0.0", "stable", expect="none", why="start")
        self.assertEqual((moved.version, moved.moved), ("1.0.0", True))
        with self.assertRaises(algoctl.Conflict):
            self.client.promote("acme/sentiment@1.1.0", "stable", expect="none")
        with self.assertRaises(algoctl.CheckFailed):
            self.client.promote("acme/sentiment@1.1.0", "stable", require=["accuracy>=0.9"])
        self.assertEqual(self.client.promote("acme/sentiment", "stable").previous, "1.0.0")

    def test_errors_have_code_message_hint_and_a_type(self):
        self.ship("first")
        with self.assertRaises(algoctl.NotFound) as raised:
            self.client.resolve("acme/sentimemt")
        error = raised.exception
        self.assertEqual(error.code, 3)
        self.assertEqual(error.message, "there is no algorithm 'acme/sentimemt'")
        self.assertEqual(error.hint, "did you mean 'acme/sentiment'?")
        self.assertEqual(str(error), f"{error.message}\n  hint: {error.hint}")
        self.assertEqual(pickle.loads(pickle.dumps(error)).hint, error.hint)
        with self.assertRaises(algoctl.UsageError) as raised:
            self.client.resolve("no reference")
        self.assertEqual(raised.exception.code, 2)
        absent = algoctl.Client(self.path("home"), registry=self.path("absent.db"))
        with self.assertRaises(algoctl.StorageError) as raised:
            absent.resolve("acme/sentiment")
        self.assertEqual(raised.exception.code, 6)
        codes = sorted(kind.code for kind in algoctl.Error.__subclasses__())
        self.assertEqual(codes, [1, 2, 3, 4, 5, 6, 7, 8, 9, 70, 130])

    def test_a_text_with_a_nul_is_refused_not_cut(self):
        self.ship("first")
        self.client.promote("acme/sentiment@1.0.0", "stable")
        self.ship("second")
        path = self.write("other", "other")
        for call in (
            lambda: self.client.promote("acme/sentiment@1.1.0", "stable\0x"),
            lambda: self.client.resolve("acme/sentiment\0@9"),
            lambda: self.client.upload(path, label="ok\0evil", algorithm="acme/sentiment"),
            lambda: self.client.publish(self.manifest, metadata={"k": "a\0b"}),
            lambda: self.client.init("acme/sentiment", self.path("a\0b")),
            lambda: algoctl.Model("acme/sentiment", len, client=self.client, name="a\0b"),
        ):
            with self.assertRaises(algoctl.UsageError) as raised:
                call()
            self.assertIn("has a NUL in it", raised.exception.message)
        self.assertEqual(self.client.resolve("acme/sentiment@stable").version, "1.0.0")
        with self.assertRaises(algoctl.NotFound):
            self.client.resolve("data://acme/sentiment/ok")

    def test_a_lone_text_is_a_list_of_one(self):
        self.upload("first", "first.txt")
        published = self.client.publish(self.manifest, channels="stable")
        self.assertEqual(published.channels, ["stable"])
        self.assertEqual(list(self.client.pull("acme/sentiment", slots="model").paths), ["model"])
        with self.assertRaises(algoctl.CheckFailed):
            self.client.promote("acme/sentiment@1.0.0", "canary", require="accuracy>=0.9")

    def test_what_is_copied_has_an_absolute_path(self):
        self.ship("first")
        into = os.path.relpath(self.path("into"))
        self.assertTrue(os.path.isabs(self.client.pull("acme/sentiment", into=into).path))

    def test_ends_with_its_context(self):
        with self.open() as client:
            self.upload("first", "first.txt")
            client.resolve("data://acme/sentiment/first.txt")
        with self.assertRaises(algoctl.UsageError) as raised:
            client.resolve("data://acme/sentiment/first.txt")
        self.assertEqual(raised.exception.message, "the client is closed")

    def test_threads_share_a_client(self):
        self.ship("first")
        failed = []

        def pull():
            try:
                for _ in range(20):
                    self.client.pull("acme/sentiment@^1")
            except Exception as error:
                failed.append(error)

        threads = [threading.Thread(target=pull) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failed, [])

    def test_the_child_of_a_fork_has_a_connection_of_its_own(self):
        self.ship("first")
        self.client.resolve("acme/sentiment")
        child = os.fork()
        if child == 0:
            try:
                os._exit(0 if self.client.resolve("acme/sentiment").version == "1.0.0" else 1)
            finally:
                os._exit(2)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(self.client.resolve("acme/sentiment").version, "1.0.0")

    def test_a_fork_waits_for_the_calls_of_other_threads(self):
        self.ship("first")
        connection = self.client._connection
        under_way, go_on, begun, seen = (threading.Event() for _ in range(4))
        order = []

        def call():
            with connection.use():
                under_way.set()
                go_on.wait()
                order.append("ended")

        def call_during_the_fork():
            begun.set()
            self.client.resolve("acme/sentiment")
            order.append("after")
            seen.set()

        def fork():
            child = os.fork()
            if child == 0:
                os._exit(0)
            order.append("forked")
            os.waitpid(child, 0)

        first = threading.Thread(target=call)
        first.start()
        under_way.wait()
        forking = threading.Thread(target=fork)
        forking.start()
        while not connection._held:
            time.sleep(0.001)
        later = threading.Thread(target=call_during_the_fork)
        later.start()
        begun.wait()
        self.assertFalse(seen.wait(0.05))
        go_on.set()
        for thread in (first, forking, later):
            thread.join()
        self.assertEqual(order[0], "ended")
        self.assertEqual(sorted(order[1:]), ["after", "forked"])

    def test_a_thread_that_forks_in_a_call_of_its_own_does_not_wait_for_itself(self):
        self.ship("first")
        begin = time.monotonic()
        with self.client._connection.use():
            child = os.fork()
            if child == 0:
                os._exit(0)
        os.waitpid(child, 0)
        self.assertLess(time.monotonic() - begin, 4)


class SettingsTest(ShopTest):
    def settings(self, folder, environment, **arguments):
        environment = {"HOME": self.path("me"), **environment}
        before = os.getcwd()
        os.makedirs(folder, exist_ok=True)
        os.chdir(folder)
        try:
            with mock.patch.dict(os.environ, environment, clear=True):
                return algoctl.client(**arguments).settings
        finally:
            os.chdir(before)

    def test_each_layer_beats_the_one_below(self):
        project = self.path("project")
        inside = self.path("project", "inside")
        self.assertEqual(
            self.settings(inside, {})["home"], self.path("me", ".local/share/algoctl")
        )
        self.assertEqual(self.settings(inside, {})["cache"], self.path("me", ".cache/algoctl"))
        with open(os.path.join(project, ".algoctl.json"), "w", encoding="utf-8") as file:
            file.write('{"home": "models", "registry": "sqlite:shared.db", "timeout": 5}')
        settings = self.settings(inside, {})
        self.assertEqual(settings["home"], self.path("project", "models"))
        self.assertEqual(settings["registry"], "sqlite:" + self.path("project", "shared.db"))
        self.assertEqual(settings["timeout"], 5)
        settings = self.settings(inside, {"ALGOCTL_HOME": "/elsewhere", "ALGOCTL_TIMEOUT": "7"})
        self.assertEqual((settings["home"], settings["timeout"]), ("/elsewhere", 7))
        self.assertEqual(self.settings(inside, {}, home="here")["home"], inside + "/here")

    def test_a_bad_setting_names_its_place(self):
        def message(text, environment):
            path = self.path("project", ".algoctl.json")
            os.makedirs(self.path("project"), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            with self.assertRaises(algoctl.UsageError) as raised:
                self.settings(self.path("project"), environment)
            return raised.exception.message.replace(path, "FILE")

        self.assertEqual(message('{"hom": ""}', {}), "FILE: unknown setting 'hom'")
        self.assertEqual(message('{"home": 1}', {}), "FILE: 'home' has a value of the wrong kind")
        self.assertEqual(message("[]", {}), "FILE: not a JSON object")
        self.assertEqual(
            message("{}", {"ALGOCTL_TIMEOUT": "soon"}),
            "environment ALGOCTL_TIMEOUT: 'soon' is not a number of seconds",
        )
        for value in ("true", "-1", "1e9", "NaN", "Infinity", "-Infinity", '"5"', "null", "1e999"):
            self.assertTrue(message(f'{{"timeout": {value}}}', {}).startswith("FILE: "), value)
        for value in ("1.5", "-1", "1e3", "9223372036854775808", "true"):
            self.assertTrue(message(f'{{"cache_size": {value}}}', {}).startswith("FILE: "), value)
        for text in ('{"timeout": 1, "timeout": 2}', "[" * 100000, '{"home": "\\ud800"'):
            self.assertTrue(message(text, {}).startswith("FILE: "))
        for variable, value in (
            ("ALGOCTL_TIMEOUT", "-1"),
            ("ALGOCTL_TIMEOUT", "1_0"),
            ("ALGOCTL_TIMEOUT", "inf"),
            ("ALGOCTL_TIMEOUT", " 1"),
            ("ALGOCTL_CACHE_SIZE", "1e3"),
            ("ALGOCTL_LIMIT_RATE", "fast"),
            ("ALGOCTL_TRASH_GRACE", "1h"),
        ):
            said = message("{}", {variable: value})
            self.assertTrue(said.startswith(f"environment {variable}: "), said)
        self.assertEqual(
            message("{}", {"HOME": ""}), "there is no home folder: HOME is not set"
        )

    def test_every_setting_of_the_program_is_known(self):
        program = os.environ["ALGOCTL_PROGRAM"]
        printed = subprocess.run([program, "config"], capture_output=True, text=True, check=True)
        names = [line.split("\t")[0] for line in printed.stdout.splitlines()]
        self.assertIn("limit_rate", names)
        values = {
            "cache_size": 1000,
            "trash_grace": 0.5,
            "timeout": 1.5,
            "limit_rate": 1000000,
            "allow_network_filesystem": True,
        }
        os.makedirs(self.path("project"))
        with open(self.path("project", ".algoctl.json"), "w", encoding="utf-8") as file:
            json.dump({name: values.get(name, "") for name in names}, file)
        settings = self.settings(self.path("project"), {})
        self.assertEqual({name: settings[name] for name in values}, values)
        self.assertEqual(settings["home"], self.path("me", ".local/share/algoctl"))

    def test_a_store_on_a_server_finds_its_credentials_in_the_environment(self):
        url = "s3://bucket/prefix?endpoint=http://127.0.0.1:9"
        keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
        for given, error in (({}, algoctl.Unauthorized), (keys, algoctl.StorageError)):
            client = algoctl.Client(self.path("far"), store=url, timeout=0.1)
            with mock.patch.dict(os.environ, given), self.assertRaises(error):
                client.init("acme/sentiment", self.path("elsewhere"))
            client.close()

    def test_arguments_are_checked_like_files(self):
        for arguments in (
            {"timeout": -1},
            {"timeout": float("nan")},
            {"timeout": True},
            {"cache_size": 1.5},
            {"cache_size": -1},
            {"home": ""},
        ):
            with self.assertRaises(algoctl.UsageError):
                self.settings(self.path("project"), {}, **arguments)


if __name__ == "__main__":
    unittest.main()
