"""Why a command of the reading window can do nothing now, in one sentence each."""

from __future__ import annotations

from collections.abc import Callable

from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.marks import MarkCommands
from reader_app.reading.score_commands import ScoreCommands
from scoring_forms.domain.form import Form
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.scoring_system import Feature
from scoring_forms.widgets.score_panel import ScorePanel

_CHANGING = frozenset(
    (
        *("undo", "redo", "fill", "series_na", "no_contrast", "comment", "case_comment"),
        *("unsure", "fairly_sure", "sure", "no_confidence", "submit"),
        *("take_first", "take_second", "take_agreed", "consensus", "landmark", "no_landmark"),
        *("mark", "break", "move_mark", "delete_mark", "no_marks", "bone", "defect"),
    )
)
_CONFIDENCE = frozenset(("unsure", "fairly_sure", "sure", "no_confidence"))
_WITHOUT_CASE = frozenset(("open_grant", "send_back", "panel_window", "keys", "close", "layouts"))


class Unavailable:
    """Asks the open case what it allows; knows nothing the reader does not see."""

    def __init__(
        self,
        form: Form,
        rules: RoundRules,
        scoring: ScoreCommands,
        panel: ScorePanel,
        marks: MarkCommands,
        display: CaseDisplay,
    ) -> None:
        self._form, self._rules, self._scoring, self._panel = form, rules, scoring, panel
        self._marks, self._display = marks, display
        self._reasons: dict[str, Callable[[], str]] = {
            "undo": self._undo,
            "redo": self._redo,
            "fill": self._column,
            "series_na": self._column,
            "no_contrast": self._contrast,
            "next_missing": self._missing,
            "next_feature": self._features,
            "previous_feature": self._features,
            "across": self._timepoints,
            "link": self._timepoints,
            "follow": self._follow,
            "nudge": self._follow,
            "start_over": self._follow,
            "shading": self._films,
            "ask_reopening": self._signed,
            "marks": self._any_mark,
            "no_marks": self._required,
            "bone": self._volume,
            "defect": self._volume,
            "estimate": self._volume,
            "close_outline": self._outline,
        }

    def why_not(self, command: str) -> str:
        """Return why the command of this id can do nothing now; empty where it can."""
        if self._scoring.scores is None:
            return "" if command in _WITHOUT_CASE else "No case is open."
        if self._scoring.locked and command in _CHANGING:
            return "This case is signed: nothing of it can be changed."
        if command in _CONFIDENCE:
            return "" if self._rules.confidence else "This round does not ask how sure you are."
        reason = self._reasons.get(command)
        return reason() if reason is not None else ""

    @property
    def _feature(self) -> Feature | None:
        cell = self._panel.current_cell
        return self._form.item(cell).feature if cell is not None else None

    def _undo(self) -> str:
        scores = self._scoring.scores
        return "" if scores is not None and scores.history.can_undo else "Nothing to undo in this case."

    def _redo(self) -> str:
        scores = self._scoring.scores
        return "" if scores is not None and scores.history.can_redo else "Nothing was taken back."

    def _column(self) -> str:
        return "" if self._panel.empty_cells_of_column() else "No cell of this column is empty."

    def _contrast(self) -> str:
        needs = any(item.feature.needs_contrast for item in self._form.items())
        return "" if needs else "Nothing in this form needs contrast."

    def _missing(self) -> str:
        scores = self._scoring.scores
        return "" if scores is not None and scores.missing else "No cell is empty."

    def _features(self) -> str:
        return "" if self._panel.tabs.count() > 1 else "The form has one page."

    def _timepoints(self) -> str:
        letters = {cell.timepoint for cell in self._panel.cells()}
        return "" if len(letters) > 1 else "This case has one timepoint."

    def _films(self) -> str:
        return "" if self._form.modality == "MR" else "Radiographs have no coil shading."

    def _follow(self) -> str:
        if self._form.modality != "MR":
            return "Only MRI is registered: films have no place in the patient."
        return self._timepoints()

    def _signed(self) -> str:
        return "" if self._scoring.locked else "This case is not signed: it can be changed as it is."

    def _any_mark(self) -> str:
        marks = self._marks.marks
        return "" if marks is not None and marks.marks else "There are no marks in this case yet."

    def _required(self) -> str:
        marks = self._marks.marks
        return "" if marks is not None and marks.are_required else "This round requires no marks."

    def _volume(self) -> str:
        feature = self._feature
        if feature is None or feature.volume_scale:
            return ""
        return f"{feature.label} is not graded by volume."

    def _outline(self) -> str:
        return "" if self._display.outline_kind else "Nothing is being outlined."
