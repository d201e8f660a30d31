"""The cases of a reading in their drawn order: how far each has come, and which one is next."""

from __future__ import annotations

from dataclasses import replace

from storage.reading.reading import Reading
from storage.reading.records import CaseSummary

_DESIGN_WORDS = {
    "paired": "order of timepoints hidden",
    "single": "one timepoint a case",
    "chronological": "timepoints in order of time",
}
_LAST_KEY = "last_case"


class CaseList:
    """Knows what the reading holds, without asking it after every score."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.cells_per_timepoint = len(reading.form.cells("A"))
        self.load()

    def load(self) -> None:
        """Take the cases as the reading has them now."""
        self._cases = {case.code: case for case in self._reading.cases()}

    @property
    def cases(self) -> tuple[CaseSummary, ...]:
        """All of them in their order."""
        return tuple(self._cases.values())

    @property
    def to_sign(self) -> tuple[str, ...]:
        """The codes of the cases that wait for a signature."""
        return tuple(case.code for case in self.cases if case.status != "signed")

    def find(self, code: str | None) -> CaseSummary | None:
        """Return the case of a code; None where there is none."""
        return self._cases.get(code or "")

    def first(self) -> CaseSummary | None:
        """Return where the reader left, else the first case that is not signed, else the first one."""
        codes = (self._reading.recall(_LAST_KEY), *self.to_sign[:1], *list(self._cases)[:1])
        return next((self._cases[code] for code in codes if code in self._cases), None)

    def remember(self, code: str) -> None:
        """Begin with this case the next time.

        Raises:
            StorageError: It could not be remembered.
        """
        self._reading.remember(_LAST_KEY, code)

    def beside(self, code: str, steps: int) -> str | None:
        """Return the code of the case *steps* after another one; None beyond the ends."""
        codes = list(self._cases)
        place = codes.index(code) + steps
        return codes[place] if 0 <= place < len(codes) else None

    def put_down(self, code: str, filled: int) -> None:
        """Put down how many cells of a case have an entry, and that it was begun."""
        case = self._cases[code]
        missing = self.cells_per_timepoint * len(case.letters) - filled
        status = case.status if case.status == "signed" else "open"
        self._cases[code] = replace(case, status=status, missing=missing)

    def progress(self, code: str | None, *, signed: bool, comment: bool) -> tuple[str, ...]:
        """Return how far the reading has come at a case, in wordings from long to short."""
        case, design = self.find(code), self._reading.reading_design
        place = f"{case.position if case else 0} of {len(self._cases)}"
        modality = "MRI" if self._reading.form.modality == "MR" else "radiographs"
        noted = " · comment" if comment else ""
        return (
            f"case {place} · {modality}, {_DESIGN_WORDS.get(design, design)}"
            f"{' · signed' if signed else ''}{noted}",
            f"case {place} · {modality}{noted}",
            f"case {place}{noted}",
            place,
        )
