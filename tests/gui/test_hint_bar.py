"""The keys named below the pictures: those that do something in this round."""

import pytest
from PySide6.QtWidgets import QLabel

from scoring_forms.domain.form import compose_form
from tests.gui.windows import build

pytestmark = pytest.mark.gui


def hinted(window):
    """Return what the bar says its keys do."""
    return [label.text() for label in window.hints.findChildren(QLabel, "hint")]


def test_ten_is_offered_only_where_a_scale_has_it(opened, tmp_path):
    (tmp_path / "to_ten").mkdir()
    (tmp_path / "to_three").mkdir()
    to_ten = build(tmp_path / "to_ten", compose_form(["ramris_2003"], ["synovitis", "bone_erosion"]))
    assert "ten" in hinted(opened(to_ten))
    to_three = build(tmp_path / "to_three", compose_form(["ramris_2003"], ["synovitis", "bone_oedema"]))
    assert "ten" not in hinted(opened(to_three))


def test_films_offer_no_keys_for_slices(opened, tmp_path):
    films = hinted(opened(build(tmp_path, compose_form(["sharp_1985"]), films=True)))
    assert not {"slice", "ten"} & set(films)
    assert {"score and next", "layout", "all keys"} <= set(films)


def test_a_signed_case_of_films_offers_no_keys_for_slices(opened, tmp_path):
    window = opened(build(tmp_path, compose_form(["sharp_1985"]), films=True))
    window.scoring.lock()
    window._show_progress()
    assert "ask to reopen" in hinted(window)
    assert "slice" not in hinted(window)


def test_series_of_slices_offer_their_keys(window):
    assert "slice" in hinted(window)
