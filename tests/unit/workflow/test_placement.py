from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader_app.workflow.errors import BadTableError
from reader_app.workflow.placement import Placement, place_by_map, read_map, visits_by_date
from storage.study.records import Visit
from viewer.imaging.series import Series

WEEKS = (Visit("Baseline", 0), Visit("Mid", 12), Visit("End", 36))
NO_WEEKS = (Visit("First"), Visit("Second"))


def test_dates_near_the_nominal_weeks_tell_the_visits():
    dates = ["20210301", "20210520", "20210526", "20211108"]
    assert visits_by_date(WEEKS, dates) == {
        "20210301": "Baseline",
        "20210520": "Mid",
        "20210526": "Mid",
        "20211108": "End",
    }


@pytest.mark.parametrize(
    "dates",
    [
        ["20210301"],
        ["20210301", "20210524"],  # could be weeks 0 and 12, or 24 weeks early
        ["20210301", "20210524", "20210801"],  # 22 weeks is neither
        ["20210301", "20210524", "20211108", "20220601"],
        ["20210301", "unknown", "20211108"],
        [],
    ],
)
def test_dates_that_leave_a_visit_open_tell_nothing(dates):
    assert visits_by_date(WEEKS, dates) == {}


def test_without_weeks_there_must_be_a_date_for_every_visit():
    assert visits_by_date(NO_WEEKS, ["20210601", "20210301"]) == {"20210301": "First", "20210601": "Second"}
    assert visits_by_date(NO_WEEKS, ["20210301"]) == {}


@given(st.lists(st.dates().map("{:%Y%m%d}".format), unique=True, max_size=5))
def test_dates_either_tell_every_visit_in_order_or_nothing(dates):
    told = visits_by_date(WEEKS, dates)
    labels = [visit.label for visit in WEEKS]
    assert told == {} or set(told.values()) == set(labels)
    assert [told[day] for day in sorted(told)] == sorted(told.values(), key=labels.index)


def test_the_longest_path_of_a_map_wins_and_names_are_whole(tmp_path):
    table = tmp_path / "map.csv"
    table.write_text("path,subject,visit,side\nS1,S1,a,L\nS1/late,S1,b,\nS1/late/x,S2,b,\n", "utf-8")
    place = place_by_map(read_map(table), [tmp_path])
    assert place(tmp_path / "S1" / "f", series_of("P")) == Placement("S1", "a", "L")
    assert place(tmp_path / "S1" / "late" / "f", series_of("P")) == Placement("S1", "b")
    assert place(tmp_path / "S1" / "late" / "x", series_of("P")) == Placement("S2", "b")
    assert place(tmp_path / "S10" / "f", series_of("P")) == "the map has no line for it"


def test_a_map_finds_files_in_a_folder_reached_by_a_link(tmp_path):
    (tmp_path / "disk" / "S1").mkdir(parents=True)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "disk")
    table = tmp_path / "map.csv"
    for path in (link / "S1", tmp_path / "disk" / "S1", "S1"):
        table.write_text(f"path,subject,visit\n{path},S1,a\n", "utf-8")
        place = place_by_map(read_map(table), [link])
        assert place(link / "S1" / "f", series_of("P")) == Placement("S1", "a")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("subject,visit\nS1,a\n", "columns subject, visit and either path"),
        ("path,subject,visit\nx,,a\n", "line 2: subject and visit"),
        ("path,subject,visit,side\nx,S,a,left\n", "line 2: the side is 'left'"),
        ("patient_id,study_date,subject,visit\n\n1,yesterday,S,a\n", "line 3: the date 'yesterday'"),
        ("patient_id,study_date,subject,visit\n1,20219999,S,a\n", "line 2: the date '20219999'"),
        ("path,subject,visit\nx\0y,S,a\n", "it is not text"),
        ("path,subject,subject,visit\nx,S,T,a\n", "it names a column twice"),
        ('path,subject,visit\n"x,S,a\n', "its quotes are not closed"),
        ("path,subject,visit\nx,S,a,b\n", "line 2: it has more cells"),
        ("patient_id,study_date,subject,visit\n1,,S,a\n", "line 2: path, or patient_id and study_date"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_with_its_line(tmp_path, text, problem):
    table = tmp_path / "map.csv"
    table.write_text(text, "utf-8")
    with pytest.raises(BadTableError, match=problem):
        read_map(table)


def test_a_map_may_come_from_a_spreadsheet_that_writes_semicolons_and_empty_lines(tmp_path):
    table = tmp_path / "map.csv"
    table.write_text("path;subject;visit\n;;\nS1;Müller;a\n", "utf-8-sig")
    (row,) = read_map(table)
    assert (row.line, row.path, row.placement) == (3, "S1", Placement("Müller", "a"))


def series_of(patient_id, study_date="20210301"):
    nothing = (None, None, None)
    facts = ("MR", "", "other", "", (), 1, 1, 1, (None, 1, 1), *nothing, ())
    return Series("1.2", "1", study_date, patient_id, None, *facts)


def test_two_lines_of_a_map_for_one_patient_and_date_are_no_answer(tmp_path):
    table = tmp_path / "map.csv"
    table.write_text("patient_id,study_date,subject,visit\nP,2021-03-01,S,a\nP,20210301,S,b\n", "utf-8")
    place = place_by_map(read_map(table), [tmp_path])
    assert place(Path("/x"), series_of("P")) == "the map has more than one place for it"
    assert place(Path("/x"), series_of("Q")) == "the map has no line for it"


def test_with_one_visit_every_date_is_that_visit():
    assert visits_by_date((Visit("Only", 4),), ["20210301", "20220301"]) == {
        "20210301": "Only",
        "20220301": "Only",
    }
