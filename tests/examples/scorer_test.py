"""scorer_test.py CLASS [SCORER]: two replicas of a scorer of examples/ reload while they are asked.

SCORER is what examples/scorer was built to. Run by tests/python/run. Exits 77 where scikit-learn is
not installed, or SCORER was not built for want of cpp-httplib.
"""

import json
import os
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import NamedTuple

try:
    import joblib  # noqa: F401
    import sklearn  # noqa: F401
except ImportError:
    print("scorer_test: skipped, no Python with scikit-learn\n"
          "  hint: apt-get install python3-sklearn python3-joblib")
    sys.exit(77)

from scorer_callers import Callers, Scorer
from scorer_world import EXAMPLES, LIMIT, TEXTS, World, train_models


class Switch(NamedTuple):
    """A promotion: what was served before it began, and what when it had returned."""

    begin: float
    end: float
    old: str
    new: str


class Basics:
    """What holds for each scorer."""

    command: list

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.trained = Path(folder.name)
        train_models(cls.trained)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.world = World(folder.name, os.environ["ALGOCTL_PROGRAM"], self.trained)
        self.january = self.world.publish("january", "--channel", "stable")
        self.february = self.world.publish("february")
        self.scorers = [self.start(), self.start()]
        self.switches = []
        # From when both were heard of, a promotion waits for them.
        self.until(lambda: len(self.world.replicas()) == 2)

    def start(self):
        scorer = Scorer(self.world, self.command)
        self.addCleanup(lambda: scorer.process.returncode is not None or scorer.end())
        return scorer

    def until(self, holds):
        """Asks again and again what takes a process or a request to ask."""
        end = time.monotonic() + LIMIT
        while not holds():
            self.assertLess(time.monotonic(), end, "it never holds")

    def status(self, scorer):
        status, answer = scorer.get("/status")
        self.assertEqual(status, 200)
        return json.loads(answer)

    def callers(self):
        return Callers([scorer.port for scorer in self.scorers])

    def promote(self, version, *options, exit=0):
        old = self.world.algoctl("resolve", "acme/sentiment@stable")
        begin = time.monotonic()
        reference = f"acme/sentiment@{version}"
        self.world.algoctl("promote", reference, "stable", "--force", *options, exit=exit)
        new = old if exit else version
        self.switches.append(Switch(begin, time.monotonic(), old, new))
        self.assertEqual(self.world.algoctl("resolve", "acme/sentiment@stable"), new)

    def allowed(self, answer):
        """The versions that may give it: the old one only to who asked before the promotion had
        returned, the new one only to who had not been answered when it began."""
        versions = {self.switches[0].old}
        for switch in self.switches:
            if answer.end > switch.begin:
                versions = {switch.new} | (versions if answer.begin < switch.end else set())
        return versions

    def check(self, callers):
        self.assertEqual(callers.failures, [])
        for answer in callers.answers:
            label, score = self.world.answers[answer.version][answer.text]
            self.assertEqual(answer.label, label, answer)
            self.assertAlmostEqual(answer.score, score, places=12, msg=str(answer))
            self.assertIn(answer.version, self.allowed(answer), answer)

    def windows(self, callers):
        """For each switch, for how many milliseconds both versions answered: from the first answer
        of the new one, of any replica, to the last request that the old one answered."""
        for switch, following in zip(self.switches, [*self.switches[1:], None]):
            answers = [
                answer
                for answer in callers.answers
                if answer.end > switch.begin and (not following or answer.end < following.begin)
            ]
            new = [answer for answer in answers if answer.version == switch.new]
            old = [answer for answer in answers if answer.version == switch.old]
            for port in {answer.port for answer in new}:
                first = min(answer.end for answer in new if answer.port == port)
                late = [answer for answer in old if answer.port == port and answer.begin > first]
                self.assertEqual(late, [], "a replica went back")
            first = min(answer.end for answer in new)
            last = max((answer.begin for answer in old), default=first)
            yield max(0.0, last - first) * 1000

    def test_no_request_fails_and_no_answer_is_mixed_while_both_replicas_reload(self):
        for text in TEXTS:  # else a wrong model would not be seen
            answers = {each[text] for each in self.world.answers.values()}
            self.assertEqual(len(answers), 2, text)
        with self.callers() as callers:
            callers.wait_for_answers()
            self.promote(self.february, "--wait")
            callers.wait_for_answers()
            for version in (self.january, self.february) * 2:
                self.promote(version, "--two-phase", "--abort-on-nack")
                callers.wait_for_answers()
        self.check(callers)
        plain, *two_phase = self.windows(callers)
        print(f"{len(callers.answers)} answers; both versions answered for {plain:.1f} ms, with "
              f"--two-phase {', '.join(f'{window:.1f}' for window in two_phase)} ms")
        self.assertLess(max(plain, *two_phase), 1000 * LIMIT / 10)
        for scorer in self.scorers:
            status = self.status(scorer)
            self.assertEqual((status["switches"], status["failures"]), (6, 0))

    def test_a_version_that_cannot_be_served_leaves_the_channel_and_the_answers_as_they_are(self):
        with self.callers() as callers:
            callers.wait_for_answers()
            for name in ("opposite", "broken"):
                self.promote(self.world.publish(name), "--two-phase", "--abort-on-nack", exit=4)
                callers.wait_for_answers()
                for scorer in self.scorers:
                    self.assertEqual(self.status(scorer)["serving"], self.january)
            self.promote(self.february, "--two-phase", "--abort-on-nack")
            callers.wait_for_answers()
        self.check(callers)
        # One replica's no ends a promotion: the other need not have come to say it.
        failures = sum(self.status(scorer)["failures"] for scorer in self.scorers)
        self.assertGreaterEqual(failures, 2)
        for scorer in self.scorers:
            self.assertEqual(self.status(scorer)["serving"], self.february)
            self.until(lambda: self.status(scorer)["error"] is None)

    def test_answers_with_its_version_and_status_until_it_is_ended(self):
        label, score = self.world.answers["1.0.0"]["?"]
        for scorer in self.scorers:
            status, body = scorer.get("/score?text=%3F")
            answer = json.loads(body)
            self.assertEqual((status, list(answer)), (200, ["label", "score", "version"]))
            self.assertEqual((answer["label"], answer["version"]), (label, "1.0.0"))
            self.assertAlmostEqual(answer["score"], score, places=12)
            self.assertEqual(
                scorer.get("/status"),
                (200, '{"error":null,"failures":0,"loads":1,"prepared":null,"serving":"1.0.0",'
                      '"state":"serving","switches":1,"wanted":"1.0.0"}\n'),
            )
            self.assertEqual(scorer.get("/absent")[0], 404)
        for scorer in self.scorers:
            self.assertEqual(scorer.end(), (0, ""))
        self.assertEqual(self.world.replicas(), [])


class CppTest(Basics, unittest.TestCase):
    pass


class PythonTest(Basics, unittest.TestCase):
    command = [sys.executable, str(EXAMPLES / "scorer-python" / "scorer.py")]


if __name__ == "__main__":
    if "CppTest" in sys.argv:
        if len(sys.argv) < 3:
            print("scorer_test: skipped, no cpp-httplib\n"
                  "  hint: apt-get install libcpp-httplib-dev")
            sys.exit(77)
        CppTest.command = [sys.argv.pop(2)]
    unittest.main()
