"""A client of the library, which threads share and forks do not."""

from __future__ import annotations

import contextlib
import ctypes as c
import os
import threading
import weakref
from typing import Any, Dict, Iterator, List, Optional

from . import _structs as s
from ._errors import UsageError
from ._library import call, given, lib


class Connection:
    """Opens at its first use, and again at the first one after a fork."""

    def __init__(self, settings: Dict[str, Any], actor: str) -> None:
        self._settings = settings
        self._actor = actor
        self._lock = threading.Lock()
        self._handle: Optional[c.c_void_p] = None
        self._users = 0  # calls under way
        self._closed = False
        _connections.add(self)

    def close(self) -> None:
        """Nothing uses it afterwards. What uses it now goes on."""
        with self._lock:
            self._closed = True
            self.drop_if_unused()

    def __del__(self) -> None:
        if self._handle is not None:
            self.close()

    @contextlib.contextmanager
    def use(self) -> Iterator[c.c_void_p]:
        with self._lock:
            if self._closed:
                raise UsageError("the client is closed")
            if self._handle is None:
                self._handle = self._open()
            handle = self._handle
            self._users += 1
        process = os.getpid()
        try:
            yield handle
        finally:
            if os.getpid() == process:
                with self._lock:
                    self._users -= 1
                    if self._closed:
                        self.drop_if_unused()

    def _open(self) -> c.c_void_p:
        settings = self._settings
        timeout = int(settings["timeout"] * 1000)
        options = s.ClientOptions(
            home=given(settings["home"]),
            registry=given(settings.get("registry")),
            store=given(settings.get("store")),
            cache=given(settings["cache"]),
            actor=given(self._actor),
            cache_size=int(settings["cache_size"]),
            timeout_ms=timeout if timeout > 0 else -1,
            allow_network_filesystem=bool(settings.get("allow_network_filesystem")),
        )
        handle = c.c_void_p()
        call(lib.algoctl_client_open, c.byref(options), c.byref(handle))
        return handle

    def drop_if_unused(self) -> None:
        """Its next call opens it again."""
        if self._users == 0 and self._handle is not None:
            lib.algoctl_client_close(self._handle)
            self._handle = None


# SQLite's connections do not survive a fork, not even unused: they are closed before it. Those that
# a call of another thread uses meanwhile are left behind in the child, which opens its own.
_connections: "weakref.WeakSet[Connection]" = weakref.WeakSet()
_forking: List[Connection] = []
_fork_lock = threading.Lock()  # one fork at a time


def _before_fork() -> None:
    _fork_lock.acquire()
    _forking[:] = list(_connections)
    for each in _forking:
        each._lock.acquire()
        each.drop_if_unused()


def _after_fork_in_parent() -> None:
    for each in _forking:
        each._lock.release()
    _forking.clear()
    _fork_lock.release()


def _after_fork_in_child() -> None:
    for each in _forking:
        each._lock = threading.Lock()
        each._users = 0
        each._handle = None
    _forking.clear()
    _fork_lock.release()


os.register_at_fork(
    before=_before_fork,
    after_in_parent=_after_fork_in_parent,
    after_in_child=_after_fork_in_child,
)
