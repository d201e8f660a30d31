"""A signed case is opened again, or stays: the coordinator answers what a reader asked for."""

from __future__ import annotations

import os
from pathlib import Path

from reader_app.workflow.errors import AdjudicationError, RoundLockedError, UnknownNameError
from storage.arrays import disk_errors, sync_folder
from storage.errors import AlreadyThereError
from storage.grants import Grant, Refusal
from storage.study.records import AskedReopening, Round
from storage.study.store import Study


def grant_reopening(study: Study, reading_code: str, case_code: str, out: Path) -> Path:
    """Allow a reader to change a signed case and write the file that says so.

    Args:
        study: Open for writing.
        reading_code: Which reading.
        case_code: Which case of it.
        out: The new file, or a folder for it.

    Returns:
        The absolute path of the file, which names nothing but codes.

    Raises:
        UnknownNameError: The study has no such reading.
        RoundLockedError: After the lock nothing is reopened.
        AdjudicationError: An adjudicator has the scores of this case.
        NotAskedError: Nobody asked for this case as it was collected last.
        AlreadyThereError: There is such a file; nothing was written.
        StorageUnavailableError, StorageFullError: It cannot be written.
    """
    rounds = {reading.code: one for one in study.rounds() for reading in study.every_reading(one.id)}
    if reading_code not in rounds:
        raise UnknownNameError("reading", reading_code, sorted(rounds))
    if rounds[reading_code].locked:
        raise RoundLockedError(rounds[reading_code].plan.title)
    _refuse_adjudicated(study, rounds[reading_code], reading_code, case_code)
    return _write(study.grant_reopening(reading_code, case_code), out)


def write_refusal(asked: AskedReopening, reason: str, out: Path) -> Path:
    """Write the file that tells a reader why a signed case stays as it is.

    Args:
        asked: The request that was refused.
        reason: Why, as :func:`refuse_reopening` took it.
        out: The new file, or a folder for it.

    Returns:
        The absolute path of the file, which names nothing but codes and the reason.

    Raises:
        AlreadyThereError: There is such a file; nothing was written.
        StorageUnavailableError, StorageFullError: It cannot be written.
    """
    return _write(Refusal(asked.reading, asked.case, asked.receipt, reason), out)


def _write(answer: Grant | Refusal, out: Path) -> Path:
    path = (out / answer.file_name if out.is_dir() else out).absolute()
    with disk_errors(path):
        try:
            file = path.open("x", encoding="utf-8")
        except FileExistsError:
            raise AlreadyThereError(path) from None
        with file:
            file.write(answer.text)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    return path


def _refuse_adjudicated(study: Study, chosen: Round, reading_code: str, case_code: str) -> None:
    """An adjudicator who has a reader's scores must not be left with others than will count."""
    sent = {case.subject for reading in study.adjudications(chosen.id) for case in reading.cases}
    for reading in study.readings(chosen.id):
        if reading.code == reading_code and any(
            case.code == case_code and case.subject in sent for case in reading.cases
        ):
            raise AdjudicationError(
                f"The scores of case {case_code} are with the adjudicator and can no longer change"
            )
