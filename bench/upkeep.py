"""Looking after a registry and its store: verify, gc, and the first line of a long answer."""

import os
import subprocess

from measuring import Row, make_environment, race

ALGORITHM = "acme/sentiment"
FILES, FILE_SIZE = 8, 256 << 20
VERIFY_ROUNDS = 4
VERSIONS, OBJECTS_EACH, MOVED = 10_000, 9, 9_999  # 100,000 objects with the one that labels name
GC_ROUNDS = 7
MEMORY = 64 << 20
MILLION = 1_000_000
LINES = 100


def verify(workshop):
    """All objects read again, against one core that only hashes as many bytes."""
    home = f"{workshop.folder}/verifying"
    watch = workshop.stopwatch(home)
    folder = workshop.working_copy("verified", "acme/big", watch)
    files = []
    for number in range(FILES):
        path = f"{workshop.folder}/verified-{number}.bin"
        with open(path, "wb") as file:
            for _ in range(FILE_SIZE >> 23):
                file.write(os.urandom(1 << 23))
        watch.run(workshop.algoctl, "-q", "upload", f"slot{number}={path}", folder=folder)
        os.remove(path)
    for root, _, names in os.walk(f"{home}/store/objects"):
        files += [f"{root}/{name}" for name in names]
    os.sync()
    hash_all = ("openssl", "dgst", "-sha256", *files)
    watch.run(*hash_all)  # from the disk, once
    medians = race(VERIFY_ROUNDS, lambda: watch.run(workshop.algoctl, "-q", "verify"),
                   lambda: watch.run(*hash_all))
    yield Row(f"verify of {FILES} x {FILE_SIZE >> 20} MiB", *medians,
              "openssl dgst -sha256 of the same files, one core", 1 / 1.5)


def gc(workshop):
    """What a collection finds out, among many objects and versions."""
    home = f"{workshop.folder}/collecting"
    os.mkdir(home)
    subprocess.run([workshop.program("seed"), home, ALGORITHM, str(VERSIONS), str(OBJECTS_EACH),
                    str(MOVED)], check=True, env=make_environment(workshop.folder, home))
    watch = workshop.stopwatch(home)
    command = (workshop.algoctl, "-q", "gc", "--dry-run")
    watch.run(*command)
    lines = watch.answer().count("\n")
    taken = sorted(watch.run(*command) for _ in range(GC_ROUNDS))
    name = f"gc --dry-run over {VERSIONS * OBJECTS_EACH + MOVED + 1:,} objects, {VERSIONS:,} versions"
    yield Row(name, taken[len(taken) // 2], 2.0, "2 s", 1.0, notes={"lines": lines})
    yield Row(f"{name}: peak memory", watch.peak, MEMORY, "64 MiB", 1.0, "B")


def first_line(workshop):
    """Until somebody can begin to read, at a million versions."""
    home = workshop.seeded_home(MILLION)
    watch = workshop.stopwatch(home)
    start = ("sqlite3", "-readonly", f"{home}/registry.db", "SELECT value FROM setting LIMIT 1")
    for command in (("list", ALGORITHM), ("log", ALGORITHM), ("log",)):
        medians = race(LINES, lambda: watch.first(workshop.algoctl, *command),
                       lambda: watch.run(*start))
        yield Row(f"first line of {' '.join(command)} at {MILLION:,} versions", *medians,
                  "sqlite3 start on the same file", 10.0)
