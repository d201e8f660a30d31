"""Other cuts through a volume, and the difference of two: MPR, free oblique planes, subtraction.

Sampling is SimpleITK's. Its image lies in index space and the affine goes into the transform, so that sheared
stacks are cut true.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations
from typing import TYPE_CHECKING, Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from viewer.imaging.geometry import FloatArray, Geometry, geometry_of, normal_of
from viewer.imaging.registration import IDENTITY, RigidTransform
from viewer.imaging.volume import Volume

if TYPE_CHECKING:
    import SimpleITK

StraightPlane = Literal["coronal", "axial", "sagittal"]

_LEFT, _BACK, _FEET, _HEAD = (1, 0, 0), (0, 1, 0), (0, 0, -1), (0, 0, 1)
_AXES: Final[dict[str, tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]]] = {
    "coronal": (_BACK, _FEET, _LEFT),
    "axial": (_HEAD, _BACK, _LEFT),
    "sagittal": ((-1, 0, 0), _FEET, _BACK),
}
"""Where slices, rows and columns go in a picture of each plane."""

_SAME_MM: Final = 0.02
_FEW: Final = 100
_STRAIGHT: Final = np.sin(np.deg2rad(0.5))


@dataclass(frozen=True, slots=True, eq=False)
class PlaneGrid:
    """Pixels on a plane in the patient.

    Attributes:
        origin: Centre of the top left pixel, LPS mm.
        across: Unit vector to the right.
        down: Unit vector downwards, at right angles to *across*.
        spacing: Row, column spacing, mm.
        size: Rows, columns.
    """

    origin: FloatArray
    across: FloatArray
    down: FloatArray
    spacing: tuple[float, float]
    size: tuple[int, int]

    @property
    def geometry(self) -> Geometry:
        """The plane as a stack of one slice."""
        return geometry_of(self.origin, self.origin, self.across, self.down, self.spacing, (1, *self.size))

    def moved(self, distance_mm: float) -> PlaneGrid:
        """Return the plane *distance_mm* further along its normal."""
        return replace(self, origin=self.origin + distance_mm * normal_of(self.across, self.down))


class Reformatter:
    """Cuts planes out of one volume; keep it while scrolling, as making it copies the volume."""

    def __init__(self, volume: Volume) -> None:
        """Prepare *volume*.

        Raises:
            ValueError: It has no geometry.
        """
        import SimpleITK as sitk  # noqa: N813 - the name its manual uses

        if volume.geometry is None:
            raise ValueError("a volume without geometry has no other planes")
        self.geometry = volume.geometry
        self.background = _background(volume)
        self._image = sitk.GetImageFromArray(volume.pixels)

    def cut(self, plane: PlaneGrid, transform: RigidTransform | None = None) -> NDArray[Any]:
        """Return the stored values on *plane*, shape (rows, columns); see :func:`reformat`."""
        return self.volume(plane.geometry, transform)[0]

    def volume(self, grid: Geometry, transform: RigidTransform | None = None) -> NDArray[Any]:
        """Return the stored values on a whole *grid*, whose axes are at right angles, shape of the grid."""
        return _array(self._sampled(grid, transform, self._image.GetPixelID(), self.background))

    def exact(self, grid: Geometry, transform: RigidTransform | None = None) -> NDArray[np.float32]:
        """Return the same, not rounded; not a number where the volume does not reach."""
        import SimpleITK as sitk  # noqa: N813 - the name its manual uses

        return _array(self._sampled(grid, transform, sitk.sitkFloat32, float("nan")))

    def _sampled(
        self, grid: Geometry, transform: RigidTransform | None, pixel_type: int, background: float
    ) -> SimpleITK.Image:
        import SimpleITK as sitk  # noqa: N813 - the name its manual uses

        back = (transform or IDENTITY).inverse().matrix
        to_index = (np.linalg.inv(self.geometry.affine) @ back)[[2, 1, 0, 3]]
        steps = np.linalg.norm(grid.affine[:3, :3], axis=0)
        sampler = sitk.ResampleImageFilter()
        sampler.SetTransform(
            sitk.AffineTransform(to_index[:3, :3].ravel().tolist(), to_index[:3, 3].tolist())
        )
        sampler.SetInterpolator(sitk.sitkLinear)
        sampler.SetSize([int(n) for n in grid.shape[::-1]])
        sampler.SetOutputOrigin(grid.affine[:3, 3].tolist())
        sampler.SetOutputSpacing(steps[::-1].tolist())
        sampler.SetOutputDirection((grid.affine[:3, :3] / steps)[:, ::-1].ravel().tolist())
        sampler.SetOutputPixelType(pixel_type)
        sampler.SetDefaultPixelValue(background)
        return sampler.Execute(self._image)


def reformat(volume: Volume, plane: PlaneGrid, transform: RigidTransform | None = None) -> NDArray[Any]:
    """Return stored values of *volume* on *plane*, linear between voxels.

    Args:
        volume: Must have a geometry.
        plane: In the frame the transform leads to.
        transform: From the volume's frame to that of the plane, as :func:`registration.register` gives it.

    Returns:
        Shape (rows, columns), the stored type; the lowest value where the volume does not reach.

    Raises:
        ValueError: The volume has no geometry.
    """
    return Reformatter(volume).cut(plane, transform)


def orthogonal(volume: Volume, plane: StraightPlane) -> Volume:
    """Return *volume* with slices in another plane along its own axes, no value changed.

    Rows and columns go the usual way (coronal: feet and left, axial: back and left, sagittal: feet and back).
    A sheared stack is put straight first, by interpolation.

    Raises:
        ValueError: The volume has no geometry or a single slice.
    """
    volume = straightened(volume)
    geometry = volume.geometry
    if geometry is None or geometry.shape[0] < 2:
        raise ValueError("only a stack of slices with geometry has other planes")
    directions = geometry.affine[:3, :3] / np.linalg.norm(geometry.affine[:3, :3], axis=0)
    likeness = np.array(_AXES[plane]) @ directions
    order = max(
        permutations(range(3)), key=lambda axes: sum(abs(likeness[i, axis]) for i, axis in enumerate(axes))
    )
    turned = tuple(axis for i, axis in enumerate(order) if likeness[i, axis] < 0)
    pixels, affine = np.flip(volume.pixels, turned), np.array(geometry.affine)
    for axis in turned:
        affine[:3, 3] += affine[:3, axis] * (geometry.shape[axis] - 1)
        affine[:3, axis] *= -1
    pixels = pixels.transpose(order)
    if np.linalg.det(affine[:3, list(order)]) > 0:  # slices must go along the normal of their picture
        affine[:3, 3] += affine[:3, order[0]] * (len(pixels) - 1)
        affine[:3, order[0]] *= -1
        pixels = pixels[::-1]
    affine[:3, :3] = affine[:3, list(order)]
    return _placed(volume, np.ascontiguousarray(pixels), affine)


def straightened(volume: Volume) -> Volume:
    """Return a sheared stack resampled so that its slices lie square behind each other; others unchanged."""
    geometry = volume.geometry
    if geometry is None or geometry.shape[0] < 2:
        return volume
    step = geometry.affine[:3, 0]
    along = float(step @ geometry.normal)
    if np.linalg.norm(step - along * geometry.normal) <= _STRAIGHT * np.linalg.norm(step):
        return volume
    affine = np.array(geometry.affine)
    affine[:3, 0] = along * geometry.normal
    affine[:3, 3] += (step - affine[:3, 0]) * (geometry.shape[0] - 1) / 2
    grid = replace(geometry, affine=affine)
    return replace(volume, pixels=Reformatter(volume).volume(grid), geometry=grid)


def oblique_along(
    start_mm: ArrayLike,
    end_mm: ArrayLike,
    facing: ArrayLike = _BACK,
    spacing_mm: float = 0.3,
    size: tuple[int, int] = (512, 512),
) -> PlaneGrid:
    """Return the plane through a bone that shows it upright.

    Args:
        start_mm: One end of the bone, LPS mm.
        end_mm: The other.
        facing: The plane's normal is the direction nearest to this one: the normal of the coronal plane if
            not given.
        spacing_mm: Pixel edge.
        size: Rows, columns; the middle of the bone is the middle of the picture.

    Raises:
        ValueError: The two points are one.
    """
    start, end = np.asarray(start_mm, np.float64), np.asarray(end_mm, np.float64)
    down = _unit(end - start)
    if down @ np.array([0.01, 0.1, -1.0]) < 0:  # fingers up; a bone lying flat goes to the back
        down = -down
    normal = np.asarray(facing, np.float64)
    if abs(_unit(normal) @ down) > 0.99:  # looked at from its end: turn to the side
        normal = np.array(_LEFT if abs(down[0]) < 0.9 else _HEAD, np.float64)
    across = _unit(np.cross(down, normal))
    if across @ np.array([1.0, 0.1, 0.01]) < 0:
        across = -across
    middle = (np.array(size) - 1) / 2 * spacing_mm
    origin = (start + end) / 2 - middle[0] * down - middle[1] * across
    return PlaneGrid(origin, across, down, (spacing_mm, spacing_mm), size)


def subtract(post: Volume, pre: Volume, transform: RigidTransform | None = None) -> Volume:
    """Return post minus pre on the grid of *pre*: bright where contrast medium has gone.

    The pre-contrast values are first scaled by the median ratio of the tissue, as the receiver's gain may
    have changed between both; so the result is near 0 wherever nothing enhances.

    Args:
        post: After contrast.
        pre: Before contrast.
        transform: From the frame of *post* to that of *pre*; none where they lie alike.

    Returns:
        Stored values int16 in the units of *post*'s stored values; 0 where only one of them reaches.

    Raises:
        ValueError: One of them has no geometry.
    """
    if pre.geometry is None or post.geometry is None:
        raise ValueError("volumes without geometry cannot be subtracted")
    before = straightened(pre)
    assert before.geometry is not None
    after = post.pixels
    if not _lie_alike(post, before, transform):
        after = Reformatter(post).exact(before.geometry, transform)
    gain = _gain(after, before.pixels)
    pixels = np.empty(before.pixels.shape, np.int16)
    for target, late, early in zip(pixels, after, before.pixels, strict=True):
        target[:] = subtract_slice(late, early, gain)
    return replace(
        before, pixels=pixels, rescale_slope=post.rescale_slope, rescale_intercept=0.0, padding=None, voi=None
    )


def subtract_slice(post: NDArray[Any], pre: NDArray[Any], gain: float = 1.0) -> NDArray[np.int16]:
    """Return post - gain * pre of two slices of one grid, int16, clipped; 0 where *post* is not a number."""
    if post.dtype != pre.dtype:
        post, pre = post.astype(np.float32), pre.astype(np.float32)
    elif post.dtype == np.uint16 and max(post.max(), pre.max()) < 1 << 15:
        post, pre = post.view(np.int16), pre.view(np.int16)  # the same values, seven times as fast
    found = cv2.addWeighted(post, 1.0, pre, -gain, 0.0, dtype=cv2.CV_16S)
    if post.dtype.kind == "f":
        found[np.isnan(post)] = 0
    return found.astype(np.int16, copy=False)


def _gain(post: NDArray[Any], pre: NDArray[Any]) -> float:
    """Return the median of post / pre over tissue, judged on a part of the voxels."""
    few = slice(None, None, 2), slice(None, None, 4), slice(None, None, 4)
    late, early = post[few].astype(np.float32), pre[few].astype(np.float32)
    tissue = (early > 0.25 * np.percentile(early, 99)) & (late > 0)  # a comparison leaves out nan
    return float(np.median(late[tissue] / early[tissue])) if np.count_nonzero(tissue) > _FEW else 1.0


def _lie_alike(post: Volume, pre: Volume, transform: RigidTransform | None) -> bool:
    """Whether the voxels of both coincide, so that nothing needs to be interpolated."""
    if post.geometry is None or pre.geometry is None or post.pixels.shape != pre.pixels.shape:
        return False
    corners = np.array(list(np.ndindex(2, 2, 2))) * (np.array(pre.pixels.shape) - 1)
    there = (transform or IDENTITY).apply(post.geometry.position_of(corners))
    return float(np.abs(there - pre.geometry.position_of(corners)).max()) < _SAME_MM


def _placed(volume: Volume, pixels: NDArray[Any], affine: FloatArray) -> Volume:
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    rows, columns = float(spacing[1]), float(spacing[2])
    geometry = Geometry(affine, pixels.shape, (float(spacing[0]), rows, columns))
    return replace(
        volume,
        pixels=pixels,
        geometry=geometry,
        pixel_spacing_mm=(rows, columns),
        pixel_aspect=rows / columns,
        row_letters=None,
        column_letters=None,
    )


def _background(volume: Volume) -> float:
    """Return what stands for nothing: the padding, else the lowest stored value."""
    return volume.padding[0] if volume.padding else float(volume.pixels.min())


def _array(image: SimpleITK.Image) -> NDArray[Any]:
    import SimpleITK as sitk  # noqa: N813 - the name its manual uses

    return sitk.GetArrayFromImage(image)


def _unit(vector: FloatArray) -> FloatArray:
    length = float(np.linalg.norm(vector))
    if not length > 0:
        raise ValueError("two ends of a bone must lie apart")
    return vector / length
