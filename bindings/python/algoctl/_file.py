"""One file behind a reference."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any, Iterator, Optional

if TYPE_CHECKING:
    from ._client import Client


class LocalFile:
    """A verified file. `name` is its path; it is opened, for reading bytes, when it is first read,
    and closed with the context."""

    def __init__(self, path: str) -> None:
        self.name = path
        self._file: Optional[io.BufferedReader] = None

    def __fspath__(self) -> str:
        return self.name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("_"):
            raise AttributeError(attribute)
        return getattr(self._opened(), attribute)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._opened())

    def __enter__(self) -> LocalFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _opened(self) -> io.BufferedReader:
        if self._file is None:
            self._file = open(self.name, "rb")
        return self._file


class File:
    """One file behind a reference: `data://owner/name/LABEL`, or a slot of `owner/name@SELECTOR`.
    What the reference means is asked again at each use."""

    def __init__(self, client: Client, reference: str, slot: Optional[str]) -> None:
        self._client = client
        self.reference = reference
        self.slot = slot

    @property
    def path(self) -> str:
        """The path of its verified bytes, in the cache: no copy. It stays for ten minutes at least,
        and as long as it is held open."""
        slots = [self.slot] if self.slot is not None else []
        return self._client.pull(self.reference, slots=slots).path

    def getFile(self) -> LocalFile:  # noqa: N802: the name that callers of the older platform know
        return LocalFile(self.path)
