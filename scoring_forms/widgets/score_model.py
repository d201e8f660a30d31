"""One page of a form as a table: sites and group headings down, timepoints across."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from scoring_forms.domain.entry import Column, Page
from scoring_forms.domain.others import NOBODY, Others, differ, pair
from scoring_forms.domain.score import Cell, Score, Sheet
from scoring_forms.domain.scoring_system import Feature, Site
from scoring_forms.domain.totals import Subtotal
from scoring_forms.widgets.notes import NO_NOTE, Note
from scoring_forms.widgets.words import GROUP_NAMES, SIDE_NAMES, cell_words, column_title, score_words

Index = QModelIndex | QPersistentModelIndex
_SPOKEN = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


@dataclass(frozen=True, slots=True)
class Run:
    """Columns side by side that subtotals stand over: those of one timepoint, of these features."""

    first: int
    count: int
    timepoint: str
    features: tuple[Feature, ...]


class ScoreModel(QAbstractTableModel):
    """The sites of a page and their group headings as rows, its columns as columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: Page | None = None
        self._rows: list[Site | str] = []
        self._sheet: Sheet = {}
        self._notes: Mapping[Cell, Note] = {}
        self._subtotals: dict[tuple[str, str, str], Subtotal] = {}
        self._grid: dict[tuple[int, int], Cell] = {}
        self._places: dict[Cell, tuple[int, int]] = {}
        self.others: Others = NOBODY
        self._consensus: frozenset[Cell] = frozenset()

    @property
    def has_others(self) -> bool:
        """Whether two readers' scores stand beside each cell."""
        return bool(self.others[0] or self.others[1])

    @property
    def page(self) -> Page | None:
        """What the table shows; None before the first case."""
        return self._page

    def show_page(self, page: Page, sheet: Sheet) -> None:
        """Show another page or case."""
        self.beginResetModel()
        self._page, self._sheet, self._subtotals = page, sheet, {}
        self._rows = []
        group = None
        for site in page.sites:
            if site.group != group:
                group = site.group
                self._rows.append(group)
            self._rows.append(site)
        self._grid = {
            (row, number): cell
            for row, site in enumerate(self._rows)
            if isinstance(site, Site)
            for number, column in enumerate(page.columns, start=1)
            if (cell := page.cell(site, column)) is not None
        }
        self._places = {cell: place for place, cell in self._grid.items()}
        self.endResetModel()

    def show_scores(self, sheet: Sheet, by_timepoint: Mapping[str, Iterable[Subtotal]]) -> None:
        """Show changed scores of the same case, and the subtotals of each timepoint that may be seen."""
        before, self._sheet = self._sheet, sheet
        for cell, (row, column) in self._places.items():
            if before.get(cell) != sheet.get(cell):
                index = self.index(row, column)
                self.dataChanged.emit(index, index)
        system = self._page.part.system.id if self._page is not None else None
        parts = {
            (subtotal.group, subtotal.feature, letter): subtotal
            for letter, found in by_timepoint.items()
            for subtotal in found
            if subtotal.system == system
        }
        earlier, self._subtotals = self._subtotals, parts
        groups = {key[0] for key in parts.keys() | earlier.keys() if parts.get(key) != earlier.get(key)}
        for row in self.heading_rows():
            if self._rows[row] in groups:
                self.dataChanged.emit(self.index(row, 1), self.index(row, self.columnCount() - 1))

    def show_notes(self, notes: Mapping[Cell, Note]) -> None:
        """Show what is noted beside the grades, also those of other pages."""
        before, self._notes = self._notes, notes
        for cell in before.keys() | notes.keys():
            if before.get(cell) != notes.get(cell) and cell in self._places:
                index = self.index(*self._places[cell])
                self.dataChanged.emit(index, index)

    def show_consensus(self, cells: frozenset[Cell]) -> None:
        """Show which grades were agreed in a consensus, also those of other pages."""
        before, self._consensus = self._consensus, cells
        for cell in before ^ cells:
            if cell in self._places:
                index = self.index(*self._places[cell])
                self.dataChanged.emit(index, index)

    def is_consensus(self, index: Index) -> bool:
        """Whether the grade at *index* was agreed in a consensus."""
        return self.cell(index) in self._consensus

    def note(self, index: Index) -> Note:
        """Return what is noted at *index*."""
        cell = self.cell(index)
        return NO_NOTE if cell is None else self._notes.get(cell, NO_NOTE)

    def heading_rows(self) -> tuple[int, ...]:
        """Return the rows that are group headings."""
        return tuple(row for row, entry in enumerate(self._rows) if isinstance(entry, str))

    def runs(self) -> tuple[Run, ...]:
        """Return which columns stand under one subtotal, or under those of all features of a timepoint.

        A subtotal is that of both hands: where the hands of one feature do not stand together, it stands over
        all columns of its timepoint, beside those of the other features.
        """
        columns = self._page.columns if self._page is not None else ()
        apart = _runs(columns, [(column.timepoint, column.feature.id) for column in columns])
        return apart or _runs(columns, [(column.timepoint, "") for column in columns])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's name and default
        """Return the number of sites and group headings."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's name and default
        """Return one column for the site's name and one a column of the page."""
        return 0 if parent.isValid() or self._page is None else 1 + len(self._page.columns)

    def site(self, row: int) -> Site | None:
        """Return the site of a row, None for a group heading."""
        entry = self._rows[row]
        return entry if isinstance(entry, Site) else None

    def cell(self, index: Index) -> Cell | None:
        """Return the cell at *index*; None for names, headings and features not scored at that site."""
        return self._grid.get((index.row(), index.column()))

    def starts_timepoint(self, column: int) -> bool:
        """Whether this column of the table begins another timepoint that has several columns."""
        columns = self._page.columns if self._page is not None else ()
        letters = [one.timepoint for one in columns]
        several = len(set(letters)) < len(letters)
        return several and 2 <= column <= len(letters) and letters[column - 1] != letters[column - 2]

    def index_of(self, cell: Cell) -> QModelIndex:
        """Return where *cell* stands, an invalid index when it is not in this table."""
        place = self._places.get(cell)
        return QModelIndex() if place is None else self.index(*place)

    def score(self, index: Index) -> Score | None:
        """Return the score at *index*, None where the cell is empty."""
        cell = self.cell(index)
        return None if cell is None else self._sheet.get(cell)

    def score_of(self, cell: Cell) -> Score | None:
        """Return the score of a cell, also of one on another page."""
        return self._sheet.get(cell)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text of a name, subtotal or score; for screen readers the cell in words."""
        entry = self._rows[index.row()]
        if isinstance(entry, str):
            return self._heading(entry, index.column(), role)
        if index.column() == 0:
            if role in _SPOKEN:
                return entry.label
            return f"{entry.label} ({entry.abbreviation})" if role == Qt.ItemDataRole.ToolTipRole else None
        cell, score = self.cell(index), self.score(index)
        if cell is None:
            return "" if role in _SPOKEN else None
        if role == Qt.ItemDataRole.DisplayRole:
            return score.text if score else "·"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            column = self._column(index.column())
            own = f"{score_words(score)} by consensus" if cell in self._consensus else score_words(score)
            spoken = (own, self._others_words(cell), self.note(index).words)
            words = ", ".join(part for part in spoken if part)
            return f"{cell_words(entry, cell, column.feature)}: {words}"
        if role == Qt.ItemDataRole.ToolTipRole:
            agreed = _CONSENSUS if cell in self._consensus else ""
            return "\n".join(filter(None, (agreed, _tool_tip(score, self.note(index))))) or None
        return None

    def _others_words(self, cell: Cell) -> str:
        if not self.has_others:
            return ""
        first, second = pair(self.others, cell)
        words = f"Reader 1: {score_words(first)}, Reader 2: {score_words(second)}"
        return f"{words}, they disagree" if differ(self.others, cell) else words

    def _heading(self, group: str, column: int, role: int) -> str | None:
        """Return the name of a group, or its subtotal in the first of the columns it adds up."""
        name = GROUP_NAMES.get(group, group)
        if role == Qt.ItemDataRole.ToolTipRole and column > 0:
            role = Qt.ItemDataRole.AccessibleTextRole
        if role not in _SPOKEN:
            return None
        if column == 0:
            return name
        run = next((run for run in self.runs() if run.first == column), None)
        if run is None:
            return ""
        texts = [
            (feature, subtotal_text(subtotal))
            for feature in run.features
            if (subtotal := self._subtotals.get((group, feature.id, run.timepoint))) is not None
        ]
        if role == Qt.ItemDataRole.DisplayRole:
            named = len(run.features) > 1
            parts = (f"{one.abbreviation} {text}" if named else text for one, text in texts if text)
            return "  ".join(parts)
        spoken = ", ".join(f"{feature.label}: {text or 'no grades'}" for feature, text in texts)
        return f"{name}, subtotal, timepoint {run.timepoint}, {spoken}" if texts else ""

    def _column(self, column: int) -> Column:
        assert self._page is not None
        return self._page.columns[column - 1]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return ``A`` or ``A R`` above the columns, with the feature where the page has several."""
        if orientation != Qt.Orientation.Horizontal or self._page is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            middle = Qt.AlignmentFlag.AlignVCenter
            return middle | (Qt.AlignmentFlag.AlignLeft if section == 0 else Qt.AlignmentFlag.AlignHCenter)
        if role not in (*_SPOKEN, Qt.ItemDataRole.ToolTipRole):
            return None
        if section == 0:
            return "Site" if role in _SPOKEN else None
        column = self._column(section)
        if role != Qt.ItemDataRole.DisplayRole:
            return _spoken_title(column)
        return "   ".join(self.others_titles(section)) or _title(self._page, column)

    def others_titles(self, section: int) -> tuple[str, ...]:
        """Return what stands above Reader 1, Reader 2 and the own score of a column; nothing without them."""
        if not self.has_others or self._page is None or section == 0:
            return ()
        return "1", "2", _title(self._page, self._column(section))

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let only score cells be current."""
        if self.cell(index) is None:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _runs(columns: Sequence[Column], keys: Sequence[tuple[str, str]]) -> tuple[Run, ...]:
    """Return a run for each key; nothing where columns of one key do not stand together."""
    found: list[Run] = []
    for key in dict.fromkeys(keys):
        first, count = keys.index(key), keys.count(key)
        if any(other != key for other in keys[first : first + count]):
            return ()
        features = {column.feature.id: column.feature for column in columns[first : first + count]}
        found.append(Run(first + 1, count, key[0], tuple(features.values())))
    return tuple(found)


_CONSENSUS = "Agreed in a consensus"


def _title(page: Page, column: Column) -> str:
    title = column_title(column)
    return f"{title}\n{column.feature.abbreviation}" if len(page.features) > 1 else title


def _spoken_title(column: Column) -> str:
    side = f", {SIDE_NAMES[column.side]}" if column.side else ""
    return f"Timepoint {column.timepoint}{side}, {column.feature.label}"


def _tool_tip(score: Score | None, note: Note) -> str:
    reason = ""
    if score is not None and score.not_assessable:
        reason = f"Not assessable: {score.not_assessable.replace('_', ' ')}. {score.comment}".strip()
    noted = note.words
    return "\n".join(part for part in (reason, noted[:1].upper() + noted[1:]) if part)


def subtotal_text(subtotal: Subtotal) -> str:
    """Return the value, ``12/15`` while sites are missing, nothing before the first grade."""
    if subtotal.value is not None:
        return f"{subtotal.value:g}"
    assessed = subtotal.n_sites - subtotal.n_missing
    return f"{assessed}/{subtotal.n_sites}" if assessed else ""
