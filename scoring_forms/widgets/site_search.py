"""The small box that takes letters while a site is looked for by its name."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

from scoring_forms.domain.entry import matching_sites
from scoring_forms.domain.scoring_system import Site
from scoring_forms.widgets.words import short_name

_MOST_SHOWN = 6
_HELD = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta)
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class SiteSearch(QLabel):
    """Lies over its parent, which hands it keys: nothing is lost by a change of focus.

    A name that fits one site goes there at once, Enter to the first that fits. It stays open until Enter,
    Escape, a move, or a digit that fits no name, which is a score again.
    """

    found = Signal(str)  # site id

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("search")
        self.setTextFormat(Qt.TextFormat.RichText)
        self._sites: tuple[Site, ...] = ()
        self._typed = ""
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether keys are letters of a name."""
        return bool(self._sites)

    @property
    def matches(self) -> tuple[Site, ...]:
        """The sites that fit what was typed, the likeliest first."""
        return matching_sites(self._sites, self._typed)

    def start(self, sites: Sequence[Site]) -> None:
        """Begin to look for one of these sites."""
        self._sites, self._typed = tuple(sites), ""
        self._show()

    def end(self) -> None:
        """Stop looking."""
        self._sites, self._typed = (), ""
        self.hide()

    def takes(self, event: QKeyEvent) -> bool:
        """Whether *event* is for the search, not a command of the window."""
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        return plain and (event.key() in (*_ENDS, Qt.Key.Key_Escape, Qt.Key.Key_Backspace) or _types(event))

    def press(self, event: QKeyEvent) -> bool:
        """Take a key; False hands it on, with the search ended."""
        key = event.key()
        if key in _HELD:
            return True
        if key in _ENDS:
            self._go_to_first()
            return True
        if key == Qt.Key.Key_Escape or (key == Qt.Key.Key_Backspace and not self._typed):
            self.end()
            return True
        if key == Qt.Key.Key_Backspace:
            self._set(self._typed[:-1])
            return True
        longer = self._typed + event.text()
        if not self.takes(event) or (event.text().isdigit() and not matching_sites(self._sites, longer)):
            self.end()
            return False
        self._set(longer)
        return True

    def _set(self, typed: str) -> None:
        self._typed = typed
        self._show()
        matches = self.matches
        if len(matches) == 1:
            self.found.emit(matches[0].id)

    def _go_to_first(self) -> None:
        matches = self.matches
        self.end()
        if matches:
            self.found.emit(matches[0].id)

    def _show(self) -> None:
        matches = self.matches
        names = [
            f"<b>{escape(site.abbreviation)}</b> {escape(short_name(site))}" for site in matches[:_MOST_SHOWN]
        ]
        if len(matches) > _MOST_SHOWN:
            names.append(f"… {len(matches) - _MOST_SHOWN} more")
        if self._typed and not matches:
            names = ["no site of this name"]
        if not self._typed:
            names = ["type a site: sca, mcp3, rad …"]
        self.setText("<br>".join([f"/ {escape(self._typed)}_", *names]))
        self.setAccessibleName(f"Find a site. {self._typed}: {len(matches)} fit")
        self.adjustSize()
        self.move(max(self._over.width() - self.width() - 12, 0), 6)
        self.show()
        self.raise_()


def _types(event: QKeyEvent) -> bool:
    text = event.text()
    return len(text) == 1 and text.isprintable()
