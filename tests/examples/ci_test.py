#!/usr/bin/env python3
"""ci_test.py ALGOCTL [unittest options]: runs the steps of examples/ci as their CI would.

The steps are taken out of the files as they are. Exits 77 where no Python has PyYAML.
"""

import os
import sys
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
from ci_cases import Basics, Cases
from ci_failures import Failures
from ci_systems import GitHub, GitLab, GitLabInSh, Jenkins, Job

Basics.program = os.path.realpath(sys.argv.pop(1))


class GitHubTest(Cases, Failures, unittest.TestCase):
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


class GitLabTest(Cases, Failures, unittest.TestCase):
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


class JenkinsTest(Cases, Failures, unittest.TestCase):
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
