"""A round: which images are read how and by whom; and its readings, built from what a reader may know."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reader_app.workflow.adjudication_rules import check_rule
from reader_app.workflow.blinded_images import Decoder, blinded_images
from reader_app.workflow.errors import (
    BadRoundError,
    NothingToReadError,
    UndecodableSubjectError,
    UnknownNameError,
)
from reader_app.workflow.reading_order import (
    DESIGNS,
    LETTERS,
    SEED_BITS,
    PlannedCase,
    draw_codes,
    draw_orders,
    draw_seed,
)
from reader_app.workflow.round_title import check_title, check_words
from reader_app.workflow.series_roles import RoleStatus, fill_roles, side_of
from scoring_forms.domain.form import Form, compose_form
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.scoring_system import ScoringSystem
from scoring_forms.domain.systems import available_systems
from storage.arrays import sync_folder
from storage.reading.build import build_reading
from storage.reading.records import CaseSpec, ImageSpec, ReadingSpec, TimepointSpec
from storage.study.errors import TitleTakenError
from storage.study.records import (
    AllocatedCase,
    AllocatedImage,
    AllocatedReading,
    AllocatedTimepoint,
    Round,
    RoundPlan,
    StoredSeries,
    Subject,
)
from storage.study.store import READINGS, Study
from viewer.imaging.errors import ImagingError

Checkpoint = Callable[[int, int], None]

_UNFINISHED = ".unfinished-*"


@dataclass(frozen=True, slots=True)
class RoundRequest:
    """What the coordinator asks for; None and empty mean all features, all visits, a drawn seed.

    ``adjudication`` are the rules that send cases to adjudication; ``rules`` is what is asked of the readers.
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


@dataclass(frozen=True, slots=True)
class PreparedRound:
    """A round with its readings, and the subjects it could not take with the reasons."""

    round: Round
    readings: tuple[AllocatedReading, ...]
    skipped: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Material:
    """What can be read of one subject: visits in time order, each with what fills the form's roles."""

    side: str | None
    visits: Mapping[str, tuple[RoleStatus, ...]]


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
    material: Mapping[str, _Material],
    skipped: Mapping[str, str],
    decoder: Decoder,
    checkpoint: Checkpoint,
) -> PreparedRound:
    """Build every reading, then store round and key in one transaction; an error leaves neither.

    The readings get their places last: a program that is killed leaves no folder that looks like a
    reading and belongs to no round.
    """
    timepoints = {subject: tuple(one.visits) for subject, one in material.items()}
    orders = draw_orders(timepoints, plan.readers, plan.design, plan.repeat, plan.seed)
    total = sum(len(case.visits) for cases in orders.values() for case in cases)
    out = Path(plan.out_folder)
    out.mkdir(parents=True, exist_ok=True)
    if out == study.folder / READINGS:
        for left in out.glob(_UNFINISHED):
            shutil.rmtree(left, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED.partition("*")[0], dir=out))
    builder = _Builder(plan, unfinished, material, decoder, study.codes(), total, checkpoint)
    built: list[AllocatedReading] = []
    try:
        for reader in plan.readers:
            built.append(builder.build(reader, orders[reader]))
        for reading in built:
            (unfinished / Path(reading.path).name).rename(reading.path)
        sync_folder(out)
        round_codes = builder.new_codes(len(material))
        with study.transaction():
            added = study.add_round(plan)
            study.allocate(added.id, dict(zip(material, round_codes, strict=True)), built, skipped)
    except BaseException:
        for reading in built:
            shutil.rmtree(reading.path, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return PreparedRound(added, tuple(built), dict(skipped))


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
    for rule in request.adjudication:
        check_rule(rule, form)
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
    )


def gather(study: Study, form: Form, visits: Sequence[str]) -> tuple[dict[str, _Material], dict[str, str]]:
    """Return what can be read of each subject, and why others cannot be read."""
    material: dict[str, _Material] = {}
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
) -> _Material | str:
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
    return _Material(side, filled) if filled else "it has no images for this round"


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


@dataclass
class _Builder:
    """Builds the readings of a round one after the other."""

    plan: RoundPlan
    unfinished: Path
    material: Mapping[str, _Material]
    decoder: Decoder
    taken: set[str]
    total: int
    checkpoint: Checkpoint
    done: int = field(default=0)

    def new_codes(self, count: int) -> tuple[str, ...]:
        """Return codes that no other case or reading of the study has."""
        codes = draw_codes(count, self.taken)
        self.taken.update(codes)
        return codes

    def build(self, reader: str, cases: Sequence[PlannedCase]) -> AllocatedReading:
        """Build one reader's reading among the unfinished ones; return its key with its later place."""
        (reading_code,) = self.new_codes(1)
        codes = self.new_codes(len(cases))
        coded = list(zip(codes, cases, strict=True))
        specs = tuple(
            CaseSpec(code, self.material[case.subject].side, tuple(self._timepoints(case)))
            for code, case in coded
        )
        plan = self.plan
        spec = ReadingSpec(reader, plan.title, plan.design, plan.form, specs, plan.rules)
        name = f"{reading_code}.reading"
        before = self.done

        def checkpoint(done: int, _total: int) -> None:
            self.done = before + done
            self.checkpoint(self.done, self.total)

        built = build_reading(self.unfinished / name, spec, checkpoint)
        allocated = tuple(
            self._allocated(position, code, case, built.digests)
            for position, (code, case) in enumerate(coded, start=1)
        )
        place = str(Path(self.plan.out_folder) / name)
        return AllocatedReading(reading_code, reader, place, built.head.hash, allocated)

    def _timepoints(self, case: PlannedCase) -> Iterator[TimepointSpec]:
        for letter, visit in case.letters:
            statuses = self.material[case.subject].visits[visit]
            yield TimepointSpec(letter, self._images(case.subject, visit, letter, statuses))

    def _images(
        self, subject: str, visit: str, letter: str, statuses: Sequence[RoleStatus]
    ) -> Iterator[ImageSpec]:
        try:
            yield from blinded_images(self.decoder, letter, statuses)
        except ImagingError as error:
            raise UndecodableSubjectError(subject, visit, str(error)) from error

    def _allocated(
        self, position: int, code: str, case: PlannedCase, digests: Mapping[tuple[str, str, str], str]
    ) -> AllocatedCase:
        material = self.material[case.subject]
        timepoints = tuple(
            AllocatedTimepoint(
                letter,
                visit,
                tuple(
                    AllocatedImage(
                        status.role, status.series[0].series_uid, digests[code, letter, status.role]
                    )
                    for status in material.visits[visit]
                    if status.series
                ),
            )
            for letter, visit in case.letters
        )
        return AllocatedCase(code, position, case.subject, material.side, case.repeat, timepoints)
