"""What stands beside a grade in the table: the reader's comment, and how sure he is."""

from __future__ import annotations

from dataclasses import dataclass

CONFIDENCE_WORDS = {1: "unsure", 2: "fairly sure", 3: "sure"}


@dataclass(frozen=True, slots=True)
class Note:
    """The comment on a cell, empty where there is none, and a key of :data:`CONFIDENCE_WORDS` or None."""

    comment: str = ""
    confidence: int | None = None

    @property
    def words(self) -> str:
        """Both in words; empty where nothing is noted."""
        sure = CONFIDENCE_WORDS.get(self.confidence or 0, "")
        comment = f"comment: {self.comment}" if self.comment else ""
        return ", ".join(part for part in (sure, comment) if part)


NO_NOTE = Note()
