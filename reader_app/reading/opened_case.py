"""What a reading holds of one case when it is opened, and what it keeps when the case is left."""

from __future__ import annotations

from dataclasses import dataclass

from reader_app.reading.case_images import CaseImages
from reader_app.reading.case_marks import CaseMarks
from reader_app.reading.case_remarks import CaseRemarks
from reader_app.reading.case_scores import CaseScores
from reader_app.reading.looked_at import LookedAt
from reader_app.reading.sites import CaseSites
from scoring_forms.domain.score import Cell
from storage.reading.reading import Reading
from storage.reading.records import Case


@dataclass(frozen=True, slots=True, eq=False)
class OpenedCase:
    """The parts of a case; ``view`` and ``cell`` are where it was left.

    ``looked_at`` is None where the round lets zeros be filled in anywhere.
    """

    case: Case
    images: CaseImages
    scores: CaseScores
    marks: CaseMarks
    sites: CaseSites
    remarks: CaseRemarks
    looked_at: LookedAt | None
    view: str | None
    cell: str | None


def take_case(reading: Reading, images: CaseImages) -> OpenedCase:
    """Take from the reading what is to be shown of the case of these pictures, and tell it so.

    Raises:
        StorageError: It cannot be read, or not be told to the audit trail.
    """
    code = images.code
    case = reading.case(code)
    scores = CaseScores(reading, code, images.letters)
    sites = CaseSites(reading, case)
    looked_at = None
    if not reading.rules.fill_unseen:
        looked_at = LookedAt(reading.form, images, sites, reading.recall(f"{code}/looked_at"))
    opened = OpenedCase(
        case,
        images,
        scores,
        CaseMarks(reading, code, scores.history),
        sites,
        CaseRemarks(reading, code, scores.history),
        looked_at,
        reading.recall(f"{code}/view"),
        reading.recall(f"{code}/cell"),
    )
    if case.status != "signed":  # if it is never left, as by a crash, the first empty cell is next
        reading.remember(f"{code}/cell", "")
    reading.case_opened(code)
    return opened


def keep_place(
    reading: Reading, scores: CaseScores, looked_at: LookedAt | None, view: str, cell: Cell | None
) -> None:
    """Keep the time at work and where the reader is in a case that is not signed.

    Args:
        reading: Where it is kept.
        scores: Those of the case.
        looked_at: What was on the screen, where that counts.
        view: What the display remembers.
        cell: The current one.

    Raises:
        StorageError: It could not be kept.
    """
    scores.store_times()
    reading.remember(f"{scores.code}/view", view)
    if looked_at is not None:
        reading.remember(f"{scores.code}/looked_at", looked_at.remembered())
    if cell is not None:
        reading.remember(f"{scores.code}/cell", cell.name)
