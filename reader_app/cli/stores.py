"""Opens what a command is about; a command that opens nothing starts without a database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.reading.reading import Reading
    from storage.study.store import Study


def open_study(arguments: argparse.Namespace, *, read_only: bool = False) -> Study:
    """Open the study in FOLDER."""
    from storage.study.store import Study

    return Study.open(arguments.folder, read_only=read_only)


def reading_folder(arguments: argparse.Namespace) -> Path:
    """Return the folder of X.reading, unpacked if it is a zip."""
    from reader_app.workflow.unpack_reading import reading_folder

    return reading_folder(arguments.reading)


def open_reading(arguments: argparse.Namespace, *, read_only: bool = False) -> Reading:
    """Open X.reading, unpacked if it is a zip."""
    from storage.reading.reading import Reading

    return Reading.open(reading_folder(arguments), read_only=read_only)
