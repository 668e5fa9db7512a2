"""A file of 1 GiB: how long an upload takes, and how much memory each command needs."""

import os
import shutil
import statistics
import subprocess

from measuring import Row

SIZE = 1 << 30
ROUNDS = 5
MEMORY = 32 << 20


def random_file(workshop):
    path = f"{workshop.folder}/model.bin"
    if not os.path.exists(path):
        with open(path, "wb") as file:
            for _ in range(SIZE >> 23):
                file.write(os.urandom(1 << 23))
        subprocess.run(["sync", path], check=True)
    return path


def settle(*paths):
    """Removes files and folders, and waits until the disk has nothing left to do."""
    for path in paths:
        shutil.rmtree(path, ignore_errors=True) if os.path.isdir(path) else os.remove(path)
    os.sync()


def upload(workshop):
    """Against hashing and a durable copy, one after the other, on the same file system."""
    source = random_file(workshop)
    home = f"{workshop.folder}/uploads"
    copy = f"{workshop.folder}/copy.bin"
    watch = workshop.stopwatch(home)
    first, again, peer = [], [], []

    def ours():
        folder = workshop.working_copy("uploading", "acme/big", watch)
        first.append(watch.run(workshop.algoctl, "upload", source, folder=folder))
        again.append(watch.run(workshop.algoctl, "upload", source, folder=folder))
        settle(home, home + ".cache", folder)

    def theirs():
        peer.append(watch.run("openssl", "dgst", "-sha256", source) +
                    watch.run("cp", source, copy) + watch.run("sync", copy))
        settle(copy)

    for number in range(ROUNDS):
        for side in ((ours, theirs), (theirs, ours))[number % 2]:
            side()
    name = "openssl dgst, cp and sync"
    peer_median = statistics.median(peer)
    notes = {"ours": first, "peer": peer}
    yield Row("upload of 1 GiB", statistics.median(first), peer_median, name, 0.65, notes=notes)
    yield Row("upload of 1 GiB, again and unchanged", statistics.median(again), peer_median, name,
              0.05)


def memory(workshop):
    """Peak resident memory of each command that meets the bytes, or a version made of them."""
    source = random_file(workshop)
    home = f"{workshop.folder}/memory"
    watch = workshop.stopwatch(home)
    folder = workshop.working_copy("remembering", "acme/big", watch)
    commands = {
        "upload": ("upload", source),
        "publish": ("publish",),
        "resolve": ("resolve", "acme/big"),
        "pull, checking the bytes": ("pull", "acme/big"),
        "pull, copying the bytes": ("pull", "acme/big", "-o", f"{folder}/pulled"),
    }
    for words, arguments in commands.items():
        shutil.rmtree(home + ".cache", ignore_errors=True)  # what was checked before
        watch.run(workshop.algoctl, "-q", *arguments, folder=folder)
        yield Row(f"peak memory at 1 GiB: {words}", watch.peak, MEMORY, "32 MiB", 1.0, "B")
    settle(home, home + ".cache", folder)
