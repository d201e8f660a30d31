"""All keys and mouse gestures of the reading window, by group, in columns of one width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from reader_app.commands import HELD_KEYS, MOUSE_GESTURES, TABLE_KEYS, Command

_KEYS_WIDTH, _TEXT_WIDTH = 120, 246
_COLUMN_WIDTH = _KEYS_WIDTH + _TEXT_WIDTH + 10
_GAP, _MARGINS = 18, 50
_NAMES = {"PgDown": "Page down", "PgUp": "Page up", "Return": "Enter", "Del": "Delete"}


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """A heading, and under it keys and what they do."""

    title: str
    rows: tuple[tuple[str, str], ...]


class KeysDialog(QDialog):
    """Shows what can be done; without a scroll bar where the screen has 1280 x 800 points."""

    def __init__(
        self, commands: Iterable[Command], parent: QWidget | None = None, *, room: QSize | None = None
    ) -> None:
        """Show all keys of *commands*, on as much *room* as the screen has or is said to have, in points."""
        super().__init__(parent)
        self.setWindowTitle("Keys and mouse")
        room = (room or self.screen().availableSize()) * 0.97
        n_columns = min(max((room.width() - _MARGINS + _GAP) // (_COLUMN_WIDTH + _GAP), 1), 3)
        self.groups = key_groups(commands)
        sheet = QWidget(self)
        row = QHBoxLayout(sheet)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(_GAP)
        for column in in_columns(self.groups, n_columns):
            row.addLayout(_column(column, sheet))
        row.addStretch(1)
        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(sheet)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(area)
        layout.addWidget(buttons)
        needed = sheet.sizeHint() + QSize(16 + 14, 14 + 4 + 2 + buttons.sizeHint().height())
        self.resize(needed.boundedTo(room))


def key_groups(commands: Iterable[Command]) -> tuple[KeyGroup, ...]:
    """Return every key: first those of the form, then those of commands in their order, then the mouse."""
    of_commands: dict[str, list[tuple[str, str]]] = {}
    for command in commands:
        of_commands.setdefault(command.group, []).append((key_words(command.keys), command.text))
    return (
        KeyGroup("Score table", TABLE_KEYS),
        *(KeyGroup(title, tuple(rows)) for title, rows in of_commands.items()),
        KeyGroup("While held", HELD_KEYS),
        KeyGroup("Mouse", MOUSE_GESTURES),
    )


def key_words(keys: Sequence[str]) -> str:
    """Return keys as they are written on a keyboard: ``Shift+Delete``, ``Page down or Shift+Down``."""
    words: list[str] = []
    for key in keys:
        front, plus, last = key.rpartition("+") if len(key) > 1 else ("", "", key)
        words.append(f"{front}{plus}{_NAMES.get(last, last)}")
    return " or ".join(dict.fromkeys(words))


def in_columns(groups: Sequence[KeyGroup], n_columns: int) -> list[Sequence[KeyGroup]]:
    """Return the groups in their order, split so that the longest column is as short as can be."""

    def split(cuts: tuple[int, ...]) -> list[Sequence[KeyGroup]]:
        edges = (0, *cuts, len(groups))
        return [groups[first:last] for first, last in pairwise(edges)]

    def longest(columns: list[Sequence[KeyGroup]]) -> int:
        return max(sum(len(group.rows) + 2 for group in column) for column in columns)

    choices = combinations(range(1, len(groups)), n_columns - 1)
    return min((split(cuts) for cuts in choices), key=longest)


def _column(groups: Sequence[KeyGroup], parent: QWidget) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(1)
    grid.setColumnMinimumWidth(0, _KEYS_WIDTH)
    grid.setColumnMinimumWidth(1, _TEXT_WIDTH)
    for group in groups:
        grid.addWidget(_label("keysHeading", group.title, _COLUMN_WIDTH, parent), grid.rowCount(), 0, 1, 2)
        for keys, text in group.rows:
            line = grid.rowCount()
            grid.addWidget(_label("keyName", keys, _KEYS_WIDTH, parent), line, 0)
            grid.addWidget(_label("keyText", text, _TEXT_WIDTH, parent), line, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return grid


def _label(name: str, text: str, width: int, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setIndent(0)
    label.setFixedWidth(width)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    return label
