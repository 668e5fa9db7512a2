"""Finds libalgoctl, and calls it."""

from __future__ import annotations

import ctypes as c
import ctypes.util
import os
import pathlib
import sysconfig
from typing import Iterable, Iterator, List, Optional, Union

from . import _structs as s
from ._errors import UsageError, error_of

NAMES = ("libalgoctl.so.0", "libalgoctl.so")


def candidates() -> Iterator[str]:
    """Where the library may be, the best first."""
    named = os.environ.get("ALGOCTL_LIBRARY")
    if named:
        yield named
        return
    here = pathlib.Path(__file__).resolve().parent
    folders = [here]
    # PREFIX/lib/pythonX.Y/dist-packages/algoctl: PREFIX/lib, and what the machine calls it.
    if len(here.parents) > 3:
        prefix = here.parents[3]
        multiarch = sysconfig.get_config_var("MULTIARCH")
        folders += [prefix / "lib", prefix / "lib64"]
        folders += [prefix / "lib" / multiarch] if multiarch else []
    for folder in folders:
        for name in NAMES:
            if (folder / name).exists():
                yield str(folder / name)
    yield NAMES[0]
    found = ctypes.util.find_library("algoctl")
    if found:
        yield found


def load() -> c.CDLL:
    """Throws ImportError saying what was tried."""
    tried: List[str] = []
    for path in candidates():
        try:
            return c.CDLL(path)
        except OSError as error:
            tried.append(f"  {path}: {error}")
    raise ImportError(
        "algoctl: there is no libalgoctl.so for this Python\n"
        + "\n".join(tried)
        + "\n  hint: install algoctl (make install), or name the file with ALGOCTL_LIBRARY"
    )


lib = load()
# Calls that take nanoseconds, and do not call back: the interpreter's lock is not let go for them.
quick = c.PyDLL(None, handle=lib._handle)

_pointer = c.c_void_p
_error = c.POINTER(c.c_void_p)


def _declare() -> None:
    def function(name: str, result: object, *arguments: object, of: c.CDLL = lib) -> None:
        found = getattr(of, name)
        found.restype = result
        found.argtypes = arguments

    function("algoctl_version", c.c_char_p)
    function("algoctl_error_code", c.c_int, _pointer)
    function("algoctl_error_message", c.c_char_p, _pointer)
    function("algoctl_error_hint", c.c_char_p, _pointer)
    function("algoctl_error_free", None, _pointer)
    function("algoctl_memory_free", None, _pointer)
    function("algoctl_client_open", c.c_int, c.POINTER(s.ClientOptions), _error, _error)
    function("algoctl_client_close", None, _pointer)
    text = c.c_char_p
    function("algoctl_init", c.c_int, _pointer, text, text, _error)
    function("algoctl_resolve", c.c_int, _pointer, text, c.c_int, c.POINTER(s.Resolved), _error)
    function(
        "algoctl_pull",
        c.c_int,
        _pointer,
        text,
        c.POINTER(s.PullOptions),
        c.POINTER(s.Pulled),
        _error,
    )
    for verb, options, result in (
        ("upload", s.UploadOptions, s.Uploaded),
        ("publish", s.PublishOptions, s.Published),
        ("promote", s.PromoteOptions, s.Promoted),
    ):
        function(
            f"algoctl_{verb}", c.c_int, _pointer, c.POINTER(options), c.POINTER(result), _error
        )
    function("algoctl_files_version", text, _pointer)
    function("algoctl_files_folder", text, _pointer)
    function("algoctl_files_count", c.c_size_t, _pointer)
    function("algoctl_files_at", c.POINTER(s.File), _pointer, c.c_size_t)
    function("algoctl_fail", None, _pointer, text)
    function(
        "algoctl_model_open", c.c_int, _pointer, text, c.POINTER(s.ModelOptions), _error, _error
    )
    function("algoctl_model_close", None, _pointer)
    function("algoctl_model_get", None, _pointer, c.POINTER(s.Borrow), of=quick)
    function("algoctl_borrow_release", None, c.POINTER(s.Borrow), of=quick)
    function("algoctl_model_wait_for", c.c_int, _pointer, text, c.c_int64, _error)
    function("algoctl_model_reload_now", c.c_int, _pointer, _error)
    function("algoctl_model_get_status", c.c_int, _pointer, c.POINTER(s.ModelStatus), _error)
    function(
        "algoctl_model_get_at_least",
        c.c_int,
        _pointer,
        text,
        c.c_int64,
        c.POINTER(s.Borrow),
        _error,
    )


_declare()


def call(function: object, *arguments: object) -> None:
    """Calls a function whose last argument is the error, and raises that."""
    error = c.c_void_p()
    code = function(*arguments, c.byref(error))  # type: ignore[operator]
    if code == 0:
        return
    try:
        message = lib.algoctl_error_message(error).decode(errors="replace")
        hint = lib.algoctl_error_hint(error).decode(errors="replace")
    finally:
        lib.algoctl_error_free(error)
    raise error_of(code, message, hint)


def given(text: Optional[object]) -> Optional[bytes]:
    """A text or path for the library; None is not given. Raises UsageError for one that no C string
    can hold: the library would see another one."""
    if text is None:
        return None
    try:
        encoded = os.fsencode(text)  # type: ignore[arg-type]
    except UnicodeEncodeError:
        raise UsageError(f"{text!r} is no text") from None
    if b"\0" in encoded:
        raise UsageError(f"{text!r} has a NUL in it")
    return encoded


def array(texts: Union[str, bytes, "os.PathLike[str]", Iterable[object]]) -> "c.Array[c.c_char_p]":
    """Several texts; a single one stands for itself, not for its characters."""
    several = [texts] if isinstance(texts, (str, bytes, os.PathLike)) else list(texts)
    return (c.c_char_p * len(several))(*[given(text) for text in several])


def pointer(texts: "c.Array[c.c_char_p]") -> object:
    """An array as a member of a struct; the array must outlive it."""
    return c.cast(texts, c.POINTER(c.c_char_p))


def got(text: Optional[bytes]) -> Optional[str]:
    return None if text is None else os.fsdecode(text)
