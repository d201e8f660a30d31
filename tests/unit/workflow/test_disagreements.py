from datetime import UTC, datetime

import pytest

from reader_app.workflow.disagreements import list_disagreements
from reader_app.workflow.errors import NothingToCompareError
from scoring_forms.domain.score import Score
from storage.audit import entries
from storage.grants import Grant
from storage.reading.records import ReopenRequest
from storage.study.errors import UnknownRoundError
from storage.study.store import Study
from tests.unit.workflow.locked_rounds import VISITS, Trial

TWO = ("Ann", "Bob")
APART = {("Bob", "P02", "Week 12", "lunate"): 6, ("Bob", "P02", "Late", "hamate"): 9}


def apart(reader, subject, visit, item):
    """Readers of whom one scores two bones of the second subject otherwise than the others."""
    eroded = item.feature.id == "bone_erosion"
    return Score(float(APART.get((reader, subject, visit, item.site.id), 1) if eroded else 1))


def trial(**given):
    settled = {"readers": TWO, "adjudication": ("change:bone_erosion>5",), "locked": False}
    return Trial(apart, **{**settled, **given})


def compared(folder, name="RAMRIS"):
    with Study.open(folder) as study:
        return list_disagreements(study, name)


def test_disagreements_are_told_by_the_rounds_own_code_with_place_and_distance(tmp_path):
    found = compared(trial().write(tmp_path / "study"))
    (one,) = found.disagreements
    assert (one.case, one.feature, one.rule) == ("RP02", "bone_erosion", "change:bone_erosion>5")
    assert one.difference == 8  # the later change; 5 at the earlier one is not beyond 5
    assert [(site.side, site.site, site.difference) for site in one.sites] == [
        ("R", "hamate", 8),
        ("R", "lunate", 5),
    ]
    assert found.compared == ("RP01", "RP02")
    assert found.waiting == ()


def test_no_word_of_a_listing_tells_a_visit_a_subject_or_a_reader(tmp_path):
    told = str(compared(trial().write(tmp_path / "study")).disagreements)
    for word in (*(visit.label for visit in VISITS), "'P02'", *TWO):
        assert word not in told


def test_comparing_is_told_in_the_studys_audit_trail(tmp_path):
    folder = trial().write(tmp_path / "study")
    compared(folder)
    with Study.open(folder) as study, study._store.read() as connection:
        last = entries(connection)[-1]
    assert (last.action, last.item) == ("readers.compared", "RAMRIS")
    assert last.new == "2 cases compared, 1 disagreements"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"adjudication": ()}, "has no adjudication rule"),
        ({"readers": ("Ann",)}, "has one reader"),
        ({"collected": False}, "has no case yet that came back from every reader"),
    ],
)
def test_a_round_that_cannot_be_compared_says_why(tmp_path, given, words):
    with pytest.raises(NothingToCompareError, match=words):
        compared(trial(**given).write(tmp_path / "study"))


def test_a_round_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UnknownRoundError, match="no round 'SvdH'; use one of RAMRIS"):
        compared(trial().write(tmp_path / "study"), "SvdH")


def test_of_three_readers_the_highest_and_the_lowest_are_compared_and_it_is_said(tmp_path):
    found = compared(trial(readers=("Ann", "Bob", "Cyd")).write(tmp_path / "study"))
    assert found.disagreements[0].difference == 8
    assert found.words == "Compared: the highest and the lowest of 3 readers, in 2 cases."


def test_a_case_that_was_reopened_since_waits(tmp_path):
    folder = trial().write(tmp_path / "study")
    with Study.open(folder) as study:
        (ann, _) = study.readings(1)
        code = ann.cases[0].code
        asked = study.add_reopening_requests(ann.code, [_request(code)])
        assert asked == 1
        assert isinstance(study.grant_reopening(ann.code, code), Grant)
    found = compared(folder)
    assert (found.compared, found.waiting) == (("RP02",), ("RP01",))


def _request(code):
    return ReopenRequest(code, 12, datetime(2026, 3, 1, tzinfo=UTC), "b" * 64, "mixed up")
