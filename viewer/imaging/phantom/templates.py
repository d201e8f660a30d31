"""Makes the hand templates that sites are estimated with: the mean of healthy phantom hands.

``python -m viewer.imaging.phantom.templates resources/landmarks`` writes both files anew.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from viewer.imaging.affine_fit import sample
from viewer.imaging.phantom import radiograph
from viewer.imaging.phantom.film_sites import film_points
from viewer.imaging.phantom.lattice import SPACING_MM
from viewer.imaging.phantom.sites import FILM_SPACE_SITES
from viewer.imaging.phantom.subject import Subject, landmarks, make_subject

SEEDS: Final = (9001, 9002, 9003, 9004)
"""Hands that no test or demo uses."""

_MR_SPACING_MM, _FILM_SPACING_MM = 2.0, 1.0
_MR_LOW, _MR_HIGH = (-56.0, -32.0, -50.0), (144.0, 24.0, 64.0)
_FILM_LOW, _FILM_HIGH = (-48.0, -66.0), (206.0, 92.0)
_FINER = 4


def write_templates(folder: Path, seeds: Sequence[int] = SEEDS) -> None:
    """Write ``hand_mr.npz`` and ``hand_film.npz`` below *folder*.

    Each holds ``picture`` (uint8; axes w, v, u or w, u), ``first_mm`` and ``spacing_mm`` of its samples along
    these axes, and ``sites`` with their ``places_mm`` (n, 3 or 2) along the same axes: a right hand of
    average size in model coordinates (see lattice.py).
    """
    subjects = [make_subject(np.random.default_rng(seed)) for seed in seeds]
    mr = [_mr_picture(subject) for subject in subjects]
    points = [
        {site: point[::-1] / subject.hand.size for site, point in landmarks(subject).items()}
        for subject in subjects
    ]
    _write(folder / "hand_mr.npz", mr, _MR_LOW, _MR_SPACING_MM, points)
    films = [
        _film_picture(subject, np.random.default_rng(seed))
        for subject, seed in zip(subjects, seeds, strict=True)
    ]
    _write(
        folder / "hand_film.npz",
        [film for film, _ in films],
        _FILM_LOW,
        _FILM_SPACING_MM,
        [points for _, points in films],
    )


def _write(
    path: Path,
    pictures: Sequence[np.ndarray],
    first_mm: tuple[float, ...],
    spacing_mm: float,
    places: Sequence[Mapping[str, np.ndarray]],
) -> None:
    mean = np.mean(pictures, axis=0)
    sites = sorted(places[0])
    np.savez_compressed(
        path,
        picture=np.rint(255 * mean / mean.max()).astype(np.uint8),
        first_mm=np.array(first_mm),
        spacing_mm=np.array(spacing_mm),
        sites=np.array(sites),
        places_mm=np.round([np.mean([place[site] for place in places], axis=0) for site in sites], 2),
    )


def _mr_picture(subject: Subject) -> np.ndarray:
    """Return the T1 brightness of a hand on the grid of the template, (w, v, u)."""
    picture = subject.healthy.t1_pre
    size = [n // _FINER for n in picture.shape]
    blocks = picture[: size[0] * _FINER, : size[1] * _FINER, : size[2] * _FINER]
    coarse = blocks.reshape(size[0], _FINER, size[1], _FINER, size[2], _FINER).mean(axis=(1, 3, 5))
    places = _grid(_MR_LOW, _MR_HIGH, _MR_SPACING_MM) * subject.hand.size
    index = (places / SPACING_MM - subject.healthy.box.first - (_FINER - 1) / 2) / _FINER
    return _sampled(coarse, index)


def _film_picture(subject: Subject, rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return a film of a hand on the grid of the template, (w, u), and where its sites are."""
    hand = subject.hand
    shadows = {name: radiograph.cast_shadow(bone) for name, bone in subject.bones.items()}
    offsets = radiograph.film_offsets(hand, dict.fromkeys(FILM_SPACE_SITES, 0.0))
    film = radiograph.expose(hand, shadows, offsets, "R", rng)
    finer = round(_FILM_SPACING_MM / radiograph.PIXEL_MM)
    rows, columns = (n // finer for n in film.pixels.shape)
    coarse = film.pixels.reshape(rows, finer, columns, finer).mean(axis=(1, 3)).astype(np.float32)
    places = _grid(_FILM_LOW, _FILM_HIGH, _FILM_SPACING_MM)[..., ::-1] * hand.size
    index = places @ film.affine[:, :2].T + film.affine[:, 2]
    picture = _sampled(coarse, (index - (finer - 1) / 2) / finer)
    return picture, {site: point[[2, 0]] / hand.size for site, point in film_points(subject, offsets).items()}


def _grid(low: tuple[float, ...], high: tuple[float, ...], spacing: float) -> np.ndarray:
    axes = [np.arange(a, b + spacing / 2, spacing) for a, b in zip(low, high, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)


def _sampled(picture: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Return *picture* at *index*; beyond its edge it goes on as at the edge."""
    values, _ = sample(picture[..., None].astype(np.float32), index.reshape(-1, index.shape[-1]))
    return values.reshape(index.shape[:-1])


if __name__ == "__main__":
    write_templates(Path(sys.argv[1]))
