"""Why a cell can probably not be scored, by the pictures that its timepoint lacks."""

from __future__ import annotations

from reader_app.reading.case_images import CaseImages
from reader_app.reading.film_roles import film_side
from scoring_forms.domain.scoring_system import Feature

NO_CONTRAST, NOT_ACQUIRED = "no_contrast", "not_acquired"
_AFTER_CONTRAST = "_post"


def lacks_contrast(images: CaseImages, letter: str, feature: Feature) -> bool:
    """Whether *feature* needs pictures after contrast and the timepoint has none of those it is read from."""
    after = [role for role in feature.roles if role.endswith(_AFTER_CONTRAST)]
    return feature.needs_contrast and bool(after) and not _any_there(images, letter, after)


def suggested_reason(images: CaseImages, letter: str, side: str | None, feature: Feature) -> str:
    """Return the id of the reason that missing pictures suggest, empty where they suggest none.

    Args:
        images: The case.
        letter: The timepoint.
        side: ``"L"``, ``"R"``, or None where the side is that of the case.
        feature: What is to be scored.
    """
    if lacks_contrast(images, letter, feature):
        return NO_CONTRAST
    roles = [role for role in feature.roles if side is None or film_side(role) in (None, side)]
    return NOT_ACQUIRED if roles and not _any_there(images, letter, roles) else ""


def _any_there(images: CaseImages, letter: str, roles: list[str]) -> bool:
    return any(images.image(letter, role).volume is not None for role in roles)
