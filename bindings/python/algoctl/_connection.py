"""A client of the library, which threads share and forks do not."""

from __future__ import annotations

import contextlib
import ctypes as c
import os
import threading
import time
import weakref
from typing import Any, Dict, Iterator, List, Optional

from . import _structs as s
from ._errors import UsageError
from ._library import array, call, given, lib, pointer


class Connection:
    """Opens at its first use, and again at the first one after a fork."""

    def __init__(self, settings: Dict[str, Any], actor: str) -> None:
        self._settings = settings
        self._actor = actor
        self._handle: Optional[c.c_void_p]
        self._closed = False
        self.renew()
        _connections.add(self)

    def renew(self) -> None:
        """As if no thread had ever used it, but this one."""
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._users: List[int] = []  # the threads whose calls are under way
        self._held = False  # a fork is about to happen: no call begins
        self._handle = None

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
        thread = threading.get_ident()
        with self._lock:
            while self._held and thread not in self._users:
                self._changed.wait()
            if self._closed:
                raise UsageError("the client is closed")
            if self._handle is None:
                self._handle = self._open()
            handle = self._handle
            self._users.append(thread)
        process = os.getpid()
        try:
            yield handle
        finally:
            if os.getpid() == process:
                with self._lock:
                    self._users.remove(thread)
                    self._changed.notify_all()
                    if self._closed:
                        self.drop_if_unused()

    def _open(self) -> c.c_void_p:
        settings = self._settings
        timeout = round(settings["timeout"] * 1000)
        # Copied by the call.
        environment = array([name + b"=" + value for name, value in os.environb.items()] + [None])
        options = s.ClientOptions(
            home=given(settings["home"]),
            registry=given(settings.get("registry")),
            store=given(settings.get("store")),
            cache=given(settings["cache"]),
            actor=given(self._actor),
            cache_size=max(1, settings["cache_size"]),
            timeout_ms=timeout if timeout > 0 else -1,
            allow_network_filesystem=bool(settings.get("allow_network_filesystem")),
            environment=pointer(environment),
        )
        handle = c.c_void_p()
        call(lib.algoctl_client_open, c.byref(options), c.byref(handle))
        return handle

    def drop_if_unused(self) -> None:
        """Its next call opens it again."""
        if not self._users and self._handle is not None:
            lib.algoctl_client_close(self._handle)
            self._handle = None

    def hold(self, end: float) -> None:
        """Takes the lock and keeps calls from beginning, until `let_go`. Waits for those of other
        threads: until `end`, then no longer."""
        self._lock.acquire()
        self._held = True
        thread = threading.get_ident()
        while any(user != thread for user in self._users):
            left = end - time.monotonic()
            if left <= 0 or not self._changed.wait(left):
                break
        self.drop_if_unused()

    def let_go(self) -> None:
        self._held = False
        self._changed.notify_all()
        self._lock.release()


# SQLite's connections do not survive a fork, not even unused: they are closed before it. Nor may a
# call be under way in another thread: it may have a lock of the whole process, which nobody in the
# child would give back. A call that lasts longer is not waited for, and is left behind.
_LONGEST_HOLD = 5.0
_connections: "weakref.WeakSet[Connection]" = weakref.WeakSet()
_forking: List[Connection] = []
_fork_lock = threading.Lock()  # one fork at a time


def _before_fork() -> None:
    _fork_lock.acquire()
    _forking[:] = list(_connections)
    end = time.monotonic() + _LONGEST_HOLD
    for each in _forking:
        each.hold(end)


def _after_fork_in_parent() -> None:
    for each in _forking:
        each.let_go()
    _forking.clear()
    _fork_lock.release()


def _after_fork_in_child() -> None:
    for each in _forking:
        each.renew()
    _forking.clear()
    _fork_lock.release()


os.register_at_fork(
    before=_before_fork,
    after_in_parent=_after_fork_in_parent,
    after_in_child=_after_fork_in_child,
)
