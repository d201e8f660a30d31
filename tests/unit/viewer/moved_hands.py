"""A phantom hand imaged anew: moved, fingers bent, other noise and coil shading, a field of its own."""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import SimpleITK as sitk  # noqa: N813 - the name its manual uses
from numpy.typing import NDArray

from viewer.imaging.geometry import FloatArray, Geometry
from viewer.imaging.loading import load_volume
from viewer.imaging.phantom.positioning import random_rotation
from viewer.imaging.phantom.study import PhantomVisit, write_phantom_study
from viewer.imaging.phantom.truth import VisitTruth
from viewer.imaging.registration import RigidTransform
from viewer.imaging.registration_images import finer
from viewer.imaging.scan import scan
from viewer.imaging.volume import Volume

KNUCKLES = ("mcp2", "mcp3", "mcp4", "mcp5")
_FOLDERS = {"cor_t1_pre": "S03", "ax_t1_pre": "S04", "cor_t1_post": "S05", "ax_t1_post": "S06"}


@dataclass(frozen=True, slots=True, eq=False)
class ImagedVisit:
    """The T1 volumes of one visit by role, and the truth about it."""

    volumes: dict[str, Volume]
    truth: VisitTruth

    def places(self) -> FloatArray:
        """Return the middles of all sites, shape (n, 3), LPS mm."""
        return np.array(list(self.truth.landmarks_mm.values()))


def image_visits(folder: Path) -> list[ImagedVisit]:
    """Return two visits of one phantom subject."""
    visits = [PhantomVisit("Baseline", 0, True, False), PhantomVisit("Week 12", 12, True, False)]
    (subject,) = write_phantom_study(folder, 1, visits)
    places = sorted((folder / subject.subject).iterdir())
    return [
        ImagedVisit({role: _load(place / name) for role, name in _FOLDERS.items()}, truth)
        for place, truth in zip(places, subject.visits, strict=True)
    ]


def _load(folder: Path) -> Volume:
    (series,) = scan([folder]).series
    return load_volume(series)


def halved(volume: Volume) -> Volume:
    """Return *volume* with pixels of double edge, for quicker tests."""
    geometry = volume.geometry
    affine = np.array(geometry.affine)
    affine[:3, 3] += affine[:3, 1:3].sum(axis=1) / 2
    affine[:3, 1:3] *= 2
    pixels = np.stack(
        [cv2.resize(plane, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for plane in volume.pixels]
    )
    step, row, column = geometry.spacing_mm
    return replace(
        volume, pixels=pixels, geometry=Geometry(affine, pixels.shape, (step, 2 * row, 2 * column))
    )


def random_motion(middle: FloatArray, rng: np.random.Generator) -> RigidTransform:
    """Return how a hand may lie at another visit: turned by up to 16 degrees, shifted by up to 24 mm."""
    turn = random_rotation(rng, 8.0, np.array([0.6, 1.0, 0.5])) @ random_rotation(rng, 8.0, np.ones(3))
    matrix = np.eye(4)
    matrix[:3, :3] = turn
    matrix[:3, 3] = middle + rng.uniform(-1, 1, 3) * [16, 8, 16] - turn @ middle
    return RigidTransform(matrix)


def imaged_anew(
    source: Volume, motion: RigidTransform, knuckles: FloatArray, rng: np.random.Generator
) -> Volume:
    """Return the hand of *source* after *motion*, in a field that follows it only in part.

    Args:
        source: Head is up along z, as in the phantom.
        motion: From where the hand lies in *source* to where it lies now.
        knuckles: Where fingers bend, LPS mm in *source*; by up to 8 degrees in two directions.
        rng: Chooses field, bending, shading and noise.
    """
    geometry = _field_of_view(source.geometry, motion, rng)
    clean = _moved(source, geometry, motion, knuckles, np.deg2rad(8) * rng.uniform(-1, 1, 2))
    clean *= _shading(clean.shape, rng)
    bank = 50 * rng.standard_normal((2, clean.shape[1] + 60, clean.shape[2] + 60), np.float32)
    for image in clean:
        top, left = rng.integers(0, 60, 2)
        real, imaginary = bank[:, top : top + image.shape[0], left : left + image.shape[1]]
        np.hypot(image + real, imaginary, out=image)
    pixels = np.rint(np.clip(clean, 0, 4095)).astype(np.uint16)
    return replace(source, pixels=pixels, geometry=geometry)


def errors_of(found: RigidTransform, truth: RigidTransform, places: FloatArray) -> tuple[float, float]:
    """Return how far *found* leads astray: mm, mean over *places* of the fixed frame, and degrees."""
    away = found.apply(truth.inverse().apply(places)) - places
    turn = found.matrix[:3, :3] @ truth.matrix[:3, :3].T
    degrees = np.rad2deg(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1)))
    return float(np.linalg.norm(away, axis=1).mean()), float(degrees)


