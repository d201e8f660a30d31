"""The bar above the pictures: case, layouts, menus and the saved mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from viewer.display.hanging import Layout

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
_GIVING_WAY = (
    ("Link timepoints", "✓ saved", True),
    ("Link", "✓ saved", True),
    ("Link", "✓", True),
    ("Link", "✓", False),
)
"""The words of the link button and of the saved mark, and whether there is a reset button: wide to narrow."""


class StepwiseLabel(QLabel):
    """A line of text that gives way in steps: it paints the longest wording there is room for.

    Its text and its tool tip are the longest one.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._wordings: tuple[str, ...] = ("",)

    def show_wordings(self, *wordings: str) -> None:
        """Show one of these, the longest first."""
        self._wordings = wordings
        self.setText(wordings[0])
        self.setToolTip(wordings[0])
        self.setMinimumWidth(self.width_of(-1))

    def width_of(self, number: int) -> int:
        """Return the room that a wording needs, in pixels; the last one where there are not so many."""
        text = self._wordings[min(number, len(self._wordings) - 1)]
        return self.fontMetrics().horizontalAdvance(text) + 2

    def sizeHint(self) -> QSize:
        """Ask for room for the longest wording."""
        return QSize(self.width_of(0), super().sizeHint().height())

    @property
    def painted(self) -> str:
        """The wording there is room for."""
        fitting = (n for n in range(len(self._wordings)) if self.width_of(n) <= self.width())
        return self._wordings[next(fitting, len(self._wordings) - 1)]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what there is room for."""
        painter = QPainter(self)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        self.style().drawItemText(
            painter, self.rect(), middle, self.palette(), True, self.painted, self.foregroundRole()
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
        self._saved_at, self._saved_word = "", _GIVING_WAY[0][1]
        self._code = QLabel(self)
        self._code.setObjectName("code")
        self._progress = StepwiseLabel(self)
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
            _GIVING_WAY[0][0], "Timepoints scroll and move together (L)", checkable=True
        )
        self._link.setChecked(True)
        self._case = self._button("Case", "Everything that can be done with the scores of this case")
        self._more = self._button("Pictures", "Everything that can be done with the pictures")
        self._tools = self._button("Tools", "Marks, places of sites, measuring and playing")
        for button in (self._case, self._more, self._tools):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._reset = self._button("Reset", "Pictures as they were at opening (Ctrl+R)")
        keys = self._button("?", "All keys")
        row.addWidget(self._link)
        row.addWidget(self._case)
        row.addWidget(self._more)
        row.addWidget(self._tools)
        row.addWidget(self._reset)
        row.addStretch(1)
        row.addWidget(self._lock)
        row.addWidget(self._saved)
        row.addWidget(keys)
        self._group.idClicked.connect(self._on_layout_clicked)
        self._link.toggled.connect(self.link_toggled)
        self._reset.clicked.connect(self.reset_asked)
        keys.clicked.connect(self.keys_asked)

    def offer(self, case: QMenu, pictures: QMenu, tools: QMenu) -> None:
        """Offer commands for the case, for its pictures and for what is put on them in a menu each."""
        for button, menu in ((self._case, case), (self._more, pictures), (self._tools, tools)):
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
        self._fit()

    def show_case(self, code: str, *progress: str) -> None:
        """Show the code and how far the reading has come, in wordings from long to short."""
        self._code.setText(code)
        self._progress.show_wordings(*progress)
        self._fit()

    def show_lock(self, state: LockState, asked: str = "") -> None:
        """Say of a case that was signed whether it is locked, and what became of a request to reopen it."""
        text, tip = _LOCKS[state]
        self._lock.setToolTip(f"{tip}. {asked}" if asked else tip)
        if self._lock.property("state") == state:
            return
        self._lock.setText(text)
        self._lock.setVisible(bool(text))
        self._saved.setVisible(state != "locked")  # narrow windows have no room for both
        _set_state(self._lock, state)
        self._fit()

    def show_saved(self, when: datetime) -> None:
        """Show the time of the last commit."""
        fits_as_before = bool(self._saved.text()) and self._saved.property("state") == "saved"
        self._saved_at = f"{when.astimezone():%H:%M:%S}"
        self._saved.setText(f"{self._saved_word} {self._saved_at}")
        if not fits_as_before:
            _set_state(self._saved, "saved")
            self._fit()

    def show_not_saved(self) -> None:
        """Say that the last entry did not reach the disk."""
        self._saved_at = ""
        self._saved.setText("✗ not saved")
        _set_state(self._saved, "lost")
        self._fit()

    def toggle_link(self) -> None:
        """Let timepoints move together or alone, as if the button was clicked."""
        self._link.toggle()

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
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Word things so that all of them have room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give way in this order: the design, words of buttons and marks, the modality; the code stays."""
        layout = self.layout()
        assert layout is not None
        for link, word, has_reset in _GIVING_WAY:
            self._link.setText(link)
            self._saved_word = word
            self._reset.setVisible(has_reset)
            if self._saved_at:
                self._saved.setText(f"{word} {self._saved_at}")
            needed = layout.minimumSize().width() - self._progress.minimumWidth() + self._progress.width_of(1)
            if needed <= self.width():
                break

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


def _set_state(label: QLabel, state: str) -> None:
    label.setProperty("state", state)
    label.style().unpolish(label)
    label.style().polish(label)


def _shortened(title: str) -> str:
    """Return a title that leaves room for the other buttons; ``&`` stays one."""
    short = title if len(title) <= _LONGEST_ON_BUTTON else f"{title[: _LONGEST_ON_BUTTON - 1]}…"
    return short.replace("&", "&&")
