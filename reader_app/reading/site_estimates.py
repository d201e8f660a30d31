"""Where the sites of a case probably are, found by a hand template in a process apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reader_app.jobs import RunApart
from reader_app.reading.case_images import CaseImage, CaseImages
from storage.reading.landmarks import Landmark

_SERIES = ("cor_t1_pre", "cor_t1_post")
_FILMS = {"R": "xr_pa_right", "L": "xr_pa_left"}


@dataclass(frozen=True, slots=True)
class Estimates:
    """What was found at one timepoint; ``side`` is None in one-sided systems."""

    letter: str
    side: str | None
    places: Mapping[str, Landmark]


def estimate_case(images: CaseImages, side: str | None, run: RunApart) -> tuple[Estimates, ...]:
    """Return what a template finds in the pictures of a case; nothing where it recognises no hand.

    Args:
        images: The case.
        side: The hand a one-sided case shows, or None.
        run: Does the work in a process apart; may raise to stop.
    """
    return tuple(found for found in _found(images, side, run) if found.places)


def _found(images: CaseImages, side: str | None, run: RunApart) -> Iterator[Estimates]:
    for letter in images.letters:
        if side is not None:
            yield _in_series(images, letter, side, run)
        for hand, role in _FILMS.items():
            image = images.image(letter, role)
            if image.volume is not None and (image.role == role or image.volume.part is not None):
                yield Estimates(letter, hand, _on_film(image, hand, run))


def _in_series(images: CaseImages, letter: str, side: str, run: RunApart) -> Estimates:
    from viewer.imaging.landmarks import estimate_sites

    for role in _SERIES:
        image = images.image(letter, role)
        if image.volume is None or image.volume.geometry is None or image.frame is None:
            continue
        found = run(estimate_sites, image.stored, side)
        places = {
            site: Landmark(image.frame, (place[0], place[1], place[2]))
            for site, place in found.places.items()
        }
        return Estimates(letter, None, places)
    return Estimates(letter, None, {})


def _on_film(image: CaseImage, hand: str, run: RunApart) -> dict[str, Landmark]:
    from viewer.imaging.landmarks import estimate_film_sites

    assert image.volume is not None
    rows = image.volume.pixels.shape[1]
    left, right = image.volume.shown_columns
    found = run(estimate_film_sites, image.stored, hand)
    return {
        site: Landmark(role=image.role, row_column=(row, column))
        for site, (row, column) in found.places.items()
        if 0 <= row < rows and left <= column < right
    }
