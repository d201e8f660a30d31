"""The scoring systems of the program, and of files, with their features to tick."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from scoring_forms.domain.errors import SystemTakenError
from scoring_forms.domain.scoring_system import Feature, ScoringSystem
from scoring_forms.domain.systems import available_systems, load_system, load_system_file

_ID = int(Qt.ItemDataRole.UserRole)
_MODALITIES = {"MR": "MRI"}


class SystemTree(QTreeWidget):
    """Ticks say what is scored; counts and sums come by themselves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._systems: dict[str, ScoringSystem] = {}
        self._own: set[str] = set()
        self.setHeaderHidden(True)
        self.setAccessibleName("Scoring systems and features")
        for system_id in available_systems():
            self._add(load_system(system_id))

    def add_file(self, path: Path) -> str:
        """Offer the system a file describes, all of it ticked, and return its title.

        Raises:
            ScoringError: The file describes none, or its id is taken.
            OSError: It cannot be read.
        """
        system = load_system_file(path)
        if system.id in self._systems:
            raise SystemTakenError(system.id, "it is in the list already")
        self._own.add(system.id)
        top = self._add(system)
        top.setCheckState(0, Qt.CheckState.Checked)
        self.scrollToItem(top)
        return system.title

    def _add(self, system: ScoringSystem) -> QTreeWidgetItem:
        self._systems[system.id] = system
        images = _MODALITIES.get(system.modality, "radiographs")
        own = ", own file" if system.id in self._own else ""
        top = QTreeWidgetItem(self, [f"{system.title} – {images}{own}"])
        top.setData(0, _ID, system.id)
        top.setFlags(top.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate)
        top.setToolTip(0, system.citation)
        for feature in system.features:
            if not feature.count_of:
                child = QTreeWidgetItem(top, [_feature_words(feature)])
                child.setData(0, _ID, feature.id)
                child.setToolTip(0, feature.definition)
                child.setFlags(child.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                child.setCheckState(0, Qt.CheckState.Unchecked)
        top.setExpanded(True)
        return top

    def tick(self, system_id: str) -> None:
        """Tick all features of a system."""
        for top in self._tops():
            if top.data(0, _ID) == system_id:
                top.setCheckState(0, Qt.CheckState.Checked)

    @property
    def chosen(self) -> tuple[tuple[str | ScoringSystem, ...], tuple[str, ...]]:
        """The systems, those of files as themselves, and unless all are ticked their features."""
        systems: list[str | ScoringSystem] = []
        features: list[str] = []
        whole = True
        for top in self._tops():
            children = [child for number in range(top.childCount()) if (child := top.child(number))]
            ticked = [one.data(0, _ID) for one in children if one.checkState(0) == Qt.CheckState.Checked]
            if ticked:
                system_id = top.data(0, _ID)
                systems.append(self._systems[system_id] if system_id in self._own else system_id)
                features += ticked
                whole = whole and len(ticked) == len(children)
        return tuple(systems), () if whole else tuple(dict.fromkeys(features))

    def _tops(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return [top for top in found if top is not None]


def _feature_words(feature: Feature) -> str:
    return f"{feature.label} ({len(feature.scored_sites)} sites, {feature.minimum:g}–{feature.maximum:g})"
