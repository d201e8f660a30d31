"""One feature as a table: sites and group headings down, timepoints across."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from scoring_forms.domain.entry import Column, FeatureSheet
from scoring_forms.domain.score import Cell, Score, Sheet
from scoring_forms.domain.scoring_system import Site

Index = QModelIndex | QPersistentModelIndex
GROUP_NAMES = {"wrist": "Wrist", "mcp": "MCP", "pip": "PIP and thumb IP", "forefoot": "Forefoot"}
SIDE_NAMES = {"L": "left", "R": "right"}


class ScoreModel(QAbstractTableModel):
    """One feature's sites and group headings as rows, timepoints as columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout: FeatureSheet | None = None
        self._rows: list[Site | str] = []
        self._sheet: Sheet = {}

    @property
    def layout_(self) -> FeatureSheet | None:
        """What the table shows; None before the first case."""
        return self._layout

    def show_feature(self, layout: FeatureSheet, sheet: Sheet) -> None:
        """Show another feature or case."""
        self.beginResetModel()
        self._layout, self._sheet = layout, sheet
        self._rows = []
        group = None
        for site in layout.feature.scored_sites:
            if site.group != group:
                group = site.group
                self._rows.append(GROUP_NAMES.get(group, group))
            self._rows.append(site)
        self.endResetModel()

    def show_scores(self, sheet: Sheet) -> None:
        """Show changed scores of the same case."""
        self._sheet = sheet
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's name and default
        """Return the number of sites and group headings."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's name and default
        """Return one column for the site's name and one a timepoint."""
        return 0 if parent.isValid() or self._layout is None else 1 + len(self._layout.columns)

    def site(self, row: int) -> Site | None:
        """Return the site of a row, None for a group heading."""
        entry = self._rows[row]
        return entry if isinstance(entry, Site) else None

    def cell(self, index: Index) -> Cell | None:
        """Return the cell at *index*; None for names and headings."""
        if not index.isValid() or self._layout is None or index.column() == 0:
            return None
        site = self.site(index.row())
        return None if site is None else self._layout.cell(site, self._layout.columns[index.column() - 1])

    def index_of(self, cell: Cell) -> QModelIndex:
        """Return where *cell* stands, an invalid index when it is not in this table."""
        layout = self._layout
        if layout is None or (cell.system, cell.feature) != (layout.part.system.id, layout.feature.id):
            return QModelIndex()
        column = 1 + layout.columns.index(layout.column_of(cell))
        for row, entry in enumerate(self._rows):
            if isinstance(entry, Site) and entry.id == cell.site:
                return self.index(row, column)
        return QModelIndex()

    def score(self, index: Index) -> Score | None:
        """Return the score at *index*, None where the cell is empty."""
        cell = self.cell(index)
        return None if cell is None else self._sheet.get(cell)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text of a name or score; for screen readers the cell in words."""
        entry = self._rows[index.row()]
        if index.column() == 0:
            if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
                return entry.label if isinstance(entry, Site) else entry
            if role == Qt.ItemDataRole.ToolTipRole and isinstance(entry, Site):
                return f"{entry.label} ({entry.abbreviation})"
            return None
        score = self.score(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return score.text if score else ("" if isinstance(entry, str) else "·")
        if role == Qt.ItemDataRole.AccessibleTextRole and isinstance(entry, Site):
            return self._in_words(entry, index.column(), score)
        if role == Qt.ItemDataRole.ToolTipRole and score is not None and score.not_assessable:
            return f"Not assessable: {score.not_assessable.replace('_', ' ')}. {score.comment}".strip()
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return ``A`` or ``A R`` above the columns."""
        if orientation != Qt.Orientation.Horizontal or self._layout is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            middle = Qt.AlignmentFlag.AlignVCenter
            return middle | (Qt.AlignmentFlag.AlignLeft if section == 0 else Qt.AlignmentFlag.AlignHCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return "Site" if section == 0 else column_title(self._layout.columns[section - 1])

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let only score cells be current."""
        if self.cell(index) is None:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def _in_words(self, site: Site, column: int, score: Score | None) -> str:
        assert self._layout is not None
        where = self._layout.columns[column - 1]
        side = f"{SIDE_NAMES[where.side]} hand, " if where.side else ""
        value = "empty" if score is None else score.text.replace("n/a", "not assessable")
        return f"{site.label}, {side}timepoint {where.timepoint}, {self._layout.feature.label}: {value}"


def column_title(column: Column) -> str:
    """Return ``A``, or ``A R`` for the right hand of a two-sided system."""
    return f"{column.timepoint} {column.side}" if column.side else column.timepoint
