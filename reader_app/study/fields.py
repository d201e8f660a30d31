"""What every form of the study window does alike: names for screen readers, and the order of Tab."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QLabel, QWidget

_TEXT_LEFT = 6
"""Where the text of a number begins: no style sheet can move it, and other fields begin there."""


def dress_fields(form: QWidget) -> None:
    """Give every field the name on its label, unless it has one of its own; line up the numbers."""
    for label in form.findChildren(QLabel):
        field = label.buddy()
        if field is not None and not field.accessibleName():
            field.setAccessibleName(label.text().replace("&", ""))
    for number in form.findChildren(QAbstractSpinBox):
        number.lineEdit().setTextMargins(_TEXT_LEFT, 0, 0, 0)


def fields_of(group: QWidget) -> list[QWidget]:
    """Return what Tab reaches in *group*, in the order in which it does so."""
    found: list[QWidget] = []
    widget = group.nextInFocusChain()
    while widget is not None and group.isAncestorOf(widget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def set_tab_order(fields: Sequence[QWidget]) -> None:
    """Let Tab go through *fields* in this order, and only then to what is in none of them."""
    for before, after in pairwise(fields):
        QWidget.setTabOrder(before, after)
