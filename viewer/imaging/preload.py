"""Brings a large compiled library into memory without stopping the threads that paint.

Python holds its lock while it loads a compiled module: for SimpleITK a tenth of a second, six frames. A call
of the system's own loader through ctypes does not; the import that follows finds the library there.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec
from pathlib import Path


def preload_simpleitk() -> None:
    """Load SimpleITK's library and import the package; where that cannot be done, nothing happens."""
    with suppress(ImportError, OSError, AttributeError):
        if sys.platform == "linux":
            _load(_library("SimpleITK", "_SimpleITK"))
        import SimpleITK  # noqa: F401 - for its effect


def _library(package: str, name: str) -> Path:
    spec = find_spec(package)
    folders = [Path(folder) for folder in (spec.submodule_search_locations if spec else None) or ()]
    found = (folder / (name + suffix) for folder in folders for suffix in EXTENSION_SUFFIXES)
    return next((path for path in found if path.is_file()), Path())


def _load(path: Path) -> None:
    if not path.is_file():
        raise OSError(f"{path.name} is not there")
    load = ctypes.CDLL(None).dlopen  # not ctypes.CDLL(path): that one keeps Python's lock
    load.argtypes, load.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    load(os.fsencode(path), os.RTLD_NOW)
