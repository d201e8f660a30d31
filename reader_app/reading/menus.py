"""The commands of the reading window as actions, and their menus, which say why some can do nothing now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from reader_app.commands import Command

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


class CommandActions:
    """An action of the window for every command, with its words and keys."""

    def __init__(self, commands: Sequence[Command], owners: Sequence[object], window: QWidget) -> None:
        """Make the actions; each does the method of that name which the first of *owners* has."""
        self.commands = tuple(commands)
        self._window = window
        self._actions = {command.id: self._action(command, owners) for command in commands}

    def _action(self, command: Command, owners: Sequence[object]) -> QAction:
        action = QAction(command.text, self._window)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(keys) for keys in command.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        owner = next(owner for owner in owners if hasattr(owner, command.method))
        action.triggered.connect(getattr(owner, command.method))
        self._window.addAction(action)
        return action

    def __getitem__(self, command: str) -> QAction:
        return self._actions[command]

    def menu(self, why_not: WhyNot, *groups: str) -> CommandMenu:
        """Return a menu of some groups of commands; one that this reading has not is left out."""
        found = [[self[one.id] for one in self.commands if one.group == group] for group in groups]
        return CommandMenu([actions for actions in found if actions], why_not, self._window)
