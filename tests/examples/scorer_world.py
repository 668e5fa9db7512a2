"""What the tests of the scorers run in: models that were trained, and a registry."""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import joblib

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
sys.path += [str(EXAMPLES / "reloading"), str(EXAMPLES / "scorer")]
import export
import train

TEXTS = ("the bass is sick", "great sound, I love it", "Mid sound; the HINGE snapped, mid!", "?")
LIMIT = 60.0  # seconds, for what takes one


def train_models(folder):
    """January's model, February's, one that learned the opposite, and one that is none."""
    reviews = [EXAMPLES / "reloading" / f"reviews-20190{month}.tsv" for month in (1, 2)]
    swapped = {"positive": "negative", "negative": "positive"}
    opposite = folder / "opposite.tsv"
    with open(opposite, "w") as file:
        for line in reviews[0].read_text().splitlines():
            label, sentence = line.split("\t")
            print(swapped[label], sentence, sep="\t", file=file)
    trained = {"january": reviews[:1], "february": reviews, "opposite": [opposite]}
    with contextlib.redirect_stdout(io.StringIO()):
        for name, paths in trained.items():
            train.main(folder / f"{name}.pkl", *paths)
            export.main(folder / f"{name}.pkl", folder / f"{name}.txt")
    for ending in ("pkl", "txt"):
        (folder / f"broken.{ending}").write_text("good bad 0.5\nno model\n")


def run(*command, exit=0, **how):
    """Its stdout; an error unless it ends with `exit`."""
    result = subprocess.run(command, capture_output=True, text=True, timeout=2 * LIMIT, **how)
    if result.returncode != exit:
        raise AssertionError(f"{command}: exit {result.returncode}\n{result.stderr}")
    return result.stdout.strip()


class World:
    """A home with acme/sentiment in it; versions are published from what was trained."""

    def __init__(self, root, program, trained):
        self.root = Path(root)
        self.trained = trained
        self.program = program
        self.home = self.root / "home"
        self.environment = {
            **os.environ,
            "ALGOCTL_HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.root / "cache"),
            "XDG_CONFIG_HOME": str(self.root / "config"),
        }
        self.answers = {}  # by version: by text: label and score, as scikit-learn has them
        self.algoctl("init", "acme/sentiment")

    def algoctl(self, *arguments, exit=0):
        command = (self.program, "-q", *arguments)
        return run(*command, exit=exit, cwd=self.root, env=self.environment)

    def publish(self, name, *options):
        """Publishes a model that was trained. Returns the version."""
        model, weights = (self.trained / f"{name}.{ending}" for ending in ("pkl", "txt"))
        self.algoctl("upload", f"model={model}", f"weights={weights}")
        version = self.algoctl("publish", *options)
        if name != "broken":
            classifier = joblib.load(model)
            sure = classifier.predict_proba(TEXTS)
            best = sure.argmax(axis=1)
            self.answers[version] = {
                text: (classifier.classes_[best[i]], sure[i][best[i]])
                for i, text in enumerate(TEXTS)
            }
        return version

    def replicas(self):
        return json.loads(self.algoctl("replicas", "acme/sentiment", "--json"))["replicas"]
