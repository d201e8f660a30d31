"""A reading as its reader has it: cases, sheets, signatures. Domain values in, domain values out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from scoring_forms.domain.completeness import missing_cells
from scoring_forms.domain.errors import UnknownCellError
from scoring_forms.domain.form import Form, form_from_dict
from scoring_forms.domain.score import Cell, Score
from storage import arrays, audit, passwords
from storage.audit import SYSTEM_CLOCK, Clock, Entry, Event, Head
from storage.engine import Store, open_store
from storage.errors import (
    CaseSignedError,
    DamagedStoreError,
    ForeignFileError,
    IncompleteCaseError,
    OlderStoreError,
    StorageError,
    TamperedError,
    UnknownCaseError,
    WrongPasswordError,
)
from storage.reading import schema, signing
from storage.reading.content import image_digests, load_timepoints
from storage.reading.landmarks import Landmark, LandmarkKey, add_landmark, load_landmarks
from storage.reading.records import (
    Case,
    CaseStatus,
    CaseSummary,
    ImageRecord,
    Receipt,
    Signature,
    SignedCase,
)
from storage.reading.scores import SCORE_ACTIONS, add_scores, count_filled, load_sheet
from storage.reading.transforms import Origin, Transform, add_transform, load_transforms, transform_from
from storage.reading.verify import database_findings, trail_findings

Checkpoint = Callable[[int, int], None]


class Reading:
    """An open ``CODE.reading`` folder; one writer at a time, a job in another thread may share it.

    Attributes:
        folder: Where it lies.
        reader: Whose reading it is.
        round_title: What the round is called.
        reading_design: ``"paired"``, ``"single"`` or ``"chronological"``.
        form: What is to be scored, as it was when the reading was prepared.
    """

    def __init__(self, store: Store, clock: Clock, folder: Path) -> None:
        self._store, self._clock = store, clock
        self._open = ExitStack()
        self.folder = folder
        with store.read() as connection:
            row = connection.execute(select(schema.reading)).one()
            cases = connection.execute(select(schema.reading_case).order_by(schema.reading_case.c.position))
            self._sides: dict[str, str | None] = {case.code: case.side for case in cases}
            self._timepoints = load_timepoints(connection)
        self.reader: str = row.reader
        self.round_title: str = row.round_title
        self.reading_design: str = row.reading_design
        self.form: Form = form_from_dict(json.loads(row.form))
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
            signed = signing.signed_codes(connection)
        lines = sum(1 for _ in self.form.items())
        return tuple(
            CaseSummary(
                code,
                position,
                _status(code, signed, filled),
                side,
                self._letters(code),
                lines * len(self._letters(code)) - filled.get(code, 0),
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
            status = _status(code, {code} if signing.is_signed(connection, code) else set(), filled)
        return Case(code, self._sides[code], status, self._timepoints.get(code, ()))

    def sheet(self, code: str) -> dict[Cell, Score]:
        """Return the newest score of every cell that has one.

        Raises:
            UnknownCaseError: There is no such case.
        """
        self._require(code)
        with self._store.read() as connection:
            return load_sheet(connection, code)

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

    # Scoring

    def record(self, code: str, changes: Sequence[tuple[Cell, Score | None]], action: str) -> datetime:
        """Save changes of one case in one transaction and return, after the commit, when it was (UTC).

        Args:
            code: The case.
            changes: At least one; None empties a cell. A cell may come twice, the later wins.
            action: One of :data:`storage.reading.scores.SCORE_ACTIONS`.

        Raises:
            UnknownCaseError, UnknownCellError, ScoreOutOfRangeError, BadReasonError: Nothing was saved.
            CaseSignedError: The case is locked.
            StorageFullError, StorageUnavailableError, StoreBusyError: Nothing was saved; try again.
        """
        if not changes or action not in SCORE_ACTIONS:
            raise ValueError(f"no changes, or an unknown action {action!r}")
        self._require(code)
        for cell, score in changes:
            self._validate(code, cell, score)
        with self._open_case(code) as connection:
            entries = add_scores(connection, code, changes, action, self.reader, self._clock)
        return entries[-1].time

    @contextmanager
    def _open_case(self, code: str) -> Generator[Connection]:
        """Give a transaction for writing to a case that is not signed."""
        with self._store.write() as connection:
            if signing.is_signed(connection, code):
                raise CaseSignedError(code)
            yield connection

    def _validate(self, code: str, cell: Cell, score: Score | None) -> None:
        self._require_letter(code, cell.timepoint)
        if score is None:
            self.form.item(cell)
        else:
            self.form.validate(cell, score)

    def case_opened(self, code: str) -> None:
        """Tell the audit trail that the reader looks at a case."""
        self._tell("case.opened", code)

    def case_closed(self, code: str) -> None:
        """Tell the audit trail that the reader went on."""
        self._tell("case.closed", code)

    def _tell(self, action: str, code: str) -> None:
        self._require(code)
        with self._store.write() as connection:
            audit.append(connection, Event(action, self.reader, "reader", code), clock=self._clock)

    # Where things are

    def landmarks(self, code: str) -> dict[LandmarkKey, Landmark]:
        """Return where the reader saw the sites of a case, by (timepoint letter, site, side or None).

        Raises:
            UnknownCaseError: There is no such case.
        """
        self._require(code)
        with self._store.read() as connection:
            return load_landmarks(connection, code)

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
        with self._open_case(code) as connection:
            add_landmark(connection, code, (letter, site, side), landmark, self.reader, self._clock)

    def transform(self, code: str, letter: str, frame: int = 1) -> Transform | None:
        """Return how a frame of a timepoint lies to that of timepoint A, or None while nobody knows.

        Raises:
            UnknownCaseError: There is no such case.
        """
        self._require(code)
        with self._store.read() as connection:
            return load_transforms(connection, code).get((letter, frame))

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
        with self._open_case(code) as connection:
            add_transform(connection, code, (letter, frame), transform, self.reader, self._clock)

    # How the reader left the window

    def remember(self, key: str, value: str) -> None:
        """Keep how a case was looked at, e.g. key ``"K7Q2M/window"``; of a signed case nothing is kept."""
        code = key.partition("/")[0]
        with self._store.write() as connection:
            if not signing.is_signed(connection, code):
                row = upsert(schema.view_memory).values(key=key, value=value)
                connection.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": value}))

    def recall(self, key: str) -> str | None:
        """Return what was kept under *key*, or None."""
        with self._store.read() as connection:
            query = select(schema.view_memory.c.value).where(schema.view_memory.c.key == key)
            return connection.execute(query).scalar()

    # Signing

    def has_password(self) -> bool:
        """Whether a first signature has set this reading's password."""
        with self._store.read() as connection:
            return signing.stored_password(connection) is not None

    def sign(self, code: str, password: str, name: str | None = None) -> Signature:
        """Sign a complete case and lock it; takes half a second. Never call it inside :meth:`transaction`.

        Args:
            code: The case.
            password: The first signature sets it, later ones must match.
            name: The name to print; by default the reader's.

        Raises:
            UnknownCaseError, CaseSignedError: There is nothing to sign.
            IncompleteCaseError: Cells are empty; it names them.
            TamperedError, DamagedStoreError: Rows or pictures are not as they were written.
            PasswordTooShortError, WrongPasswordError, PasswordDelayError: The password was not taken.
        """
        self._require(code)
        with self._store.read() as connection:
            findings = trail_findings(connection, self.form)
            if findings:
                raise TamperedError(self._store.path, findings)
            self._require_ready(connection, code)
        new_password = self._check_password(code, password)
        self.verify_case(code)
        with self._store.write() as connection:
            self._require_ready(connection, code)  # another thread may have changed a score meanwhile
            return signing.add_signature(
                connection, code, self.form, name or self.reader, new_password, self._clock
            )

    def _require_ready(self, connection: Connection, code: str) -> None:
        if signing.is_signed(connection, code):
            raise CaseSignedError(code)
        missing = missing_cells(self.form, load_sheet(connection, code), self._letters(code))
        if missing:
            raise IncompleteCaseError(code, missing)

    def _check_password(self, code: str, password: str) -> str | None:
        """Return the hash to store when this password is the first, else None when it fits."""
        with self._store.read() as connection:
            stored = signing.stored_password(connection)
            if stored is not None:
                signing.refuse_hasty_attempt(connection, self._clock.utc())
        if stored is None:
            return passwords.hash_password(password)
        if not passwords.fits(stored, password):
            with self._store.write() as connection:
                signing.add_failed_attempt(connection, code, self.reader, self._clock)
            raise WrongPasswordError
        return None

    def receipts(self) -> tuple[Receipt, ...]:
        """Return the receipt of every signature, in the order of signing."""
        with self._store.read() as connection:
            return tuple(receipt for _, receipt in signing.load_signatures(connection))

    def signed_cases(self) -> tuple[SignedCase, ...]:
        """Return all that goes back to the coordinator, in the order of signing; :meth:`verify` first."""
        with self._store.read() as connection:
            return tuple(
                SignedCase(
                    receipt.case_code,
                    self._sides[receipt.case_code],
                    self._letters(receipt.case_code),
                    signature,
                    receipt,
                    load_sheet(connection, receipt.case_code),
                    image_digests(connection, receipt.case_code),
                    audit.entries(connection, receipt.case_code),
                )
                for signature, receipt in signing.load_signatures(connection)
            )

    # Checks

    def verify_case(self, code: str, checkpoint: Checkpoint | None = None) -> None:
        """Check the digest of every picture of a case; do so once when it opens.

        Args:
            code: The case.
            checkpoint: Called with (pictures done, pictures in all).

        Raises:
            DamagedStoreError: A picture is missing or not the one that was prepared.
        """
        images = [image for timepoint in self.case(code).timepoints for image in timepoint.images]
        stored = [image.array for image in images if image.array is not None]
        for done, array in enumerate(stored):
            if checkpoint is not None:
                checkpoint(done, len(stored))
            path = arrays.array_path(self._volumes, array)
            if not path.is_file() or arrays.digest_of(path) != array.sha256:
                raise DamagedStoreError(path, "this picture is missing or not the one that was prepared")
        if checkpoint is not None:
            checkpoint(len(stored), len(stored))

    def verify(self, checkpoint: Checkpoint | None = None) -> list[str]:
        """Return what is wrong with the whole reading in plain words; nothing when all is well.

        Args:
            checkpoint: Called with (cases done, cases in all) while the pictures are checked.
        """
        with self._store.read() as connection:
            findings = [*database_findings(connection), *trail_findings(connection, self.form)]
        for done, code in enumerate(self._sides):
            if checkpoint is not None:
                checkpoint(done, len(self._sides))
            try:
                self.verify_case(code)
            except DamagedStoreError as error:
                findings.append(f"Case {code}: {error}")
        if checkpoint is not None:
            checkpoint(len(self._sides), len(self._sides))
        return findings

    def audit_entries(self) -> tuple[Entry, ...]:
        """Return the whole audit trail, from the first row."""
        with self._store.read() as connection:
            return audit.entries(connection)

    def audit_head(self) -> Head:
        """Return the newest row of the audit trail."""
        with self._store.read() as connection:
            return audit.head(connection)

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


def _status(code: str, signed: set[str], filled: dict[str, int]) -> CaseStatus:
    if code in signed:
        return "signed"
    return "open" if code in filled else "untouched"
