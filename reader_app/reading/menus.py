"""The menus of the reading window: commands by group, and why some of them can do nothing now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

WhyNot = Callable[[str], str]
"""Why the command of an id can do nothing now; empty where it can."""


class CommandMenu(QMenu):
    """Commands in groups; while it is open, those that can do nothing are grey and their tool tip says why.

    Their keys are never disabled: pressed, they say the same.
    """

    def __init__(self, groups: Sequence[Sequence[QAction]], why_not: WhyNot, parent: QWidget) -> None:
        super().__init__(parent)
        self._why_not = why_not
        self._disabled: list[QAction] = []
        self.setToolTipsVisible(True)
        for group in groups:
            if not self.isEmpty():
                self.addSeparator()
            self.addActions(group)
        self.aboutToShow.connect(self._show_states)
        self.aboutToHide.connect(self._enable)

    @Slot()
    def _show_states(self) -> None:
        for action in self.actions():
            why = self._why_not(action.objectName())
            action.setToolTip(why)
            if why and action.isEnabled():
                action.setEnabled(False)
                self._disabled.append(action)

    @Slot()
    def _enable(self) -> None:
        for action in self._disabled:
            action.setEnabled(True)
        self._disabled.clear()
