"""What every set of benches does with its rows: the table, the file, and the exit status."""

import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from measuring import Failed, Workshop

ROOT = pathlib.Path(__file__).resolve().parent.parent


def amount(value, unit):
    if unit == "B":
        return f"{value / (1 << 20):.1f} MiB"
    if unit == "files":
        return f"{value:.0f}"
    for factor, name in ((1, "s"), (1e-3, "ms"), (1e-6, "us")):
        if value >= factor:
            return f"{value / factor:.3g} {name}"
    return f"{value / 1e-9:.0f} ns"


def print_row(row):
    limit = amount(row.limit, row.unit) if row.absolute else f"{row.limit:.2f}"
    notes = ", ".join(f"{name} {amount(value, row.unit)}" for name, value in row.notes.items()
                      if name in ("p50", "p99"))
    print(f"{row.name:<64} {amount(row.ours, row.unit):>9} {amount(row.peer, row.unit):>9} "
          f"{row.ratio:>6.2f} {limit:>6}  {'ok' if row.ok else 'MISSED':<6}  {row.peer_name}"
          f"{'; ' if notes else ''}{notes}", flush=True)


def record(bench, row):
    return dict(dataclasses.asdict(row), bench=bench, ratio=round(row.ratio, 4), ok=row.ok)


def build_type(build):
    for line in (build / "CMakeCache.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("CMAKE_BUILD_TYPE:"):
            return line.partition("=")[2]
    return ""


def measure(build, chosen, folder):
    workshop = Workshop(build, folder)
    records = []
    try:
        print(f"{'name':<64} {'ours':>9} {'peer':>9} {'ratio':>6} {'limit':>6}  {'':<6}  peer")
        for name, bench in chosen.items():
            for row in bench(workshop):
                print_row(row)
                records.append(record(name, row))
    finally:
        workshop.close()
    return records


def is_understood(arguments, benches, usage):
    """Whether these are BUILD_FOLDER [BENCH...]; else prints how it is used."""
    if arguments and all(name in benches for name in arguments[1:]):
        return True
    print(f"{usage}\nBENCH is one of: {', '.join(benches)}", file=sys.stderr)
    return False


def drive(arguments, benches, usage, report_name):
    """Runs those of `benches` that are named, or all, and prints and writes down their rows.

    Arguments: BUILD_FOLDER [BENCH...]. Returns the exit status. The file is REPORT_NAME.json in build/.
    """
    if not is_understood(arguments, benches, usage):
        return 2
    names = arguments[1:] or list(benches)
    build = pathlib.Path(arguments[0]).resolve()
    if build_type(build) != "Release":
        print(f"note: the build type is {build_type(build)!r}, not Release", file=sys.stderr)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started, load = time.time(), os.getloadavg()[0]
    # Not in the build folder: inside a git work tree a publish also waits for git.
    place = os.environ.get("BENCH_FOLDER") or "/var/tmp"
    folder = tempfile.mkdtemp(prefix="algoctl-bench-", dir=os.path.abspath(place))
    try:
        records = measure(build, {each: benches[each] for each in names}, folder)
    except (Failed, subprocess.CalledProcessError) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    output = pathlib.Path(os.environ.get("BENCH_JSON") or ROOT / "build" / f"{report_name}.json")
    output.parent.mkdir(parents=True, exist_ok=True)
    report = {"schema": "algoctl.bench/v1", "started": int(started * 1000), "load": load,
              "seconds": round(time.time() - started, 1), "processors": os.cpu_count(),
              "build_type": build_type(build), "rows": records}
    output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    missed = sum(not each["ok"] for each in records)
    print(f"\n{len(records) - missed} of {len(records)} limits kept, in {report['seconds']} s; "
          f"load before: {load:.1f}; written to {output}")
    return 1 if missed else 0
