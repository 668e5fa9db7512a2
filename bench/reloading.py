"""A model that is reloaded while it is used: the handle, the call, the fleet, what is left behind."""

import os
import queue
import statistics
import subprocess
import threading

from measuring import Failed, Row, make_environment, percentile

LATENCY_SECONDS, LATENCY_RUNS = 5, 3
REPLICAS, PROMOTIONS, ROLLOUTS = 32, 20, 20
SWAPS = 10_000
PATIENCE = 60  # seconds for what takes milliseconds


def answer(workshop, folder, program, *arguments):
    done = subprocess.run([workshop.program(program), *arguments], check=True, text=True,
                          stdout=subprocess.PIPE, env=make_environment(folder, folder + "/home"))
    return [line.split("\t") for line in done.stdout.splitlines()]


def new_folder(workshop, name):
    folder = f"{workshop.folder}/{name}"
    os.mkdir(folder)
    return folder


def handle(workshop):
    """One borrowed model, against what else a process could do in that time."""
    folder = new_folder(workshop, "handle")
    ns = {name: float(value) * 1e-9 for name, value in answer(workshop, folder, "handle", folder)}
    one, two = ns["handle, one thread"], ns["handle, two threads"]
    yield Row("a handle: get and release", one, 5e-9, "5 ns", 1.0)
    yield Row("a handle", one, ns["clock"], "a clock read", 0.25)
    yield Row("a handle, two threads", two, one, "one thread", 1.3)
    yield Row("a handle, two threads", two, ns["mutex, two threads"], "mutex and shared_ptr", 0.04)


def latency(workshop):
    """A call while a model of 96 MiB is reloaded, medians of runs."""
    runs = {"none": [], "model": [], "returned": [], "inside": []}
    for number in range(LATENCY_RUNS):
        for way, results in runs.items():
            folder = new_folder(workshop, f"latency-{way}-{number}")
            results.append([int(field) for field in answer(
                workshop, folder, "reload_latency", folder, way, str(LATENCY_SECONDS))[0]])
            subprocess.run(["rm", "-rf", folder], check=True)
    high = {way: statistics.median(run[0] for run in results) * 1e-9
            for way, results in runs.items()}
    worst = {way: statistics.median(run[1] for run in results) * 1e-9
             for way, results in runs.items()}
    reloads = {"reloads": statistics.median(run[2] for run in runs["model"]),
               "p99.99 where the loader's memory goes back to the kernel": high["returned"]}
    yield Row("a call under reloads of 96 MiB, p99.99", high["model"], high["none"],
              "no reload", 2.0, notes=reloads)
    yield Row("a call under reloads of 96 MiB, p99.99", high["model"], worst["inside"],
              "the call that reloads inside", 1 / 300)
    yield Row("a call under reloads of 96 MiB, the worst", worst["model"], worst["inside"],
              "the call that reloads inside", 1.0)


class Fleet:
    """Processes that follow one channel, and the lines that they print."""

    def __init__(self, workshop, folder):
        self._lines = queue.Queue()
        self._seen = {}  # what each did, until it is asked for: their lines come in any order
        self._processes = [subprocess.Popen(
            [workshop.program("replica"), "follow", folder], stdin=subprocess.PIPE, text=True,
            stdout=subprocess.PIPE, env=make_environment(folder, folder + "/home"))
            for _ in range(REPLICAS)]
        for number, process in enumerate(self._processes):
            threading.Thread(target=self._read, args=(number, process), daemon=True).start()

    def _read(self, number, process):
        for line in process.stdout:
            what, version, when = line.rstrip("\n").split("\t")
            self._lines.put((number, what, version, int(when)))

    def times(self, what, version):
        """When each did it, since that was last asked: seconds since 1970."""
        while len(self._seen.setdefault((what, version), {})) < REPLICAS:
            try:
                number, done, which, when = self._lines.get(timeout=PATIENCE)
            except queue.Empty:
                missing = REPLICAS - len(self._seen[what, version])
                raise Failed(f"{missing} replicas: no {what} {version}") from None
            self._seen.setdefault((done, which), {})[number] = when / 1e9
        return list(self._seen.pop((what, version)).values())

    def close(self):
        for process in self._processes:
            process.stdin.close()
        for process in self._processes:
            process.wait(PATIENCE)


def replicas(workshop):
    """32 processes: how soon they hear of a commit, and how closely they switch together."""
    folder = new_folder(workshop, "replicas")
    watch = workshop.stopwatch(folder + "/home")
    work = folder + "/work"
    watch.run(workshop.algoctl, "-q", "init", "acme/sentiment", "--dir", work)
    for number in (1, 2):
        path = f"{folder}/model-{number}.bin"
        with open(path, "wb") as file:
            file.write(os.urandom(100_000))
        watch.run(workshop.algoctl, "-q", "upload", path, folder=work)
        watch.run(workshop.algoctl, "-q", "publish", folder=work)
    answer(workshop, folder, "replica", "promote", folder, "1.0.0")
    fleet = Fleet(workshop, folder)
    noticed, windows = [], []
    try:
        fleet.times("switched", "1.0.0")
        for number in range(PROMOTIONS):
            version = ("1.1.0", "1.0.0")[number % 2]
            done = int(answer(workshop, folder, "replica", "promote", folder, version)[0][0]) / 1e9
            noticed += [max(0.0, when - done) for when in fleet.times("loading", version)]
            fleet.times("switched", version)
        for number in range(ROLLOUTS):
            version = ("1.1.0", "1.0.0")[number % 2]
            watch.run(workshop.algoctl, "-q", "promote", f"acme/sentiment@{version}", "stable",
                      "--force", "--two-phase", folder=work)
            times = fleet.times("switched", version)
            windows.append(max(times) - min(times))
    finally:
        fleet.close()
    yield Row(f"{REPLICAS} replicas hear of a commit, p99", percentile(noticed, 99), 10e-3, "10 ms",
              1.0, notes={"p50": percentile(noticed, 50)})
    yield Row(f"{REPLICAS} replicas switch together, median", statistics.median(windows), 10e-3,
              "10 ms", 1.0, notes={"p99": percentile(windows, 99)})


def memory(workshop):
    """What ten thousand reloads leave behind."""
    folder = new_folder(workshop, "swaps")
    early, late, files, seconds = map(float, answer(workshop, folder, "swaps", folder,
                                                    str(SWAPS))[0])
    yield Row(f"memory after {SWAPS:,} reloads", late, early, f"after {SWAPS // 10:,}", 1.05, "B",
              notes={"seconds": seconds})
    yield Row("files of models that are open, at most", files, 2, "two versions", 1.0, "files")
