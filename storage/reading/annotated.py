"""What a reader leaves beside the scores: places, marks, comments, confidence, reasons, time at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from scoring_forms.domain.errors import UnknownCellError
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.score import Cell
from storage.annotations import CONFIDENCE_LEVELS, Annotations, CommentKey
from storage.errors import ConfidenceNotAskedError, UnknownMarkError
from storage.reading import annotation_logs as logs
from storage.reading.core import OpenReading, reason_words
from storage.reading.landmarks import LANDMARKS, Landmark, LandmarkKey
from storage.reading.log import Log
from storage.reading.transforms import TRANSFORMS, Origin, Transform, transform_from

K = TypeVar("K")
V = TypeVar("V")


class AnnotatedReading(OpenReading):
    """A reading with all but its scores and signatures."""

    # Where things are

    def landmarks(self, code: str) -> dict[LandmarkKey, Landmark]:
        """Return where the reader saw the sites of a case, by (timepoint letter, site, side or None).

        Raises:
            UnknownCaseError: There is no such case.
        """
        return self._load(LANDMARKS, code)

    def set_landmark(
        self, code: str, letter: str, site: str, side: str | None, landmark: Landmark | None
    ) -> None:
        """Keep where the reader sees a site at a timepoint; None takes it away.

        Raises:
            UnknownCaseError: There is no such case.
            UnknownCellError: The case has no such timepoint, or the form no such site on that side.
            CaseSignedError: The case is locked.
            ValueError: The timepoint has no such frame or film.
        """
        self._require(code)
        self._require_letter(code, letter)
        if (side, site) not in {(cell.side, cell.site) for cell in self.form.cells((letter,))}:
            raise UnknownCellError(f"site {side or '-'}/{site}")
        images = self._images(code, letter)
        if landmark is not None and not any(
            image.frame == landmark.frame if landmark.role is None else image.role == landmark.role
            for image in images
        ):
            raise ValueError(f"timepoint {letter} of case {code} has no such frame or film")
        with self._changing(code, needs_reason=False) as (connection, writer):
            action = "cleared" if landmark is None else "set"
            LANDMARKS.add(connection, code, (letter, site, side), landmark, action, writer)

    def transform(self, code: str, letter: str, frame: int = 1) -> Transform | None:
        """Return how a frame of a timepoint lies to that of timepoint A, or None while nobody knows.

        Raises:
            UnknownCaseError: There is no such case.
        """
        return self._load(TRANSFORMS, code).get((letter, frame))

    def keep_transform(
        self,
        code: str,
        letter: str,
        matrix: np.ndarray[Any, Any],
        quality: float,
        origin: Origin,
        frame: int = 1,
    ) -> None:
        """Keep how a frame of a timepoint lies to that of timepoint A.

        Args:
            code: The case.
            letter: The timepoint.
            matrix: Shape (4, 4), rigid: position in A = matrix @ position in *frame*, LPS mm.
            quality: How well the pictures fit, 0..1.
            origin: ``"registered"`` by the program or ``"nudged"`` by the reader.
            frame: Which frame of reference of the timepoint.

        Raises:
            UnknownCaseError: There is no such case.
            UnknownCellError: The case has no such timepoint.
            CaseSignedError: The case is locked.
            ValueError: It is no such transform, or the timepoint has no such frame.
        """
        self._add_transform(code, letter, frame, transform_from(matrix, quality, origin))

    def forget_transform(self, code: str, letter: str, frame: int = 1) -> None:
        """Take a transform away, so that the frame is not linked; raises as :meth:`keep_transform`."""
        self._add_transform(code, letter, frame, None)

    def _add_transform(self, code: str, letter: str, frame: int, transform: Transform | None) -> None:
        self._require(code)
        self._require_letter(code, letter)
        if not any(image.frame == frame for image in self._images(code, letter)):
            raise ValueError(f"timepoint {letter} of case {code} has no frame {frame}")
        with self._changing(code, needs_reason=False) as (connection, writer):
            action = "cleared" if transform is None else "kept"
            TRANSFORMS.add(connection, code, (letter, frame), transform, action, writer)

    # Marks

    def marks(self, code: str) -> tuple[Mark, ...]:
        """Return the marks of a case in the order they were first put.

        Raises:
            UnknownCaseError: There is no such case.
        """
        self._require(code)
        with self._store.read() as connection:
            return logs.load_marks(connection, code)

    def add_mark(self, code: str, mark: Mark) -> Mark:
        """Keep a new mark and return it with its number, to a thousandth of a millimetre or pixel.

        Raises:
            UnknownCaseError, UnknownCellError: The case has no such timepoint, or the form no such cell.
            CaseSignedError: The case is locked.
            ReasonNeededError: The case was reopened; see :meth:`give_reason`.
            ValueError: The timepoint has no such picture in such a frame.
        """
        self._check_mark(code, mark)
        with self._changing(code) as (connection, writer):
            added = replace(logs.rounded(mark), id=logs.next_mark_id(connection, code))
            logs.MARKS.add(connection, code, added.id, added, "added", writer)
        return added

    def change_mark(self, code: str, mark: Mark) -> Mark:
        """Put *mark* in the place of the one with its number; raises as :meth:`add_mark`.

        Raises:
            UnknownMarkError: There is none, or it was taken away.
        """
        self._check_mark(code, mark)
        changed = logs.rounded(mark)
        with self._changing(code) as (connection, writer):
            if logs.MARKS.newest(connection, code, mark.id) is None:
                raise UnknownMarkError(code, mark.id)
            logs.MARKS.add(connection, code, mark.id, changed, "changed", writer)
        return changed

    def move_mark(
        self,
        code: str,
        mark_id: int,
        points: Sequence[Sequence[float]],
        slice_mm: float | None = None,
        window: tuple[float, float] | None = None,
    ) -> Mark:
        """Move a mark; what is not given stays. Raises as :meth:`change_mark`."""
        self._require(code)
        with self._store.read() as connection:
            old = logs.MARKS.newest(connection, code, mark_id)
        if old is None:
            raise UnknownMarkError(code, mark_id)
        moved = replace(
            old,
            points=tuple(tuple(point) for point in points),
            slice_mm=old.slice_mm if slice_mm is None else slice_mm,
            window=window or old.window,
        )
        return self.change_mark(code, moved)

    def delete_mark(self, code: str, mark_id: int) -> None:
        """Take a mark away; raises as :meth:`change_mark`."""
        self._require(code)
        with self._changing(code) as (connection, writer):
            if logs.MARKS.newest(connection, code, mark_id) is None:
                raise UnknownMarkError(code, mark_id)
            logs.MARKS.add(connection, code, mark_id, None, "deleted", writer)

    def restore_mark(self, code: str, mark_id: int) -> Mark:
        """Bring back a mark that was taken away, under its old number; raises as :meth:`change_mark`."""
        self._require(code)
        with self._changing(code) as (connection, writer):
            mark = logs.last_body(connection, code, mark_id)
            if mark is None:
                raise UnknownMarkError(code, mark_id)
            if logs.MARKS.newest(connection, code, mark_id) is None:
                logs.MARKS.add(connection, code, mark_id, mark, "restored", writer)
        return mark

    def _check_mark(self, code: str, mark: Mark) -> None:
        self._require_cell(code, mark.cell)
        letter = mark.cell.timepoint
        if not any(
            image.role == mark.role and image.frame == mark.frame for image in self._images(code, letter)
        ):
            raise ValueError(f"timepoint {letter} of case {code} has no such picture in such a frame")

    # Words, confidence, time

    def comments(self, code: str) -> dict[CommentKey, str]:
        """Return the comments of a case by (timepoint letter or None, cell or None).

        Raises:
            UnknownCaseError: There is no such case.
        """
        return self._load(logs.COMMENTS, code)

    def set_comment(self, code: str, timepoint: str | None, cell: Cell | None, text: str) -> None:
        """Keep what the reader says of a cell, a timepoint or (with two None) the case; empty takes it away.

        Raises:
            UnknownCaseError, UnknownCellError: The case has no such timepoint, or the form no such cell.
            CaseSignedError: The case is locked.
            ReasonNeededError: The case was reopened; see :meth:`give_reason`.
            ValueError: The cell is of another timepoint.
        """
        self._require(code)
        if cell is not None:
            if timepoint not in (None, cell.timepoint):
                raise ValueError(f"cell {cell.name} is not of timepoint {timepoint}")
            self._require_cell(code, cell)
            timepoint = cell.timepoint
        elif timepoint is not None:
            self._require_letter(code, timepoint)
        self._put(logs.COMMENTS, code, (timepoint, cell), text.strip() or None)

    def confidences(self, code: str) -> dict[Cell, int]:
        """Return how sure the reader is, by cell: 1 unsure, 2 fairly sure, 3 sure.

        Raises:
            UnknownCaseError: There is no such case.
        """
        return self._load(logs.CONFIDENCES, code)

    def set_confidence(self, code: str, cell: Cell, level: int | None) -> None:
        """Keep how sure the reader is of a score; None takes it away. Raises as :meth:`set_comment`.

        Raises:
            ConfidenceNotAskedError: The rules of the round ask for none.
            ValueError: There is no such level.
        """
        if not self.rules.confidence:
            raise ConfidenceNotAskedError
        if level is not None and level not in CONFIDENCE_LEVELS:
            raise ValueError(f"confidence is one of {CONFIDENCE_LEVELS}")
        self._require_cell(code, cell)
        self._put(logs.CONFIDENCES, code, cell, level)

    def evidence_overrides(self, code: str) -> dict[Cell, str]:
        """Return why scores stand without the marks they should have, by cell.

        Raises:
            UnknownCaseError: There is no such case.
        """
        return self._load(logs.OVERRIDES, code)

    def set_evidence_override(self, code: str, cell: Cell, reason: str | None) -> None:
        """Keep why a score stands without marks; None takes it away. Raises as :meth:`set_comment`.

        Raises:
            ReasonNeededError: The reason is empty.
        """
        self._require_cell(code, cell)
        words = None if reason is None else reason_words(code, reason)
        self._put(logs.OVERRIDES, code, cell, words)

    def active_ms(self, code: str) -> dict[Cell | None, int]:
        """Return the milliseconds at work by cell, outside any cell under None.

        Raises:
            UnknownCaseError: There is no such case.
        """
        self._require(code)
        with self._store.read() as connection:
            return logs.load_active_ms(connection, code)

    def add_active_time(self, code: str, cell: Cell | None, milliseconds: int) -> None:
        """Add time at work to a cell, or with None to the case outside any cell; nothing if it is none.

        Raises:
            UnknownCaseError, UnknownCellError: The case has no such timepoint, or the form no such cell.
            CaseSignedError: The case is locked.
            ValueError: Time runs backwards.
        """
        if milliseconds < 0:
            raise ValueError("time at work is not below 0")
        if cell is None:
            self._require(code)
        else:
            self._require_cell(code, cell)
        if milliseconds:
            with self._changing(code, needs_reason=False) as (connection, writer):
                logs.add_active_time(connection, code, cell, milliseconds, writer)

    def annotations(self, code: str) -> Annotations:
        """Return marks, comments, confidences, overrides and times of a case at once.

        Raises:
            UnknownCaseError: There is no such case.
        """
        self._require(code)
        with self._store.read() as connection:
            return logs.load_annotations(connection, code)

    def _load(self, log: Log[K, V], code: str) -> dict[K, V]:
        self._require(code)
        with self._store.read() as connection:
            return log.load(connection, code)

    def _put(self, log: Log[K, V], code: str, key: K, value: V | None) -> None:
        """Add a row unless it would change nothing."""
        with self._changing(code) as (connection, writer):
            if log.newest(connection, code, key) != value:
                log.add(connection, code, key, value, "cleared" if value is None else "set", writer)

    def _require_cell(self, code: str, cell: Cell) -> None:
        self._require(code)
        self._require_letter(code, cell.timepoint)
        self.form.item(cell)
