"""What goes wrong, in the words that scripts branch on."""

from __future__ import annotations

from typing import Dict, Type


class Error(Exception):
    """What the library refuses or cannot do. `code` is the program's exit status; `message` names
    the thing; `hint`, which may be empty, is what to do next."""

    code: int = 70

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message

    def __reduce__(self):
        return type(self), (self.message, self.hint)


class CheckFailed(Error):
    """A question was asked, and the answer is no; a loader, validate or warm_up failed."""

    code = 1


class UsageError(Error):
    """Malformed input: option, name, version, selector, manifest."""

    code = 2


class NotFound(Error):
    """No such algorithm, version, label, slot, channel, file."""

    code = 3


class Conflict(Error):
    """Exists with other bytes, an expectation failed, a stale working copy."""

    code = 4


class IntegrityError(Error):
    """Bytes do not match their digest; the registry is damaged."""

    code = 5


class StorageError(Error):
    """Registry or store refused, failed, is absent or too new; disk full."""

    code = 6


class Busy(Error):
    """Still locked, or not there, after the timeout."""

    code = 7


class Unauthorized(Error):
    """Credentials missing, rejected or too weak."""

    code = 8


class LockMismatch(Error):
    """The lock file does not fit what was asked."""

    code = 9


class InternalError(Error):
    """A defect in algoctl."""

    code = 70


class Interrupted(Error):
    """Stopped on request."""

    code = 130


_BY_CODE: Dict[int, Type[Error]] = {kind.code: kind for kind in Error.__subclasses__()}


def error_of(code: int, message: str, hint: str) -> Error:
    """The error of a code, as the type that it has."""
    return _BY_CODE.get(code, InternalError)(message, hint)
