"""What every part of a reading needs: the open file, its cases and pictures, and the lock of signed ones."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
from sqlalchemy import Connection, select

from scoring_forms.domain.errors import UnknownCellError
from scoring_forms.domain.form import Form, form_from_dict
from scoring_forms.domain.rules import RoundRules, rules_from_dict
from scoring_forms.domain.score import Cell, Score, Sheet
from storage import arrays
from storage.audit import START, SYSTEM_CLOCK, Clock
from storage.engine import Store, open_store
from storage.errors import (
    CaseSignedError,
    ForeignFileError,
    OlderStoreError,
    ReasonNeededError,
    StorageError,
    UnknownCaseError,
)
from storage.reading import schema
from storage.reading.content import load_others, load_timepoints
from storage.reading.log import Writer
from storage.reading.records import Case, CaseStatus, CaseSummary, ImageRecord
from storage.reading.reopening import CaseState, all_states, case_state
from storage.reading.scores import count_filled, load_sheet


class OpenReading:
    """An open ``CODE.reading`` folder; one writer at a time, a job in another thread may share it.

    Attributes:
        folder: Where it lies.
        reader: Whose reading it is.
        round_title: What the round is called.
        reading_design: ``"paired"``, ``"single"`` or ``"chronological"``.
        form: What is to be scored, as it was when the reading was prepared.
        rules: The rules of the round, likewise.
    """

    def __init__(self, store: Store, clock: Clock, folder: Path) -> None:
        self._store, self._clock = store, clock
        self._open = ExitStack()
        self._reasons: dict[str, str] = {}
        self._checked = START  # the newest row of the audit trail that a check since opening found right
        self.folder = folder
        with store.read() as connection:
            row = connection.execute(select(schema.reading)).one()
            cases = connection.execute(select(schema.reading_case).order_by(schema.reading_case.c.position))
            self._sides: dict[str, str | None] = {case.code: case.side for case in cases}
            self._timepoints = load_timepoints(connection)
            self._others = load_others(connection)
        self.reader: str = row.reader
        self.round_title: str = row.round_title
        self.reading_design: str = row.reading_design
        self.form: Form = form_from_dict(json.loads(row.form))
        self.rules = RoundRules() if row.rules is None else rules_from_dict(json.loads(row.rules))
        if not self.form.parts:
            raise ValueError("a form without anything to score")

    @classmethod
    def open(cls, folder: Path, read_only: bool = False, clock: Clock = SYSTEM_CLOCK) -> Self:
        """Open the reading in *folder*.

        Args:
            folder: ``…/CODE.reading``.
            read_only: For looking only; needs no lock, so it works beside a writer. Of an older reading,
                which would have to be changed, an upgraded copy of the rows is looked at.
            clock: Where times come from.

        Raises:
            StoreNotFoundError, ForeignFileError, NewerStoreError, DamagedStoreError: It is no reading that
                can be opened; not a byte was changed.
            NetworkFolderError: It is not on a local disk.
            StoreLockedError: Another process has it open for writing.
        """
        path = (Path(folder) / schema.DATABASE).absolute()
        with ExitStack() as opened:
            try:
                store = opened.enter_context(open_store(path, schema.READING, read_only=read_only))
            except OlderStoreError:
                store = _open_upgraded_copy(path, opened)
            try:
                reading = cls(store, clock, path.parent)
            except StorageError:
                raise
            except Exception as error:  # a hostile file can hold anything
                raise ForeignFileError(path, "reading", "its form or cases cannot be read") from error
            reading._open = opened.pop_all()
        return reading

    def close(self) -> None:
        """Close the file and let others open it."""
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def read_only(self) -> bool:
        """Whether it is open for looking only."""
        return self._store.read_only

    @property
    def modality(self) -> str:
        """``"MR"`` or ``"CR/DX"``."""
        return self.form.modality

    @property
    def roles(self) -> tuple[str, ...]:
        """The series roles that its form is read from, and others that any of its cases holds."""
        held = (
            image.role
            for timepoints in self._timepoints.values()
            for timepoint in timepoints
            for image in timepoint.images
            if image.array is not None
        )
        return tuple(dict.fromkeys((*self.form.roles, *held)))

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Make everything inside one transaction: saved when it ends, not at all when it fails."""
        with self._store.write():
            yield

    # What is there

    def cases(self) -> tuple[CaseSummary, ...]:
        """Return the worklist in its drawn order."""
        with self._store.read() as connection:
            filled = count_filled(connection)
            states = all_states(connection)
        lines = sum(1 for _ in self.form.items())
        return tuple(
            CaseSummary(
                code,
                position,
                _status(code, states.get(code), filled),
                side,
                self._letters(code),
                lines * len(self._letters(code)) - filled.get(code, 0),
                code in states and states[code].reopened,
            )
            for position, (code, side) in enumerate(self._sides.items(), start=1)
        )

    def case(self, code: str) -> Case:
        """Return a case with its timepoints and pictures.

        Raises:
            UnknownCaseError: There is none of this code.
        """
        self._require(code)
        with self._store.read() as connection:
            scores = select(schema.score.c.seq).where(schema.score.c.case_code == code).limit(1)
            filled = {code: 1} if connection.execute(scores).first() else {}
            status = _status(code, case_state(connection, code), filled)
        return Case(code, self._sides[code], status, self._timepoints.get(code, ()))

    def sheet(self, code: str) -> dict[Cell, Score]:
        """Return the newest score of every cell that has one.

        Raises:
            UnknownCaseError: There is no such case.
        """
        self._require(code)
        with self._store.read() as connection:
            return load_sheet(connection, code)

    @property
    def is_adjudication(self) -> bool:
        """Whether it holds what two readers scored before."""
        return bool(self._others)

    def others(self, code: str) -> tuple[Sheet, Sheet]:
        """Return what Reader 1 and Reader 2 scored, two empty sheets in a reading that is no adjudication.

        Who is which is drawn for each case and not in the reading.

        Raises:
            UnknownCaseError: There is no such case.
        """
        self._require(code)
        return self._others.get(code, ({}, {}))

    def open_array(self, image: ImageRecord) -> np.memmap[Any, Any]:
        """Return a read-only memory map (slice, row, column); :meth:`verify_case` checks the digest.

        Raises:
            DamagedStoreError: The file is missing or another.
            ValueError: *image* has no pixels; its ``missing_reason`` says why.
        """
        if image.array is None:
            raise ValueError(f"{image.letter}/{image.role} has no pixels")
        return arrays.open_array(self._volumes, image.array)

    def read_array(self, image: ImageRecord) -> np.ndarray[Any, Any]:
        """Return what :meth:`open_array` maps, read into memory.

        Raises:
            DamagedStoreError: The file is missing or another.
            ValueError: *image* has no pixels.
        """
        if image.array is None:
            raise ValueError(f"{image.letter}/{image.role} has no pixels")
        return arrays.read_array(self._volumes, image.array)

    def array_path(self, image: ImageRecord) -> Path | None:
        """Return the ``.npy`` file with the pixels of a picture; None where it has none.

        Raises:
            DamagedStoreError: Its name is none of ours.
        """
        return arrays.array_path(self._volumes, image.array) if image.array else None

    # Changing a case

    def give_reason(self, code: str, reason: str) -> None:
        """Say why a case is changed: its changes carry this in the audit trail until it is closed.

        A reopened case takes no change without one.

        Raises:
            UnknownCaseError: There is no such case.
            ReasonNeededError: The reason is empty.
        """
        self._require(code)
        self._reasons[code] = reason_words(code, reason)

    @contextmanager
    def _changing(self, code: str, *, needs_reason: bool = True) -> Generator[tuple[Connection, Writer]]:
        """Give a transaction for writing to a case that is not signed, and who writes.

        Raises:
            CaseSignedError: It is signed.
            ReasonNeededError: It was signed and reopened, and nobody said why it is changed.
        """
        with self._store.write() as connection:
            state = case_state(connection, code)
            if state.signed:
                raise CaseSignedError(code)
            reason = self._reasons.get(code) if state.reopened else None
            if needs_reason and state.reopened and reason is None:
                raise ReasonNeededError(code)
            yield connection, Writer(self.reader, self._clock, reason)

    @property
    def _volumes(self) -> Path:
        return self.folder / schema.VOLUMES

    def _require(self, code: str) -> None:
        if code not in self._sides:
            raise UnknownCaseError(code)

    def _require_letter(self, code: str, letter: str) -> None:
        if letter not in self._letters(code):
            raise UnknownCellError(f"timepoint {letter!r} in case {code}")

    def _images(self, code: str, letter: str) -> tuple[ImageRecord, ...]:
        return next(timepoint.images for timepoint in self._timepoints[code] if timepoint.letter == letter)

    def _letters(self, code: str) -> tuple[str, ...]:
        return tuple(timepoint.letter for timepoint in self._timepoints.get(code, ()))


def _open_upgraded_copy(path: Path, opened: ExitStack) -> Store:
    """Open a copy of an older database, brought up to date; *opened* closes and removes it."""
    from storage.migration import upgraded_copy

    folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="reading-"))
    copy = Path(folder) / schema.DATABASE
    upgraded_copy(path, schema.READING, copy)
    return opened.enter_context(open_store(copy, schema.READING, read_only=True))


def _status(code: str, state: CaseState | None, filled: dict[str, int]) -> CaseStatus:
    if state is not None and state.signed:
        return "signed"
    return "open" if code in filled else "untouched"


def reason_words(code: str, reason: str) -> str:
    """Return a reason without spaces around it.

    Raises:
        ReasonNeededError: Nothing is left.
    """
    words = reason.strip()
    if not words:
        raise ReasonNeededError(code)
    return words
