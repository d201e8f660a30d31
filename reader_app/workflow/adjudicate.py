"""The adjudication of a round: a blinded reading of the cases that disagree, with ordinary ones among them.

The adjudicator has both readers' scores as Reader 1 and Reader 2; who is which is drawn for each case and
kept in the study alone.
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from reader_app.workflow.adjudication_rules import adjudication_seed
from reader_app.workflow.blinded_images import Decoder
from reader_app.workflow.disagreements import Comparison, WhatCameBack, compare_readers, what_came_back
from reader_app.workflow.errors import (
    AdjudicationError,
    CasesAwaitedError,
    RoundLockedError,
    UndecodableSubjectError,
)
from reader_app.workflow.prepare_round import gather
from reader_app.workflow.reading_builder import (
    Checkpoint,
    Material,
    ReadingBuilder,
    place_readings,
    unfinished_folder,
)
from reader_app.workflow.reading_order import PlannedCase, draw_orders, draw_seed
from scoring_forms.domain.adjudication_rule import PLANNED
from scoring_forms.domain.score import Sheet
from storage.study.records import AdjudicatedCase, Adjudication, AllocatedReading, Round
from storage.study.store import Study

MIX = 0.2


@dataclass(frozen=True, slots=True)
class AdjudicationRequest:
    """What the coordinator asks for.

    Attributes:
        round: Title or id.
        adjudicator: Who decides; nobody who read the round.
        mix: Ordinary cases for each case that disagrees, 0 to 1; any share above 0 gives at least one.
        anyway: Prepare although cases are not collected yet.
        seed: Of order, letters, sides and ordinary cases; drawn where it is None.
    """

    round: str
    adjudicator: str
    mix: float = MIX
    anyway: bool = False
    seed: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Chosen:
    """Which subjects are adjudicated, in order of their codes; ordinary ones are among them."""

    subjects: tuple[str, ...]
    ordinary: frozenset[str]
    material: Mapping[str, Material]
    first_reader: Mapping[str, str]


def prepare_adjudication(
    study: Study, request: AdjudicationRequest, checkpoint: Checkpoint
) -> AllocatedReading:
    """Build the adjudicator's reading of a round and return its key; all of it, or nothing.

    Args:
        study: Open for writing.
        request: What is asked for.
        checkpoint: Called with timepoints done and in all.

    Raises:
        UnknownRoundError, RoundLockedError: There is no round that could be adjudicated.
        NothingToCompareError: It has no rule, or one reader, or nothing came back from all of them.
        CasesAwaitedError: Not everything is collected; ask with ``anyway``.
        AdjudicationError: Says what else is in the way.
    """
    chosen = study.round(request.round)
    if chosen.locked:
        raise RoundLockedError(chosen.plan.title)
    name = _checked_name(chosen, request)
    comparison = compare_readers(study, chosen)
    if comparison.n_readers > PLANNED:
        raise AdjudicationError(
            f"Adjudication is between two readers; the round {chosen.plan.title!r} has {comparison.n_readers}"
        )
    if comparison.waiting and not request.anyway:
        raise CasesAwaitedError(len(comparison.waiting))
    seed = draw_seed() if request.seed is None else request.seed
    generator = np.random.Generator(np.random.PCG64(seed))
    back = what_came_back(study, study.readings(chosen.id))
    subjects, ordinary = _subjects(study, comparison, request, name, generator)
    material = _material(study, chosen, subjects)
    picked = _Chosen(subjects, ordinary, material, _sides(subjects, chosen.plan.readers, generator))
    study.note(
        "seed.drawn",
        item=adjudication_seed(chosen.plan.title),
        new=hashlib.sha256(str(seed).encode()).hexdigest(),
    )
    return _build(study, chosen, replace(request, adjudicator=name, seed=seed), picked, back, checkpoint)


def _person(name: str) -> str:
    """Return a name in which capitals, spaces and how accents are stored make no difference."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def _checked_name(chosen: Round, request: AdjudicationRequest) -> str:
    name = request.adjudicator.strip()
    if not name or not name.isprintable():
        raise AdjudicationError("The adjudicator needs a name of one line")
    if _person(name) == "final":
        raise AdjudicationError(
            "Nobody can be called 'final'; tables use that word for the score that counts"
        )
    if _person(name) in map(_person, chosen.plan.readers):
        raise AdjudicationError(
            f"{name} read the cases of the round {chosen.plan.title!r}; somebody else has to adjudicate them"
        )
    if not 0 <= request.mix <= 1:
        raise AdjudicationError("The rate of ordinary cases is a number from 0 to 1")
    return name


