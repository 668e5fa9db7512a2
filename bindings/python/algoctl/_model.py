"""A model that follows a reference."""

from __future__ import annotations

import re
import weakref
from typing import Callable, Generic, Optional, TypeVar

from . import _structs as s
from ._client import Client
from ._following import Current, Files, Following, Status, milliseconds
from ._library import given

T = TypeVar("T")


class Model(Generic[T]):
    """A model that follows a reference: a version range or a channel that moves, or a label that is
    overwritten. A thread of its own asks, brings verified files, calls `load`, `validate`,
    `warm_up`, and swaps. Whatever fails, what was served last is served on, and it is tried again,
    later each time.

        model = algoctl.Model("acme/sentiment@stable", lambda files: joblib.load(files.path))
        model.get().predict(["the bass is sick"])

    Returns when the first model is served; raises what kept it from that. `load` gets a Files;
    `validate` refuses a model by False or an exception. `poll`, `max_staleness`, `backoff` are
    seconds; 0 is what they are when they are not given. With `unload_first` there never are two models at once, and for a while none.

    Safe to use from any thread. To be made after a fork: in each worker."""

    def __init__(
        self,
        reference: str,
        load: Callable[[Files], T],
        *,
        client: Optional[Client] = None,
        validate: Optional[Callable[[T], Optional[bool]]] = None,
        warm_up: Optional[Callable[[T], object]] = None,
        poll: float = 30.0,
        watch: bool = True,
        max_staleness: float = 0.0,
        backoff: float = 1.0,
        longest_backoff: float = 60.0,
        unload_first: bool = False,
        prereleases: bool = False,
        report: bool = True,
        name: str = "",
    ) -> None:
        following = Following(reference, load, validate, warm_up)
        options = s.ModelOptions(
            load=following.on_load,
            validate=following.on_validate,
            warm_up=following.on_warm_up,
            unload=following.on_unload,
            poll_ms=milliseconds("poll", poll),
            max_staleness_ms=milliseconds("max_staleness", max_staleness),
            backoff_ms=milliseconds("backoff", backoff),
            longest_backoff_ms=milliseconds("longest_backoff", longest_backoff),
            name=given(name),
            unload_first=unload_first,
            prereleases=prereleases,
            no_watch=not watch,
            no_report=not report,
        )
        following.open(client if client is not None else Client(), options)
        self._following = following
        # When nobody has it any more, and before the interpreter ends.
        self._finalizer = weakref.finalize(self, following.close)

    def get(self, min_version: Optional[str] = None, timeout: float = 30.0) -> T:
        """The model that is served now. No I/O, no waiting for a reload; it lives as long as the
        caller has it. With `min_version` it is that version's or a later one's (also a range or a
        digest), or Busy is raised after `timeout` seconds."""
        return self.current(min_version, timeout).model

    def current(self, min_version: Optional[str] = None, timeout: float = 30.0) -> Current:
        """The same, with its version."""
        if min_version is None:
            return self._following.current()
        plain = re.fullmatch(r"v?\d+\.\d+\.\d+.*", min_version)
        return self._following.at_least(">=" + min_version if plain else min_version, timeout)

    @property
    def version(self) -> str:
        """What is served now: `1.3.0`, or `sha256:<hex>` of a label's bytes."""
        return self._following.current().version

    def status(self) -> Status:
        return self._following.status()

    def wait_for(self, selector: str, timeout: float = 30.0) -> bool:
        """Waits until what is served satisfies a version, range or digest; or, when `selector` is
        the reference's own, is what the reference means now. False when it does not in time."""
        return self._following.wait_for(selector, timeout)

    def reload_now(self) -> None:
        """Asks now, and tries again now what failed. Returns at once."""
        self._following.reload_now()

    def close(self) -> None:
        """Cancels a reload under way, and waits for it. Models that callers have live on."""
        self._finalizer()

    def __enter__(self) -> Model[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
