"""Which side an image shows, and who says so; sources that disagree give no side."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from viewer.imaging.role_rules import role_rules, words
from viewer.imaging.stack import Slice

AnySide = Literal["L", "R", "B"]
SIDE_NAMES = {"L": "left", "R": "right", "B": "both"}
_TAGS: dict[str, AnySide] = {"L": "L", "LEFT": "L", "R": "R", "RIGHT": "R", "B": "B", "BOTH": "B"}


@dataclass(frozen=True, slots=True)
class Laterality:
    """A side ("B": both on one film), where it was read, and what contradicts it."""

    side: AnySide | None
    reason: str
    problems: tuple[str, ...] = ()


def laterality_of(item: Slice) -> Laterality:
    """Return the side of an image from its attributes, then its descriptions, then that of the study.

    Source: DICOM PS3.3 C.7.6.16.2.8 (Frame Anatomy), C.8.11.4 (Image Laterality), C.7.3.1 (Laterality).
    """
    file = item.file
    tags: set[AnySide] = {_TAGS[text] for text in item.frame.laterality if text in _TAGS}
    own = side_in(file.body_part, file.series_description, file.protocol_name)
    study = side_in(file.study_description)
    claims: list[tuple[str, AnySide]] = [("the laterality attribute", side) for side in sorted(tags)]
    if own and not (own == "B" and tags):
        claims.append(("the description", own))
    if study and not (study == "B" and claims):
        claims.append(("the study description", study))
    if not claims:
        return Laterality(None, "no side is given")
    if len({side for _, side in claims}) > 1:
        return Laterality(None, "the header contradicts itself about the side", (_contradiction(claims),))
    source, side = claims[0]
    return Laterality(side, f"{source} says {SIDE_NAMES[side]}")


def side_in(*texts: str) -> AnySide | None:
    """Return the side that *texts* name in words, None where they name none."""
    text, patterns = words(*texts), role_rules().side
    left, right = bool(patterns["left"].search(text)), bool(patterns["right"].search(text))
    if left != right:
        return "L" if left else "R"
    return "B" if left or patterns["both"].search(text) else None


def _contradiction(claims: Iterable[tuple[str, AnySide]]) -> str:
    said = ", ".join(f"{source} says {SIDE_NAMES[side]}" for source, side in claims)
    return f"The side is uncertain: {said}."
