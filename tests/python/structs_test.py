"""The structs of the package are those of the C interface, and so is the version."""

import ctypes
import os
import re
import unittest

import algoctl
from algoctl import _library, _structs

ABI = os.path.join(os.path.dirname(__file__), "..", "c", "abi.txt")


def layout(struct):
    members = [
        (name, getattr(struct, name).offset, getattr(struct, name).size)
        for name, *_ in struct._fields_
    ]
    return ctypes.sizeof(struct), members


class StructsTest(unittest.TestCase):
    def test_every_struct_has_the_layout_that_is_written_down(self):
        with open(ABI, encoding="utf-8") as file:
            text = file.read()
        found = re.findall(r"^struct algoctl_(\w+) (\d+)\n((?:  .*\n)+)", text, re.M)
        self.assertGreater(len(found), 10)
        for name, size, members in found:
            struct = getattr(_structs, "".join(part.title() for part in name.split("_")))
            lines = [line.split() for line in members.splitlines()]
            want = [(member, int(offset), int(width)) for member, offset, width in lines]
            self.assertEqual(layout(struct), (int(size), want), name)

    def test_the_version_is_the_librarys(self):
        self.assertEqual(algoctl.__version__, _library.lib.algoctl_version().decode())

    def test_each_code_has_its_type(self):
        with open(ABI, encoding="utf-8") as file:
            codes = {int(code) for code in re.findall(r"^code \w+ (\d+)$", file.read(), re.M)}
        self.assertEqual(codes - {0}, {kind.code for kind in algoctl.Error.__subclasses__()})

    def test_a_library_that_is_not_there_is_an_import_error(self):
        before = os.environ["ALGOCTL_LIBRARY"]
        os.environ["ALGOCTL_LIBRARY"] = "/nowhere/libalgoctl.so"
        self.addCleanup(os.environ.__setitem__, "ALGOCTL_LIBRARY", before)
        with self.assertRaises(ImportError) as raised:
            _library.load()
        self.assertEqual(
            str(raised.exception),
            "algoctl: there is no libalgoctl.so for this Python\n"
            "  /nowhere/libalgoctl.so: /nowhere/libalgoctl.so: cannot open shared object file: "
            "No such file or directory\n"
            "  hint: install algoctl (make install), or name the file with ALGOCTL_LIBRARY",
        )


if __name__ == "__main__":
    unittest.main()
