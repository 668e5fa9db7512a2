#!/usr/bin/env python3
"""How `run` starts and ends servers, shown with nginx, which starts at once. Exits 77 without it."""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

RUN = str(pathlib.Path(__file__).resolve().parent / "run")
# Says that it is there, and where its server is; then waits for ever.
WAITING = ("sh", "-c", "echo $ALGOCTL_TEST_STORE; exec sleep 1000")
SECONDS = 60


def processes_in(folder):
    """The pids of those that were started with a path below `folder`, or work there."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and (
                    folder.encode() in (entry / "cmdline").read_bytes() or
                    os.readlink(entry / "cwd").startswith(folder)):
                found.append(int(entry.name))
    return found


class RunTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="algoctl-run-test-")
        self.addCleanup(self.sweep)
        self.environment = {**os.environ, "TMPDIR": self.folder, "AWS_PROFILE": "mine",
                            "AZURE_STORAGE_KEY": "mine"}

    def sweep(self):
        """What a failed test left behind."""
        for pid in processes_in(self.folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder)

    def start(self, *arguments):
        # Its commands too are found by where they work.
        process = subprocess.Popen([sys.executable, RUN, *arguments], env=self.environment,
                                   cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        for end in (process.stdout.close, process.stderr.close, process.wait, process.kill):
            self.addCleanup(end)
        return process

    def run_nginx(self, *arguments):
        process = self.start(*arguments)
        output, error = process.communicate(timeout=SECONDS)
        return process.returncode, output, error

    def start_waiting(self):
        """A run whose command waits, and the URL of its server."""
        process = self.start("nginx", *WAITING)
        url = process.stdout.readline().strip()
        self.assertTrue(processes_in(self.folder))
        return process, url

    def assert_nothing_left(self):
        """At once or within moments: what ends after its parent does so on its own."""
        deadline = time.monotonic() + SECONDS
        while (processes_in(self.folder) or os.listdir(self.folder)) and \
                time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual((processes_in(self.folder), os.listdir(self.folder)), ([], []))

    def test_the_status_is_the_commands(self):
        for status in (0, 1, 3):
            self.assertEqual(self.run_nginx("nginx", "sh", "-c", f"exit {status}")[0], status)
        self.assertEqual(self.run_nginx("nginx", "sh", "-c", "kill -9 $$")[0], 128 + 9)
        self.assertEqual(self.run_nginx("nginx", f"{self.folder}/none")[0], 127)
        self.assert_nothing_left()

    def test_the_command_reaches_the_server_and_the_folder_behind_it(self):
        status, output, error = self.run_nginx(
            "nginx", sys.executable, "-c",
            "import os, urllib.request\n"
            "open(os.environ['ALGOCTL_TEST_FOLDER'] + '/a', 'w').write('bytes')\n"
            "url = os.environ['ALGOCTL_TEST_STORE'] + '/a'\n"
            "print(os.environ['ALGOCTL_TEST_SERVER'], urllib.request.urlopen(url).read().decode())")
        self.assertEqual((status, output, error), (0, "nginx bytes\n", ""))

    def test_nothing_of_the_persons_own_credentials_is_passed_on(self):
        _, output, _ = self.run_nginx("nginx", "env")
        self.assertNotIn("=mine", output)
        self.assertIn("AWS_CONFIG_FILE=/dev/null\n", output)

    def test_nothing_is_left_when_the_command_ends(self):
        self.assertEqual(self.run_nginx("nginx", "true")[0], 0)
        self.assertEqual((processes_in(self.folder), os.listdir(self.folder)), ([], []))

    def test_nothing_is_left_when_it_is_told_to_end(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            process, _ = self.start_waiting()
            process.send_signal(number)
            self.assertEqual(process.wait(SECONDS), 128 + number)
            self.assertEqual((processes_in(self.folder), os.listdir(self.folder)), ([], []))

    def test_nothing_is_left_when_it_is_killed(self):
        process, _ = self.start_waiting()
        process.kill()
        process.wait(SECONDS)
        self.assert_nothing_left()

    def test_a_command_that_takes_too_long_is_ended(self):
        # Its child too, which would else hold the pipe open.
        status, _, error = self.run_nginx("--limit", "1", "nginx", "sh", "-c", "sleep 1000; true")
        self.assertEqual((status, error), (124, "run: sh took longer than 1 s\n"))
        self.assert_nothing_left()

    def test_two_run_side_by_side(self):
        (first, one), (second, two) = self.start_waiting(), self.start_waiting()
        self.assertNotEqual(one, two)
        first.terminate()
        first.wait(SECONDS)
        self.assertTrue(processes_in(self.folder))
        second.terminate()
        second.wait(SECONDS)
        self.assert_nothing_left()

    def test_what_is_not_installed_is_skipped(self):
        self.environment["PATH"] = self.folder
        status, output, error = self.run_nginx("ceph", "true")
        self.assertEqual((status, output), (77, ""))
        self.assertEqual(error, "run: skipped, ceph is not installed: no ceph-mon\n"
                                "  hint: make deps-stores\n")
        self.assert_nothing_left()

    def test_other_words_are_refused(self):
        for words in ((), ("nginx",), ("apache", "true"), ("--limit", "x", "nginx", "true")):
            self.assertEqual(self.run_nginx(*words)[0], 2)


if __name__ == "__main__":
    if subprocess.call([sys.executable, RUN, "nginx", "true"]) == 77:
        sys.exit(77)
    unittest.main()
