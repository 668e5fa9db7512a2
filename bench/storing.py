"""Moving models to and from an object store, each against what else does that. See `stores`."""

import contextlib
import glob
import os
import statistics
import subprocess
import sys
import time

import distance
import peers
from measuring import Failed, Row
from transferring import random_file, settle

ROUNDS = 3
MEMORY = 64 << 20
FILES = 1000
FILE_BYTES = 100 << 10
FAR_BYTES = 256 << 20
REST_SECONDS = 5  # the gateway gives back what was removed two to four seconds later
QUIET_PART = 0.05  # of all processors
LONGEST_REST_SECONDS = 60


def put_aside(workshop, *paths):
    """Out of the way, and not removed before the end: for some minutes a file system (ext4) looks past
    each inode that was freed, whenever a file is made, and who makes more files would pay for the rest."""
    aside = f"{workshop.folder}/aside"
    os.makedirs(aside, exist_ok=True)
    for path in paths:
        place = f"{aside}/{len(os.listdir(aside))}"
        os.rename(path, place)
        files = [place] if os.path.isfile(place) else glob.iglob(f"{place}/**", recursive=True)
        for file in files:
            if os.path.isfile(file) and not os.path.islink(file):
                os.chmod(file, 0o600)
                os.truncate(file, 0)
    os.sync()


def busy_part(seconds):
    """Of all processors, during so many seconds from now."""
    def read():
        with open("/proc/stat", encoding="ascii") as file:
            times = list(map(int, file.readline().split()[1:9]))
        return sum(times), sum(times) - times[3] - times[4]
    before = read()
    time.sleep(seconds)
    after = read()
    return (after[1] - before[1]) / max(1, after[0] - before[0])


def rest():
    """Until nothing is left to do of what was removed: whoever came next would pay for it."""
    os.sync()
    end = time.monotonic() + LONGEST_REST_SECONDS
    time.sleep(REST_SECONDS)
    while busy_part(1) > QUIET_PART and time.monotonic() < end:
        pass


def take_turns(sides):
    """The seconds of each side, a function by its name; another one begins each round."""
    names, taken = list(sides), {name: [] for name in sides}
    for number in range(ROUNDS):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            taken[name].append(sides[name]())
    return taken


def compare(name, taken, against, limit):
    """Ours against the quickest of the peers named."""
    medians = {each: statistics.median(taken[each]) for each in ("ours", *against)}
    best = min(against, key=medians.get)
    return Row(name, medians["ours"], medians[best], best, limit,
               notes={each: taken[each] for each in medians})


def memory(name, bytes_taken):
    return Row(f"peak memory: {name}", bytes_taken, MEMORY, "64 MiB", 1.0, "B")


