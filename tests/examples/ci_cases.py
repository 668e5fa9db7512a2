"""What holds for a release in each CI."""

import json
import shutil
import subprocess
import tempfile
import unittest

from ci_systems import Job
from ci_world import CHECK, World

# What must never be evaluated: a branch, a person's name and a note may say anything. Each is whole
# where a careless script could paste it: bare, between quotes, after a command.
HOSTILE = (
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned #",
    "\"; touch pwned; \"",
    "'; touch pwned; '",
    "-x ${x} * \"\nname=value",
)
HOSTILE_BRANCH = "a$(touch${IFS}pwned)`touch${IFS}pwned`"


class Basics:
    """What holds for each CI, in each shell."""

    program: str
    ci_class: type

    def setUp(self):
        self.enter(published=True)

    def enter(self, published):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.world = World(folder.name, self.program, published)
        self.ci = self.ci_class(self.world)

    def release(self, **job):
        return self.ci.release(Job(**job))

    def expect(self, outcome, version):
        self.assertEqual((outcome.exit, outcome.version), (0, version), outcome.err)

    def refused(self, outcome, exit, err=None):
        """Nothing is passed on, nothing is published."""
        self.assertEqual((outcome.exit, outcome.version), (exit, None), outcome.err)
        if err is not None:
            self.assertEqual(outcome.err, err)

    def shown(self, version):
        return json.loads(self.world.algoctl("show", f"acme/sentiment@{version}", "--json"))

    def test_a_run_publishes_the_next_version_and_passes_its_number_on(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.expect(self.release(), "1.1.0")
        self.assertEqual(self.world.versions(), ["1.1.0", "1.0.0"])
        self.assertEqual(self.world.gate_runs(), 1)
        path = self.world.algoctl("pull", "acme/sentiment@1.1.0", "--slot", "model")
        with open(path) as file:
            self.assertEqual(file.read(), "good: second")
        status = self.world.git("status", "--short", "--untracked-files=no", cwd=self.ci.folder)
        self.assertEqual(status, "")

    def test_another_attempt_of_a_run_gets_the_same_version_whatever_came_between(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.expect(self.release(), "1.1.0")
        self.expect(self.release(attempt=2), "1.1.0")
        self.expect(self.release(attempt=3, actor="grace"), "1.1.0")
        self.assertEqual(self.shown("1.1.0")["meta"]["ci.actor"], "ada")
        self.ci.train("good: third")
        self.expect(self.release(run="4712"), "1.2.0")
        self.ci.train("good: second")
        self.expect(self.release(attempt=4), "1.1.0")
        self.assertEqual(self.world.versions(), ["1.2.0", "1.1.0", "1.0.0"])
        self.assertEqual(self.world.gate_runs(), 2)

    def test_a_hostile_branch_is_recorded_and_never_run(self):
        self.world.git("push", "-q", self.world.remote, f"main:refs/heads/{HOSTILE_BRANCH}",
                       cwd=self.world.source)
        self.ci.check_out(HOSTILE_BRANCH)
        self.ci.train("good: second")
        self.expect(self.release(ref=HOSTILE_BRANCH), "1.1.0")
        shown = self.shown("1.1.0")
        self.assertEqual(shown["meta"]["ci.ref"], self.ci.ref(Job(ref=HOSTILE_BRANCH)))
        self.assertEqual(shown["git"]["commit"], self.world.commit)
        self.assertEqual(list(self.world.root.rglob("pwned*")), [])

    def test_hostile_texts_are_recorded_and_never_run(self):
        self.ci.check_out()
        self.ci.train("", "--meta=stars=one")  # what a pattern would find
        for number, text in enumerate(HOSTILE, start=1):
            self.ci.train(f"good: {text}")
            actor = dict.fromkeys(("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_USER_ID"), text)
            outcome = self.release(run=str(number), ref=text, notes=text, key=text,
                                   options="--meta=stars=* --meta=x=$(touch${IFS}pwned)",
                                   environment=actor)
            self.expect(outcome, f"1.{number}.0")
            shown = self.shown(f"1.{number}.0")
            self.assertEqual(shown["notes"], text)
            self.assertEqual(
                shown["meta"],
                {
                    "ci.actor": text,
                    "ci.ref": self.ci.ref(Job(ref=text)),
                    "ci.run_url": self.ci.run_url(Job(run=str(number))),
                    "stars": "*",
                    "x": "$(touch${IFS}pwned)",
                },
            )
        self.assertEqual(list(self.world.root.rglob("pwned*")), [])

    def test_a_model_that_fails_the_gate_is_not_published(self):
        self.ci.check_out()
        self.ci.train("bad")
        text = (
            "algoctl: the test './check.sh' exited with 1\n"
            "  hint: nothing was published; mend the model or the test and run it again\n"
        )
        self.refused(self.release(), 1, text)
        self.refused(self.release(attempt=2), 1, text)
        self.assertEqual(self.world.versions(), ["1.0.0"])
        self.assertEqual(self.world.algoctl("list", "acme/sentiment", "--labels"), "model.pkl")
        self.ci.train("good: after all")
        self.expect(self.release(attempt=3), "1.1.0")


class Cases(Basics):
    """What holds for each CI."""

    def test_another_run_with_the_same_model_publishes_nothing(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.expect(self.release(), "1.1.0")
        self.expect(self.release(run="4712"), "1.1.0")
        self.assertEqual(self.world.versions(), ["1.1.0", "1.0.0"])

    def test_a_run_stands_for_one_model(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.expect(self.release(), "1.1.0")
        self.ci.train("good: trained once more")
        outcome = self.release(attempt=2)
        self.refused(outcome, 4)
        self.assertIn("was used for another request, which made 1.1.0\n", outcome.err)
        self.assertEqual(self.world.versions(), ["1.1.0", "1.0.0"])

    def test_several_releases_in_one_run_are_told_apart_by_their_files_or_a_key(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.ci.train("words", "vocab.txt")
        self.expect(self.release(), "1.1.0")
        self.expect(self.release(models="vocab=vocab.txt"), "1.2.0")
        self.ci.train("good: third")
        self.expect(self.release(key="german"), "1.3.0")
        self.ci.train("good: second")
        self.expect(self.release(attempt=2), "1.1.0")

    def test_where_a_version_comes_from_is_recorded(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.expect(self.release(notes="retrained"), "1.1.0")
        shown = self.shown("1.1.0")
        self.assertEqual(
            shown["git"], {"commit": self.world.commit, "remote": self.world.remote, "dirty": False}
        )
        job = Job()
        self.assertEqual(
            shown["meta"],
            {"ci.actor": "ada", "ci.ref": self.ci.ref(job), "ci.run_url": self.ci.run_url(job)},
        )
        self.assertEqual(shown["notes"], "retrained")

    def test_a_checkout_with_changes_is_recorded_as_dirty(self):
        self.ci.check_out()
        (self.ci.folder / "check.sh").write_text("#!/bin/sh\n# changed\n" + CHECK)
        self.ci.train("good: second")
        self.expect(self.release(), "1.1.0")
        self.assertEqual(self.shown("1.1.0")["git"]["dirty"], True)

    def test_a_checkout_of_another_user_is_recorded_too(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.expect(self.release(environment={"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}), "1.1.0")
        self.assertEqual(self.shown("1.1.0")["git"]["commit"], self.world.commit)

    def test_a_token_in_the_remote_is_not_recorded(self):
        self.ci.check_out()
        remote = "https://ci-token:s3cret@git.example/acme/sentiment-model.git"
        self.world.git("remote", "set-url", "origin", remote, cwd=self.ci.folder)
        self.ci.train("good: second")
        self.expect(self.release(), "1.1.0")
        self.assertEqual(
            self.shown("1.1.0")["git"]["remote"], "https://git.example/acme/sentiment-model.git"
        )

    def test_more_options_reach_the_release(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.expect(self.release(options="--bump major  --meta accuracy=0.93"), "2.0.0")
        self.assertEqual(self.shown("2.0.0")["meta"]["accuracy"], "0.93")

    @unittest.skipUnless(shutil.which("shellcheck"), "shellcheck is not installed")
    def test_shellcheck_finds_nothing(self):
        result = subprocess.run(
            ["shellcheck", "--severity=warning", f"--shell={self.dialect}", self.ci.script_file()],
            capture_output=True,
            text=True,
        )
        self.assertEqual((result.returncode, result.stdout), (0, ""))
