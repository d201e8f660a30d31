"""How the hand of one timepoint must be moved to lie where it lies in another: rigid registration.

Coarse to fine: correlation of whole images for the shift, mutual information on grids of 3 mm for turns and
other contrasts, then a robust fit on the edges (robust_fit), which leaves out fingers that have moved,
enhancement and lesions. The result is judged by what it shows, not by how the search went.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from viewer.imaging.checkpoint import Checkpoint
from viewer.imaging.geometry import FloatArray
from viewer.imaging.registration_images import COARSE_MM, Pyramid, positions, pyramid_of, values_at
from viewer.imaging.robust_fit import Fit, fit, targets_of
from viewer.imaging.volume import Volume

if TYPE_CHECKING:
    import SimpleITK


_STEPS: Final = 6
_TURN: Final = np.deg2rad(10.0)
_STARTS: Final = 2
_BINS: Final = 32
LARGEST_ERROR_MM: Final = 0.5
SMALLEST_AGREEMENT: Final = 0.6
SMALLEST_OVERLAP: Final = 0.35


@dataclass(frozen=True, slots=True, eq=False)
class RigidTransform:
    """A rotation and shift between two frames: position in the fixed frame = matrix @ position in the moving.

    Attributes:
        matrix: Shape (4, 4), float64, read-only, LPS mm.
    """

    matrix: FloatArray

    def __post_init__(self) -> None:
        """Keep a private, read-only matrix.

        Raises:
            ValueError: The matrix is not a rotation and a shift.
        """
        matrix = np.array(self.matrix, dtype=np.float64)
        if matrix.shape != (4, 4) or not np.isfinite(matrix).all():
            raise ValueError("a rigid transform is a finite 4 x 4 matrix")
        turn = matrix[:3, :3]
        if not np.allclose(turn @ turn.T, np.eye(3), atol=1e-5) or np.linalg.det(turn) < 0:
            raise ValueError("a rigid transform neither stretches nor mirrors")
        matrix.flags.writeable = False
        object.__setattr__(self, "matrix", matrix)

    def apply(self, position: ArrayLike) -> FloatArray:
        """Return positions of the moving frame, shape (..., 3), LPS mm, in the fixed frame."""
        return np.asarray(position, np.float64) @ self.matrix[:3, :3].T + self.matrix[:3, 3]

    def inverse(self) -> RigidTransform:
        """Return the transform from the fixed to the moving frame."""
        turn = self.matrix[:3, :3].T
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = turn, -turn @ self.matrix[:3, 3]
        return RigidTransform(matrix)

    def compose(self, before: RigidTransform) -> RigidTransform:
        """Return the transform that applies *before* first, then this one."""
        return RigidTransform(self.matrix @ before.matrix)


IDENTITY: Final = RigidTransform(np.eye(4))


@dataclass(frozen=True, slots=True)
class Registration:
    """What a registration found.

    Attributes:
        transform: Moving to fixed; the start where nothing was found.
        quality: 0..1: share of the hand seen in both that fits together.
        accepted: Whether it passed its own check; never link panes with one that did not.
        reason: Why not, a plain sentence; empty if accepted.
        error_mm: How far a place in the hand may be off (standard error); infinite where unknown.
    """

    transform: RigidTransform
    quality: float
    accepted: bool
    reason: str
    error_mm: float


def register(
    fixed: Volume,
    moving: Volume,
    checkpoint: Checkpoint | None = None,
    initial: RigidTransform | None = None,
) -> Registration:
    """Return how *moving* must be moved to lie as *fixed*.

    Args:
        fixed: A volume of the timepoint that stays.
        moving: A volume of the other one, best of the same role; contrast and shading may differ.
        checkpoint: Called with (done, total) steps; raising from it ends the registration.
        initial: A first guess, such as a result moved by hand. Without it the frames count as unrelated.

    Returns:
        The same volumes give the same result (to a millionth of a millimetre).
    """
    step = checkpoint or _ignore
    start = initial or IDENTITY
    if fixed.geometry is None or moving.geometry is None:
        return Registration(
            start, 0.0, False, "The position of the images in the patient is unknown.", np.inf
        )
    if min(*fixed.pixels.shape, *moving.pixels.shape) < 3:
        return Registration(start, 0.0, False, "There are too few slices to compare.", np.inf)
    step(0, _STEPS)
    still, moved = pyramid_of(fixed), pyramid_of(moving)
    step(1, _STEPS)
    found = _coarse(still, moved, start.inverse().matrix, unrelated=initial is None, step=step)
    step(4, _STEPS)
    found = fit(targets_of(still.middle), moved.middle, found, rounds=20).matrix
    step(5, _STEPS)
    result = fit(targets_of(still.fine), moved.fine, found, rounds=12)
    step(_STEPS, _STEPS)
    return _judged(result, start)


def _ignore(_done: int, _total: int) -> None:
    """Nobody watches."""


def _judged(result: Fit, start: RigidTransform) -> Registration:
    reason = _complaint(result)
    transform = RigidTransform(_orthonormal(result.matrix)).inverse() if result.overlap else start
    quality = min(max(result.agreement, 0.0), 1.0)
    return Registration(transform, quality, not reason, reason, result.error_mm)


def _complaint(result: Fit) -> str:
    if result.overlap < SMALLEST_OVERLAP:
        return "The images share too little of the hand."
    if result.agreement < SMALLEST_AGREEMENT:
        return "The images do not fit together well enough."
    if result.error_mm > LARGEST_ERROR_MM:
        return "The position is uncertain by more than half a millimetre."
    return ""


@dataclass(frozen=True, slots=True, eq=False)
class _Coarse:
    image: SimpleITK.Image
    mask: SimpleITK.Image
    centre: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    method: SimpleITK.ImageRegistrationMethod
    transform: SimpleITK.Euler3DTransform


def _coarse(
    still: Pyramid, moved: Pyramid, start: FloatArray, *, unrelated: bool, step: Checkpoint
) -> FloatArray:
    """Return a motion (fixed to moving) that is good to a voxel of the coarse grid."""
    fixed = _Coarse(_image(still.coarse.values, still.coarse.affine), _mask(still), _middle(still))
    moving = _image(moved.coarse.values, moved.coarse.affine)
    starts = [start, *(_shifted(still, moved, start, fixed.centre) if unrelated else [])]
    searches = [_method(fixed, matrix) for matrix in starts]
    searches.sort(key=lambda search: _merit(search, fixed, moving))
    best = (np.inf, start)
    for search in searches[:_STARTS]:
        step(2, _STEPS)
        with suppress(RuntimeError):  # the images no longer overlap
            search.method.Execute(fixed.image, moving)
            best = min(
                best, (search.method.GetMetricValue(), _matrix_of(search.transform)), key=itemgetter(0)
            )
    return best[1]


def _merit(search: _Search, fixed: _Coarse, moving: SimpleITK.Image) -> float:
    with suppress(RuntimeError):
        return search.method.MetricEvaluate(fixed.image, moving)
    return np.inf  # the images do not overlap


def _mask(still: Pyramid) -> SimpleITK.Image:
    import SimpleITK as sitk  # noqa: N813 - the name its manual uses

    near = cv2.dilate(still.body.reshape(len(still.body), -1), np.ones((3, 1)))
    planes = near.reshape(still.body.shape).astype(np.float32)
    near = np.stack([cv2.dilate(plane, np.ones((3, 3))) for plane in planes]).astype(np.float32)
    mask = _image(near, still.coarse.affine)
    return sitk.Cast(mask, sitk.sitkUInt8)


def _middle(pyramid: Pyramid) -> FloatArray:
    """Return the middle of the body, LPS mm."""
    index = np.argwhere(pyramid.body > 0)
    middle = index.mean(axis=0) if len(index) else (np.array(pyramid.body.shape) - 1) / 2
    return pyramid.coarse.affine[:3, :3] @ middle + pyramid.coarse.affine[:3, 3]


def _shifted(still: Pyramid, moved: Pyramid, start: FloatArray, centre: FloatArray) -> list[FloatArray]:
    """Return for some turns the motion whose shift makes the bodies overlap best, by correlation."""
    grid = np.array(still.coarse.affine)
    grid[:3, :3] *= 2
    grid[:3, 3] -= grid[:3, :3].sum(axis=1) * 4
    shape = tuple(n // 2 + 9 for n in still.body.shape)
    points = positions(shape, grid).reshape(-1, 3)
    target = np.fft.rfftn(_contents(still, points).reshape(shape))
    there = _middle(moved)
    found: list[FloatArray] = []
    for turn in _turns():
        matrix = np.eye(4)
        matrix[:3, :3] = turn @ start[:3, :3]
        matrix[:3, 3] = there - matrix[:3, :3] @ centre
        seen = _contents(moved, points @ matrix[:3, :3].T + matrix[:3, 3]).reshape(shape)
        match = np.fft.irfftn(np.conj(target) * np.fft.rfftn(seen), s=shape, axes=(0, 1, 2))
        peak = np.unravel_index(int(match.argmax()), shape)
        shift = [n - size if n > size // 2 else n for n, size in zip(peak, shape, strict=True)]
        matrix[:3, 3] += matrix[:3, :3] @ grid[:3, :3] @ shift
        found.append(matrix)
    return found


def _contents(pyramid: Pyramid, points: FloatArray) -> NDArray[np.float32]:
    values, inside = values_at(pyramid.coarse.values, pyramid.coarse.affine, points)
    return np.where(inside, values, np.float32(0))


def _turns() -> list[FloatArray]:
    """Return no turn and turns by 10 degrees either way about each axis of the patient."""
    turns = [np.eye(3)]
    cosine, sine = np.cos(_TURN), np.sin(_TURN)
    for axis in range(3):
        a, b = (axis + 1) % 3, (axis + 2) % 3
        turn = np.eye(3)
        turn[[a, b], [a, b]] = cosine
        turn[a, b], turn[b, a] = -sine, sine
        turns += [turn, turn.T]
    return turns


def _method(still: _Coarse, start: FloatArray) -> _Search:
    """Return a search for the greatest mutual information from *start*; the transform follows it."""
    import SimpleITK as sitk  # noqa: N813 - the name its manual uses

    transform = sitk.Euler3DTransform()
    transform.SetCenter(still.centre.tolist())
    transform.SetMatrix(_orthonormal(start)[:3, :3].ravel().tolist())
    transform.SetTranslation((start[:3, :3] @ still.centre + start[:3, 3] - still.centre).tolist())
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(_BINS)
    method.SetMetricFixedMask(still.mask)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetOptimizerAsRegularStepGradientDescent(
        4.0, 0.02, 60, relaxationFactor=0.6, gradientMagnitudeTolerance=1e-6
    )
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetInitialTransform(transform, inPlace=True)
    method.SetNumberOfThreads(1)  # sums in one order, so that results repeat
    return _Search(method, transform)


def _image(values: NDArray[np.float32], affine: FloatArray) -> SimpleITK.Image:
    """Return a coarse grid, whose axes are those of the patient, as an image."""
    import SimpleITK as sitk  # noqa: N813 - the name its manual uses

    image = sitk.GetImageFromArray(values)
    image.SetSpacing((COARSE_MM,) * 3)
    image.SetOrigin(affine[:3, 3].tolist())
    return image


def _matrix_of(transform: SimpleITK.Euler3DTransform) -> FloatArray:
    matrix = np.eye(4)
    matrix[:3, :3] = np.reshape(transform.GetMatrix(), (3, 3))
    centre = np.array(transform.GetCenter())
    matrix[:3, 3] = centre + transform.GetTranslation() - matrix[:3, :3] @ centre
    return matrix


def _orthonormal(matrix: FloatArray) -> FloatArray:
    """Return the nearest rigid matrix, free of what rounding has added."""
    left, _, right = np.linalg.svd(matrix[:3, :3])
    nearest = np.array(matrix)
    nearest[:3, :3] = left @ right
    return nearest
