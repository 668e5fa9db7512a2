"""The older platform's own sample runs as it is, and leaves nothing behind with each reload."""

import importlib
import os
import sys
import tempfile
import unittest
from unittest import mock

from shop import ShopTest

try:
    import joblib
    from sklearn.dummy import DummyClassifier
except ImportError:
    print("older_sample_test: skipped, no Python with scikit-learn")
    sys.exit(77)


class OlderSampleTest(ShopTest):
    def setUp(self):
        super().setUp()
        temporary = self.path("temporary")
        os.mkdir(temporary)
        places = {
            "ALGOCTL_HOME": self.path("home"),
            "XDG_CACHE_HOME": self.path("cache"),
            "XDG_CONFIG_HOME": self.path("config"),
            "TMPDIR": temporary,
        }
        for patch in (mock.patch.dict(os.environ, places), mock.patch("tempfile.tempdir", None)):
            patch.start()
            self.addCleanup(patch.stop)

    def train(self, answer):
        """A model that answers the same to everything, behind the label."""
        model = DummyClassifier(strategy="constant", constant=answer).fit(["a", "b"], [1, 2])
        path = self.path("model.pkl")
        joblib.dump(model, path)
        self.client.upload(path, algorithm="acme/sentiment", replace=True)

    def left(self):
        """The files where a reload may write, and how many this process has open."""
        files = [name for _, _, names in os.walk(self.folder) for name in names]
        return sorted(files), len(os.listdir("/proc/self/fd"))

    def test_reloads_what_was_overwritten_and_leaks_nothing(self):
        self.train(1)
        sample = importlib.import_module("older_sample")
        self.addCleanup(sample.client.close)
        self.assertEqual(sample.apply(["the bass is sick"]), 1)
        self.train(2)
        self.assertEqual(sample.apply(["the bass is sick"]), 1)
        sample.reload_period = -1
        self.assertEqual(sample.apply(["the bass is sick"]), 2)
        left = self.left()
        for _ in range(100):
            self.assertEqual(sample.apply(["the bass is sick"]), 2)
        self.assertEqual(self.left(), left)
        self.assertEqual(os.listdir(tempfile.gettempdir()), [])


if __name__ == "__main__":
    unittest.main()
