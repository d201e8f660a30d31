"""Signed work comes back to the study: verified, then taken over once, or again after a granted reopening."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from reader_app.workflow.errors import PathNotFoundError, ReadingMovedError, WorkflowError
from reader_app.workflow.unpack_reading import holds_pictures, unpack_reading
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

    A path is a reading's folder, its zip, or a result: the zip of a reading without its pictures.
    A refused reading leaves nothing behind; the others are taken all the same.
    """
    allocated = [(one, reading) for one in study.rounds() for reading in study.every_reading(one.id)]
    chosen = list(paths) or [Path(reading.path) for one, reading in allocated if not one.locked]
    collected = 0
    refused: list[RefusedReading] = []
    for done, path in enumerate(chosen):
        checkpoint(done, len(chosen))
        try:
            if not paths and not path.exists():
                raise ReadingMovedError(str(path))
            with _opened(study, path) as (reading, pictures):
                verify = partial(reading.verify, _same(checkpoint, done, len(chosen)), pictures=pictures)
                collected += _take_over(study, reading, allocated, verify)
        except (_RefusedError, StorageError, WorkflowError) as error:
            reason = str(error)
            refused.append(RefusedReading(path.absolute(), reason))
            study.note("reading.refused", item=path.name, new=reason)
    checkpoint(len(chosen), len(chosen))
    return CollectReport(collected, tuple(refused))


def _same(checkpoint: Checkpoint, done: int, total: int) -> Checkpoint:
    """Return a checkpoint for steps inside one that is counted: it can stop there, the count stays."""
    return lambda _done, _total: checkpoint(done, total)


@contextmanager
def _opened(study: Study, path: Path) -> Generator[tuple[Reading, bool]]:
    """Open a reading's folder, or its zip for as long as it is needed; nothing is written to either.

    Gives also whether there are pictures to check: a result has none, but its signatures name the digests.
    """
    if not path.exists():
        raise PathNotFoundError(str(path))
    if path.is_dir():
        with Reading.open(path, read_only=True) as reading:
            yield reading, True
        return
    with study.work_folder() as folder:
        unpacked = folder / "unpacked.reading"
        unpack_reading(path, unpacked)
        with Reading.open(unpacked, read_only=True) as reading:
            yield reading, holds_pictures(unpacked)


def _take_over(
    study: Study,
    reading: Reading,
    allocated: Sequence[tuple[Round, AllocatedReading]],
    verify: Callable[[], Sequence[str]],
) -> int:
    codes = {case.code for case in reading.cases()}
    match = next(((one, key) for one, key in allocated if {case.code for case in key.cases} == codes), None)
    if match is None:
        raise _RefusedError("It is not a reading of this study.")
    one, key = match
    for problem in (*_foreign(reading, one, key), *verify()):
        raise _RefusedError(problem)
    new: list[CollectedCase] = []
    for signed in reading.signed_cases():
        if _is_new(study, key, signed):
            _check_pictures(signed, next(case for case in key.cases if case.code == signed.code))
            new.append(_collected(signed))
    if one.locked:
        if new:
            raise _RefusedError(f"The round {one.plan.title!r} is locked.")
        return 0
    with study.transaction():
        if new:
            study.add_collected(key.code, new)
        study.add_reopening_requests(key.code, reading.reopen_requests())
    return len(new)


def _is_new(study: Study, key: AllocatedReading, signed: SignedCase) -> bool:
    """Whether a case was not collected yet, or was reopened since by a grant of this study.

    Raises:
        _RefusedError: It was reopened without a grant, or signed otherwise than it was collected.
    """
    granted = {(grant.case, grant.receipt, grant.grant) for grant in study.reopening_grants(key.code)}
    if any((signed.code, one.receipt, one.grant) not in granted for one in signed.reopenings):
        raise _RefusedError(f"Case {signed.code} was reopened without a grant of this study.")
    history = study.collected_history(signed.code)
    if signed.signature.sha256 in (before.seal for before in history):
        return False
    lifted = signed.reopenings[-1].receipt if signed.reopenings else None
    if history and history[-1].receipt.get("hash") != lifted:
        raise _RefusedError(f"Case {signed.code} was collected with another signature.")
    return True


def _foreign(reading: Reading, one: Round, key: AllocatedReading) -> list[str]:
    """Return why this cannot be the reading that was prepared; its first audit row seals all of it."""
    entries = reading.audit_entries()
    if not entries or entries[0].hash != key.head:
        return ["Its audit trail does not begin as it did when the reading was prepared."]
    planned = (one.plan.form.to_dict(), one.plan.rules, key.reader)
    if (reading.form.to_dict(), reading.rules, reading.reader) != planned:
        return ["Its form, rules or reader are not those of the round."]
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
        "head_seq": signed.signature.head.seq,
        "head_hash": signed.signature.head.hash,
    }
    return CollectedCase(
        signed.code,
        receipt,
        signed.signature.sha256,
        signed.sheet,
        signed.annotations,
        signed.signature.seal_version,
    )
