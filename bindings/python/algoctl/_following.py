"""What a Model does, apart from it."""

from __future__ import annotations

import ctypes as c
import dataclasses
import itertools
import math
import os
import re
import threading
import time
import weakref
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional

from . import _structs as s
from ._client import Client
from ._errors import Busy, Error, UsageError, error_of
from ._library import call, given, got, lib, quick
from ._results import only_path


class Files:
    """The verified files of a version, for the function that loads a model from them. They stay
    where they are as long as the model is served."""

    def __init__(self, reference: str, version: str, folder: str, paths: Dict[str, str]) -> None:
        self._reference = reference
        self.version = version  #: `1.3.0`, or `sha256:<hex>` of a label's bytes
        self.folder = folder  #: that holds them under their labels' names
        self.paths = paths  #: by slot; that of a label is under `model`

    @property
    def path(self) -> str:
        """The path of the only file. Raises UsageError naming the slots when there are several."""
        return only_path(self._reference, self.paths)


class Current(NamedTuple):
    """A model, and what it was loaded from."""

    model: Any
    version: str


@dataclasses.dataclass(frozen=True)
class Status:
    """What a model is doing."""

    state: str  #: `loading`, `prepared`, `serving`, `failed`
    serving: Optional[str]
    wanted: Optional[str]  #: what the reference meant when last asked
    prepared: Optional[str]  #: loaded, and waiting for its instant
    error: Optional[Error]  #: why what is wanted is not served; None when all is as it should be
    next_attempt: float  #: seconds from now
    confirmed_at: int  #: that nothing newer was wanted: milliseconds since 1970, UTC
    stale: bool  #: not confirmed for `max_staleness`
    report_error: Optional[str]  #: why others cannot see it
    looks: int
    loads: int
    switches: int
    failures: int


def milliseconds(name: str, seconds: float) -> int:
    """A part of a millisecond is a whole one: 0 has a meaning of its own."""
    if not 0 <= seconds < 1e9:
        raise UsageError(f"{name} is no number of seconds: {seconds!r}")
    return math.ceil(seconds * 1000)


# Longer than that no signal and no close() waits. A look at the registry begins anew with each slice
# of a wait that needs one, so those may become longer.
_SLICE = 0.5
_SLICE_WITH_A_LOOK = 4.0


def _slices(timeout: float, longest: float) -> Iterator[int]:
    """Milliseconds to wait, one after another: between them signals are handled."""
    end = time.monotonic() + timeout
    length = 0.1
    while True:
        left = max(0.0, end - time.monotonic())
        yield int(min(length, left) * 1000)
        if left <= length:
            return
        length = min(2 * length, longest)


