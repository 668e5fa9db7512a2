"""Models that are shipped by algoctl: verified files, and models that follow a reference.

    model = algoctl.Model("acme/sentiment@stable", lambda files: joblib.load(files.path))
    model.get().predict(["the bass is sick"])

Every object may be used from any thread.
"""

from ._client import Client, client
from ._errors import (
    Busy,
    CheckFailed,
    Conflict,
    Error,
    IntegrityError,
    InternalError,
    Interrupted,
    LockMismatch,
    NotFound,
    StorageError,
    Unauthorized,
    UsageError,
)
from ._file import File, LocalFile
from ._following import Current, Files, Status
from ._model import Model
from ._results import Promoted, Published, Pulled, PulledFile, Resolved, Uploaded, UploadedFile
from ._version import VERSION as __version__

__all__ = [
    "Busy",
    "CheckFailed",
    "Client",
    "Conflict",
    "Current",
    "Error",
    "File",
    "Files",
    "IntegrityError",
    "InternalError",
    "Interrupted",
    "LocalFile",
    "LockMismatch",
    "Model",
    "NotFound",
    "Promoted",
    "Published",
    "Pulled",
    "PulledFile",
    "Resolved",
    "Status",
    "StorageError",
    "Unauthorized",
    "Uploaded",
    "UploadedFile",
    "UsageError",
    "__version__",
    "client",
]
