"""The scanner: 0.23 T sequences of the founding study, sampled from the phantom with noise and coil shading.

Source: the anakinra study of Østergaard and colleagues: coronal and axial T1-weighted 3D gradient echo,
1.5 mm, 328 x 420, field of view 140 and 120 mm, before and after contrast; coronal STIR,
3.5 mm, 216 x 256, 180 mm.
"""

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
import SimpleITK as sitk  # noqa: N813 - the name its manual uses

from viewer.imaging.phantom.lattice import SPACING_MM, Box
from viewer.imaging.phantom.tissue import Picture


@dataclass(frozen=True, slots=True)
class Sequence:
    """One kind of acquisition.

    Attributes:
        weighting: Which picture of the phantom it shows.
        plane: Its plane in the patient.
        slices: Number of slices.
        step_mm: Distance and thickness of slices.
        rows: Number of rows.
        columns: Number of columns.
        pixel_mm: Edge of a pixel.
        gain: Stored value of fat on T1 in the middle of the coil.
        noise: Deviation of the noise in each channel, stored values.
    """

    weighting: Literal["t1_pre", "t1_post", "stir"]
    plane: Literal["coronal", "axial"]
    slices: int
    step_mm: float
    rows: int
    columns: int
    pixel_mm: float
    gain: float
    noise: float


COR_T1: Final = Sequence("t1_pre", "coronal", 40, 1.5, 420, 328, 140 / 420, 1500, 52)
COR_T1_POST: Final = Sequence("t1_post", "coronal", 40, 1.5, 420, 328, 140 / 420, 1500, 52)
AX_T1: Final = Sequence("t1_pre", "axial", 48, 1.5, 420, 328, 120 / 420, 1450, 56)
AX_T1_POST: Final = Sequence("t1_post", "axial", 48, 1.5, 420, 328, 120 / 420, 1450, 56)
COR_STIR: Final = Sequence("stir", "coronal", 16, 3.5, 256, 216, 180 / 256, 2300, 62)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Where the scanner puts a stack of slices.

    Attributes:
        affine: (4, 4), indices (slice, row, column, 1) of pixel centres to LPS mm.
    """

    affine: np.ndarray

    def position_of(self, slice_index: int) -> np.ndarray:
        """Return the centre of the first pixel of a slice, LPS mm (Image Position (Patient))."""
        return self.affine[:3, 3] + slice_index * self.affine[:3, 0]

    def directions(self) -> np.ndarray:
        """Return the unit vectors towards the next slice, row and column, shape (3, 3), as rows."""
        axes = self.affine[:3, :3].T
        return axes / np.linalg.norm(axes, axis=1, keepdims=True)


def plan(sequence: Sequence, centre: np.ndarray, tilt: np.ndarray) -> Frame:
    """Return the frame of *sequence* about an LPS position, turned from the patient's axes by *tilt*."""
    if sequence.plane == "coronal":  # slices towards the back, rows towards the feet, columns to the left
        axes = np.array([[0, 1, 0], [0, 0, -1], [1, 0, 0]], dtype=np.float64)
    else:  # slices towards the head, rows towards the back, columns to the left
        axes = np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0]], dtype=np.float64)
    steps = tilt @ (axes.T * [sequence.step_mm, sequence.pixel_mm, sequence.pixel_mm])
    middle = (np.array([sequence.slices, sequence.rows, sequence.columns]) - 1) / 2
    affine = np.eye(4)
    affine[:3, :3] = steps
    affine[:3, 3] = centre - steps @ middle
    return Frame(affine)


