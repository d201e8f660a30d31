"""Which layout the pictures stand in: the ones everybody has, the reader's own, and the one shown last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.film_roles import regions
from reader_app.reading.layout_dialog import LayoutDialog
from reader_app.reading.own_layouts import from_text, offered_roles, to_text
from scoring_forms.domain.score import Cell
from storage.errors import StorageError
from storage.reading.reading import Reading
from viewer.display.hanging import Layout, layouts

_SHOWN_KEY, _SHOWN_FEET_KEY, _OWN_KEY = "layout", "layout/feet", "layouts"


class LayoutChoice(QObject):
    """Shows layouts and remembers them in the reading, by what they are made of and not for one case."""

    said = Signal(str)
    failed = Signal(object)  # StorageError
    own_changed = Signal(object)  # the reader's layouts

    def __init__(self, reading: Reading, display: CaseDisplay, window: QWidget) -> None:
        super().__init__(window)
        self._reading, self._display, self._window = reading, display, window
        self.standard = offered(layouts(reading.modality), reading.roles)
        self._roles = offered_roles(reading.roles, self.standard)
        self.own = from_text(reading.recall(_OWN_KEY), self.standard, self._roles)

    def opening(self) -> Layout:
        """Return the layout that a case opens in: the one shown last, else the first one."""
        return self._remembered(_SHOWN_KEY) or self.standard[0]

    def fitting(self, layout: Layout, cell: Cell) -> Layout:
        """Return *layout*, or another one where it shows hands only and a feature is read from feet, or so.

        It is the layout that the reader chose last for such pictures.

        Args:
            layout: The one that would be shown.
            cell: The current one, of the feature.
        """
        needed = regions(self._reading.form.item(cell).feature.roles)
        if not needed or needed & regions(layout.roles):
            return layout
        chosen = self._remembered(_SHOWN_FEET_KEY if needed == {"feet"} else _SHOWN_KEY)
        known = (*((chosen,) if chosen else ()), *self.standard, *self.own)
        return next((one for one in known if needed & regions(one.roles)), layout)

    def follow(self, cell: Cell) -> None:
        """Show what the feature of a cell is read from, unless the layout on the screen does."""
        shown = self._display.layout_
        if shown is not None:
            wanted = self.fitting(shown, cell)
            if wanted != shown:
                self._display.show_layout(wanted)

    def _remembered(self, key: str) -> Layout | None:
        remembered = self._reading.recall(key)
        return next((layout for layout in (*self.standard, *self.own) if layout.id == remembered), None)

    @Slot(object)
    def show(self, layout: Layout) -> None:
        """Show a layout, in this case and the next ones."""
        self._display.show_layout(layout)
        only_feet = regions(layout.roles) == {"feet"}
        self._reading.remember(_SHOWN_FEET_KEY if only_feet else _SHOWN_KEY, layout.id)

    def next_layout(self) -> None:
        """Show the next layout; the reader's own come last."""
        current, known = self._display.layout_, (*self.standard, *self.own)
        if current is not None:
            self.show(known[(known.index(current) + 1) % len(known)])

    @Slot()
    def edit_layouts(self) -> None:
        """Let the reader save, change or remove layouts of their own."""
        shown = self._display.layout_
        if shown is None:
            self.said.emit("Open a case first.")
            return
        dialog = LayoutDialog(self.standard, self.own, self._roles, shown, self._window)
        if not dialog.exec():
            return
        try:
            self._keep(dialog.own, dialog.chosen or self._still(shown, dialog.own))
        except StorageError as error:
            self.failed.emit(error)

    def _keep(self, own: tuple[Layout, ...], shown: Layout) -> None:
        self._reading.remember(_OWN_KEY, to_text(own))
        self.own = own
        self.own_changed.emit(own)
        self.show(shown)

    def _still(self, shown: Layout, own: tuple[Layout, ...]) -> Layout:
        """Return the layout shown, or the first one where it was removed."""
        return shown if shown in (*self.standard, *own) else self.standard[0]


def offered(standard: Sequence[Layout], roles: Sequence[str]) -> tuple[Layout, ...]:
    """Return the layouts of a reading of series with these *roles*.

    Columns of other series are left out, and so are layouts that have none left, or the same as another.
    """
    fitting: dict[tuple[str, ...], Layout] = {}
    for layout in standard:
        kept = tuple(role for role in layout.roles if _sources(role) <= set(roles))
        if kept:
            lines = layout.lines if len(kept) % layout.lines == 0 else 1
            fitting.setdefault((layout.timepoints, *kept), replace(layout, roles=kept, lines=lines))
    return tuple(fitting.values()) or tuple(standard)


def _sources(role: str) -> set[str]:
    """Return the series that a picture is made from: itself, that which is cut, or both of a difference."""
    return set(role.partition("@")[0].split("-"))
