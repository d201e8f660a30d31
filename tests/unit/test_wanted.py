"""What is remembered of how a case was looked at."""

import pytest

from reader_app.reading.wanted import Wanted, from_text, to_text
from viewer.display.measure import Measure
from viewer.display.orientation import Turn
from viewer.display.viewport import Place
from viewer.display.window_level import Adjustment, WindowWish
from viewer.display.zoom import Zoom


def test_all_that_is_wanted_comes_back():
    wanted = Wanted(
        Zoom("pixel", 1.5),
        {"A/1": Place((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))},
        {"A/xr_pa_left": (3.0, -4.0)},
        {"cor_t1_pre": 3},
        {"cor_t1_pre": WindowWish(1.0, 99.0, Adjustment(0.2, 1.5))},
        {"cor_stir": Turn(1, flipped=True)},
        True,
        {"A/cor_t1_pre": (Measure("distance", 4, ((1.0, 2.0), (3.0, 4.0))),)},
    )
    assert from_text(to_text(wanted)) == wanted


@pytest.mark.parametrize("text", ["", "garbage{", "[]", "null", "{}", '{"zoom": 3}', '{"zoom": {}}'])
def test_what_is_no_memory_of_a_case_opens_it_like_a_new_one(text):
    assert from_text(text) == Wanted()
