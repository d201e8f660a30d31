"""Asks for a layout of the reader's own: which pictures, in which order, timepoints down or across."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QKeyCombination, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from reader_app.reading.case_images import role_title
from reader_app.reading.own_layouts import (
    LONGEST_NAME,
    MOST_LINES,
    layout_refusal,
    own_layout,
    pictures_of,
)
from viewer.display.hanging import Layout

_NEW = "New, from the one shown"
_DIRECTIONS = (("rows", "one below the other"), ("columns", "side by side"))


_INSERT, _DELETE = QKeyCombination(Qt.Key.Key_Insert), QKeyCombination(Qt.Key.Key_Delete)
_EARLIER = QKeyCombination(Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Up)
_LATER = QKeyCombination(Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Down)


class PictureList(QListWidget):
    """A list some of whose keys do something of their own."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.acts: Mapping[QKeyCombination, Callable[[], None]] = {}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key is for; the others move between the pictures."""
        act = self.acts.get(event.keyCombination())
        if act is not None:
            act()
        else:
            super().keyPressEvent(event)


class LayoutDialog(QDialog):
    """Edits one layout at a time; :attr:`own` holds them all afterwards and :attr:`chosen` what to show."""

    def __init__(
        self,
        standard: Sequence[Layout],
        own: Sequence[Layout],
        roles: Sequence[str],
        shown: Layout,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Layouts of my own")
        self._standard, self._shown = tuple(standard), shown
        self.own = tuple(own)
        self.chosen: Layout | None = None
        self._build(pictures_of(roles))
        self._connect()
        self.choice.setCurrentIndex(self.own.index(shown) + 1 if shown in self.own else 0)
        self._show_choice()
        self.name.setFocus()

    def _build(self, pictures: Sequence[str]) -> None:
        self.choice, self.name = QComboBox(self), QLineEdit(self)
        self.offered, self.taken = PictureList(self), PictureList(self)
        self.direction, self.lines = QComboBox(self), QSpinBox(self)
        _name(self.choice, "Layout", "Make a new layout, or change one of your own")
        _name(self.name, "Name", "How the layout is called in the menu")
        _name(self.offered, "Pictures", "What can be shown of a timepoint")
        _name(self.taken, "Shown", "What is shown of every timepoint, in this order")
        _name(self.direction, "Timepoints", "How timepoints stand to each other")
        _name(self.lines, "Lines", "Rows, or columns, that the pictures of one timepoint take")
        self.choice.addItems([_NEW, *(layout.title for layout in self.own)])
        self.name.setMaxLength(LONGEST_NAME)
        for role in pictures:
            self.offered.addItem(_item(role))
        for direction, words in _DIRECTIONS:
            self.direction.addItem(words, direction)
        self.lines.setRange(1, MOST_LINES)
        self.lines.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.lines.setMinimumWidth(90)
        self.lines.lineEdit().setTextMargins(3, 0, 0, 0)  # where the text of other fields begins
        self.preview = QLabel(self)
        self.preview.setAccessibleName("How two timepoints would stand")
        self.preview.setTextFormat(Qt.TextFormat.RichText)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.save = self.buttons.addButton("&Save and show", QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setDefault(True)
        self.remove = self.buttons.addButton("&Remove", QDialogButtonBox.ButtonRole.DestructiveRole)
        self.remove.setToolTip("Remove this layout; the pictures stay")
        self.remove.setAutoDefault(False)
        column = QVBoxLayout(self)
        form = _form()
        form.addRow("&Layout", self.choice)
        form.addRow("&Name", self.name)
        column.addLayout(form)
        column.addLayout(self._lists())
        form = _form()
        form.addRow("T&imepoints", self.direction)
        form.addRow("Lines a time&point", self.lines)
        column.addLayout(form)
        for widget in (self.preview, self.problem, self.buttons):
            column.addWidget(widget)

    def _lists(self) -> QGridLayout:
        """Return both lists side by side with what moves pictures between and in them."""
        grid = QGridLayout()
        for place, (title, widget) in enumerate((("Pi&ctures", self.offered), ("S&hown", self.taken))):
            label = QLabel(title, self)
            label.setBuddy(widget)
            grid.addWidget(label, 0, 2 * place)
            grid.addWidget(widget, 1, 2 * place, 5, 1)
            widget.setMinimumSize(210, 190)
        moves = (
            ("&Add ▸", "Show this picture (Insert)", self._add),
            ("◂ &Take out", "Do not show this picture (Delete)", self._take_out),
            ("&Up", "Show it earlier (Alt+Up)", self._move_up),
            ("&Down", "Show it later (Alt+Down)", self._move_down),
        )
        for line, (words, tip, act) in enumerate(moves, 1):
            button = QPushButton(words, self)
            button.setToolTip(tip)
            button.setAutoDefault(False)
            button.clicked.connect(act)
            grid.addWidget(button, line, 1)
        return grid

    def _connect(self) -> None:
        self.choice.currentIndexChanged.connect(self._show_choice)
        self.name.textChanged.connect(self._check)
        self.direction.currentIndexChanged.connect(self._check)
        self.lines.valueChanged.connect(self._check)
        self.offered.itemDoubleClicked.connect(self._add)
        self.taken.itemDoubleClicked.connect(self._take_out)
        self.offered.acts = {_INSERT: self._add}
        self.taken.acts = {_DELETE: self._take_out, _EARLIER: self._move_up, _LATER: self._move_down}
        self.buttons.accepted.connect(self._on_saved)
        self.buttons.rejected.connect(self.reject)
        self.remove.clicked.connect(self._on_removed)

    @property
    def layout_(self) -> Layout:
        """The layout as it is described now."""
        roles = [self.taken.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.taken.count())]
        return own_layout(
            self.name.text(),
            self._standard[0].modality,
            self.direction.currentData(),
            roles,
            self.lines.value(),
        )

    @property
    def _edited(self) -> Layout | None:
        """The saved layout that is being changed; None for a new one."""
        number = self.choice.currentIndex() - 1
        return self.own[number] if number >= 0 else None

    @Slot()
    def _show_choice(self) -> None:
        layout = self._edited or self._shown
        self.name.setText(layout.title if self._edited else "")
        self.taken.clear()
        for role in layout.roles:
            self.taken.addItem(_item(role))
        self.taken.setCurrentRow(0)
        self.offered.setCurrentRow(0)
        self.direction.setCurrentIndex(self.direction.findData(layout.timepoints))
        self.lines.setValue(layout.lines)
        self.remove.setEnabled(self._edited is not None)
        self._check()

    @Slot()
    def _check(self) -> None:
        """Show the layout as it would be, and why it cannot be saved."""
        layout = self.layout_
        others = [other for other in (*self._standard, *self.own) if other != self._edited]
        refusal = layout_refusal(layout, others)
        self.problem.setText(refusal)
        self.save.setEnabled(not refusal)
        self.preview.setText(_drawn(layout) if layout.roles and not len(layout.roles) % layout.lines else "")

    @Slot()
    def _add(self) -> None:
        item = self.offered.currentItem()
        if item is None:
            return
        role = item.data(Qt.ItemDataRole.UserRole)
        there = self.layout_.roles
        if role in there:
            self.taken.setCurrentRow(there.index(role))
            return
        self.taken.addItem(_item(role))
        self.taken.setCurrentRow(self.taken.count() - 1)
        self._check()

    @Slot()
    def _take_out(self) -> None:
        self.taken.takeItem(self.taken.currentRow())
        self._check()

    @Slot()
    def _move_up(self) -> None:
        self._move(-1)

    @Slot()
    def _move_down(self) -> None:
        self._move(1)

    def _move(self, steps: int) -> None:
        row = self.taken.currentRow()
        if 0 <= row + steps < self.taken.count():
            item = self.taken.takeItem(row)
            self.taken.insertItem(row + steps, item)
            self.taken.setCurrentItem(item)
            self._check()

    @Slot()
    def _on_saved(self) -> None:
        layout, edited = self.layout_, self._edited
        self.own = (
            tuple(layout if other == edited else other for other in self.own)
            if edited is not None
            else (*self.own, layout)
        )
        self.chosen = layout
        self.accept()

    @Slot()
    def _on_removed(self) -> None:
        self.own = tuple(other for other in self.own if other != self._edited)
        self.accept()


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return form


def _name(widget: QWidget, name: str, tip: str) -> None:
    widget.setAccessibleName(name)
    widget.setToolTip(tip)


def _item(role: str) -> QListWidgetItem:
    item = QListWidgetItem(role_title(role))
    item.setData(Qt.ItemDataRole.UserRole, role)
    return item


def _drawn(layout: Layout) -> str:
    """Return two timepoints in *layout* as a table in rich text."""
    rows = (
        "".join(f"<td><b>{letter}</b> {role_title(role)}</td>" for letter, role in row)
        for row in layout.grid("AB")
    )
    cells = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table border="1" cellspacing="0" cellpadding="4">{cells}</table>'
