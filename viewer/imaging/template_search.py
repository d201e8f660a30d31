"""Finds a flat template in a flat picture without knowing where it lies: turned, sized, shifted.

Pictures become patterns first: how each pixel differs from its surroundings. So neither coil shading nor
exposure matters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from viewer.imaging.affine_fit import FloatArray

Picture = NDArray[np.float32]

_SEARCH_MM: Final = 3.0
_SURROUNDINGS_MM: Final = 9.0
_BASES: Final = (0.0, 90.0, 180.0, 270.0)
_TURNS: Final = tuple(range(-24, 25, 6))
_SIZES: Final = (0.86, 0.93, 1.0, 1.08)
_BEST: Final = 4
_APART_MM: Final = 24.0


@dataclass(frozen=True, slots=True, eq=False)
class Flat:
    """A flat picture with the place of its first pixel and its spacing, mm along rows and columns."""

    picture: Picture
    first_mm: FloatArray
    spacing_mm: FloatArray


def search(
    template: Flat, target: Flat, mirrors: Sequence[float], sizes: Sequence[float] = _SIZES
) -> list[FloatArray]:
    """Return the few likeliest maps of *template* onto *target*, the best first.

    Args:
        template: What is looked for.
        target: Where.
        mirrors: 1 for the template as it is, -1 for its mirror image.
        sizes: How large it may be.

    Returns:
        Shape (2, 3) each; (template mm, 1) to target mm.
    """
    target, template = _coarse(target), _coarse(template)
    reach = int(np.ceil(max(sizes) * np.hypot(*template.picture.shape) / 2))
    padded = np.pad(target.picture, reach)
    found: list[tuple[float, FloatArray]] = []
    for mirror in mirrors:
        for degrees in (base + turn for base in _BASES for turn in _TURNS):
            for size in sizes:
                linear = size * _rotation(degrees) @ np.diag([1.0, mirror])
                found.append(_slid(template, target, padded, linear, reach))
    found.sort(key=lambda item: -item[0])
    return _apart([matrix for _, matrix in found], template)


def coarsened(
    picture: NDArray[Any], spacing_mm: FloatArray, fineness_mm: float
) -> tuple[Picture, FloatArray, FloatArray]:
    """Return means over blocks of about *fineness_mm*.

    Returns:
        The means, where the first of them lies beside the first sample (mm), and their spacing (mm).
    """
    blocks = np.maximum(np.round(fineness_mm / spacing_mm), 1).astype(int)
    blocks = np.minimum(blocks, picture.shape)
    shape = np.array(picture.shape) // blocks
    slices = picture if picture.ndim == 3 else picture[None]
    rows, columns = (shape * blocks)[-2:].tolist()
    size = (int(shape[-1]), int(shape[-2]))
    small: Picture = np.stack(
        [
            cv2.resize(part[:rows, :columns].astype(np.float32), size, interpolation=cv2.INTER_AREA)
            for part in slices
        ]
    )
    if picture.ndim == 3:
        count, deep = int(shape[0]), int(blocks[0])
        small = small[: count * deep].reshape(count, deep, *small.shape[1:]).mean(axis=1)
    else:
        small = small[0]
    return small, (blocks - 1) / 2 * spacing_mm, spacing_mm * blocks


def pattern_of(picture: Picture, spacing_mm: FloatArray) -> Picture:
    """Return how each pixel differs from its surroundings in its slice, in units of what is usual there."""
    slices = picture if picture.ndim == 3 else picture[None]
    sigma = _SURROUNDINGS_MM / spacing_mm[-2:]
    lifted = [part - _blurred(part, sigma) for part in slices]
    usual = float(np.sqrt(np.mean([np.mean(part**2) for part in lifted]))) + 1e-6
    evened = [part / (np.sqrt(_blurred(part**2, sigma)) + np.float32(0.3 * usual)) for part in lifted]
    return np.stack(evened).reshape(picture.shape)


def _coarse(flat: Flat) -> Flat:
    picture, first, spacing = coarsened(flat.picture, flat.spacing_mm, _SEARCH_MM)
    return Flat(pattern_of(picture, spacing), flat.first_mm + first, spacing)


def _blurred(part: Picture, sigma: FloatArray) -> Picture:
    blurred = cv2.GaussianBlur(part, (0, 0), sigmaX=float(sigma[1]), sigmaY=float(sigma[0]))
    return np.asarray(blurred, dtype=np.float32)


def _rotation(degrees: float) -> FloatArray:
    turn = np.deg2rad(degrees)
    return np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])


def _slid(
    template: Flat, target: Flat, padded: Picture, linear: FloatArray, reach: int
) -> tuple[float, FloatArray]:
    """Return how well the turned template fits at its best place, and the map that puts it there."""
    patch = _turned(template.picture, linear * template.spacing_mm / target.spacing_mm[:, None], reach)
    score = cv2.matchTemplate(padded, patch, cv2.TM_CCORR)
    _, best, _, (column, row) = cv2.minMaxLoc(score)
    centre = template.first_mm + template.spacing_mm * (np.array(template.picture.shape) - 1) / 2
    middle = target.first_mm + target.spacing_mm * (row, column)
    return best / float(np.linalg.norm(patch)), np.column_stack([linear, middle - linear @ centre])


def _turned(pattern: Picture, linear: FloatArray, reach: int) -> Picture:
    """Return *pattern* under a map of (row, column), its middle in that of a square of 2 reach + 1 pixels."""
    back = np.linalg.inv(linear)[::-1, ::-1]  # OpenCV counts columns before rows
    start = (np.array(pattern.shape[::-1]) - 1) / 2 - back @ np.full(2, reach)
    size = (2 * reach + 1, 2 * reach + 1)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    turned = cv2.warpAffine(pattern, np.column_stack([back, start]), size, flags=flags)
    return np.asarray(turned, dtype=np.float32)


def _apart(matrices: Sequence[FloatArray], template: Flat) -> list[FloatArray]:
    """Return the first few that put the template's corners elsewhere than those before them."""
    last = template.first_mm + template.spacing_mm * (np.array(template.picture.shape) - 1)
    corners = np.array([[*template.first_mm, 1.0], [*last, 1.0], [template.first_mm[0], last[1], 1.0]])
    chosen: list[FloatArray] = []
    for matrix in matrices:
        if all(np.abs(corners @ (matrix - other).T).max() > _APART_MM for other in chosen):
            chosen.append(matrix)
        if len(chosen) == _BEST:
            break
    return chosen
