"""Where the sites of a case probably are, found by a hand template in the background of the window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from reader_app.jobs import Checkpoint
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


def estimate_case(images: CaseImages, side: str | None, checkpoint: Checkpoint) -> tuple[Estimates, ...]:
    """Return what a template finds in the pictures of a case; nothing where it recognises no hand.

    Args:
        images: The case.
        side: The hand a one-sided case shows, or None.
        checkpoint: Called often; may raise to stop.
    """
    return tuple(found for found in _found(images, side, checkpoint) if found.places)


def _found(images: CaseImages, side: str | None, checkpoint: Checkpoint) -> Iterator[Estimates]:
    for letter in images.letters:
        if side is not None:
            yield _in_series(images, letter, side, checkpoint)
        for hand, role in _FILMS.items():
            image = images.image(letter, role)
            if image.volume is not None and (image.role == role or image.volume.part is not None):
                yield Estimates(letter, hand, _on_film(image, hand, checkpoint))


def _in_series(images: CaseImages, letter: str, side: str, checkpoint: Checkpoint) -> Estimates:
    from viewer.imaging.landmarks import estimate_sites

    for role in _SERIES:
        image = images.image(letter, role)
        if image.volume is None or image.volume.geometry is None or image.frame is None:
            continue
        found = estimate_sites(image.volume, side, checkpoint)
        places = {
            site: Landmark(image.frame, (place[0], place[1], place[2]))
            for site, place in found.places.items()
        }
        return Estimates(letter, None, places)
    return Estimates(letter, None, {})


def _on_film(image: CaseImage, hand: str, checkpoint: Checkpoint) -> dict[str, Landmark]:
    from viewer.imaging.landmarks import estimate_film_sites

    assert image.volume is not None
    first, stop = image.volume.shown_columns
    shown = image.volume.pixels[:, :, first:stop]
    rows, columns = shown.shape[1:]
    found = estimate_film_sites(replace(image.volume, pixels=shown, part=None), hand, checkpoint)
    return {
        site: Landmark(role=image.role, row_column=(place[0], place[1] + first))
        for site, place in found.places.items()
        if 0 <= place[0] < rows and 0 <= place[1] < columns
    }