@contextlib.contextmanager
def far_away(bucket):
    """The same bucket at the end of a long path."""
    with subprocess.Popen([sys.executable, distance.__file__, bucket.host], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as path:
        yield peers.Bucket(f"http://127.0.0.1:{path.stdout.readline().strip()}")
        path.stdin.close()


def small_files(workshop):
    folder = f"{workshop.folder}/files"
    if not os.path.isdir(folder):
        os.mkdir(folder)
        for number in range(FILES):
            with open(f"{folder}/part-{number:04}.bin", "wb") as file:
                file.write(os.urandom(FILE_BYTES))
        os.sync()
    return folder


class Ours:
    """algoctl with a registry of its own and its store below one prefix of the bucket."""

    def __init__(self, workshop, bucket, name):
        self._workshop = workshop
        self._home = f"{workshop.folder}/{name}"
        self._watch = workshop.stopwatch(self._home)
        self._words = (workshop.algoctl, "-q", "--store", bucket.store(name))
        self._copy = f"{self._home}-copy"
        self._bucket, self._prefix = bucket, name
        self.peak = 0

    def _run(self, *arguments):
        return self._watch.run(*self._words, *arguments, folder=self._copy)

    def begin(self):
        os.mkdir(self._copy)
        self._run("init", "acme/big", "--dir", self._copy)

    def upload(self, path):
        """Seconds for the first upload; `begin` is not part of it."""
        seconds = self._run("upload", path)
        self.peak = max(self.peak, self._watch.peak)
        return seconds

    def publish(self):
        self._run("publish")

    def pull(self):
        """Seconds for files that come from the store and are verified."""
        with contextlib.suppress(FileNotFoundError):
            put_aside(self._workshop, self._home + ".cache")
        seconds = self._run("pull", "acme/big")
        self.peak = max(self.peak, self._watch.peak)
        return seconds

    def end(self):
        self._bucket.remove(self._prefix + "/")
        folders = (self._home, self._home + ".cache", self._copy)
        put_aside(self._workshop, *filter(os.path.exists, folders))


class Bench:
    """The sides of one comparison, each a function that returns seconds and leaves nothing."""

    def __init__(self, workshop, bucket, name):
        self._workshop, self._bucket, self._name = workshop, bucket, name
        self._tools = peers.Tools(bucket, workshop.folder)
        self._watch = workshop.stopwatch(f"{workshop.folder}/{name}-peers")
        self._count = 0
        self.peak = 0

    def upload(self, path, command):
        """Ours, and `command` as (peer, path, key) to its words."""
        def ours():
            self._count += 1
            side = Ours(self._workshop, self._bucket, f"{self._name}-{self._count}")
            side.begin()
            seconds = side.upload(path)
            side.end()
            self.peak = max(self.peak, side.peak)
            return seconds

        def theirs(peer):
            seconds = self._watch.run(*command(self._tools, peer, path, f"{self._name}-peer/x"))
            self._bucket.remove(f"{self._name}-peer/")
            return seconds

        def seconds_of(peer):
            rest()
            return ours() if peer == "ours" else theirs(peer)

        return seconds_of

    def download(self, path, put, get):
        """Ours and the others, each from what it or `put` stored before."""
        side = Ours(self._workshop, self._bucket, f"{self._name}-ours")
        side.begin()
        side.upload(path)
        side.publish()
        side.peak = 0
        self._watch.run(*put(self._tools, path, f"{self._name}-peer/x"))
        target = f"{self._workshop.folder}/{self._name}-target"

        def seconds_of(peer):
            if peer == "ours":
                seconds = side.pull()
                self.peak = max(self.peak, side.peak)
                return seconds
            seconds = self._watch.run(*get(self._tools, peer, f"{self._name}-peer/x", target))
            put_aside(self._workshop, target)
            return seconds

        return seconds_of

    def clean(self):
        self._bucket.remove(f"{self._name}-")


def turns(function, names):
    return take_turns({name: lambda name=name: function(name) for name in ("ours", *names)})


def put(tools, peer, path, key):
    return tools.put(peer, path, key)


def get(tools, peer, key, path):
    return tools.get(peer, key, path)


def put_folder(tools, peer, path, key):
    return tools.put_folder(peer, path, key)


def get_folder(tools, peer, key, path):
    return tools.get_folder(peer, key, path)


def upload(workshop):
    """One file of 1 GiB; ours also hashes it."""
    bench = Bench(workshop, peers.Bucket(), "upload")
    side, others = bench.upload(random_file(workshop), put), ("curl", "aws")
    for each in ("ours", *others):  # not counted: a server that has just started first takes its memory
        side(each)
    taken = turns(side, others)
    yield compare("upload of 1 GiB", taken, ("curl",), 1.15)
    yield compare("upload of 1 GiB", taken, ("aws",), 0.55)
    yield memory("upload of 1 GiB", bench.peak)


def download(workshop):
    """The same file back; ours is verified before it has its name."""
    bench = Bench(workshop, peers.Bucket(), "download")
    side = bench.download(random_file(workshop),
                          lambda tools, *words: tools.put("curl", *words), get)
    taken = turns(side, ("curl", peers.CHECKED_CURL, "rclone", "s3cmd"))
    bench.clean()
    yield compare("verified download of 1 GiB", taken, ("curl",), 1.10)
    yield compare("verified download of 1 GiB", taken, (peers.CHECKED_CURL,), 1.0)
    yield compare("verified download of 1 GiB", taken, ("rclone", "s3cmd"), 0.85)
    yield memory("download of 1 GiB", bench.peak)


def folder_rows(workshop, bucket, name, words, uploaders):
    """A folder of small files, up and down."""
    folder = small_files(workshop)
    bench = Bench(workshop, bucket, f"{name}-up")
    taken = turns(bench.upload(folder, put_folder), (*uploaders, peers.WIDE_RCLONE))
    yield compare(f"upload of 1000 files of 100 KiB{words}", taken, uploaders, 0.5)
    yield compare(f"upload of 1000 files of 100 KiB{words}", taken, (peers.WIDE_RCLONE,), 1.0)
    bench = Bench(workshop, bucket, f"{name}-down")
    side = bench.download(folder, lambda tools, *rest: tools.put_folder("rclone", *rest),
                          get_folder)
    taken = turns(side, ("rclone", peers.WIDE_RCLONE))
    bench.clean()
    yield compare(f"download of 1000 files of 100 KiB{words}", taken, ("rclone",), 0.7)
    # Ours alone waits for the disk, file by file.
    yield compare(f"download of 1000 files of 100 KiB{words}", taken, (peers.WIDE_RCLONE,), 1.1)


def folder(workshop):
    yield from folder_rows(workshop, peers.Bucket(), "folder", "", ("aws", "rclone", "s3cmd"))


def far(workshop):
    """Where one connection cannot fill the path."""
    path = f"{workshop.folder}/far.bin"
    with open(path, "wb") as file:
        for _ in range(FAR_BYTES >> 20):
            file.write(os.urandom(1 << 20))
    with far_away(peers.Bucket()) as bucket:
        bench = Bench(workshop, bucket, "far")
        taken = turns(bench.upload(path, put), ("curl",))
        if min(taken["curl"]) < FAR_BYTES / distance.WINDOW * distance.ROUND_TRIP:
            raise Failed("the path is shorter than it should be")
        yield compare("upload of 256 MiB, 30 ms away", taken, ("curl",), 1 / 3)
        # One request after another, s3cmd needs minutes.
        yield from folder_rows(workshop, bucket, "far-folder", ", 30 ms away", ("aws", "rclone"))
    settle(path)
