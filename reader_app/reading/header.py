"""The bar above the pictures, with case, layouts and the saved mark, and the key hints below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from viewer.display.hanging import Layout

HINTS = (
    ("0–9", "score and next"),
    ("1 0", "ten"),
    ("N", "not assessable"),
    ("Ctrl Z", "undo"),
    ("PgUp PgDn", "slice"),
    ("V", "layout"),
    ("F", "large"),
    ("?", "all keys"),
)
ADJUDICATION_HINTS = (
    ("Tab", "next disagreement"),
    ("F2", "Reader 1"),
    ("F3", "Reader 2"),
    ("0–9", "own score"),
    ("F5", "by consensus"),
    ("Ctrl F2", "where both agree"),
    ("Ctrl Z", "undo"),
    ("?", "all keys"),
)


LockState = Literal["open", "locked", "reopened"]
_LOCKS: dict[LockState, tuple[str, str]] = {
    "open": ("", ""),
    "locked": (
        "LOCKED",
        "This case is signed: nothing of it can be changed (Ctrl+Shift+A asks for reopening)",
    ),
    "reopened": ("REOPENED", "This case was signed: every change carries a reason, and it is signed again"),
}
_LONGEST_ON_BUTTON = 18
_LEAST_SHOWN = len("case 10 of 20")


class ShortenedLabel(QLabel):
    """A line of text that ends in … where there is no room for it; its tool tip has it all."""

    def setText(self, text: str) -> None:
        """Show *text*."""
        super().setText(text)
        self.setToolTip(text)
        self.setMinimumWidth(min(self.fontMetrics().horizontalAdvance(text[:_LEAST_SHOWN]), 140))

    def minimumSizeHint(self) -> QSize:
        """Ask for no more than the first words."""
        return QSize(self.minimumWidth(), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what there is room for."""
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.style().drawItemText(
            painter,
            self.rect(),
            int(Qt.AlignmentFlag.AlignVCenter),
            self.palette(),
            True,
            text,
            self.foregroundRole(),
        )
        painter.end()


