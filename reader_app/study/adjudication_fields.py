"""Which cases of a round go to adjudication and what it makes of three readers' scores, to choose."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QGroupBox, QLineEdit, QWidget

from scoring_forms.domain.adjudication_rule import Method

METHOD_WORDS: tuple[tuple[Method, str, str], ...] = (
    ("two_closest", "Mean of the two closest", "The two closest by the change compared; all three at a tie"),
    ("adjudicator", "Adjudicator alone", "The adjudicator's scores count instead of both readers'"),
    ("mean_of_all", "Mean of all", "The mean of both readers and the adjudicator"),
    ("consensus", "Consensus", "The adjudicator's scores count, as what was agreed upon"),
)


class AdjudicationFields(QGroupBox):
    """``rules`` and ``method`` are what is chosen; without rules nothing is adjudicated."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Adjudication", parent)
        self.rules_line = QLineEdit(self)
        self.rules_line.setPlaceholderText("none, or e.g. change:synovitis>N")
        self.rules_line.setToolTip(
            "change:FEATURE>N, status:FEATURE>N, site>=N, progression:FEATURE or all; spaces between several"
        )
        self.method_box = QComboBox(self)
        for method, words, meaning in METHOD_WORDS:
            self.method_box.addItem(words, method)
            self.method_box.setItemData(self.method_box.count() - 1, meaning, Qt.ItemDataRole.ToolTipRole)
        rows = QFormLayout(self)
        rows.setVerticalSpacing(10)
        rows.addRow("Cases by rule", self.rules_line)
        rows.addRow("What counts", self.method_box)
        self.rules_line.textChanged.connect(self._show)
        self.method_box.currentIndexChanged.connect(self._show)
        self._show()

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that are typed now."""
        return tuple(self.rules_line.text().split())

    @property
    def method(self) -> Method:
        """What an adjudication does."""
        return METHOD_WORDS[self.method_box.currentIndex()][0]

    @Slot()
    def _show(self) -> None:
        """Offer the method where something is adjudicated; say what the chosen one does."""
        self.method_box.setEnabled(bool(self.rules))
        self.method_box.setToolTip(METHOD_WORDS[self.method_box.currentIndex()][2])
        self.changed.emit()
