"""Builds readings from what a reader may know, hidden until all of them are done."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reader_app.workflow.blinded_images import Decoder, blinded_images
from reader_app.workflow.errors import UndecodableSubjectError
from reader_app.workflow.reading_order import PlannedCase, draw_codes
from reader_app.workflow.series_roles import RoleStatus
from scoring_forms.domain.score import Sheet
from storage.arrays import sync_folder
from storage.reading.build import build_reading
from storage.reading.records import CaseSpec, ImageSpec, ReadingSpec, TimepointSpec
from storage.study.records import (
    AllocatedCase,
    AllocatedImage,
    AllocatedReading,
    AllocatedTimepoint,
    RoundPlan,
)
from storage.study.store import READINGS, Study
from viewer.imaging.errors import ImagingError

Checkpoint = Callable[[int, int], None]
Others = Callable[[PlannedCase], tuple[Sheet, ...]]

_UNFINISHED = ".unfinished-*"


@dataclass(frozen=True, slots=True)
class Material:
    """What can be read of one subject: visits in time order, each with what fills the form's roles."""

    side: str | None
    visits: Mapping[str, tuple[RoleStatus, ...]]


@contextmanager
def unfinished_folder(study: Study, out_folder: str) -> Generator[Path]:
    """Give a hidden folder beside the places of readings, removed at the end.

    A program that is killed leaves no folder that looks like a reading and belongs to no round.
    """
    out = Path(out_folder)
    out.mkdir(parents=True, exist_ok=True)
    if out == study.folder / READINGS:
        for left in out.glob(_UNFINISHED):
            shutil.rmtree(left, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED.partition("*")[0], dir=out))
    try:
        yield unfinished
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def place_readings(
    unfinished: Path, built: Sequence[AllocatedReading], store: Callable[[Sequence[AllocatedReading]], None]
) -> None:
    """Give built readings their places and *store* their key; an error leaves neither."""
    try:
        for reading in built:
            (unfinished / Path(reading.path).name).rename(reading.path)
        sync_folder(unfinished.parent)
        store(built)
    except BaseException:
        for reading in built:
            shutil.rmtree(reading.path, ignore_errors=True)
        raise


@dataclass
class ReadingBuilder:
    """Builds the readings of a round one after the other."""

    plan: RoundPlan
    unfinished: Path
    material: Mapping[str, Material]
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

    def build(
        self, reader: str, cases: Sequence[PlannedCase], others: Others = lambda case: ()
    ) -> AllocatedReading:
        """Build one reader's reading among the unfinished ones; return its key with its later place.

        Args:
            reader: Whose it is.
            cases: In the order they are to be read.
            others: What Reader 1 and Reader 2 scored of a case, for an adjudication.

        Raises:
            UndecodableSubjectError: A series cannot be decoded.
        """
        (reading_code,) = self.new_codes(1)
        codes = self.new_codes(len(cases))
        coded = list(zip(codes, cases, strict=True))
        specs = tuple(
            CaseSpec(code, self.material[case.subject].side, tuple(self._timepoints(case)), others(case))
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