class Following:
    """What a Model does, apart from it: the callbacks have this, and so the Model can end."""

    def __init__(
        self,
        reference: str,
        load: Callable[[Files], Any],
        validate: Optional[Callable[[Any], Optional[bool]]],
        warm_up: Optional[Callable[[Any], object]],
    ) -> None:
        self.reference = reference
        self.handle = c.c_void_p()
        self.forked = False
        self.closed = False
        self._users: List[None] = []  # calls under way: appending and popping are atomic
        self._load = load
        self._validate = validate
        self._warm_up = warm_up
        self._models: Dict[int, Any] = {}  # by what the library has for them
        self._tokens = itertools.count(1)
        self._calling_back: Dict[int, None] = {}  # threads
        self._exception: Optional[BaseException] = None
        self.on_load = s.LOAD(self._on_load)
        self.on_validate = s.CHECK(self._on_validate) if validate else s.CHECK()
        self.on_warm_up = s.CHECK(self._on_warm_up) if warm_up else s.CHECK()
        self.on_unload = s.UNLOAD(self._on_unload)

    def open(self, client: Client, options: s.ModelOptions) -> None:
        try:
            with client._connection.use() as native:
                call(
                    lib.algoctl_model_open,
                    native,
                    given(self.reference),
                    c.byref(options),
                    c.byref(self.handle),
                )
        except Error as error:
            raise error from self._exception
        finally:
            self._exception = None
        _followings.add(self)

    # Calls

    def current(self) -> Current:
        borrow = s.Borrow()
        self._enter()
        try:
            quick.algoctl_model_get(self.handle, c.byref(borrow))
            try:
                return self._borrowed(borrow)
            finally:
                quick.algoctl_borrow_release(c.byref(borrow))
        finally:
            self._users.pop()

    def at_least(self, selector: str, timeout: float) -> Current:
        borrow = s.Borrow()
        function = lib.algoctl_model_get_at_least
        self._wait(function, selector, timeout, c.byref(borrow))
        try:
            return self._borrowed(borrow)
        finally:
            quick.algoctl_borrow_release(c.byref(borrow))
            self._users.pop()

    def wait_for(self, selector: str, timeout: float) -> bool:
        try:
            self._wait(lib.algoctl_model_wait_for, selector, timeout)
        except Busy:
            return False
        self._users.pop()
        return True

    def status(self) -> Status:
        status = s.ModelStatus()
        self._enter()
        try:
            call(lib.algoctl_model_get_status, self.handle, c.byref(status))
        finally:
            self._users.pop()
        try:
            error = None
            if status.error_message is not None:
                message, hint = got(status.error_message), got(status.error_hint)
                error = error_of(status.error_code, message or "", hint or "")
            return Status(
                status.state.decode(),
                got(status.serving),
                got(status.wanted),
                got(status.prepared),
                error,
                status.next_attempt_ms / 1000,
                status.confirmed_at,
                bool(status.stale),
                got(status.report_error),
                status.looks,
                status.loads,
                status.switches,
                status.failures,
            )
        finally:
            lib.algoctl_memory_free(status.memory)

    def reload_now(self) -> None:
        self._enter()
        try:
            call(lib.algoctl_model_reload_now, self.handle)
        finally:
            self._users.pop()

    def close(self) -> None:
        if self.forked or self.closed:
            return
        self.closed = True
        if threading.get_ident() in self._calling_back:
            # The library's own thread, which cannot wait for itself.
            threading.Thread(target=self._close).start()
        else:
            self._close()

    def _close(self) -> None:
        while self._users:
            time.sleep(0.001)
        lib.algoctl_model_close(self.handle)
        self._models.clear()

    def _enter(self) -> None:
        """Raises unless the handle may be used; until `_users.pop()` it is not closed."""
        self._users.append(None)
        if not self.closed and not self.forked:
            return
        self._users.pop()
        if self.forked:
            raise UsageError(
                f"the model of {self.reference} was made before a fork, and nobody reloads it in "
                "this process",
                "start it after fork: in each worker (gunicorn: post_fork)",
            )
        raise UsageError(f"the model of {self.reference} is closed")

    def _wait(self, function: Any, selector: str, timeout: float, *arguments: Any) -> None:
        """Calls a function that waits, until it succeeds: then the handle is still in use."""
        looks = selector == self.reference.partition("@")[2] or selector == "latest"
        for length in _slices(timeout, _SLICE_WITH_A_LOOK if looks else _SLICE):
            self._enter()
            try:
                call(function, self.handle, given(selector), length, *arguments)
                return
            except Busy as error:
                self._users.pop()
                busy = error
            except BaseException:
                self._users.pop()
                raise
        busy.message = re.sub(r"after \d+ ms", f"after {timeout:g} s", busy.message)
        raise busy

    def _borrowed(self, borrow: s.Borrow) -> Current:
        if borrow.model is None:
            raise Busy(f"nothing is loaded of {self.reference}", "try again in a moment")
        return Current(self._models[borrow.model], borrow.version.decode())

    # Callbacks, on the library's thread: nothing may be raised

    def _on_load(self, _user: object, files: int, failure: int) -> Optional[int]:
        def load() -> int:
            model = self._load(self._files(files))
            token = next(self._tokens)
            self._models[token] = model
            return token

        return self._guarded(load, None, failure)

    def _on_validate(self, _user: object, token: int, failure: int) -> int:
        def validate() -> int:
            answer = self._validate(self._models[token])  # type: ignore[misc]
            return 1 if answer is not None and not answer else 0

        return self._guarded(validate, 1, failure)

    def _on_warm_up(self, _user: object, token: int, failure: int) -> int:
        def warm_up() -> int:
            self._warm_up(self._models[token])  # type: ignore[misc]
            return 0

        return self._guarded(warm_up, 1, failure)

    def _on_unload(self, _user: object, token: int) -> None:
        def unload() -> None:
            self._models.pop(token, None)

        self._guarded(unload, None, None)

    def _guarded(self, body: Callable[[], Any], otherwise: Any, failure: Optional[int]) -> Any:
        thread = threading.get_ident()
        self._calling_back[thread] = None
        try:
            return body()
        except BaseException as error:  # noqa: B902: none may pass through the library
            self._exception = error if not self.handle else None
            if failure is not None:
                text = f"{type(error).__name__}: {error}"
                lib.algoctl_fail(failure, text.encode(errors="replace").replace(b"\0", b" "))
            return otherwise
        finally:
            self._calling_back.pop(thread, None)

    def _files(self, files: int) -> Files:
        paths = {}
        for i in range(lib.algoctl_files_count(files)):
            file = lib.algoctl_files_at(files, i).contents
            paths[got(file.slot) or "model"] = got(file.path) or ""
        version = lib.algoctl_files_version(files).decode()
        return Files(self.reference, version, got(lib.algoctl_files_folder(files)) or "", paths)


_followings: "weakref.WeakSet[Following]" = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for each in list(_followings):
        each.forked = True


os.register_at_fork(after_in_child=_after_fork_in_child)
