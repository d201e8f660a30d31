"""Coil shading taken out of a volume, for display only: scores are read on what was stored.

A robust quadratic in the logarithm takes out most of it; N4 does the rest, on a volume of about 4 mm. The
smooth field they find is then divided out at full size.
Source: N4 (Tustison and colleagues, IEEE Trans Med Imaging 2010).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from viewer.imaging.checkpoint import Checkpoint
from viewer.imaging.registration_images import body_of, finer, shrunk
from viewer.imaging.volume import Volume

_SHRUNK_MM: Final = 4.0
_ITERATIONS: Final = (30, 20)
_ROUNDS: Final = 8
_STRONGEST: Final = 6.0
_FEWEST_VOXELS: Final = 400


def coil_shading(volume: Volume, checkpoint: Checkpoint | None = None) -> NDArray[np.float32] | None:
    """Return by how much each place is too bright, 1 being the median of the body.

    Args:
        volume: Must have a geometry; stored values count as proportional to signal.
        checkpoint: Called with (done, total) steps; raising from it ends the work.

    Returns:
        On a coarse grid over the volume, for :func:`evened`; None where the volume is too small to tell
        shading from anatomy.

    Raises:
        ValueError: It has no geometry.
    """
    step = checkpoint or _ignore
    if volume.geometry is None:
        raise ValueError("a volume without geometry has no coil shading")
    step(0, 2)
    pixels = volume.pixels.astype(np.float32) - np.float32(_lowest(volume))
    small, affine = shrunk(pixels, volume.geometry.affine, _SHRUNK_MM)
    body = body_of(small)
    if np.count_nonzero(body) < _FEWEST_VOXELS or min(small.shape) < 4:
        return None
    step(1, 2)
    field = _field(small, body, np.linalg.norm(affine[:3, :3], axis=0)[::-1].tolist())
    step(2, 2)
    return field


def evened(volume: Volume, shading: NDArray[np.float32] | None) -> Volume:
    """Return *volume* with its :func:`coil_shading` taken out, stored type and geometry unchanged."""
    if shading is None:
        return volume
    field = finer(shading, volume.pixels.shape)
    return replace(volume, pixels=_divided(volume.pixels, field, _lowest(volume)))


def _lowest(volume: Volume) -> float:
    return min(float(volume.pixels.min()), 0.0)


def _ignore(_done: int, _total: int) -> None:
    """Nobody watches."""


def _field(
    small: NDArray[np.float32], body: NDArray[np.float32], spacing: list[float]
) -> NDArray[np.float32]:
    """Return by how much each voxel is too bright, 1 being the median of the body."""
    import SimpleITK as sitk  # noqa: N813 - the name its manual uses

    trend = _trend(small, body > 0)
    image = sitk.GetImageFromArray((small + 1) / np.exp(trend))
    mask = sitk.GetImageFromArray(body.astype(np.uint8))
    for made in (image, mask):
        made.SetSpacing(spacing)
    method = sitk.N4BiasFieldCorrectionImageFilter()
    method.SetMaximumNumberOfIterations(_ITERATIONS)
    method.SetConvergenceThreshold(0.001)
    method.Execute(image, mask)
    field = sitk.GetArrayFromImage(method.GetLogBiasFieldAsImage(image)) + trend
    field -= np.median(field[body > 0])
    return np.exp(np.clip(field, -np.log(_STRONGEST), np.log(_STRONGEST))).astype(np.float32)


def _trend(small: NDArray[np.float32], inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the quadratic that most of the logarithm of the brightness follows, 0 in the mean."""
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in small.shape), indexing="ij")
    terms = np.stack([x, y, z, x * x, y * y, z * z, x * y, y * z, x * z, np.ones_like(x)], -1)
    seen, wanted = terms[inside], np.log(small[inside] + 1)
    weight = np.ones(len(seen))
    parts = np.zeros(terms.shape[-1])
    for _ in range(_ROUNDS):
        parts = np.linalg.lstsq(seen * weight[:, None], wanted * weight, rcond=None)[0]
        away = wanted - seen @ parts
        spread = 1.4826 * float(np.median(np.abs(away))) + 1e-6
        weight = np.maximum(1 - (away / (3 * spread)) ** 2, 0)
    trend = terms @ parts
    return (trend - trend[inside].mean()).astype(np.float32)


def _divided(pixels: NDArray[Any], field: NDArray[np.float32], lowest: float) -> NDArray[Any]:
    evened = np.empty_like(pixels)
    whole = pixels.dtype.kind in "iu"
    limits = np.iinfo(pixels.dtype) if whole else None
    for target, source, gain in zip(evened, pixels, field, strict=True):
        values = (source.astype(np.float32) - np.float32(lowest)) / gain + np.float32(lowest)
        target[...] = np.clip(np.rint(values), limits.min, limits.max) if limits else values
    return evened
