"""A client: resolve, pull, upload, publish, promote."""

from __future__ import annotations

import contextlib
import ctypes as c
import os
import types
from typing import Any, Iterator, List, Mapping, Optional, Sequence, Type, Union

from . import _results as r
from . import _settings
from . import _structs as s
from ._connection import Connection
from ._errors import UsageError
from ._file import File
from ._library import array, call, given, got, lib, pointer

Path = Union[str, "os.PathLike[str]"]


class Client:
    """Home, registry, store and cache are those of the program, unless they are named. Opens
    nothing before its first call. Safe to use from any thread, and in the child of a fork: a fork
    waits some seconds for the calls of other threads. It does not wait for a Model's own thread:
    where one may be reloading, close the Model before the fork, or do not use algoctl in the child.
    """

    def __init__(
        self,
        home: Optional[Path] = None,
        *,
        registry: Optional[Path] = None,
        store: Optional[Path] = None,
        cache: Optional[Path] = None,
        cache_size: Optional[int] = None,
        actor: Optional[str] = None,
        timeout: Optional[float] = None,
        allow_network_filesystem: Optional[bool] = None,
    ) -> None:
        self.settings = _settings.resolve(
            {
                "home": home,
                "registry": registry,
                "store": store,
                "cache": cache,
                "cache_size": cache_size,
                "timeout": timeout,
                "allow_network_filesystem": allow_network_filesystem,
            }
        )
        self.actor = actor if actor is not None else _settings.user_name()
        self._connection = Connection(self.settings, self.actor)

    def close(self) -> None:
        """No call is answered afterwards. Those under way are."""
        self._connection.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[types.TracebackType],
    ) -> None:
        self.close()

    def init(self, algorithm: str, folder: Path = ".") -> str:
        """Writes `folder/algorithm.json`, unless it is there. Returns its path."""
        path = os.path.abspath(folder)
        with self._connection.use() as handle:
            call(lib.algoctl_init, handle, given(algorithm), given(path))
        return os.path.join(path, "algorithm.json")

    def resolve(self, reference: str, *, prereleases: bool = False) -> r.Resolved:
        """Which version a reference means, or which bytes a label. Raises NotFound."""
        result = s.Resolved()
        with self._connection.use() as handle:
            call(lib.algoctl_resolve, handle, given(reference), prereleases, c.byref(result))
        with _freeing(result):
            return r.Resolved(
                result.algorithm.decode(),
                got(result.version),
                result.sha256.decode(),
                got(result.previous),
                got(result.published_by),
                got(result.notes),
                got(result.yank_reason),
                got(result.yank_replacement),
                result.time,
            )

    def pull(
        self,
        reference: str,
        *,
        slots: Union[str, Sequence[str]] = (),
        into: Optional[Path] = None,
        prereleases: bool = False,
    ) -> r.Pulled:
        """Verified local files; `into` copies them there. Raises NotFound, IntegrityError."""
        names = array(slots)
        options = s.PullOptions(
            slots=pointer(names), slot_count=len(names), into=given(into), prereleases=prereleases
        )
        result = s.Pulled()
        with self._connection.use() as handle:
            call(
                lib.algoctl_pull, handle, given(reference), c.byref(options), c.byref(result)
            )
        with _freeing(result):
            return r.Pulled(
                result.algorithm.decode(),
                got(result.version),
                got(result.folder) or "",
                got(result.yank_reason),
                [r.pulled_file(result.files[i].contents) for i in range(result.file_count)],
            )

    def file(self, reference: str, *, slot: Optional[str] = None) -> File:
        """One file behind a reference; asks nothing yet."""
        return File(self, reference, slot)

    def upload(
        self,
        files: Union[Path, Sequence[Path], Mapping[str, Path]],
        *,
        label: Optional[str] = None,
        algorithm: Optional[str] = None,
        manifest: Optional[Path] = None,
        replace: bool = False,
        expect: Optional[str] = None,
        dry_run: bool = False,
    ) -> r.Uploaded:
        """Stores files, or a mapping of slots to files, records their labels, and points the
        working manifest at them: `manifest`, or with no `algorithm` the nearest algorithm.json.
        Raises Conflict for a label that names other bytes, unless `replace`."""
        slots: List[Optional[str]]
        if isinstance(files, Mapping):
            slots, paths = list(files), list(files.values())
        elif isinstance(files, (str, bytes, os.PathLike)):
            slots, paths = [None], [files]
        else:
            paths = list(files)
            slots = [None] * len(paths)
        if manifest is None and algorithm is None:
            manifest = self._manifest()
        path_array, slot_array = array(paths), array(slots)
        options = s.UploadOptions(
            paths=pointer(path_array),
            slots=pointer(slot_array),
            path_count=len(paths),
            label=given(label),
            algorithm=given(algorithm),
            manifest=given(manifest),
            expect=given(expect),
            replace=replace,
            dry_run=dry_run,
        )
        result = s.Uploaded()
        with self._connection.use() as handle:
            call(lib.algoctl_upload, handle, c.byref(options), c.byref(result))
        with _freeing(result):
            return r.Uploaded(
                [r.uploaded_file(result.files[i].contents) for i in range(result.file_count)],
                r.texts(result.warnings, result.warning_count),
            )

    def publish(
        self,
        manifest: Optional[Path] = None,
        *,
        bump: Optional[str] = None,
        version: Optional[str] = None,
        prerelease: Optional[str] = None,
        line: Optional[str] = None,
        notes: Optional[str] = None,
        expect: Optional[str] = None,
        idempotency_key: Optional[str] = None,
        channels: Union[str, Sequence[str]] = (),
        metadata: Optional[Mapping[str, object]] = None,
        allow_duplicate: bool = False,
        force: bool = False,
        dry_run: bool = False,
    ) -> r.Published:
        """Inserts the next version from the working manifest, or finds that it is there already.
        `bump` is `major`, `minor` or `patch`. Raises Conflict."""
        pairs = [str(text) for pair in (metadata or {}).items() for text in pair]
        names, values = array(channels), array(pairs)
        options = s.PublishOptions(
            manifest=given(manifest if manifest is not None else self._manifest()),
            bump=given(bump),
            version=given(version),
            prerelease=given(prerelease),
            line=given(line),
            notes=given(notes),
            expect=given(expect),
            idempotency_key=given(idempotency_key),
            channels=pointer(names),
            channel_count=len(names),
            metadata=pointer(values),
            metadata_count=len(pairs) // 2,
            allow_duplicate=allow_duplicate,
            force=force,
            dry_run=dry_run,
        )
        result = s.Published()
        with self._connection.use() as handle:
            call(lib.algoctl_publish, handle, c.byref(options), c.byref(result))
        with _freeing(result):
            return r.Published(
                result.algorithm.decode(),
                result.version.decode(),
                got(result.previous),
                result.sha256.decode(),
                bool(result.created),
                r.texts(result.channels, result.channel_count),
                r.texts(result.warnings, result.warning_count),
            )

    def promote(
        self,
        reference: str,
        channel: str,
        *,
        expect: Optional[str] = None,
        why: Optional[str] = None,
        require: Union[str, Sequence[str]] = (),
        prereleases: bool = False,
        force: bool = False,
        release_hold: bool = False,
        dry_run: bool = False,
    ) -> r.Promoted:
        """Moves a channel to a version. `expect` is what it names now, or `none`. Raises Conflict,
        and CheckFailed for a requirement that does not hold."""
        conditions = array(require)
        options = s.PromoteOptions(
            reference=given(reference),
            channel=given(channel),
            expect=given(expect),
            why=given(why),
            require=pointer(conditions),
            require_count=len(conditions),
            prereleases=prereleases,
            force=force,
            release_hold=release_hold,
            dry_run=dry_run,
        )
        result = s.Promoted()
        with self._connection.use() as handle:
            call(lib.algoctl_promote, handle, c.byref(options), c.byref(result))
        with _freeing(result):
            return r.Promoted(
                result.algorithm.decode(),
                result.channel.decode(),
                result.version.decode(),
                got(result.previous),
                bool(result.moved),
                bool(result.held),
                r.texts(result.warnings, result.warning_count),
            )

    def _manifest(self) -> str:
        named = self.settings.get("manifest") or _settings.find_manifest()
        if named:
            return str(named)
        raise UsageError(
            "there is no algorithm.json here or in a parent folder",
            "make one with init(), or name one with manifest=",
        )


def client(home: Optional[Path] = None, **options: Any) -> Client:
    """The same as `Client`."""
    return Client(home, **options)


@contextlib.contextmanager
def _freeing(result: Any) -> Iterator[None]:
    try:
        yield
    finally:
        lib.algoctl_memory_free(result.memory)
