"""Outlines round the phantom's bones and erosions give back the share that it was made with."""

import cv2
import numpy as np
import pytest

from scoring_forms.domain.marks import Mark
from scoring_forms.domain.score import Cell
from scoring_forms.domain.volume_fraction import estimate_volume
from viewer.imaging.phantom.disease import Findings
from viewer.imaging.phantom.lattice import SPACING_MM
from viewer.imaging.phantom.sites import PARTS
from viewer.imaging.phantom.subject import make_lesions, make_seats, make_subject

SHARES = {"scaphoid": 0.25, "capitate": 0.08, "mc2_head": 0.55}
_EVERY = 3
"""Every third plane of the phantom is a slice: 1.5 mm apart, like those that are read."""
_FINER = 8


@pytest.fixture(scope="module")
def diseased():
    """Judged voxels, eroded voxels and the true share of some bones."""
    subject = make_subject(np.random.default_rng(5))
    healthy = dict.fromkeys(PARTS, 0.0)
    findings = Findings({**healthy, **SHARES}, healthy, {}, {})
    seats = make_seats(subject, [findings], np.random.default_rng(6))
    lesions = make_lesions(subject, seats, findings)
    return {part: (seats[part].assessed, lesions[part]) for part in SHARES}


def outlines(mask, kind, part):
    """Return the outlines of a solid on coronal slices, as a careful reader would draw them."""
    cell = Cell("A", "ramris_2003", "bone_erosion", None, part)
    step = _EVERY * SPACING_MM
    for plane in range(1, mask.shape[1], _EVERY):
        fine = np.kron(mask[:, plane], np.ones((_FINER, _FINER))).astype(np.uint8)
        for contour in cv2.findContours(fine, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
            corners = contour[:, 0] * SPACING_MM / _FINER
            if cv2.contourArea(contour) > _FINER:
                points = tuple((float(x), plane * SPACING_MM, float(z)) for x, z in corners)
                yield Mark(
                    0, cell, kind, points, 1, "cor_t1_pre", "coronal", plane * SPACING_MM, step, (1.0, 0.0)
                )


@pytest.mark.parametrize("part", SHARES)
def test_outlines_of_an_erosion_give_the_share_that_is_really_gone(diseased, part):
    assessed, lesion = diseased[part]
    gone = assessed & (lesion.eroded > 0.5)
    marks = [*outlines(assessed, "bone", part), *outlines(gone, "defect", part)]
    estimate = estimate_volume("tenths", marks)
    assert estimate.share == pytest.approx(lesion.eroded_fraction, abs=0.04)
    assert estimate.bone_mm3 == pytest.approx(float(assessed.sum()) * SPACING_MM**3, rel=0.06)
