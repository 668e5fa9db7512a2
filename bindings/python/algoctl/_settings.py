"""Home, registry, store and cache, found as the program finds them: arguments beat environment,
that beats the project's `.algoctl.json`, that the user's file, that the machine's."""

from __future__ import annotations

import json
import os
import pathlib
import pwd
import re
from typing import Dict, List, Optional, Tuple

from ._errors import UsageError

# Each setting: what kind of value it has, and the variable that names it in the environment. All
# that the program knows are known; what this library does not do itself (limit_rate, trash_grace)
# has no effect.
_KNOWN = {
    "home": ("path", "ALGOCTL_HOME"),
    "registry": ("url", "ALGOCTL_REGISTRY"),
    "store": ("url", "ALGOCTL_STORE"),
    "cache": ("path", None),
    "cache_size": ("bytes", "ALGOCTL_CACHE_SIZE"),
    "trash_grace": ("seconds", "ALGOCTL_TRASH_GRACE"),
    "manifest": ("path", "ALGOCTL_MANIFEST"),
    "timeout": ("seconds", "ALGOCTL_TIMEOUT"),
    "limit_rate": ("bytes", "ALGOCTL_LIMIT_RATE"),
    "allow_network_filesystem": ("boolean", None),
}
_LONGEST = 365 * 24 * 60 * 60  # seconds
_MOST = 2**63 - 1  # bytes

Settings = Dict[str, object]


class _Number(str):
    """A number as it is written in JSON."""


def _base_folder(variable: str, below_home: str) -> Optional[str]:
    named = os.environ.get(variable, "")
    if named.startswith("/"):
        return named
    home = os.environ.get("HOME")
    return home + below_home if home else None


def _path(folder: str, path: str) -> str:
    return os.path.normpath(os.path.join(folder, path))


def _value(name: str, text: str, folder: str, place: str) -> object:
    """What the text of a setting means; paths and local URLs are relative to `folder`."""
    kind = _KNOWN[name][0]
    if kind == "seconds":
        if not re.fullmatch(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text):
            raise UsageError(f"{place}: {text!r} is not a number of seconds")
        if not 0 <= float(text) <= _LONGEST:
            raise UsageError(f"{place}: {text!r} is not a number of seconds")
        return float(text)
    if kind == "bytes":
        if not re.fullmatch("-?[0-9]{1,30}", text) or not 0 <= int(text) <= _MOST:
            raise UsageError(f"{place}: {text!r} is not a number of bytes")
        return int(text)
    if kind == "url":
        for scheme in ("sqlite:", "file:"):
            if text.startswith(scheme):
                rest = text[len(scheme) :]
                return text if rest.startswith("/") else scheme + _path(folder, rest)
        if "://" in text:
            return text
    return _path(folder, text)


def _members(pairs: List[Tuple[str, object]]) -> Settings:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key is there twice")
    return members


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no JSON")


def _file(path: str) -> Settings:
    try:
        with open(path, encoding="utf-8") as file:
            read = json.load(
                file,
                object_pairs_hook=_members,
                parse_int=_Number,
                parse_float=_Number,
                parse_constant=_no_number,
            )
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: {error}") from None
    if not isinstance(read, dict):
        raise UsageError(f"{path}: not a JSON object")
    found: Settings = {}
    for name, value in read.items():
        if name not in _KNOWN:
            raise UsageError(f"{path}: unknown setting {name!r}")
        kind = _KNOWN[name][0]
        wanted = {"boolean": bool, "seconds": _Number, "bytes": _Number}.get(kind, str)
        if type(value) is not wanted:
            raise UsageError(f"{path}: {name!r} has a value of the wrong kind")
        if isinstance(value, bool):
            found[name] = value
        elif value:
            found[name] = _value(name, value, os.path.dirname(path), f"{path}: {name!r}")
    return found


def _files() -> Settings:
    found: Settings = dict(_file("/etc/algoctl/config.json"))
    user = _base_folder("XDG_CONFIG_HOME", "/.config")
    if user:
        found.update(_file(user + "/algoctl/config.json"))
    here = pathlib.Path.cwd()
    for folder in (here, *here.parents):
        if (folder / ".algoctl.json").exists():
            found.update(_file(str(folder / ".algoctl.json")))
            break
    return found


def _environment() -> Settings:
    found: Settings = {}
    for name, (_, variable) in _KNOWN.items():
        text = os.environ.get(variable) if variable else None
        if text:
            found[name] = _value(name, text, os.getcwd(), f"environment {variable}")
    return found


def _argument(name: str, value: object) -> object:
    kind = _KNOWN[name][0]
    if kind == "boolean":
        return bool(value)
    if kind in ("path", "url"):
        value = os.fsdecode(value)  # type: ignore[arg-type]
        if not value:
            raise UsageError(f"{name} is empty")
    elif isinstance(value, float) and kind == "bytes" and value.is_integer():
        value = int(value)
    return _value(name, str(value), os.getcwd(), name)


def resolve(arguments: Settings) -> Settings:
    """All settings. Raises UsageError naming the variable or file, or that there is no home."""
    settings: Settings = {"timeout": 30.0, "cache_size": 10 << 30}
    data = _base_folder("XDG_DATA_HOME", "/.local/share")
    cache = _base_folder("XDG_CACHE_HOME", "/.cache")
    settings["home"] = data + "/algoctl" if data else None
    settings["cache"] = cache + "/algoctl" if cache else None
    settings.update(_files())
    settings.update(_environment())
    for name, value in arguments.items():
        if value is not None:
            settings[name] = _argument(name, value)
    if not settings["home"]:
        raise UsageError(
            "there is no home folder: HOME is not set", "name one with home= or ALGOCTL_HOME"
        )
    if not settings["cache"]:
        settings["cache"] = f"{settings['home']}/cache"
    return settings


def user_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def find_manifest() -> Optional[str]:
    """`algorithm.json` in the current folder or the nearest parent that has one."""
    here = pathlib.Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "algorithm.json").exists():
            return str(folder / "algorithm.json")
    return None
