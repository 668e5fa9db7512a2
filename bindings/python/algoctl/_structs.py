"""The structs of algoctl/c.h, c_publish.h and c_model.h, member for member."""

from __future__ import annotations

import ctypes as c

_text = c.c_char_p
_texts = c.POINTER(c.c_char_p)


class Sized(c.Structure):
    """Begins with its size, which is set when it is made."""

    def __init__(self, **values: object) -> None:
        super().__init__(size=c.sizeof(type(self)), **values)


class ClientOptions(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("home", _text),
        ("registry", _text),
        ("store", _text),
        ("cache", _text),
        ("actor", _text),
        ("cache_size", c.c_int64),
        ("timeout_ms", c.c_int64),
        ("allow_network_filesystem", c.c_int),
        ("environment", _texts),
    ]


class Resolved(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("memory", c.c_void_p),
        ("algorithm", _text),
        ("version", _text),
        ("sha256", _text),
        ("previous", _text),
        ("published_by", _text),
        ("notes", _text),
        ("yank_reason", _text),
        ("yank_replacement", _text),
        ("time", c.c_int64),
    ]


class File(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("slot", _text),
        ("label", _text),
        ("path", _text),
        ("uri", _text),
        ("sha256", _text),
        ("bytes", c.c_int64),
        ("stored", c.c_int),
    ]


_files = c.POINTER(c.POINTER(File))


class PullOptions(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("slots", _texts),
        ("slot_count", c.c_size_t),
        ("into", _text),
        ("prereleases", c.c_int),
    ]


class Pulled(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("memory", c.c_void_p),
        ("algorithm", _text),
        ("version", _text),
        ("folder", _text),
        ("yank_reason", _text),
        ("files", _files),
        ("file_count", c.c_size_t),
    ]


class UploadOptions(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("paths", _texts),
        ("slots", _texts),
        ("path_count", c.c_size_t),
        ("label", _text),
        ("algorithm", _text),
        ("manifest", _text),
        ("expect", _text),
        ("replace", c.c_int),
        ("dry_run", c.c_int),
    ]


class Uploaded(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("memory", c.c_void_p),
        ("files", _files),
        ("file_count", c.c_size_t),
        ("warnings", _texts),
        ("warning_count", c.c_size_t),
    ]


class PublishOptions(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("manifest", _text),
        ("bump", _text),
        ("version", _text),
        ("prerelease", _text),
        ("line", _text),
        ("notes", _text),
        ("expect", _text),
        ("idempotency_key", _text),
        ("channels", _texts),
        ("channel_count", c.c_size_t),
        ("metadata", _texts),
        ("metadata_count", c.c_size_t),
        ("allow_duplicate", c.c_int),
        ("force", c.c_int),
        ("dry_run", c.c_int),
    ]


class Published(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("memory", c.c_void_p),
        ("algorithm", _text),
        ("version", _text),
        ("previous", _text),
        ("sha256", _text),
        ("channels", _texts),
        ("channel_count", c.c_size_t),
        ("warnings", _texts),
        ("warning_count", c.c_size_t),
        ("created", c.c_int),
    ]


class PromoteOptions(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("reference", _text),
        ("channel", _text),
        ("expect", _text),
        ("why", _text),
        ("require", _texts),
        ("require_count", c.c_size_t),
        ("prereleases", c.c_int),
        ("force", c.c_int),
        ("release_hold", c.c_int),
        ("dry_run", c.c_int),
    ]


class Promoted(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("memory", c.c_void_p),
        ("algorithm", _text),
        ("channel", _text),
        ("version", _text),
        ("previous", _text),
        ("warnings", _texts),
        ("warning_count", c.c_size_t),
        ("moved", c.c_int),
        ("held", c.c_int),
    ]


LOAD = c.CFUNCTYPE(c.c_void_p, c.c_void_p, c.c_void_p, c.c_void_p)
CHECK = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p, c.c_void_p)
UNLOAD = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p)


class ModelOptions(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("user", c.c_void_p),
        ("load", LOAD),
        ("validate", CHECK),
        ("warm_up", CHECK),
        ("unload", UNLOAD),
        ("poll_ms", c.c_int64),
        ("max_staleness_ms", c.c_int64),
        ("backoff_ms", c.c_int64),
        ("longest_backoff_ms", c.c_int64),
        ("name", _text),
        ("unload_first", c.c_int),
        ("prereleases", c.c_int),
        ("no_watch", c.c_int),
        ("no_report", c.c_int),
    ]


class Borrow(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("model", c.c_void_p),
        ("version", _text),
        ("reserved", c.c_void_p * 2),
    ]


class ModelStatus(Sized):
    _fields_ = [
        ("size", c.c_size_t),
        ("memory", c.c_void_p),
        ("state", _text),
        ("serving", _text),
        ("wanted", _text),
        ("prepared", _text),
        ("error_message", _text),
        ("error_hint", _text),
        ("report_error", _text),
        ("error_at", c.c_int64),
        ("next_attempt_ms", c.c_int64),
        ("confirmed_at", c.c_int64),
        ("looks", c.c_int64),
        ("loads", c.c_int64),
        ("switches", c.c_int64),
        ("failures", c.c_int64),
        ("error_code", c.c_int),
        ("stale", c.c_int),
    ]
