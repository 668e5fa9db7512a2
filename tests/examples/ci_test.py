#!/usr/bin/env python3
"""ci_test.py ALGOCTL [unittest options]: runs the steps of examples/ci as their CI would.

The steps are taken out of the files as they are. Exits 77 where no Python has PyYAML.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import yaml  # noqa: F401
except ImportError:
    # The python3 in PATH need not be the one that Debian's packages are for.
    if sys.executable != "/usr/bin/python3" and os.access("/usr/bin/python3", os.X_OK):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("ci_test: skipped, no Python with PyYAML\n  hint: apt-get install python3-yaml")
    sys.exit(77)

sys.dont_write_bytecode = True  # nothing is left among the sources
from ci_world import CHECK, GitHub, GitLab, GitLabInSh, Jenkins, Job, World

PROGRAM = os.path.realpath(sys.argv.pop(1))

# What must never be evaluated: a branch, a person's name and a note may say anything.
HOSTILE = """$(touch pwned) `touch pwned` "; touch pwned; ' && touch pwned # ${x}"""
HOSTILE_BRANCH = """a"'$(touch${IFS}pwned)`touch${IFS}pwned`;touch${IFS}pwned&"""


class Basics:
    """What holds for each CI, in each shell."""

    ci_class: type

    def setUp(self):
        self.enter(published=True)

    def enter(self, published):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.world = World(folder.name, PROGRAM, published)
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

    def test_hostile_names_are_recorded_and_never_run(self):
        self.world.git("push", "-q", self.world.remote, f"main:refs/heads/{HOSTILE_BRANCH}",
                       cwd=self.world.source)
        self.ci.check_out(HOSTILE_BRANCH)
        self.ci.train("good: second")
        notes = f"-x {HOSTILE}\n--force"
        self.expect(self.release(ref=HOSTILE_BRANCH, notes=notes), "1.1.0")
        shown = self.shown("1.1.0")
        self.assertEqual(shown["meta"]["ci.ref"], self.ci.ref(Job(ref=HOSTILE_BRANCH)))
        self.assertEqual(shown["notes"], notes)
        self.ci.train("good: third")
        options = "--meta=stars=* --meta=x=$(touch${IFS}pwned)"
        hostile = dict.fromkeys(("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_USER_ID"), HOSTILE)
        job = {"run": "4712", "ref": HOSTILE, "options": options, "key": HOSTILE}
        self.expect(self.release(**job, environment=hostile), "1.2.0")
        self.expect(self.release(**job, environment=hostile), "1.2.0")
        meta = self.shown("1.2.0")["meta"]
        self.assertEqual(meta["ci.ref"], self.ci.ref(Job(ref=HOSTILE)))
        self.assertEqual(meta["ci.actor"], HOSTILE)
        self.assertEqual((meta["stars"], meta["x"]), ("*", "$(touch${IFS}pwned)"))
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

    def test_an_output_of_an_earlier_job_does_not_outlive_a_failure(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.expect(self.release(), "1.1.0")
        self.ci.train("bad")
        self.refused(self.release(run="4712"), 1)
        self.refused(self.release(run="4713", test=""), 2)
        self.assertEqual(self.world.versions(), ["1.1.0", "1.0.0"])

    def test_a_release_without_a_test_is_refused(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.refused(self.release(test=""), 2, self.no_test)
        self.assertEqual(self.world.versions(), ["1.0.0"])

    def test_a_missing_model_fails(self):
        self.ci.check_out()
        self.refused(self.release(), 3)
        self.refused(self.release(models=" "), 2)
        self.assertEqual(self.world.versions(), ["1.0.0"])

    def test_a_registry_that_nobody_named_is_refused(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.refused(self.release(environment={"ALGOCTL_HOME": None}), 2)
        self.assertEqual(list((self.world.root / "user").rglob("*.db")), [])

    def test_a_registry_that_cannot_be_used_fails(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.refused(self.release(environment={"ALGOCTL_HOME": "/dev/null/registry"}), 6)
        self.assertEqual(self.world.versions(), ["1.0.0"])

    def test_the_first_version_is_made_by_a_person(self):
        self.enter(published=False)
        self.ci.check_out()
        self.ci.train("good: first")
        self.refused(
            self.release(),
            3,
            "algoctl: algorithm 'acme/sentiment' has no version yet\n"
            "  hint: `algoctl publish` makes the first\n",
        )
        self.assertEqual(self.world.versions(), [])
        self.world.algoctl("release", "model=model.pkl", cwd=self.ci.folder)
        self.expect(self.release(), "1.0.0")

    def test_a_run_that_is_killed_before_it_publishes_can_be_repeated(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.refused(self.release(test="kill -9 $PPID"), 137)
        self.assertEqual(self.world.versions(), ["1.0.0"])
        self.expect(self.release(attempt=2), "1.1.0")
        self.assertEqual(self.world.versions(), ["1.1.0", "1.0.0"])

    def test_a_run_that_is_killed_after_it_published_finds_its_version(self):
        self.ci.check_out()
        self.ci.train("good: second")
        program = self.world.root / "bin" / "algoctl"
        program.unlink()
        program.write_text(f'#!/bin/sh\n{PROGRAM} "$@"\n[ "$1" != release ] || kill -9 $$\n')
        program.chmod(0o755)
        self.refused(self.release(), 137)
        program.unlink()
        program.symlink_to(PROGRAM)
        self.assertEqual(self.world.versions(), ["1.1.0", "1.0.0"])
        self.expect(self.release(attempt=2), "1.1.0")
        self.assertEqual(self.world.versions(), ["1.1.0", "1.0.0"])
        self.assertEqual(self.world.gate_runs(), 1)

    @unittest.skipUnless(shutil.which("shellcheck"), "shellcheck is not installed")
    def test_shellcheck_finds_nothing(self):
        result = subprocess.run(
            ["shellcheck", "--severity=warning", f"--shell={self.dialect}", self.ci.script_file()],
            capture_output=True,
            text=True,
        )
        self.assertEqual((result.returncode, result.stdout), (0, ""))


class GitHubTest(Cases, unittest.TestCase):
    ci_class = GitHub
    dialect = "bash"
    no_test = "release: no test is named; true would let every model pass\n"

    def test_the_action_is_made_as_actions_are(self):
        action = self.ci.action
        self.assertLessEqual({"name", "description", "inputs", "outputs", "runs"}, set(action))
        self.assertEqual(action["runs"]["using"], "composite")
        self.assertEqual(self.ci.step["shell"], "bash")
        for name, value in action["inputs"].items():
            self.assertTrue(value["description"], name)
            self.assertTrue(value.get("required") or "default" in value, name)
        used = set(self.ci.step["env"].values()) | {self.ci.step["working-directory"]}
        self.assertEqual(used, {"${{ inputs.%s }}" % name for name in action["inputs"]})

    def test_no_expression_is_pasted_into_the_script(self):
        self.assertNotIn("${{", self.ci.script())

    def test_the_summary_names_the_version(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.expect(self.release(), "1.1.0")
        runner = self.world.root / "runner"
        self.assertEqual((runner / "summary").read_text(), "Model version **1.1.0**\n")
        self.assertEqual((runner / "output").read_text(), "version=1.1.0\n")


class GitLabTest(Cases, unittest.TestCase):
    ci_class = GitLab
    dialect = "sh"
    no_test = "release: RELEASE_TEST is empty; true would let every model pass\n"

    def test_the_template_is_one_hidden_job_with_a_report(self):
        self.assertEqual(set(self.ci.job), {"variables", "script", "artifacts"})
        self.assertEqual(set(self.ci.job["variables"]), set(Job().variables()))
        self.assertEqual(self.ci.job["artifacts"], {"reports": {"dotenv": "algoctl.env"}})

    def test_a_late_retry_by_another_person_publishes_nothing(self):
        self.ci.check_out()
        self.ci.train("good: second")
        self.expect(self.release(), "1.1.0")
        self.ci.train("good: third")
        self.expect(self.release(run="4712"), "1.2.0")
        self.ci.train("good: second")
        self.refused(self.release(attempt=2, actor="grace"), 4)
        self.expect(self.release(attempt=3), "1.1.0")
        self.assertEqual(self.world.versions(), ["1.2.0", "1.1.0", "1.0.0"])


class GitLabInShTest(Basics, unittest.TestCase):
    """As in an image without bash."""

    ci_class = GitLabInSh


class JenkinsTest(Cases, unittest.TestCase):
    ci_class = Jenkins
    dialect = "sh"
    no_test = GitLabTest.no_test

    def test_groovy_takes_the_script_as_it_is_written(self):
        self.assertNotIn("\\", self.ci.script())
        self.assertNotIn('"""', self.ci.text)
        self.assertEqual(self.ci.text.count("'''"), 2)
        self.assertTrue(self.ci.script().startswith("#!/bin/sh\n"))

    def test_braces_and_brackets_match(self):
        opened = []
        outside = self.ci.text.replace(self.ci.script(), "")
        for character in outside:
            if character in "({[":
                opened.append({"(": ")", "{": "}", "[": "]"}[character])
            elif character in ")}]":
                self.assertEqual(opened.pop(), character)
        self.assertEqual(opened, [])

    def test_without_a_person_the_cause_of_the_build_stands_for_one(self):
        self.ci.check_out()
        self.ci.train("good: second")
        nobody = {"BUILD_USER_ID": "", "BRANCH_NAME": "", "BUILD_URL": ""}
        self.expect(self.release(environment=nobody), "1.1.0")
        self.assertEqual(
            self.shown("1.1.0")["meta"],
            {"ci.actor": "Started by timer", "ci.ref": "main",
             "ci.run_url": "jenkins-sentiment-4711"},
        )


if __name__ == "__main__":
    unittest.main()
