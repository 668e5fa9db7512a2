"""What holds in each CI when a release fails: nothing is published, and it can be run again."""


class Failures:
    """Beside `Basics`."""

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
        program.write_text(f'#!/bin/sh\n{self.program} "$@"\n[ "$1" != release ] || kill -9 $$\n')
        program.chmod(0o755)
        self.refused(self.release(), 137)
        program.unlink()
        program.symlink_to(self.program)
        self.assertEqual(self.world.versions(), ["1.1.0", "1.0.0"])
        self.expect(self.release(attempt=2), "1.1.0")
        self.assertEqual(self.world.versions(), ["1.1.0", "1.0.0"])
        self.assertEqual(self.world.gate_runs(), 1)
