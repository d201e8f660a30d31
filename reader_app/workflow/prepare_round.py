"""A round: which images are read how and by whom; and its readings, built from what a reader may know."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reader_app.workflow.adjudication_rules import check_adjudication
from reader_app.workflow.blinded_images import Decoder
from reader_app.workflow.errors import (
    BadRoundError,
    NothingToReadError,
    UndecodableSubjectError,
    UnknownNameError,
)
from reader_app.workflow.reading_builder import Material, ReadingBuilder, place_readings, unfinished_folder
from reader_app.workflow.reading_order import (
    DESIGNS,
    LETTERS,
    SEED_BITS,
    draw_orders,
    draw_seed,
)
from reader_app.workflow.round_title import check_title, check_words
from reader_app.workflow.series_roles import RoleStatus, fill_roles, side_of
from scoring_forms.domain.adjudication_rule import Method
from scoring_forms.domain.form import Form, compose_form
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.scoring_system import ScoringSystem
from scoring_forms.domain.systems import available_systems
from storage.study.errors import TitleTakenError
from storage.study.records import (
    AllocatedReading,
    Round,
    RoundPlan,
    StoredSeries,
    Subject,
)
from storage.study.store import READINGS, Study

Checkpoint = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class RoundRequest:
    """What the coordinator asks for; None and empty mean all features, all visits, a drawn seed.

    ``adjudication`` are the rules that send cases to adjudication, ``method`` is what an adjudication does;
    ``rules`` is what is asked of the readers.
    """

    title: str
    systems: tuple[str | ScoringSystem, ...]
    readers: tuple[str, ...]
    features: tuple[str, ...] = ()
    design: str = "paired"
    visits: tuple[str, ...] = ()
    repeat: float = 0.0
    seed: int | None = None
    adjudication: tuple[str, ...] = ()
    out: Path | None = None
    rules: RoundRules = field(default_factory=RoundRules)
    method: Method = "two_closest"


@dataclass(frozen=True, slots=True)
class PreparedRound:
    """A round with its readings, and the subjects it could not take with the reasons."""

    round: Round
    readings: tuple[AllocatedReading, ...]
    skipped: Mapping[str, str]


def prepare_round(study: Study, request: RoundRequest, checkpoint: Checkpoint) -> PreparedRound:
    """Define a round and build one reading for each reader; all of it, or nothing.

    Args:
        study: Open for writing.
        request: What is asked for.
        checkpoint: Called with timepoints done and in all.

    Raises:
        BadRoundError, TitleTellsError, TitleTakenError, UnknownNameError: The request cannot be done.
        ScoringError: An unknown system or feature, or two systems of one id.
        NothingToReadError: No subject is left.
    """
    plan = plan_round(study, request)
    material, skipped = gather(study, plan.form, plan.visits)
    study.note("seed.drawn", item=plan.title, new=hashlib.sha256(str(plan.seed).encode()).hexdigest())
    keep = len(plan.readers) > 1 or plan.repeat > 0
    with study.work_folder() as work, Decoder(study.originals, work if keep else None) as decoder:
        while material:
            try:
                return _build(study, plan, material, skipped, decoder, checkpoint)
            except UndecodableSubjectError as error:
                skipped[error.subject] = str(error)
                del material[error.subject]
    raise NothingToReadError(tuple(skipped.items()))


def _build(
    study: Study,
    plan: RoundPlan,
    material: Mapping[str, Material],
    skipped: Mapping[str, str],
    decoder: Decoder,
    checkpoint: Checkpoint,
) -> PreparedRound:
    """Build every reading, then store round and key in one transaction; an error leaves neither."""
    timepoints = {subject: tuple(one.visits) for subject, one in material.items()}
    orders = draw_orders(timepoints, plan.readers, plan.design, plan.repeat, plan.seed)
    total = sum(len(case.visits) for cases in orders.values() for case in cases)
    added: list[Round] = []

    def store(built: Sequence[AllocatedReading]) -> None:
        round_codes = builder.new_codes(len(material))
        with study.transaction():
            added.append(study.add_round(plan))
            study.allocate(added[0].id, dict(zip(material, round_codes, strict=True)), built, skipped)

    with unfinished_folder(study, plan.out_folder) as unfinished:
        builder = ReadingBuilder(plan, unfinished, material, decoder, study.codes(), total, checkpoint)
        built = tuple(builder.build(reader, orders[reader]) for reader in plan.readers)
        place_readings(unfinished, built, store)
    return PreparedRound(added[0], built, dict(skipped))


def plan_round(study: Study, request: RoundRequest) -> RoundPlan:
    """Return the checked plan of a round, with the seed drawn if none was given.

    Raises:
        BadRoundError, TitleTellsError, SystemTellsError, TitleTakenError, UnknownNameError, ScoringError.
    """
    title = request.title.strip()
    check_title(title, study.visits(), study.subjects())
    taken = [one.plan.title for one in study.rounds()]
    if title.casefold() in (one.casefold() for one in taken):
        raise TitleTakenError(title)
    form = compose_form(request.systems, request.features or None)
    if len({part.system.modality for part in form.parts}) > 1:
        raise BadRoundError("MR and radiographs are always separate rounds; choose systems of one of them")
    for part in form.parts:
        if part.system.id not in available_systems():
            check_words(part.system, study.visits(), study.subjects())
    check_adjudication(request.adjudication, request.readers, form)
    known = [visit.label for visit in study.visits()]
    for label in request.visits:
        if label not in known:
            raise UnknownNameError("visit", label, known)
    _check_numbers(request)
    if request.design != "single" and len(request.visits or known) > len(LETTERS):
        raise BadRoundError(f"A case can show {len(LETTERS)} visits at most; name fewer with --visits")
    out = (request.out or study.folder / READINGS).absolute()
    return RoundPlan(
        title,
        form,
        request.design,
        tuple(label for label in known if not request.visits or label in request.visits),
        tuple(name.strip() for name in request.readers),
        request.repeat,
        draw_seed() if request.seed is None else request.seed,
        request.adjudication,
        str(out),
        request.rules,
        request.method,
    )


def gather(study: Study, form: Form, visits: Sequence[str]) -> tuple[dict[str, Material], dict[str, str]]:
    """Return what can be read of each subject, and why others cannot be read."""
    material: dict[str, Material] = {}
    skipped: dict[str, str] = {}
    everything = study.series()
    for subject in study.subjects():
        series = [one for one in everything if one.subject == subject.code and one.visit in visits]
        found = _material_of(subject, series, form, visits)
        if isinstance(found, str):
            skipped[subject.code] = found
        else:
            material[subject.code] = found
    return material, skipped


def _material_of(
    subject: Subject, series: Sequence[StoredSeries], form: Form, visits: Sequence[str]
) -> Material | str:
    side, side_problem = side_of(subject, series) if form.one_sided else (None, "")
    if side_problem:
        return side_problem
    filled: dict[str, tuple[RoleStatus, ...]] = {}
    for visit in visits:
        statuses = fill_roles([one for one in series if one.visit == visit], form.roles, side)
        for status in statuses:
            if status.blocks:
                return f"{visit}, {status.role}: {status.problem}"
        if any(status.series for status in statuses):
            filled[visit] = statuses
    return Material(side, filled) if filled else "it has no images for this round"


def _check_numbers(request: RoundRequest) -> None:
    if request.design not in DESIGNS:
        raise BadRoundError(f"The design {request.design!r} is none of {', '.join(DESIGNS)}")
    if not 0 <= request.repeat <= 1:
        raise BadRoundError("The share of repeats is a number from 0 to 1")
    if request.seed is not None and not 0 <= request.seed < 2**SEED_BITS:
        raise BadRoundError(f"The seed is a whole number from 0 to 2^{SEED_BITS} - 1")
    names = [name.strip().casefold() for name in request.readers]
    if not names or not all(name and name.isprintable() for name in names):
        raise BadRoundError("Every reader needs a name of one line")
    if len(set(names)) < len(names):
        raise BadRoundError("The same reader is named twice")
    if "final" in names:
        raise BadRoundError("No reader can be called 'final'; tables use that word for the score that counts")