def _subjects(
    study: Study,
    comparison: Comparison,
    request: AdjudicationRequest,
    name: str,
    generator: np.random.Generator,
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return who is adjudicated now, and which of them are ordinary."""
    round_id, title = comparison.round.id, comparison.round.plan.title
    earlier = study.adjudications(round_id)
    if _person(name) in (_person(one.reader) for one in earlier):
        raise AdjudicationError(f"{name} has an adjudication reading of the round {title!r} already")
    subject_of = {code: subject for subject, code in study.round_codes(round_id).items()}
    taken = {case.subject for one in earlier for case in one.cases}
    disputed = {subject_of[one.case] for one in comparison.disagreements}
    if not disputed:
        raise AdjudicationError(f"No collected case of the round {title!r} disagrees by its rules")
    due = sorted(disputed - taken)
    if not due:
        raise AdjudicationError(
            f"Every case that disagrees in the round {title!r} is in an adjudication reading already"
        )
    agreed = sorted({subject_of[code] for code in comparison.compared} - disputed - taken)
    count = min(len(agreed), math.ceil(round(request.mix * len(due), 9)))
    ordinary = frozenset(agreed[int(index)] for index in generator.permutation(len(agreed))[:count])
    return tuple(sorted((*due, *ordinary))), ordinary


def _sides(subjects: Sequence[str], readers: Sequence[str], generator: np.random.Generator) -> dict[str, str]:
    """Return who is Reader 1 of each subject: each of the two in half of the cases, which ones is drawn."""
    sides = generator.permutation([number % PLANNED for number in range(len(subjects))])
    return {subject: readers[int(side)] for subject, side in zip(subjects, sides, strict=True)}


def _material(study: Study, chosen: Round, subjects: Sequence[str]) -> dict[str, Material]:
    """Return the pictures of *subjects*, which must be those that the readers saw.

    Raises:
        AdjudicationError: They are others, or not there any more.
    """
    found, _ = gather(study, chosen.plan.form, chosen.plan.visits)
    seen = _seen(study, chosen)
    material: dict[str, Material] = {}
    for subject in subjects:
        there = found.get(subject)
        if there is None or _series_of(there) != seen[subject]:
            raise AdjudicationError(
                f"The images of subject {subject} are not those the readers of the round "
                f"{chosen.plan.title!r} saw"
            )
        material[subject] = there
    return material


def _seen(study: Study, chosen: Round) -> dict[str, set[tuple[str, str, str]]]:
    """Return visit, role and series of everything the readers were shown, by subject."""
    seen: dict[str, set[tuple[str, str, str]]] = {}
    for reading in study.readings(chosen.id):
        for case in reading.cases:
            for timepoint in case.timepoints:
                shown = ((timepoint.visit, image.role, image.series_uid) for image in timepoint.images)
                seen.setdefault(case.subject, set()).update(shown)
    return seen


def _series_of(material: Material) -> set[tuple[str, str, str]]:
    return {
        (visit, status.role, status.series[0].series_uid)
        for visit, statuses in material.visits.items()
        for status in statuses
        if status.series
    }


def _build(
    study: Study,
    chosen: Round,
    request: AdjudicationRequest,
    picked: _Chosen,
    back: WhatCameBack,
    checkpoint: Checkpoint,
) -> AllocatedReading:
    # beside the readers' readings: a study that was moved has them inside still
    beside = Path(study.readings(chosen.id)[0].path).parent
    plan = replace(chosen.plan, out_folder=str(beside))
    name, seed = request.adjudicator, request.seed or 0
    timepoints = {subject: tuple(one.visits) for subject, one in picked.material.items()}
    (cases,) = draw_orders(timepoints, (name,), plan.design, 0, seed).values()
    total = sum(len(case.visits) for case in cases)

    def others(case: PlannedCase) -> tuple[Sheet, ...]:
        readers = _in_order(picked.first_reader[case.subject], plan.readers)
        return tuple(_sheet_of(reader, case, back) for reader in readers)

    stored: list[AllocatedReading] = []

    def store(built: Sequence[AllocatedReading]) -> None:
        keys = tuple(
            AdjudicatedCase(
                case.code,
                case.subject in picked.ordinary,
                *_in_order(picked.first_reader[case.subject], plan.readers),
            )
            for case in built[0].cases
        )
        stored.append(replace(built[0], adjudication=Adjudication(request.mix, seed, keys)))
        study.allocate(chosen.id, {}, stored, {})

    with (
        study.work_folder() as work,
        Decoder(study.originals, work if plan.design == "single" else None) as decoder,
        unfinished_folder(study, plan.out_folder) as unfinished,
    ):
        builder = ReadingBuilder(plan, unfinished, picked.material, decoder, study.codes(), total, checkpoint)
        try:
            built = builder.build(name, cases, others)
        except UndecodableSubjectError as error:
            raise AdjudicationError(f"Subject {error.subject}, {str(error).rstrip('.')}") from error
        place_readings(unfinished, (built,), store)
    return stored[0]


def _in_order(first: str, readers: Sequence[str]) -> tuple[str, str]:
    (second,) = (reader for reader in readers if reader != first)
    return first, second


def _sheet_of(reader: str, case: PlannedCase, back: WhatCameBack) -> Sheet:
    """Return what a reader scored of a subject, with the letters of *case* and without comments."""
    letter_of = {visit: letter for letter, visit in case.letters}
    return {
        replace(cell, timepoint=letter_of[read.visits[cell.timepoint]]): replace(score, comment="")
        for read in back.cases[case.subject]
        if read.reader == reader
        for cell, score in read.sheet.items()
        if read.visits[cell.timepoint] in letter_of
    }
