"""The values that go into a reading and come out of it; none can hold a visit, a date or an identity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import numpy as np

from scoring_forms.domain.form import Form
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Cell, Score, Sheet
from storage.annotations import Annotations
from storage.arrays import StoredArray
from storage.audit import Entry, Head

CaseStatus = Literal["untouched", "open", "signed"]


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """One picture of a timepoint, or why there is none.

    Attributes:
        role: Series role (``"cor_t1_pre"``).
        letter: The timepoint.
        frame: Frame of reference as a number 1, 2, … of the timepoint; None for films, and where it is
            not known.
        array: The pixels on disk, (slice, row, column); None when missing.
        affine: 16 numbers, row by row: (slice, row, column, 1) to mm, LPS, from the timepoint's origin.
        spacing_mm: Slice step (None for one slice), row, column.
        pixel_spacing_mm: Row, column; also of films.
        spacing_at: ``"patient"``, ``"detector"`` or None.
        pixel_aspect: Row spacing / column spacing.
        rescale_slope: Stored value times this plus
        rescale_intercept: this is the modality value.
        monochrome1: High stored values are dark.
        row_letters: Toward the left and right end of a row, of films.
        column_letters: Toward the top and bottom of a column, of films.
        padding: Stored values, lowest and highest, that are no picture.
        missing_reason: Why there are no pixels, in words that tell no visit.
    """

    role: str
    letter: str
    frame: int | None = None
    array: StoredArray | None = None
    affine: tuple[float, ...] | None = None
    spacing_mm: tuple[float | None, float, float] | None = None
    pixel_spacing_mm: tuple[float, float] | None = None
    spacing_at: str | None = None
    pixel_aspect: float = 1.0
    rescale_slope: float = 1.0
    rescale_intercept: float = 0.0
    monochrome1: bool = False
    row_letters: tuple[str, str] | None = None
    column_letters: tuple[str, str] | None = None
    padding: tuple[float, float] | None = None
    missing_reason: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ImageSpec:
    """A picture to put into a reading: its record, still without array, and its pixels if there are any."""

    record: ImageRecord
    pixels: np.ndarray[Any, Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TimepointSpec:
    """A timepoint to put into a reading.

    ``images`` is gone through once, when its turn comes, so it may decode each picture then (a generator).
    """

    letter: str
    images: Iterable[ImageSpec]


@dataclass(frozen=True, slots=True, eq=False)
class CaseSpec:
    """A case to put into a reading; ``side`` is that of one-sided systems, else None.

    ``others`` are the scores of Reader 1 and Reader 2 for an adjudication, else nothing; their comments
    stay outside.
    """

    code: str
    side: str | None
    timepoints: tuple[TimepointSpec, ...]
    others: tuple[Sheet, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ReadingSpec:
    """All that a reading will hold; the cases in the order they are to be read."""

    reader: str
    round_title: str
    reading_design: str
    form: Form
    cases: tuple[CaseSpec, ...]
    rules: RoundRules = field(default_factory=RoundRules)


@dataclass(frozen=True, slots=True)
class Timepoint:
    """A visit as the reader sees it: a letter and its pictures."""

    letter: str
    images: tuple[ImageRecord, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What is read at once."""

    code: str
    side: str | None
    status: CaseStatus
    timepoints: tuple[Timepoint, ...]


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """One line of the worklist; ``position`` counts from 1, ``missing`` counts empty cells.

    ``reopened`` is True for a case that is open again after a signature: its changes need a reason.
    """

    code: str
    position: int
    status: CaseStatus
    side: str | None
    letters: tuple[str, ...]
    missing: int
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """A reader's name under the scores of a case.

    ``sha256`` covers scores, annotations, image digests, form, rules, the audit trail up to ``head``, name,
    time and meaning, so that it cannot be moved to anything else (21 CFR 11.50, 11.70). ``seal_version``
    tells how it was made.
    """

    case_code: str
    printed_name: str
    utc: datetime
    meaning: str
    head: Head
    sha256: str
    seal_version: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What leaves the reading at signing: it shows later whether the audit trail was cut or rewritten."""

    case_code: str
    signer: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class ReopenRequest:
    """A reader asks for a signed case: when, why, and which signature (its receipt's hash) to lift."""

    case_code: str
    seq: int
    utc: datetime
    receipt: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reopening:
    """The audit row in which a signature (its receipt's hash) was lifted, and by which grant."""

    seq: int
    receipt: str
    grant: str


@dataclass(frozen=True, slots=True)
class SignedCase:
    """A signed case as it goes back to the coordinator.

    ``digests`` are SHA-256 of the pictures by ``"letter/role"``; ``entries`` the audit rows of this case;
    ``reopenings`` the earlier signatures that were lifted.
    """

    code: str
    side: str | None
    letters: tuple[str, ...]
    signature: Signature
    receipt: Receipt
    sheet: Mapping[Cell, Score]
    digests: Mapping[str, str]
    entries: tuple[Entry, ...]
    annotations: Annotations
    reopenings: tuple[Reopening, ...]
