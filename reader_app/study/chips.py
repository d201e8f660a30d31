"""Chips: how a role of a visit is laid out and painted, in colour and words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from reader_app.study.role_words import MISSING, PRESENT, QUESTION, Chip

_COLOURS = {  # fill, edge, text
    PRESENT: ("#e3f2e6", "#e3f2e6", "#1d5c33"),
    QUESTION: ("#fdeed3", "#e6b45c", "#7a4a06"),
    MISSING: ("#ffffff", "#b08a4f", "#7d5a22"),
}
HEIGHT, _GAP, _PADDING, MARGIN = 20.0, 5.0, 8.0, 8.0


def laid_out(
    chips: Sequence[Chip], cell: QRectF, metrics: QFontMetricsF, *, top: bool = False
) -> Iterator[tuple[Chip, QRectF]]:
    """Yield each chip with its box: left to right, then the next line; the lines are centred in the cell."""
    boxes: list[QRectF] = []
    x, y = cell.left() + MARGIN, 0.0
    for chip in chips:
        width = metrics.horizontalAdvance(chip.text) + 2 * _PADDING
        if boxes and x + width > cell.right() - MARGIN / 2:
            x, y = cell.left() + MARGIN, y + HEIGHT + _GAP
        boxes.append(QRectF(x, y, width, HEIGHT))
        x += width + _GAP
    above = MARGIN if top else max((cell.height() - y - HEIGHT) / 2, 2.0)
    for chip, box in zip(chips, boxes, strict=True):
        yield chip, box.translated(0, cell.top() + above)


def paint_chip(painter: QPainter, chip: Chip, box: QRectF) -> None:
    """Paint a chip into its box."""
    fill, edge, text = (QColor(colour) for colour in _COLOURS[chip.state])
    pen = QPen(edge, 1, Qt.PenStyle.DashLine if chip.state == MISSING else Qt.PenStyle.SolidLine)
    painter.setPen(pen)
    painter.setBrush(fill)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), HEIGHT / 2, HEIGHT / 2)
    font = painter.font()
    font.setPointSizeF(8.5)
    painter.setFont(font)
    painter.setPen(text)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), chip.text)


class Legend(QWidget):
    """What the chips mean."""

    _ENTRIES = (
        ("present", PRESENT),
        ("needs your decision", QUESTION),
        ("missing", MISSING),
        ("+ is after contrast", PRESENT),
    )

    def sizeHint(self) -> QSize:
        """Ask for a line."""
        boxes = self._boxes()
        return QSize(round(boxes[-1][1].right()) + 4, 28)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: Any) -> None:
        """Paint a chip of each kind."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for chip, box in self._boxes():
            paint_chip(painter, chip, box)
        painter.end()

    def _boxes(self) -> list[tuple[Chip, QRectF]]:
        font = self.font()
        font.setPointSizeF(8.5)
        chips = [Chip(text, state, "") for text, state in self._ENTRIES]
        return list(laid_out(chips, QRectF(-MARGIN, 0, 1000, 28), QFontMetricsF(font)))
