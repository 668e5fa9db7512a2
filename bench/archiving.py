"""An archive of 1 GiB: how long export and import take, and how much memory they need."""

import os
import statistics

from measuring import Row
from transferring import random_file, settle

ROUNDS = 5
MEMORY = 64 << 20


def archive(workshop):
    """Against `tar cf` and `openssl dgst` of the same bytes, one after the other."""
    source = random_file(workshop)
    home = f"{workshop.folder}/exporting"
    watch = workshop.stopwatch(home)
    folder = workshop.working_copy("archiving", "acme/big", watch)
    watch.run(workshop.algoctl, "-q", "upload", source, folder=folder)
    watch.run(workshop.algoctl, "-q", "publish", folder=folder)
    there = workshop.stopwatch(f"{workshop.folder}/importing")
    export, bring = f"{workshop.folder}/export.tar", f"{workshop.folder}/import.tar"
    peer_file = f"{workshop.folder}/peer.tar"
    taken = {"export": [], "import": [], "peer": []}
    peaks = {"export": 0, "import": 0}
    watch.run(workshop.algoctl, "-q", "export", "acme/big", "-o", bring)

    def ours():
        taken["export"].append(watch.run(workshop.algoctl, "-q", "export", "acme/big", "-o", export))
        peaks["export"] = max(peaks["export"], watch.peak)
        settle(export)
        taken["import"].append(there.run(workshop.algoctl, "-q", "import", bring))
        peaks["import"] = max(peaks["import"], there.peak)
        settle(f"{workshop.folder}/importing", f"{workshop.folder}/importing.cache")

    def theirs():
        taken["peer"].append(
            watch.run("tar", "cf", peer_file, "-C", os.path.dirname(source), os.path.basename(source)) +
            watch.run("openssl", "dgst", "-sha256", source))
        settle(peer_file)

    for number in range(ROUNDS):
        for side in ((ours, theirs), (theirs, ours))[number % 2]:
            side()
    peer = statistics.median(taken["peer"])
    for name in ("export", "import"):
        yield Row(f"{name} of 1 GiB", statistics.median(taken[name]), peer,
                  "tar cf and openssl dgst", 1.3, notes={"ours": taken[name], "peer": taken["peer"]})
    for name in ("export", "import"):
        yield Row(f"peak memory at 1 GiB: {name}", peaks[name], MEMORY, "64 MiB", 1.0, "B")
    settle(bring, home, home + ".cache")
