"""The first time that a file of 1 GiB is added, with what else is installed here for that."""

import os
import shutil
import statistics
import sys

from measuring import Row
from transferring import random_file, settle

ROUNDS = 3


class Peer:
    """Another program. `prepare` and `leave` are not timed."""

    def __init__(self, name, program, *commands):
        self.name = name
        self.program = program
        self._commands = commands

    def prepare(self, watch, source, folder):
        os.mkdir(folder)
        for command in self._commands[:-1]:
            watch.run(*[word.format(folder=folder) for word in command], folder=folder)
        if self.program != "restic":
            shutil.copy(source, f"{folder}/model.bin")
            os.sync()

    def add(self, watch, source, folder):
        words = [word.format(folder=folder, source=source) for word in self._commands[-1]]
        return watch.run(*words, folder=folder)


GIT = (("git", "init", "-q"), ("git", "config", "user.name", "bench"),
       ("git", "config", "user.email", "bench@example.com"))
PEERS = (
    Peer("git annex add", "git-annex", *GIT, ("git", "annex", "init", "-q", "bench"),
         ("git", "annex", "add", "-q", "model.bin")),
    Peer("git lfs track, git add", "git-lfs", *GIT, ("git", "lfs", "install", "--local"),
         ("sh", "-c", "git lfs track '*.bin' && git add .gitattributes model.bin")),
    Peer("restic backup", "restic", ("sh", "-c", "echo bench > password"),
         ("restic", "-q", "-r", "repo", "-p", "password", "init"),
         ("restic", "-q", "-r", "repo", "-p", "password", "backup", "{source}")),
)


def adding(workshop):
    """Ours is durable when it ends; the others leave that to the system."""
    source = random_file(workshop)
    home = f"{workshop.folder}/adding"
    watch = workshop.stopwatch(home)
    folder = f"{workshop.folder}/added"

    def ours():
        copy = workshop.working_copy("added", "acme/big", watch)
        seconds = watch.run(workshop.algoctl, "-q", "upload", source, folder=copy)
        settle(home, home + ".cache", copy)
        return seconds

    def theirs(peer):
        peer.prepare(watch, source, folder)
        seconds = peer.add(watch, source, folder)
        watch.run("chmod", "-R", "u+w", folder)
        settle(folder)
        return seconds

    for peer in PEERS:
        if not shutil.which(peer.program):
            print(f"note: no {peer.program} here; `tools/deps install peers` brings it",
                  file=sys.stderr)
            continue
        rounds = [(ours(), theirs(peer)) for _ in range(ROUNDS)]
        yield Row(f"adding 1 GiB, against {peer.name}",
                  statistics.median(pair[0] for pair in rounds),
                  statistics.median(pair[1] for pair in rounds), peer.name, 1.0)