class HeaderBar(QWidget):
    """Case code and progress on the left, picture buttons in the middle, the saved mark on the right."""

    layout_asked = Signal(object)  # Layout
    link_toggled = Signal(bool)
    reset_asked = Signal()
    keys_asked = Signal()

    def __init__(self, layouts: Sequence[Layout], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._layouts = tuple(layouts)
        self._menu: QMenu | None = None
        self._code = QLabel(self)
        self._code.setObjectName("code")
        self._progress = ShortenedLabel("", self)
        self._progress.setObjectName("progress")
        self._lock = QLabel(self)
        self._lock.setObjectName("lock")
        self._lock.hide()
        self._saved = QLabel(self)
        self._saved.setObjectName("saved")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 10, 5)
        row.setSpacing(6)
        row.addWidget(self._code)
        row.addWidget(self._progress)
        row.addSpacing(14)
        self._group = QButtonGroup(self)
        for number, layout in enumerate(self._layouts):
            button = self._button(layout.title, f"Layout: {layout.title} (V: next layout)", checkable=True)
            self._group.addButton(button, number)
            row.addWidget(button)
        self._own = self._button("Layouts", "", checkable=True)
        self._own.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._group.addButton(self._own)
        row.addWidget(self._own)
        row.addSpacing(10)
        self._link = self._button(
            "Link timepoints", "Timepoints scroll and move together (L)", checkable=True
        )
        self._link.setChecked(True)
        self._case = self._button("Case", "Everything that can be done with the scores of this case")
        self._more = self._button("Pictures", "Everything that can be done with the pictures")
        for button in (self._case, self._more):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        reset = self._button("Reset", "Pictures as they were at opening (Ctrl+R)")
        keys = self._button("?", "All keys")
        row.addWidget(self._link)
        row.addWidget(self._case)
        row.addWidget(self._more)
        row.addWidget(reset)
        row.addStretch(1)
        row.addWidget(self._lock)
        row.addWidget(self._saved)
        row.addWidget(keys)
        self._group.idClicked.connect(self._on_layout_clicked)
        self._link.toggled.connect(self.link_toggled)
        reset.clicked.connect(self.reset_asked)
        keys.clicked.connect(self.keys_asked)

    def offer(self, case: Sequence[QAction], pictures: Sequence[QAction]) -> None:
        """Offer commands for the case and for its pictures in a menu each."""
        for button, actions in ((self._case, case), (self._more, pictures)):
            menu = QMenu(button)
            menu.addActions(actions)
            button.setMenu(menu)

    def offer_layouts(self, own: Sequence[Layout], edit: QAction) -> None:
        """Offer the reader's own layouts in a menu, and the command that edits them."""
        self._menu = QMenu(self._own)
        for layout in own:
            action = self._menu.addAction(layout.title.replace("&", "&&"))
            action.setData(layout)
            action.setCheckable(True)
        if own:
            self._menu.addSeparator()
        self._menu.addAction(edit)
        self._menu.triggered.connect(self._on_own_layout_chosen)
        self._own.setMenu(self._menu)

    def show_case(self, code: str, progress: str) -> None:
        """Show the code and how far the reading has come."""
        self._code.setText(code)
        self._progress.setText(progress)

    def show_lock(self, state: LockState) -> None:
        """Say of a case that was signed whether it is locked."""
        if self._lock.property("state") == state:
            return
        text, tip = _LOCKS[state]
        self._lock.setText(text)
        self._lock.setToolTip(tip)
        self._lock.setVisible(bool(text))
        self._saved.setVisible(state != "locked")  # narrow windows have no room for both
        _set_state(self._lock, state)

    def show_saved(self, when: datetime) -> None:
        """Show the time of the last commit."""
        self._saved.setText(f"✓ saved {when.astimezone():%H:%M:%S}")
        _set_state(self._saved, "saved")

    def show_not_saved(self) -> None:
        """Say that the last entry did not reach the disk."""
        self._saved.setText("✗ not saved")
        _set_state(self._saved, "lost")

    def set_linked(self, linked: bool) -> None:
        """Press or release the link button."""
        self._link.setChecked(linked)

    @Slot(object)
    def show_layout(self, layout: Layout) -> None:
        """Mark the layout on the screen; one of the reader's own is named on the button of the menu."""
        is_own = layout not in self._layouts
        button = self._own if is_own else self._group.button(self._layouts.index(layout))
        button.setChecked(True)
        self._own.setText(_shortened(layout.title) if is_own else "Layouts")
        self._own.setToolTip(f"Layout: {layout.title}" if is_own else "Layouts of your own (Shift+V)")
        for action in self._menu.actions() if self._menu else ():
            action.setChecked(action.data() == layout)

    def _button(self, text: str, tip: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    @Slot(int)
    def _on_layout_clicked(self, number: int) -> None:
        if number >= 0:
            self.layout_asked.emit(self._layouts[number])

    @Slot(QAction)
    def _on_own_layout_chosen(self, action: QAction) -> None:
        if action.data() is not None:
            self.layout_asked.emit(action.data())


class HintBar(QWidget):
    """The most used keys, and short messages beside them."""

    def __init__(
        self, message: QLabel, parent: QWidget | None = None, hints: Sequence[tuple[str, str]] = HINTS
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 1, 8, 1)
        row.setSpacing(6)
        for key, meaning in hints:
            cap = QLabel(key, self)
            cap.setObjectName("keycap")
            text = QLabel(meaning, self)
            text.setObjectName("hint")
            row.addWidget(cap)
            row.addWidget(text)
            row.addSpacing(6)
        row.addStretch(1)
        message.setParent(self)
        row.addWidget(message)


def _set_state(label: QLabel, state: str) -> None:
    label.setProperty("state", state)
    label.style().unpolish(label)
    label.style().polish(label)


def _shortened(title: str) -> str:
    """Return a title that leaves room for the other buttons; ``&`` stays one."""
    short = title if len(title) <= _LONGEST_ON_BUTTON else f"{title[: _LONGEST_ON_BUTTON - 1]}…"
    return short.replace("&", "&&")
