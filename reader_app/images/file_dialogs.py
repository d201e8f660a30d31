"""Questions for files and folders that leave no trace of where somebody was.

Qt's own dialog writes visited folders to its settings when it goes; a folder's name can tell a subject or
visit, so the history is emptied and the entries are removed again.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import delete


def ask_folder(parent: QWidget, title: str) -> Path | None:
    """Return the folder that was chosen, or None."""
    chosen = _ask(parent, title, QFileDialog.FileMode.Directory)
    return chosen[0] if chosen else None


def ask_files(parent: QWidget, title: str, filters: str = "") -> list[Path]:
    """Return the files that were chosen; none if the question was left."""
    return _ask(parent, title, QFileDialog.FileMode.ExistingFiles, filters)


def _ask(parent: QWidget, title: str, mode: QFileDialog.FileMode, filters: str = "") -> list[Path]:
    dialog = QFileDialog(parent, title)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(mode)
    if mode == QFileDialog.FileMode.Directory:
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    if filters:
        dialog.setNameFilter(filters)
    dialog.setHistory([])
    try:
        return [Path(name) for name in dialog.selectedFiles()] if dialog.exec() else []
    finally:
        dialog.setHistory([])
        delete(dialog)  # now, not some time later: it writes its settings as it goes
        forget_folders()


def forget_folders() -> None:
    """Remove what Qt's dialog wrote about visited folders."""
    settings = QSettings(QSettings.Scope.UserScope, "QtProject")
    for key in ("history", "lastVisited", "shortcuts"):
        settings.remove(f"FileDialog/{key}")
    settings.sync()
