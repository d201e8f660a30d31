"""How fast other planes are cut, two volumes subtracted and coil shading is taken out.

Usage: ``python -m benchmarks.resample``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import SimpleITK as sitk  # noqa: N813 - the name its manual uses

from benchmarks.compare import compare, goal
from tests.unit.viewer.moved_hands import ImagedVisit, image_visits, itk_image
from viewer.imaging.bias import coil_shading, evened
from viewer.imaging.resample import Reformatter, oblique_along, orthogonal, subtract, subtract_slice


def main() -> None:
    """Print all tables."""
    with tempfile.TemporaryDirectory() as folder:
        visit = image_visits(Path(folder))[0]
    _oblique(visit)
    _subtraction(visit)
    _whole_volumes(visit)


def _oblique(visit: ImagedVisit) -> None:
    landmarks, volume = visit.truth.landmarks_mm, visit.volumes["cor_t1_pre"]
    plane = oblique_along(landmarks["mc3_base"], landmarks["mc3_head"], spacing_mm=0.2)
    cutter, image = Reformatter(volume), itk_image(volume)
    axes = np.stack([plane.across, plane.down, plane.geometry.normal], -1).ravel().tolist()
    grid = ([*plane.size, 1], sitk.Transform(), sitk.sitkLinear, plane.origin.tolist(), [0.2, 0.2, 1.0], axes)
    found = compare(
        "oblique slice of 512 x 512 from 40 x 420 x 328",
        {
            "sitk.Resample": lambda: sitk.GetArrayFromImage(sitk.Resample(image, *grid)),
            "here": lambda: cutter.cut(plane),
        },
        "sitk.Resample",
        rounds=101,
    )
    goal("oblique slice beside sitk.Resample", found["here"].ratio, 1.2)


def _subtraction(visit: ImagedVisit) -> None:
    pre, post = visit.volumes["cor_t1_pre"].pixels, visit.volumes["cor_t1_post"].pixels
    pairs = list(zip(post, pre, strict=True))
    gain = np.float32(1.02)
    found = compare(
        "subtraction of a slice of 420 x 328",
        {
            "numpy, float32": lambda: [late.astype(np.float32) - gain * early for late, early in pairs],
            "here": lambda: [subtract_slice(late, early, float(gain)) for late, early in pairs],
        },
        "numpy, float32",
        rounds=21,
        events=len(pairs),
    )
    goal("subtraction of a slice", found["here"].median_ms, 0.2, " ms")


def _whole_volumes(visit: ImagedVisit) -> None:
    pre, post = visit.volumes["cor_t1_pre"], visit.volumes["cor_t1_post"]
    compare(
        "whole volumes of 40 x 420 x 328",
        {
            "copy": pre.pixels.copy,
            "other plane": lambda: orthogonal(pre, "axial"),
            "subtraction": lambda: subtract(post, pre),
            "without coil shading": lambda: evened(pre, coil_shading(pre)),
        },
        "copy",
        rounds=3,
    )


if __name__ == "__main__":
    main()
