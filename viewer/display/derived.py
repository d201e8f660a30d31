"""Pictures made from series for looking only: the other two planes, and what enhanced between two."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.imaging.geometry import Geometry, Plane
from viewer.imaging.volume import Volume

_SHEAR_TOLERANCE_DEGREES = 2.0


def reformat_refusal(volume: Volume, plane: Plane) -> str:
    """Return why *volume* cannot be cut in *plane*; empty when it can."""
    geometry = volume.geometry
    if geometry is None:
        return "This picture has no place in the patient: it cannot be cut in another plane."
    if geometry.shape[0] < 2:
        return "This series has one slice: it cannot be cut in another plane."
    step = geometry.affine[:3, 0] / np.linalg.norm(geometry.affine[:3, 0])
    if abs(float(step @ geometry.normal)) < np.cos(np.deg2rad(_SHEAR_TOLERANCE_DEGREES)):
        return (
            "The slices of this series are not stacked at right angles: they cannot be cut in another plane."
        )
    if plane not in [_turned(geometry, axis).plane for axis in range(3)]:
        return f"This series is too oblique to be cut {plane}."
    return ""


def reformatted(volume: Volume, plane: Plane) -> Volume:
    """Return *volume* cut in *plane*: the same voxels seen from another side, nothing is interpolated.

    Raises:
        ValueError: :func:`reformat_refusal` says why not.
    """
    geometry = volume.geometry
    if geometry is None or reformat_refusal(volume, plane):
        raise ValueError("this volume cannot be cut in that plane")
    axis = next(axis for axis in range(3) if _turned(geometry, axis).plane == plane)
    turned = _turned(geometry, axis)
    return replace(
        volume,
        pixels=volume.pixels.transpose(_order(axis)),
        geometry=turned,
        pixel_spacing_mm=(turned.spacing_mm[1], turned.spacing_mm[2]),
    )


def subtraction_refusal(post: Volume, pre: Volume) -> str:
    """Return why *pre* cannot be taken from *post* voxel by voxel; empty when it can."""
    if post.geometry is None or pre.geometry is None:
        return "These pictures have no place in the patient: they cannot be subtracted."
    same_grid = post.geometry.shape == pre.geometry.shape and np.allclose(
        post.geometry.affine, pre.geometry.affine, rtol=0, atol=1e-3
    )
    if not same_grid:
        return "Pre and post contrast were not acquired on the same grid: they cannot be subtracted."
    if (post.rescale_slope, post.rescale_intercept) != (pre.rescale_slope, pre.rescale_intercept):
        return "Pre and post contrast are scaled differently: they cannot be subtracted."
    return ""


def subtracted(post: Volume, pre: Volume) -> Volume:
    """Return post − pre in stored values, int16, on the grid of both; the window plays no part.

    Raises:
        ValueError: :func:`subtraction_refusal` says why not.
    """
    if subtraction_refusal(post, pre):
        raise ValueError("these volumes cannot be subtracted")
    pixels = np.empty(post.pixels.shape, np.int16)
    limits = np.iinfo(np.int16)
    for after, before, slot in zip(post.pixels, pre.pixels, pixels, strict=True):
        difference: NDArray[Any] = after.astype(np.float32) - before
        np.copyto(slot, np.clip(difference, limits.min, limits.max).astype(np.int16))
    return replace(post, pixels=pixels, rescale_intercept=0.0, padding=None)


def _turned(geometry: Geometry, axis: int) -> Geometry:
    """Return the geometry with index *axis* as the slice index."""
    order = _order(axis)
    affine = geometry.affine[:, [*order, 3]]
    spacing = [geometry.spacing_mm[index] for index in order]
    rows, columns = (abs(spacing[index] or 1.0) for index in (1, 2))
    shape = (geometry.shape[order[0]], geometry.shape[order[1]], geometry.shape[order[2]])
    return Geometry(affine, shape, (spacing[0], rows, columns))


def _order(axis: int) -> tuple[int, int, int]:
    return ((0, 1, 2), (1, 0, 2), (2, 1, 0))[axis]
