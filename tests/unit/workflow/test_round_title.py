import pytest

from reader_app.workflow.adjudication_rules import check_rule
from reader_app.workflow.errors import BadRoundError, TitleTellsError
from reader_app.workflow.round_title import check_title
from scoring_forms.domain.form import compose_form
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


def test_adjudication_rules_are_checked_against_the_form():
    form = compose_form(["sharp_1985"])
    for rule in ("change:erosion>5", "status:sharp_1985.total>10", "site>=2", "progression:erosion", "all"):
        check_rule(rule, form)
    for rule in ("change:bone_erosion>5", "change:erosion", "sometimes", "site>2", "status:total>=1"):
        with pytest.raises(BadRoundError, match="adjudication rule"):
            check_rule(rule, form)