def _field_of_view(geometry: Geometry, motion: RigidTransform, rng: np.random.Generator) -> Geometry:
    middle = geometry.position_of((np.array(geometry.shape) - 1) / 2)
    affine = np.array(geometry.affine)
    affine[:3, 3] += rng.uniform(-0.3, 1, 1) * (motion.apply(middle) - middle) + rng.uniform(-5, 5, 3)
    return replace(geometry, affine=affine)


def _moved(
    source: Volume, geometry: Geometry, motion: RigidTransform, knuckles: FloatArray, bend: FloatArray
) -> NDArray[np.float32]:
    spacing = np.linalg.norm(geometry.affine[:3, :3], axis=0)
    steps = np.maximum(np.round(4 / spacing), 1)
    counts = ((np.array(geometry.shape) - 1) // steps + 2).astype(int)
    index = np.stack(np.meshgrid(*map(np.arange, counts), indexing="ij"), -1) * steps
    there = geometry.position_of(index)
    arm = motion.inverse().apply(there) - knuckles
    share = np.clip((arm[..., 2] - 3) / 12, 0, 1)
    share = share * share * (3 - 2 * share)
    for axis, angle in zip((0, 1), bend, strict=True):
        cosine, sine, side = np.cos(angle * share), np.sin(angle * share), arm[..., axis].copy()
        arm[..., axis], arm[..., 2] = cosine * side - sine * arm[..., 2], sine * side + cosine * arm[..., 2]
    field = _image(arm + knuckles - there, geometry, steps, vector=True)
    reference = _image(np.zeros(geometry.shape, np.uint8), geometry)
    start = _image(source.pixels, source.geometry)
    way = sitk.DisplacementFieldTransform(field)
    return sitk.GetArrayFromImage(
        sitk.Resample(start, reference, way, sitk.sitkLinear, 0.0, sitk.sitkFloat32)
    )


def _image(values: np.ndarray, geometry: Geometry, steps=(1, 1, 1), *, vector: bool = False) -> sitk.Image:
    image = sitk.GetImageFromArray(values, isVector=vector)
    spacing = np.linalg.norm(geometry.affine[:3, :3], axis=0)
    image.SetSpacing((spacing * steps)[::-1].tolist())
    image.SetOrigin(geometry.affine[:3, 3].tolist())
    image.SetDirection((geometry.affine[:3, :3] / spacing)[:, ::-1].ravel().tolist())
    return image


def itk_image(volume: Volume) -> sitk.Image:
    """Return *volume* as SimpleITK would have read it."""
    return _image(volume.pixels, volume.geometry)


def _shading(shape: tuple[int, int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return a smooth sensitivity that differs by a factor of about three over the field."""
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, 12),) * 3, indexing="ij")
    terms = (x, y, z, 0.7 * x * x, 0.7 * y * y, 0.7 * z * z, 0.7 * x * y, 0.7 * y * z, 0.7 * x * z)
    exponent = sum(weight * term for weight, term in zip(rng.normal(0, 0.35, 9), terms, strict=True))
    return finer(np.exp(exponent).astype(np.float32), shape)
