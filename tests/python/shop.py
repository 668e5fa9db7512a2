"""A home, a cache and a working copy of `acme/sentiment` of their own, for a test."""

import os
import shutil
import tempfile
import unittest

import algoctl


class ShopTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.work = self.path("work")
        self.client = self.open()
        self.addCleanup(self.client.close)
        self.manifest = self.client.init("acme/sentiment", self.work)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def open(self, **options):
        return algoctl.Client(self.path("home"), cache=self.path("cache"), actor="ada", **options)

    def write(self, name, text):
        path = self.path("in", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def upload(self, text, label, **options):
        """New bytes behind a label, and in the slot `model`."""
        return self.client.upload(
            {"model": self.write(label, text)}, label=label, manifest=self.manifest, **options
        )

    def ship(self, text):
        """Uploads new bytes and publishes them. Returns the version."""
        self.upload(text, f"{text}.txt")
        return self.client.publish(self.manifest).version


def text_of(files):
    with open(files.path, encoding="utf-8") as file:
        return file.read()
