"""What all benches share: a folder of their own, a stopwatch, and the table that comes out."""

import dataclasses
import os
import shutil
import statistics
import subprocess


class Failed(Exception):
    """A command did not do what it was measured for."""


def make_environment(folder, home):
    """Nothing of the person's own settings, and nothing left in their folders."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("ALGOCTL_", "XDG_")) and name != "CI"}
    environment.update(HOME=folder, ALGOCTL_HOME=home, XDG_CACHE_HOME=home + ".cache",
                       XDG_CONFIG_HOME=folder + "/none", LC_ALL="C")
    return environment


class Stopwatch:
    """One stopwatch process: runs commands for one home, one at a time."""

    def __init__(self, program, folder, home):
        self._folder = folder
        self._process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=make_environment(folder, home))
        self._output = f"{folder}/output-{self._process.pid}"
        self.peak = 0

    def _order(self, *fields):
        self._process.stdin.write("\t".join(fields) + "\n")
        self._process.stdin.flush()
        status, nanoseconds, self.peak = map(int, self._process.stdout.readline().split())
        if status != 0:
            raise Failed(f"exit status {status}: {' '.join(fields)}")
        return nanoseconds / 1e9

    def run(self, *command, folder=None):
        """Seconds from before the start until the end of a process that must succeed."""
        return self._order("run", folder or self._folder, self._output, *command)

    def first(self, *command, folder=None):
        """Seconds from before the start until the first byte that a process prints."""
        return self._order("first", folder or self._folder, *command)

    def append(self, path):
        """Seconds for 4 KiB and an fdatasync."""
        return self._order("append", path)

    def answer(self):
        """What the last command printed."""
        with open(self._output, encoding="utf-8") as file:
            return file.read()

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


@dataclasses.dataclass
class Row:
    """One line of the table: ours against its peer, and what it may come to at most."""

    name: str
    ours: float
    peer: float
    peer_name: str
    limit: float
    unit: str = "s"
    absolute: bool = False  # the limit is one of `ours`, not of the ratio
    notes: dict = dataclasses.field(default_factory=dict)

    @property
    def ratio(self):
        return self.ours / self.peer if self.peer else float("inf")

    @property
    def ok(self):
        return (self.ours if self.absolute else self.ratio) <= self.limit


def percentile(values, percent):
    values = sorted(values)
    return values[(len(values) - 1) * percent // 100]


class Workshop:
    """The folder in which a run works, and the programs that it measures."""

    def __init__(self, build, folder):
        self.folder = folder
        self.algoctl = f"{build}/cli/algoctl"
        self._programs = f"{build}/bench"
        self._watches = []
        self._seeded = {}

    def program(self, name):
        return f"{self._programs}/{name}"

    def stopwatch(self, home):
        watch = Stopwatch(self.program("stopwatch"), self.folder, home)
        self._watches.append(watch)
        return watch

    def working_copy(self, name, algorithm, watch):
        path = f"{self.folder}/{name}"
        watch.run(self.algoctl, "-q", "init", algorithm, "--dir", path)
        return path

    def seeded_home(self, count):
        """A home whose acme/sentiment has so many versions; made once."""
        if count not in self._seeded:
            home = self._seeded[count] = f"{self.folder}/seeded-{count}"
            os.mkdir(home)
            subprocess.run([self.program("seed"), home, "acme/sentiment", str(count)], check=True,
                           env=make_environment(self.folder, home))
        return self._seeded[count]

    def close(self):
        for watch in self._watches:
            watch.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def race(rounds, ours, peer):
    """Medians of two functions that return seconds, called in turns, either first equally often."""
    taken = ([], [])
    for number in range(rounds):
        for side in ((0, 1), (1, 0))[number % 2]:
            taken[side].append((ours, peer)[side]())
    return statistics.median(taken[0]), statistics.median(taken[1])
