from dataclasses import replace

import pytest

from reader_app.workflow.adjudication_rules import check_adjudication, check_rule
from reader_app.workflow.errors import BadRoundError, SystemTellsError, TitleTellsError
from reader_app.workflow.round_title import check_title, check_words
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.scoring_system import Sum
from scoring_forms.domain.systems import available_systems, load_system
from storage.study.records import Subject, Visit

VISITS = (Visit("Screening", 0), Visit("V2", 12), Visit("Week 36", 36))
SUBJECTS = (Subject("1042"), Subject("A7"))


@pytest.mark.parametrize(
    "title",
    [
        "RAMRIS",
        "RAMRIS 2003, second read",
        "Sharp 1985",
        "Erosions only",
        "T1 and STIR, 3D",
        "Lecture a deux",
        "Main read",
        "Marked",
    ],
)
def test_titles_that_tell_nothing_are_taken(title):
    check_title(title, VISITS, SUBJECTS)


@pytest.mark.parametrize(
    ("title", "what"),
    [
        ("screening read", "a visit's label"),
        ("Pre-Screening", "a visit's label"),
        ("RAMRIS v2", "a week or visit"),
        ("week 36", "a week or visit"),
        ("W36 RAMRIS", "a week or visit"),
        ("12 weeks", "a week or visit"),
        ("Month 6", "a week or visit"),
        ("Read 12", "the week of a visit"),
        ("2021-03-01", "a date"),
        ("read of 1.3.21", "a date"),
        ("20210301", "a date"),
        ("March 2021", "a date"),
        ("Subject 1042", "a subject's code"),
        ("a7 again", "a subject's code"),
    ],
)
def test_titles_that_tell_something_are_refused(title, what):
    with pytest.raises(TitleTellsError) as refused:
        check_title(title, VISITS, SUBJECTS)
    assert refused.value.what == what


@pytest.mark.parametrize("title", ["", "  ", "two\nlines", "x" * 81])
def test_a_title_is_one_short_line(title):
    with pytest.raises(BadRoundError):
        check_title(title, VISITS, SUBJECTS)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"title": "Fingers at screening"}, "a visit's label"),
        ({"region": "Hands of week 36"}, "a visit's label"),
        ({"sums": (Sum("x", "Sum of P-1042", ("erosion",)),)}, "a subject's code"),
    ],
)
def test_an_own_system_that_names_a_visit_or_a_subject_is_refused(change, what):
    subjects = (*SUBJECTS, Subject("P-1042"))
    own = replace(load_system("sharp_1985"), **change)
    with pytest.raises(SystemTellsError) as refused:
        check_words(own, VISITS, subjects)
    assert refused.value.what == what


@pytest.mark.parametrize("system_id", available_systems())
def test_numbers_and_names_of_bones_tell_nothing(system_id):
    check_words(load_system(system_id), VISITS, (*SUBJECTS, Subject("101")))


def test_adjudication_rules_are_checked_against_the_form():
    form = compose_form(["sharp_1985"])
    for rule in ("change:erosion>5", "status:sharp_1985.total>10", "site>=2", "progression:erosion", "all"):
        check_rule(rule, form)
    feet = compose_form(["svdh_hands_feet"])
    for rule in ("status:erosion>10", "change:svdh_hands_feet.hands>5", "change:sens>2"):
        check_rule(rule, feet)
    for rule in ("change:bone_erosion>5", "change:erosion", "sometimes", "site>2", "status:total>=1"):
        with pytest.raises(BadRoundError, match="adjudication rule"):
            check_rule(rule, form)


def test_an_adjudicator_decides_between_two_readers():
    form = compose_form(["sharp_1985"])
    check_adjudication(("all",), ("Ann", "Bob"), form)
    check_adjudication((), ("Ann", "Bob", "Cyd"), form)
    with pytest.raises(BadRoundError, match="between two readers, and this round has 3"):
        check_adjudication(("all",), ("Ann", "Bob", "Cyd"), form)
