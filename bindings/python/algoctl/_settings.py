"""Home, registry, store and cache, found as the program finds them: arguments beat environment,
that beats the project's `.algoctl.json`, that the user's file, that the machine's."""

from __future__ import annotations

import json
import os
import pathlib
import pwd
from typing import Dict, Optional

from ._errors import UsageError

_VARIABLES = {
    "home": "ALGOCTL_HOME",
    "registry": "ALGOCTL_REGISTRY",
    "store": "ALGOCTL_STORE",
    "cache_size": "ALGOCTL_CACHE_SIZE",
    "manifest": "ALGOCTL_MANIFEST",
    "timeout": "ALGOCTL_TIMEOUT",
}
_NUMBERS = ("cache_size", "timeout")
_KNOWN = {
    "home": str,
    "registry": str,
    "store": str,
    "cache": str,
    "cache_size": (int, float),
    "trash_grace": (int, float),
    "manifest": str,
    "timeout": (int, float),
    "allow_network_filesystem": bool,
}

Settings = Dict[str, object]


def _base_folder(variable: str, below_home: str) -> Optional[str]:
    named = os.environ.get(variable, "")
    if named.startswith("/"):
        return named
    home = os.environ.get("HOME")
    return home + below_home if home else None


def _located(name: str, value: object, folder: str) -> object:
    """A path or a local URL, relative to where it is written."""
    if not isinstance(value, str) or _KNOWN.get(name) is not str:
        return value
    for scheme in ("sqlite:", "file:"):
        if name in ("registry", "store") and value.startswith(scheme):
            rest = value[len(scheme) :]
            return value if rest.startswith("/") else scheme + os.path.join(folder, rest)
    if name in ("registry", "store") and "://" in value:
        return value
    return os.path.normpath(os.path.join(folder, value))


def _file(path: str) -> Settings:
    try:
        with open(path, encoding="utf-8") as file:
            read = json.load(file)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {error}") from None
    if not isinstance(read, dict):
        raise UsageError(f"{path}: not a JSON object")
    for name, value in read.items():
        if name not in _KNOWN:
            raise UsageError(f"{path}: unknown setting {name!r}")
        if not isinstance(value, _KNOWN[name]):  # type: ignore[arg-type]
            raise UsageError(f"{path}: {name!r} has a value of the wrong kind")
    return {name: _located(name, value, os.path.dirname(path)) for name, value in read.items()}


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
    for name, variable in _VARIABLES.items():
        text = os.environ.get(variable)
        if not text:
            continue
        if name in _NUMBERS:
            try:
                found[name] = float(text)
            except ValueError:
                raise UsageError(f"environment {variable}: {text!r} is not a number") from None
        else:
            found[name] = _located(name, text, os.getcwd())
    return found


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
            text = os.fspath(value) if isinstance(value, os.PathLike) else value
            settings[name] = _located(name, text, os.getcwd())
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
