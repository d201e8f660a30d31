"""The totals under the score table, aligned with its columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QTableView, QWidget

from scoring_forms.domain.totals import Total

LINE_HEIGHT = 20
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class TotalsStrip(QWidget):
    """One line a total: its name and range, then a value a timepoint, or how far it has come."""

    def __init__(self, table: QTableView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("totals")
        self._table = table
        self._lines: tuple[tuple[Total, ...], ...] = ()
        self._spans: tuple[tuple[int, ...], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        table.horizontalHeader().sectionResized.connect(self._on_section_resized)

    def show_totals(self, lines: Sequence[Sequence[Total]], spans: Sequence[Sequence[int]]) -> None:
        """Show totals by line and timepoint; ``spans`` names the table columns of each timepoint."""
        if len(lines) != len(self._lines):
            self.updateGeometry()
        self._lines = tuple(tuple(line) for line in lines)
        self._spans = tuple(tuple(span) for span in spans)
        words = [f"{line[0].label}: {', '.join(total_text(total) for total in line)}" for line in self._lines]
        self.setAccessibleName("Totals. " + ". ".join(words))
        self.setToolTip("\n".join([*words, "A total appears once every site has a grade."]))
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for every line."""
        return QSize(200, LINE_HEIGHT * max(len(self._lines), 1) + 10)

    def minimumSizeHint(self) -> QSize:
        """Never cut a line off."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines under the columns they add up."""
        painter = QPainter(self)
        painter.setPen(QColor("#2c343c"))
        painter.drawLine(0, 0, self.width(), 0)
        for number, line in enumerate(self._lines):
            top = 5 + number * LINE_HEIGHT
            painter.setPen(QColor("#aab4bd"))
            left = self._column_area(0, 0, top).adjusted(8, 0, -4, 0)
            painter.drawText(left, _LEFT, self._name(line[0], int(left.width())))
            for total, span in zip(line, self._spans, strict=True):
                self._paint_total(painter, total, span, top)
        painter.end()

    def _paint_total(self, painter: QPainter, total: Total, span: tuple[int, ...], top: float) -> None:
        font = QFont(self.font())
        font.setBold(total.value is not None)
        if total.value is None:
            font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        painter.setPen(QColor("#f2f5f7" if total.value is not None else "#7d8994"))
        area = self._column_area(span[0], span[-1], top)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), total_text(total))
        painter.setFont(self.font())

    def _name(self, total: Total, width: int) -> str:
        """Return ``Synovitis, 0–21``, with the label shortened where it does not fit."""
        span = f", 0–{total.maximum:g}"
        room = width - self.fontMetrics().horizontalAdvance(span)
        return self.fontMetrics().elidedText(total.label, Qt.TextElideMode.ElideRight, room) + span

    def _column_area(self, first: int, last: int, top: float) -> QRectF:
        header = self._table.horizontalHeader()
        left = header.sectionViewportPosition(first)
        right = header.sectionViewportPosition(last) + header.sectionSize(last)
        return QRectF(left, top, right - left, LINE_HEIGHT)

    def _on_section_resized(self) -> None:
        self.update()


def total_text(total: Total) -> str:
    """Return the value, or ``12/23`` while sites are missing."""
    if total.value is not None:
        return f"{total.value:g}"
    return f"{total.n_sites - total.n_missing}/{total.n_sites}"
