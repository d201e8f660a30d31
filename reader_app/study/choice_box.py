"""A box from which one thing is chosen that the tables below it are about."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget


class ChoiceBox(QComboBox):
    """What can be chosen changes with the round; where there is one thing there is nothing to choose."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def offer(self, words: Mapping[str, str], chosen: str | None) -> None:
        """Offer other things without a signal.

        Args:
            words: What stands for each of them, by its name in :meth:`currentData`.
            chosen: The name that is chosen; the first where it is not there.
        """
        with QSignalBlocker(self):
            self.clear()
            for name, text in words.items():
                self.addItem(text, name)
            self.setCurrentIndex(max(self.findData(chosen), 0) if words else -1)
        self.setEnabled(len(words) > 1)


def lay_out_choice(tab: QWidget, words: str, box: ChoiceBox, tables: QWidget, *beside: QWidget) -> None:
    """Put a choice, named by *words*, and what stands beside it above the tables it is about."""
    label = QLabel(words, tab)
    label.setBuddy(box)
    tools = QHBoxLayout()
    for widget in (label, box, *beside):
        tools.addWidget(widget)
    tools.addStretch()
    column = QVBoxLayout(tab)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(4)
    column.addLayout(tools)
    column.addWidget(tables, 1)
