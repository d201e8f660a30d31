"""Signed work comes back to the study: verified, then taken over once."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reader_app.workflow.errors import PathNotFoundError, WorkflowError
from reader_app.workflow.unpack_reading import unpack_reading
from storage.audit import utc_text
from storage.errors import StorageError
from storage.reading.reading import Reading
from storage.reading.records import SignedCase
from storage.study.records import AllocatedCase, AllocatedReading, CollectedCase, Round
from storage.study.store import Study

Checkpoint = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class RefusedReading:
    """A reading that was not taken over, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class CollectReport:
    """How many cases were taken over now, and which readings were refused."""

    collected: int
    refused: tuple[RefusedReading, ...]


class _RefusedError(Exception):
    """This reading is not taken over; the text says why."""


def collect(study: Study, paths: Sequence[Path], checkpoint: Checkpoint) -> CollectReport:
    """Take over every signed case that is not in the study yet; without *paths*, of all its readings.

    A refused reading leaves nothing behind; the others are taken all the same.
    """
    allocated = [(one, reading) for one in study.rounds() for reading in study.readings(one.id)]
    chosen = list(paths) or [Path(reading.path) for one, reading in allocated if not one.locked]
    collected = 0
    refused: list[RefusedReading] = []
    for done, path in enumerate(chosen):
        checkpoint(done, len(chosen))
        try:
            with _opened(study, path) as reading:
                collected += _take_over(study, reading, allocated)
        except (_RefusedError, StorageError, WorkflowError) as error:
            reason = str(error)
            refused.append(RefusedReading(path.absolute(), reason))
            study.note("reading.refused", item=path.name, new=reason)
    checkpoint(len(chosen), len(chosen))
    return CollectReport(collected, tuple(refused))


@contextmanager
def _opened(study: Study, path: Path) -> Generator[Reading]:
    """Open a reading's folder, or its zip for as long as it is needed; nothing is written to either."""
    if not path.exists():
        raise PathNotFoundError(str(path))
    if path.is_dir():
        with Reading.open(path, read_only=True) as reading:
            yield reading
        return
    with study.work_folder() as folder:
        unpacked = folder / "unpacked.reading"
        unpack_reading(path, unpacked)
        with Reading.open(unpacked, read_only=True) as reading:
            yield reading


def _take_over(study: Study, reading: Reading, allocated: Sequence[tuple[Round, AllocatedReading]]) -> int:
    codes = {case.code for case in reading.cases()}
    match = next(((one, key) for one, key in allocated if {case.code for case in key.cases} == codes), None)
    if match is None:
        raise _RefusedError("It is not a reading of this study.")
    one, key = match
    findings = [*_foreign(reading, one, key), *reading.verify()]
    if findings:
        raise _RefusedError(findings[0])
    before = study.collected(key.code)
    new: list[CollectedCase] = []
    for signed in reading.signed_cases():
        if signed.code in before:
            if before[signed.code].seal != signed.signature.sha256:
                raise _RefusedError(f"Case {signed.code} was collected with another signature.")
            continue
        _check_pictures(signed, next(case for case in key.cases if case.code == signed.code))
        new.append(_collected(signed))
    if new and one.locked:
        raise _RefusedError(f"The round {one.plan.title!r} is locked.")
    if new:
        study.add_collected(key.code, new)
    return len(new)


def _foreign(reading: Reading, one: Round, key: AllocatedReading) -> list[str]:
    """Return why this cannot be the reading that was prepared; its first audit row seals all of it."""
    entries = reading.audit_entries()
    if not entries or entries[0].hash != key.head:
        return ["Its audit trail does not begin as it did when the reading was prepared."]
    if reading.form.to_dict() != one.plan.form.to_dict() or reading.reader != key.reader:
        return ["Its form or reader is not that of the round."]
    return []


def _check_pictures(signed: SignedCase, case: AllocatedCase) -> None:
    prepared = {
        f"{timepoint.letter}/{image.role}": image.sha256
        for timepoint in case.timepoints
        for image in timepoint.images
    }
    if dict(signed.digests) != prepared or signed.side != case.side:
        raise _RefusedError(f"Case {signed.code} was signed with other pictures than were prepared.")


def _collected(signed: SignedCase) -> CollectedCase:
    receipt: dict[str, Any] = {
        **asdict(signed.receipt),
        "utc": utc_text(signed.signature.utc),
        "meaning": signed.signature.meaning,
        "printed_name": signed.signature.printed_name,
    }
    return CollectedCase(signed.code, receipt, signed.signature.sha256, signed.sheet)
