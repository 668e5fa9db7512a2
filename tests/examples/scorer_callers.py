"""Scorers that run, and callers that ask them without a pause."""

import contextlib
import functools
import http.client
import json
import signal
import subprocess
import threading
import time
import urllib.parse
from typing import NamedTuple

from scorer_world import LIMIT, TEXTS


class Scorer:
    """A scorer that runs: a process of its own."""

    def __init__(self, world, command):
        self.process = subprocess.Popen(
            [*command, world.home, "acme/sentiment@stable"],
            env=world.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @functools.cached_property
    def port(self):
        """Waits until it serves."""
        line = self.process.stdout.readline()  # ends with the process, too
        if not line:
            raise AssertionError(self.process.communicate()[1])
        return int(line)

    def get(self, path):
        with connected(self.port) as connection:
            return request(connection, path)

    def end(self):
        """Its exit status, and what else it printed."""
        self.process.send_signal(signal.SIGTERM)
        try:
            out, err = self.process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
        return self.process.returncode, out + err


def connected(port):
    return contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT))


def request(connection, path, body=None):
    """Status and answer."""
    connection.request("GET" if body is None else "POST", path, body)
    response = connection.getresponse()
    return response.status, response.read().decode()


class Answer(NamedTuple):
    begin: float  # when the request was about to be sent
    end: float  # when the answer had arrived
    port: int
    text: str
    label: str
    score: float
    version: str


class Callers:
    """Two threads for each port, which ask without a pause and write down every answer."""

    def __init__(self, ports):
        self.answers = []
        self.failures = []
        self._changed = threading.Condition()
        self._done = False
        self._latest = {}  # by thread: when the request of its last answer began
        self._threads = [
            threading.Thread(target=self._ask, args=(number, port))
            for number, port in enumerate([*ports] * 2)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._done = True
        for thread in self._threads:
            thread.join()

    def wait_for_answers(self):
        """Until each of them has been answered what it asked from now on."""
        now = time.monotonic()

        def answered():
            latest = self._latest.values()
            return self.failures or (len(latest) == len(self._threads) and min(latest) > now)

        with self._changed:
            if not self._changed.wait_for(answered, LIMIT):
                raise AssertionError("the callers are not answered")

    def _ask(self, number, port):
        try:
            with connected(port) as connection:
                while not self._done:
                    for i, text in enumerate(TEXTS):
                        self._note(number, self._answer(connection, port, text, i % 2))
        except Exception as error:
            with self._changed:
                self.failures.append(repr(error))
                self._changed.notify_all()

    def _answer(self, connection, port, text, post):
        begin = time.monotonic()
        if post:
            status, body = request(connection, "/score", text.encode())
        else:
            query = urllib.parse.urlencode({"text": text})
            status, body = request(connection, f"/score?{query}")
        end = time.monotonic()
        if status != 200:
            raise AssertionError(f"{status}: {body}")
        return Answer(begin, end, port, text, **json.loads(body))

    def _note(self, number, answer):
        with self._changed:
            self.answers.append(answer)
            self._latest[number] = answer.begin
            self._changed.notify_all()
