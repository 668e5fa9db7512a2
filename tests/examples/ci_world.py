"""What the tests of examples/ci run in: a real git remote and a real registry."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

# The gate of the tests: counts its runs, and lets a model pass that calls itself good.
CHECK = 'echo run >>"$GATE_LOG"\ngrep -q good "$ALGOCTL_MODEL_MODEL"\n'


class World:
    """A bare remote with one commit; a registry, with version 1.0.0 when `published`."""

    _made = {}  # what each world begins as, made once

    def __init__(self, root, program, published=True):
        self.root = Path(root)
        self.home = self.root / "registry"
        self.source = self.root / "source"
        self.remote = f"file://{self.root}/remote.git"
        self.gate_log = self.root / "gate.log"
        for name in ("user", "bin", "runner"):
            (self.root / name).mkdir()
        (self.root / "bin" / "algoctl").symlink_to(program)
        if published not in self._made:
            self._made[published] = tempfile.TemporaryDirectory()
            self._make(published)
            for folder in (self.home, self.source, self.root / "remote.git"):
                shutil.copytree(folder, Path(self._made[published].name) / folder.name)
        else:
            shutil.copytree(self._made[published].name, self.root, dirs_exist_ok=True)
        self.commit = self.git("rev-parse", "HEAD", cwd=self.source)

    def _make(self, published):
        self.git("init", "-q", "--bare", "-b", "main", str(self.root / "remote.git"))
        self.git("init", "-q", "-b", "main", str(self.source))
        (self.source / "check.sh").write_text("#!/bin/sh\n" + CHECK)
        (self.source / "check.sh").chmod(0o755)
        self.algoctl("init", "acme/sentiment", cwd=self.source)
        if published:
            (self.source / "model.pkl").write_text("good: first")
            self.algoctl("release", "model=model.pkl", cwd=self.source)
        self.git("add", "check.sh", "algorithm.json", cwd=self.source)
        self.git("commit", "-qm", "$(touch pwned) `touch pwned`", cwd=self.source)
        self.git("push", "-q", self.remote, "main", cwd=self.source)

    def environment(self, more=None):
        passed = ("ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS", "GCOV_PREFIX")
        base = {name: os.environ[name] for name in passed if name in os.environ}
        base |= {
            "PATH": f"{self.root}/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.root / "user"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "ALGOCTL_HOME": str(self.home),
            "GATE_LOG": str(self.gate_log),
        }
        return {name: value for name, value in (base | (more or {})).items() if value is not None}

    def call(self, arguments, cwd=None):
        identity = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "Ada")
        identity |= dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "ada@example.com")
        result = subprocess.run(
            arguments,
            cwd=cwd or self.root,
            env=self.environment(identity),
            capture_output=True,
            text=True,
        )
        if result.returncode != 0:
            raise AssertionError(f"{arguments}: exit {result.returncode}\n{result.stderr}")
        return result.stdout.strip()

    def git(self, *arguments, cwd=None):
        return self.call(["git", *arguments], cwd)

    def algoctl(self, *arguments, cwd=None):
        return self.call([f"{self.root}/bin/algoctl", "-q", *arguments], cwd)

    def versions(self):
        return self.algoctl("list", "acme/sentiment").split()

    def gate_runs(self):
        return len(self.gate_log.read_text().split()) if self.gate_log.exists() else 0
