"""What the calls of a client answer. Values."""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Optional

from . import _structs as s
from ._errors import UsageError
from ._library import got


@dataclasses.dataclass(frozen=True)
class Resolved:
    """Which version a reference means. Of a label `version` is None and `sha256` is its bytes'."""

    algorithm: str
    version: Optional[str]
    sha256: str  #: `sha256:<hex>` of the manifest
    previous: Optional[str]
    published_by: Optional[str]
    notes: Optional[str]
    yank_reason: Optional[str]  #: None unless yanked
    yank_replacement: Optional[str]
    time: int  #: published, or moved: milliseconds since 1970, UTC


@dataclasses.dataclass(frozen=True)
class PulledFile:
    slot: Optional[str]  #: None for a label
    label: str
    path: str  #: absolute
    uri: str
    sha256: str
    size: int  #: bytes


def only_path(algorithm: str, paths: Dict[str, str]) -> str:
    """The path of the only file. Raises UsageError naming the slots when there are several."""
    if len(paths) == 1:
        return next(iter(paths.values()))
    raise UsageError(
        f"{algorithm} has {len(paths)} slots, and none was named: {', '.join(paths)}",
        f"ask for one of them: paths[{next(iter(paths), 'model')!r}]",
    )


@dataclasses.dataclass(frozen=True)
class Pulled:
    """Verified local files."""

    algorithm: str
    version: Optional[str]  #: None for a label
    folder: str  #: that holds the files under their labels' names
    yank_reason: Optional[str]
    files: List[PulledFile]

    @property
    def paths(self) -> Dict[str, str]:
        """The path of each slot; that of a label is under `model`."""
        return {each.slot or "model": each.path for each in self.files}

    @property
    def path(self) -> str:
        """The path of the only file. Raises UsageError when there are several."""
        return only_path(self.algorithm, self.paths)


@dataclasses.dataclass(frozen=True)
class UploadedFile:
    slot: Optional[str]  #: None when no manifest was touched
    label: str
    uri: str
    sha256: str
    size: int  #: bytes
    stored: bool  #: False when the store already had the bytes


@dataclasses.dataclass(frozen=True)
class Uploaded:
    files: List[UploadedFile]
    warnings: List[str]


@dataclasses.dataclass(frozen=True)
class Published:
    algorithm: str
    version: str
    previous: Optional[str]
    sha256: str  #: of the manifest
    created: bool  #: False when the version was there already
    channels: List[str]  #: that name the version now
    warnings: List[str]


@dataclasses.dataclass(frozen=True)
class Promoted:
    algorithm: str
    channel: str
    version: str  #: that it names now
    previous: Optional[str]
    moved: bool  #: False when nothing changed
    held: bool
    warnings: List[str]


def pulled_file(file: s.File) -> PulledFile:
    return PulledFile(
        got(file.slot),
        file.label.decode(),
        got(file.path) or "",
        file.uri.decode(),
        file.sha256.decode(),
        file.bytes,
    )


def uploaded_file(file: s.File) -> UploadedFile:
    return UploadedFile(
        got(file.slot),
        file.label.decode(),
        file.uri.decode(),
        file.sha256.decode(),
        file.bytes,
        bool(file.stored),
    )


def texts(array: object, count: int) -> List[str]:
    return [got(array[i]) or "" for i in range(count)]  # type: ignore[index]
