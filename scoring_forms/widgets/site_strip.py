"""Above the table: the diagram, and the current site and its scale in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from scoring_forms.domain.form import FormItem
from scoring_forms.domain.score import Cell, Sheet
from scoring_forms.widgets.hand_diagram import SMALLEST, HandDiagram
from scoring_forms.widgets.words import short_name, side_words

_WORDS_WIDTH = 174  # the longest word of a site's name
_MARGINS = 24  # left and right of the scale, by the style sheet
_SLACK = 6  # the style sheet's room below the scale may be used up
_LEAST, _MOST = 180, 300
_LINK = "<a href='{0}' style='color:#aab4bd; text-decoration:none'><b>{1}</b>&nbsp;{2}</a>"
_LINKS = (
    ("grades", "S", "grades"),
    ("diagram", "B", "diagram"),
    ("arrangement", "Y", "by&nbsp;bone"),
    ("search", "/", "find"),
)


class ScaleWords(QLabel):
    """The grades of a scale: in full where there is room, else each in a line of its own."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grades: tuple[str, ...] = ()
        self.setObjectName("scale")
        self.setTextFormat(Qt.TextFormat.PlainText)  # a scale may say "< 1.5 mm"
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def show_grades(self, grades: Sequence[str]) -> None:
        """Show another scale; all of it is in the tool tip."""
        if self._grades != tuple(grades):
            self._grades = tuple(grades)
            self.setToolTip("\n".join(grades))
            self.setAccessibleName("; ".join(grades))
            self._fit()

    def _fit(self) -> None:
        shown = _shorten(self._grades)
        self.setText("\n".join(shown))
        if self.heightForWidth(self.width()) > self.height() + _SLACK > _SLACK:
            room = self.width() - _MARGINS
            lines = [self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room) for text in shown]
            self.setText("\n".join(lines))

    def resizeEvent(self, event: QEvent) -> None:
        """Choose again what fits."""
        self._fit()


class SiteStrip(QWidget):
    """Follows the current cell; its height follows that of the form."""

    asked = Signal(str)  # "grades", "diagram", "arrangement" or "search", with the mouse

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form_height = 0
        self.diagram = HandDiagram(self)
        self.site = QLabel(self)
        self.site.setObjectName("site")
        self.site.setTextFormat(Qt.TextFormat.PlainText)
        self.site.setWordWrap(True)
        self.site.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.site.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.scale = ScaleWords(self)
        self._keys = QLabel("&nbsp;&nbsp; ".join(_LINK.format(*link) for link in _LINKS), self)
        self._keys.setObjectName("hint")
        self._keys.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._keys.setContentsMargins(8, 2, 8, 4)
        self._keys.setWordWrap(True)
        self._keys.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._keys.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self._keys.linkActivated.connect(self.asked)
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addWidget(self.site)
        words.addWidget(self.scale, 1)
        words.addWidget(self._keys)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 0, 4)
        row.setSpacing(2)
        row.addWidget(self.diagram)
        row.addLayout(words, 1)

    def show_case(self, side: str | None, sheet: Sheet) -> None:
        """Show another case; *side* is that of one-sided systems."""
        self.diagram.show_case(side, sheet)

    def show_scores(self, sheet: Sheet) -> None:
        """Show changed scores of the same case."""
        self.diagram.show_scores(sheet)

    def show_current(self, item: FormItem, cell: Cell) -> None:
        """Name the current cell and its scale, and show it in the diagram."""
        side = f" · {side_words(item.site, cell.side)}" if cell.side else ""
        self.site.setText(f"{short_name(item.site)}{side} ·\u00a0{cell.timepoint}")
        self.site.setToolTip(item.site.label)
        self.scale.show_grades([f"{grade} {text}" for grade, text in item.feature.scale])
        drawing = self.diagram.drawing
        self.diagram.show_current(item.system, item.feature, cell)
        if self.diagram.drawing is not drawing or self.diagram.isHidden():
            self.fit(self._form_height)

    def set_diagram_visible(self, visible: bool) -> None:
        """Show or fold away the diagram."""
        self.diagram.setVisible(visible)
        self.fit(self._form_height)

    def fit(self, form_height: int) -> None:
        """Take a share of a form of this height (pixels)."""
        self._form_height = form_height
        if self.diagram.isHidden():
            self.setFixedHeight(self._words_height())
            return
        height = min(max(round(0.27 * form_height), _LEAST), _MOST)
        self.setFixedHeight(height)
        self.diagram.setFixedWidth(
            min(self.diagram.width_for(height - 8), max(self.width() - _WORDS_WIDTH, SMALLEST.width()))
        )

    def _words_height(self) -> int:
        width = max(self.width() - 8, 100)
        labels = (self.site, self.scale, self._keys)
        return sum(label.heightForWidth(width) for label in labels) + 8

    def resizeEvent(self, event: QEvent) -> None:
        """Share the new width between the diagram and the words."""
        self.fit(self._form_height)


def _shorten(grades: Sequence[str]) -> list[str]:
    """Long scales of one pattern need no eleven lines: show their first and last grades."""
    shown = [*grades[:3], f"… {grades[-1]}"] if len(grades) > 6 else grades
    return [text.replace(" of the assessed bone volume", "") for text in shown]