def acquire(
    picture: Picture,
    pose: np.ndarray,
    sequence: Sequence,
    frame: Frame,
    coil: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return the stored pixels of one series.

    Args:
        picture: The phantom at this visit, in model coordinates.
        pose: (4, 4), model mm to LPS mm.
        sequence: What is acquired.
        frame: Where.
        coil: Middle of the receive coil, LPS mm.
        rng: Source of the noise.

    Returns:
        Shape (slices, rows, columns), uint16, 0..4095.
    """
    sampled = _sample(picture, pose, sequence, frame)
    clean = sitk.GetArrayViewFromImage(sampled)
    bank = rng.standard_normal((2, sequence.rows + 200, sequence.columns + 200), dtype=np.float32)
    bank *= np.float32(sequence.noise)
    stored = np.empty((sequence.slices, sequence.rows, sequence.columns), dtype=np.uint16)
    for index, signal in enumerate(clean):
        image = _shading(frame, index, signal.shape, coil)
        image *= np.float32(sequence.gain)
        image *= signal
        real, imaginary = (_excerpt(part, image.shape, rng) for part in bank)
        image += real
        np.hypot(image, imaginary, out=image)
        np.minimum(image, 4095, out=image)
        stored[index] = np.rint(image)
    return stored


def _sample(picture: Picture, pose: np.ndarray, sequence: Sequence, frame: Frame) -> sitk.Image:
    box, signal = _within_reach(picture, pose, sequence, frame)
    image = sitk.GetImageFromArray(_thick(signal, sequence))
    image.SetSpacing((SPACING_MM,) * 3)
    image.SetOrigin(tuple(float(first) * SPACING_MM for first in box.first[::-1]))
    to_model = np.linalg.inv(pose)
    transform = sitk.AffineTransform(3)
    transform.SetMatrix(to_model[:3, :3].ravel().tolist())
    transform.SetTranslation(to_model[:3, 3].tolist())
    sampler = sitk.ResampleImageFilter()
    sampler.SetInterpolator(sitk.sitkLinear)
    sampler.SetTransform(transform)
    sampler.SetSize((sequence.columns, sequence.rows, sequence.slices))
    sampler.SetOutputSpacing((sequence.pixel_mm, sequence.pixel_mm, sequence.step_mm))
    sampler.SetOutputOrigin(frame.affine[:3, 3].tolist())
    sampler.SetOutputDirection(frame.directions()[::-1].T.ravel().tolist())
    return sampler.Execute(image)


def _within_reach(
    picture: Picture, pose: np.ndarray, sequence: Sequence, frame: Frame
) -> tuple[Box, np.ndarray]:
    """Return the part of the picture that the slices can meet."""
    last = np.array([sequence.slices, sequence.rows, sequence.columns]) - 1
    corners = np.array([[i, j, k, 1] for i in (0, 1) for j in (0, 1) for k in (0, 1)]) * [*last, 1]
    model = (np.linalg.inv(pose) @ frame.affine @ corners.T)[:3].T[:, ::-1] / SPACING_MM
    low = np.clip(np.floor(model.min(axis=0)).astype(int) - 6 - picture.box.first, 0, None)
    high = np.clip(np.ceil(model.max(axis=0)).astype(int) + 7 - picture.box.first, None, picture.box.shape)
    first = np.add(low, picture.box.first)
    box = Box((int(first[0]), int(first[1]), int(first[2])), tuple((high - low).tolist()))
    signal = getattr(picture, sequence.weighting)
    return box, signal[low[0] : high[0], low[1] : high[1], low[2] : high[2]]


def _thick(signal: np.ndarray, sequence: Sequence) -> np.ndarray:
    """Return *signal* averaged over the slice thickness along the model axis nearest to the normal."""
    count = 2 * int(sequence.step_mm / SPACING_MM / 2) + 1
    if sequence.plane == "axial":
        flat = np.ascontiguousarray(signal).reshape(signal.shape[0], -1)
        return cv2.blur(flat, (1, count), borderType=cv2.BORDER_REPLICATE).reshape(signal.shape)
    thick = np.empty(signal.shape, dtype=np.float32)
    for source, target in zip(signal, thick, strict=True):
        target[:] = cv2.blur(np.ascontiguousarray(source), (1, count), borderType=cv2.BORDER_REPLICATE)
    return thick


def _shading(frame: Frame, index: int, shape: tuple[int, ...], coil: np.ndarray) -> np.ndarray:
    """Return the sensitivity of the coil over one slice: even in its middle, low along the forearm."""
    rows, columns = np.linspace(0, shape[0] - 1, 30), np.linspace(0, shape[1] - 1, 24)
    start = frame.position_of(index) - coil
    exponent = np.zeros((30, 24))
    for axis, (reach, power, slope) in enumerate(((75.0, 4, 0.0016), (60.0, 2, -0.0045), (92.0, 6, 0.0006))):
        place = start[axis] + frame.affine[axis, 1] * rows[:, None] + frame.affine[axis, 2] * columns[None, :]
        exponent += slope * place - np.abs(place / reach) ** power
    return cv2.resize(np.exp(exponent).astype(np.float32), shape[::-1], interpolation=cv2.INTER_CUBIC)


def _excerpt(noise: np.ndarray, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    top, left = (int(rng.integers(0, have - want + 1)) for have, want in zip(noise.shape, shape, strict=True))
    part = noise[top : top + shape[0], left : left + shape[1]]
    turn = int(rng.integers(0, 4))
    return part[:: 1 - 2 * (turn & 1), :: 1 - (turn & 2)]
