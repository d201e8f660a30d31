"""Asks for the window of the current picture in numbers, or by a rule; the pictures follow at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.display.window_level import WindowPreset

_LARGEST = 1e7


class WindowDialog(QDialog):
    """Reports numbers and presets as they are chosen; the owner takes them back on cancel."""

    numbers_changed = Signal(float, float)  # width, level
    preset_chosen = Signal(object)  # WindowPreset
    slice_asked = Signal()

    def __init__(self, presets: Sequence[WindowPreset], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Window of this series")
        self._presets = tuple(presets)
        self.width_box = _box(self, "Width", 1e-3)
        self.level_box = _box(self, "Level", -_LARGEST)
        numbers = QFormLayout()
        numbers.addRow("Width", self.width_box)
        numbers.addRow("Level", self.level_box)
        column = QVBoxLayout(self)
        column.addLayout(numbers)
        row = QHBoxLayout()
        for number, preset in enumerate(self._presets):
            button = QPushButton(preset.title, self)
            button.setProperty("preset", number)
            button.setAutoDefault(False)
            button.clicked.connect(self._on_preset_clicked)
            row.addWidget(button)
        by_slice = QPushButton("By this slice", self)
        by_slice.setAutoDefault(False)
        by_slice.clicked.connect(self.slice_asked)
        row.addWidget(by_slice)
        column.addLayout(row)
        note = QLabel("The other timepoints change by as much.", self)
        note.setObjectName("hint")
        column.addWidget(note)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        column.addWidget(buttons)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.width_box.valueChanged.connect(self._on_number_changed)
        self.level_box.valueChanged.connect(self._on_number_changed)
        self.width_box.setFocus()
        self.width_box.selectAll()

    def show_numbers(self, width: float, level: float) -> None:
        """Show the window in use without reporting it as a change."""
        for box, value in ((self.width_box, width), (self.level_box, level)):
            box.blockSignals(True)
            box.setDecimals(0 if width >= 50 else 3)
            box.setValue(value)
            box.blockSignals(False)

    @Slot()
    def _on_number_changed(self) -> None:
        self.numbers_changed.emit(self.width_box.value(), self.level_box.value())

    @Slot()
    def _on_preset_clicked(self) -> None:
        self.preset_chosen.emit(self._presets[self.sender().property("preset")])


def _box(parent: QWidget, name: str, lowest: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox(parent)
    box.setAccessibleName(name)
    box.setRange(lowest, _LARGEST)
    box.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
    box.setKeyboardTracking(False)
    return box
