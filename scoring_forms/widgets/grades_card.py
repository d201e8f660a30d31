"""What a feature is and what its grades mean, laid over the table while the reader looks it up."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from scoring_forms.domain.scoring_system import Feature

_MARGIN = 8


class GradesCard(QFrame):
    """Shows the definition and every grade of one feature; says nothing about the case."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("gradesCard")
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.RichText)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.addWidget(self._words)
        self.hide()

    def show_feature(self, feature: Feature, top: int) -> None:
        """Lay the card over the parent from *top* (pixels) on."""
        rows = "".join(
            f"<tr><td style='padding-right:10px'><b>{escape(grade)}</b></td><td>{escape(text)}</td></tr>"
            for grade, text in feature.scale
        )
        step = f", in steps of {feature.step:g}" if feature.has_half_steps else ""
        parts = [f"<b>{escape(feature.label)}</b>, {feature.minimum:g}–{feature.maximum:g}{step}"]
        parts += [escape(text) for text in (feature.definition, feature.images) if text]
        self._words.setText("<br><br>".join(parts) + f"<br><br><table>{rows}</table>")
        grades = "; ".join(f"{grade}: {text}" for grade, text in feature.scale)
        self.setAccessibleName(f"Grades of {feature.label}. {feature.definition} {grades}".strip())
        width = self._over.width() - 2 * _MARGIN
        self.setGeometry(_MARGIN, top, width, self.heightForWidth(width))
        self.show()
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go away at a click."""
        self.hide()
