"""What the study's store takes and gives: frozen values, no database objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring_forms.domain.form import Form
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Cell, Score
from storage.annotations import Annotations


@dataclass(frozen=True, slots=True)
class Visit:
    """A scheduled examination; ``week`` is nominal."""

    label: str
    week: float | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A patient under a study code; ``side`` is the imaged hand of one-sided systems, if known."""

    code: str
    side: str | None = None


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """An imported file: ``originals/NAME`` holds it byte for byte."""

    name: str
    sop_instance_uid: str
    sha256: str
    size: int
    study_instance_uid: str
    subject: str
    visit: str


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """A series as scanned, where it is filed, and what it is for.

    ``facts`` is whatever the importer needs to read the series again (plain JSON values); the
    store does not look inside.
    """

    series_uid: str
    study_instance_uid: str
    subject: str
    visit: str
    modality: str
    role: str
    recognised_role: str
    role_reason: str
    overruled: bool = False
    patient_id: str | None = None
    study_date: str | None = None
    laterality: str | None = None
    problems: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What one planned read is: its images, form, design, readers and rules.

    ``adjudication`` are the rules that send cases to adjudication and ``method`` what an adjudication does
    (None: that of the program, for rounds of before 1.2); ``rules`` is what is asked of the readers.
    """

    title: str
    form: Form
    design: str
    visits: tuple[str, ...]
    readers: tuple[str, ...]
    repeat: float
    seed: int
    adjudication: tuple[str, ...]
    out_folder: str
    rules: RoundRules = field(default_factory=RoundRules)
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A stored round; ``locked_utc`` is None as long as readings may come in."""

    id: int
    plan: RoundPlan
    locked_utc: str | None = None

    @property
    def locked(self) -> bool:
        """Whether scores may be joined with visits."""
        return self.locked_utc is not None


@dataclass(frozen=True, slots=True)
class AllocatedImage:
    """Which series a reader sees in a role, and the SHA-256 of its array file."""

    role: str
    series_uid: str
    sha256: str


@dataclass(frozen=True, slots=True)
class AllocatedTimepoint:
    """The key of one timepoint: its letter in the reading and its visit."""

    letter: str
    visit: str
    images: tuple[AllocatedImage, ...] = ()


@dataclass(frozen=True, slots=True)
class AllocatedCase:
    """The key of one case."""

    code: str
    position: int
    subject: str
    side: str | None
    repeat: bool
    timepoints: tuple[AllocatedTimepoint, ...]

    def visit_of(self, letter: str) -> str:
        """Return the visit behind a timepoint letter."""
        return next(timepoint.visit for timepoint in self.timepoints if timepoint.letter == letter)


@dataclass(frozen=True, slots=True)
class AdjudicatedCase:
    """The key of one case of an adjudication; an ordinary one is mixed in, no rule found it."""

    code: str
    ordinary: bool
    reader_1: str
    reader_2: str


@dataclass(frozen=True, slots=True)
class Adjudication:
    """What makes a reading an adjudication.

    Attributes:
        mix: Ordinary cases for each case that disagrees.
        seed: What its orders and sides were drawn with.
        cases: Who Reader 1 and Reader 2 of each case are.
    """

    mix: float
    seed: int
    cases: tuple[AdjudicatedCase, ...]


@dataclass(frozen=True, slots=True)
class AllocatedReading:
    """One reader's share of a round; ``path`` is absolute, ``head`` the hash its audit trail starts with.

    ``adjudication`` is None for the planned readers.
    """

    code: str
    reader: str
    path: str
    head: str
    cases: tuple[AllocatedCase, ...]
    adjudication: Adjudication | None = None


@dataclass(frozen=True, slots=True)
class CollectedCase:
    """What came back for one case: its receipt, seal, every cell and what was left beside the scores."""

    code: str
    receipt: Mapping[str, Any]
    seal: str
    sheet: Mapping[Cell, Score]
    annotations: Annotations = field(default_factory=Annotations)
    seal_version: int = 1


@dataclass(frozen=True, slots=True)
class AskedReopening:
    """A reader asks for a signed case.

    Attributes:
        reading: Code of the reading.
        case: Code of the case.
        seq: Row of the reading's audit trail.
        utc: When, ISO 8601.
        receipt: Hash of the signature it asks to lift.
        reason: Why, in the reader's words.
        grant: The number of the coordinator's grant, or None while there is none.
    """

    reading: str
    case: str
    seq: int
    utc: str
    receipt: str
    reason: str
    grant: str | None = None
