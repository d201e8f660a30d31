"""The reading window beside pictures of it that were looked at and found right.

After a wanted change of its looks, ``RA_READER_RENEW_GOLDEN=1 pytest tests/gui/test_reading_golden.py``
renews the pictures in tests/data/golden; look at them before they are committed.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from reader_app.theme import apply_theme
from tests.gui.golden_pictures import SIZES, open_still, show_at, thumbnail
from viewer.display.pane_state import NO_LETTERS

pytestmark = pytest.mark.gui

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "data" / "golden"
RENEW = bool(os.environ.get("RA_READER_RENEW_GOLDEN"))
TOLERANCE = 5.0
"""Grey values: the largest mean difference over a patch of 4 x 4 pixels of a thumbnail."""


def difference(found, expected):
    """Return the largest mean difference over a patch; infinite for another size."""
    if found.shape != expected.shape:
        return np.inf
    apart = np.abs(found.astype(np.float32) - expected)
    return float(cv2.blur(apart, (4, 4)).max())


def golden(size, scale):
    return GOLDEN / f"reading_{size[0]}x{size[1]}_at_{scale}.png"


@pytest.mark.parametrize("scale", [1, 2])
def test_the_window_looks_as_it_did(tmp_path, scale):
    subprocess.run(
        [sys.executable, "-m", "tests.gui.golden_pictures", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_SCALE_FACTOR": str(scale)},
        check=True,
        timeout=60,
    )
    apart = {}
    for size in SIZES:
        found = cv2.imread(str(tmp_path / f"{size[0]}x{size[1]}.png"), cv2.IMREAD_GRAYSCALE)
        if RENEW:
            GOLDEN.mkdir(parents=True, exist_ok=True)
            shutil.copy(tmp_path / f"{size[0]}x{size[1]}.png", golden(size, scale))
        expected = cv2.imread(str(golden(size, scale)), cv2.IMREAD_GRAYSCALE)
        apart[size] = difference(found, expected)
    assert max(apart.values()) < TOLERANCE, apart


@pytest.fixture
def still(qtbot, tmp_path):
    apply_theme(QApplication.instance())
    window = open_still(tmp_path)
    qtbot.addWidget(window)
    show_at(window, SIZES[0])
    return window


def swapped(state):
    return replace(state, letters=replace(state.letters, left=state.letters.right, right=state.letters.left))


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("letters exchanged", swapped),
        ("letters lost", lambda state: replace(state, letters=NO_LETTERS)),
        ("picture lost", lambda state: replace(state, picture=None, reason="There is no picture.")),
        ("inverted", lambda state: replace(state, picture=replace(state.picture, inverted=True))),
    ],
)
def test_a_fault_in_one_pane_is_noticed(still, fault, change):
    expected = thumbnail(still)
    pane = still.grid.panes[0]
    pane.show_state(change(pane.state))
    assert difference(thumbnail(still), expected) > TOLERANCE, fault


def test_the_same_window_twice_makes_the_same_picture(still):
    assert difference(thumbnail(still), thumbnail(still)) == 0
