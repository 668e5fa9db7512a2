"""Asking which version a reference means: as a process, and inside one."""

import subprocess

from measuring import Failed, Row, make_environment, race

ALGORITHM = "acme/sentiment"
COUNTS = (1_000, 1_000_000)
RACES = 250

# What a person would ask SQLite for who knows the schema: the same index, the same answer.
LOOKUP = """SELECT major || '.' || minor || '.' || patch FROM version
WHERE algorithm = (SELECT id FROM algorithm WHERE name = 'acme/sentiment') AND precedence = '~' {}
AND NOT EXISTS (SELECT 1 FROM yank WHERE algorithm = version.algorithm AND version_seq = seq)
ORDER BY {} LIMIT 1""".replace("\n", " ")
LOOKUPS = {
    "@1.2": LOOKUP.format("AND major = 1 AND minor = 2", "patch DESC"),
    "": LOOKUP.format("", "major DESC, minor DESC, patch DESC"),
}
NAMES = {"@1.2": "the newest 1.2.x", "": "latest"}

KINDS = {
    "latest": "latest",
    "^1.2": "a range, ^1.2",
    "1.2": "a range, 1.2",
    "1.2.3": "exactly 1.2.3",
}


def cold(workshop):
    """A whole process against the sqlite3 shell, on the same file, both only reading."""
    for count in COUNTS:
        home = workshop.seeded_home(count)
        watch = workshop.stopwatch(home)
        for selector, lookup in LOOKUPS.items():
            ours = (workshop.algoctl, "resolve", ALGORITHM + selector)
            peer = ("sqlite3", "-readonly", f"{home}/registry.db", lookup)
            answers = []
            for command in (ours, peer):
                watch.run(*command)
                answers.append(watch.answer())
            if answers[0] != answers[1]:
                raise Failed(f"two answers to one question: {answers}")
            medians = race(RACES, lambda: watch.run(*ours), lambda: watch.run(*peer))
            yield Row(f"cold resolve of {NAMES[selector]} among {count:,} versions", *medians,
                      "sqlite3 shell", 1.0, notes={"answer": answers[0].strip()})


def in_process(workshop):
    """Client::resolve against a prepared lookup in bare SQLite, at a million versions."""
    home = workshop.seeded_home(COUNTS[-1])
    lines = subprocess.run([workshop.program("resolve_in_process"), home, ALGORITHM], check=True,
                           env=make_environment(workshop.folder, home), stdout=subprocess.PIPE,
                           text=True).stdout.splitlines()
    measured = {}
    for line in lines:
        name, median, high = line.split("\t")
        measured[name] = int(median) / 1e9, int(high) / 1e9
    for kind, words in KINDS.items():
        for how, limit in (("inside a transaction", 10e-6), ("alone", 25e-6)):
            median, high = measured[f"{kind} {how}"]
            yield Row(f"resolve in process, {how}: {words}", median, measured[f"bare {how}"][0],
                      "prepared lookup in bare SQLite", limit, absolute=True,
                      notes={"p99": high, "bare_p99": measured[f"bare {how}"][1],
                             "clock_read": measured["clock"][0]})
