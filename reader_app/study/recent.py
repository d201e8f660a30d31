"""The studies that were opened last. Readings are never kept: their names say nothing about them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings

from storage.study.names import DATABASE

_KEY = "start/recent_studies"
_MOST = 8


@dataclass(frozen=True, slots=True)
class RecentStudy:
    """A study that was open once."""

    folder: Path
    title: str

    @property
    def is_there(self) -> bool:
        """Whether it still lies where it was."""
        return (self.folder / DATABASE).is_file()


def recent_studies() -> tuple[RecentStudy, ...]:
    """Return the studies opened last, newest first."""
    try:
        stored = json.loads(str(_settings().value(_KEY, "[]")))
        return tuple(RecentStudy(Path(one["folder"]), str(one["title"])) for one in stored)
    except (ValueError, TypeError, KeyError):  # somebody else wrote there
        return ()


def remember_study(folder: Path, title: str) -> None:
    """Put a study in front."""
    folder = folder.absolute()
    known = [one for one in recent_studies() if one.folder != folder]
    _keep([RecentStudy(folder, title), *known])


def forget_study(folder: Path) -> None:
    """Take a study off the list."""
    _keep([one for one in recent_studies() if one.folder != folder.absolute()])


def _keep(studies: list[RecentStudy]) -> None:
    rows = [{"folder": str(one.folder), "title": one.title} for one in studies[:_MOST]]
    _settings().setValue(_KEY, json.dumps(rows))


def _settings() -> QSettings:
    return QSettings("RA Reader", "RA Reader")
