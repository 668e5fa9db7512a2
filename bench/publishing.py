"""Publishing: alone against the disk, and in a crowd against the clock."""

import os
import threading

from measuring import Failed, Row, percentile, race

RACES = 150
CROWD = 16
PUBLISHES = 50  # of each of the crowd


class Publisher:
    """A working copy that uploads new bytes and publishes them."""

    def __init__(self, workshop, home, name):
        self._algoctl = workshop.algoctl
        self._name = name
        self._count = 0
        self.watch = workshop.stopwatch(home)
        self.folder = workshop.working_copy(name, "acme/sentiment", self.watch)

    def publish(self):
        """Seconds of the publish alone."""
        self._count += 1
        file = f"{self.folder}/{self._name}-{self._count}.bin"
        with open(file, "wb") as model:
            model.write(os.urandom(64))
        self.watch.run(self._algoctl, "-q", "upload", f"model={file}", folder=self.folder)
        return self.watch.run(self._algoctl, "-q", "publish", folder=self.folder)


def alone(workshop):
    """One process against the start of one that opens the registry, and one write that lasts."""
    home = f"{workshop.folder}/publishing"
    publisher = Publisher(workshop, home, "alone")
    watch = publisher.watch

    def peer():
        return (watch.run("sqlite3", "-readonly", f"{home}/registry.db",
                          "SELECT value FROM setting LIMIT 1") +
                watch.append(f"{home}/appended"))

    yield Row("publish as a process", *race(RACES, publisher.publish, peer),
              "sqlite3 start and one fdatasync", 3.0)


def crowd(workshop):
    """Many processes at once on one algorithm: all succeed, no number twice, nobody waits long."""
    home = f"{workshop.folder}/crowd"
    publishers = [Publisher(workshop, home, f"crowd-{n}") for n in range(CROWD)]
    waits, versions, failures = [], [], []

    def work(publisher):
        try:
            for _ in range(PUBLISHES):
                waits.append(publisher.publish())
                versions.append(publisher.watch.answer().strip())
        except (Failed, OSError) as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(publisher,)) for publisher in publishers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    if len(set(versions)) != CROWD * PUBLISHES:
        raise Failed(f"{CROWD * PUBLISHES} publishes made {len(set(versions))} versions")
    yield Row(f"worst of {CROWD} x {PUBLISHES} publishes at once, from start to exit", max(waits),
              1.0, "1 s", 1.0,
              notes={"p50": percentile(waits, 50), "p99": percentile(waits, 99)})
