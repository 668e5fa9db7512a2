"""Where one server lives: a folder, ports and processes of its own, and how all of it ends."""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

START_SECONDS = 120
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


class NotInstalled(Exception):
    """A program that the server consists of is not on this machine."""


class NotStarted(Exception):
    """The server ended, or did not answer in time."""


def die_with_parent():
    """Runs in a child before its program: not even a parent that is killed leaves it behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port():
    """A loopback port that nobody listens on. Another process may take it before the server does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Room:
    def __init__(self, kind):
        # Not /tmp, which may be memory. Short, since sockets lie in it.
        place = os.environ.get("TMPDIR", "/var/tmp")
        self.folder = tempfile.mkdtemp(prefix=f"algoctl-{kind}-", dir=place)
        self._processes = []

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def make_folder(self, *names):
        os.makedirs(self.path(*names), exist_ok=True)
        return self.path(*names)

    def log(self, name):
        return self.path(f"{name}.log")

    def call(self, *command, **variables):
        """Runs a program to its end, which must be a good one, and returns what it printed."""
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=START_SECONDS, check=False, env={**os.environ, **variables},
                              cwd=self.folder, preexec_fn=die_with_parent)
        if done.returncode != 0:
            raise NotStarted(f"{' '.join(command)}: {done.stderr.strip()[-2000:]}")
        return done.stdout

    def spawn(self, name, *command, **variables):
        """Starts a program that stays in the foreground and ends with this room."""
        with open(self.log(name), "wb") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       env={**os.environ, **variables}, cwd=self.folder,
                                       start_new_session=True, preexec_fn=die_with_parent)
        process.name = name
        self._processes.append(process)
        return process

    def wait_until(self, answers):
        """Asks `answers` until it is true. Throws NotStarted once a process of this room ended."""
        deadline = time.monotonic() + START_SECONDS
        while not answers():
            for process in self._processes:
                if process.poll() is not None:
                    raise NotStarted(f"{process.name} ended: {self._last_words(process.name)}")
            if time.monotonic() > deadline:
                raise NotStarted(f"no answer in {START_SECONDS} s")
            time.sleep(0.02)

    def wait_for_http(self, url):
        def answers():
            try:
                urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5)
            except urllib.error.HTTPError as refusal:
                return refusal.code < 500
            except OSError:
                return False
            return True

        self.wait_until(answers)

    def close(self):
        for process in reversed(self._processes):
            # The group: some servers have workers. It is theirs alone, see start_new_session.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _last_words(self, name):
        with open(self.log(name), encoding="utf-8", errors="replace") as file:
            return file.read()[-2000:].strip()


def require(*programs):
    for program in programs:
        if not shutil.which(program):
            raise NotInstalled(program)


def user():
    return pwd.getpwuid(os.getuid()).pw_name


def is_root():
    return os.geteuid() == 0
