import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

import openpyxl
import pandas
import pyreadstat
import pytest

from reader_app.workflow.disagreements import list_disagreements
from reader_app.workflow.errors import RoundNotLockedError, UnknownFormatError
from reader_app.workflow.export import export_round
from reader_app.workflow.lock import lock_round
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Score
from scoring_forms.domain.systems import available_systems, load_system, reasons
from storage.annotations import Annotations
from storage.reading.records import ReopenRequest
from storage.study.errors import UnknownRoundError
from storage.study.store import Study
from storage.tables.errors import ExportExistsError
from storage.tables.export import FORMATS
from tests.unit.workflow.locked_rounds import Trial

READERS = {"sav": pyreadstat.read_sav, "dta": pyreadstat.read_dta, "xpt": pyreadstat.read_xport}
REASONS = [reason.id for reason in reasons()]
MOMENT = datetime(2026, 3, 4, tzinfo=UTC)
SHEETS = ("scores_long", "scores_wide", "totals", "codebook")


def varied(reader, subject, visit, item):
    """Return grades, every reason, and cells that were left empty."""
    number = len(reader) + len(subject + visit) + sum(map(ord, item.site.id + (item.side or "") + visit))
    if number % 11 == 3:
        return None
    if number % 11 == 5:
        return Score(None, REASONS[number % len(REASONS)], "words")
    steps = (item.feature.maximum - item.feature.minimum) / item.feature.step
    return Score(item.feature.minimum + item.feature.step * (number % int(steps + 1)))


def exported(tmp_path, trial, formats=("csv",), name="RAMRIS"):
    with Study.open(trial.write(tmp_path / "study")) as study:
        export_round(study, name, tmp_path / "out", formats)
    return tmp_path / "out"


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_was_entered_is_in_every_format_cell_for_cell(tmp_path):
    trial = Trial(varied, readers=("Ann", "Bo Łęcki"), subjects=("P01", "=P02"))
    out = exported(tmp_path, trial, FORMATS)
    entered = {}
    with Study.open(tmp_path / "study", read_only=True) as study:
        items = list(study.rounds()[0].plan.form.items())
    for reader, subject, visit, item in product(trial.readers, trial.subjects, trial.visits, items):
        score = varied(reader, subject, visit.label, item)
        if score is not None:
            key = (subject, visit.label, visit.week, reader, "RAMRIS", item.system.id, item.feature.id, "R")
            entered[*key, item.site.id] = (score.value, score.not_assessable, "yes")
    for table in all_tables(out, "scores_long"):
        assert {row[:9]: row[9:] for row in table} == entered
        assert len(table) == len(entered)


def all_tables(out, name):
    """Return a table as each format gives it: texts or None, numbers as float or None."""
    numeric = ("week", "value", "total", "n_sites", "n_missing", "prorated")
    rows = read_csv(out / f"{name}.csv")
    yield [
        tuple(
            (float(v) if v else None) if key in numeric else v.removeprefix("'") or None
            for key, v in row.items()
        )
        for row in rows
    ]
    book = openpyxl.load_workbook(out / "scores.xlsx", read_only=True)
    yield [tuple(row) for row in book[name].iter_rows(min_row=2, values_only=True)]
    book.close()
    for ending, read in READERS.items():
        frame, _ = read(str(out / f"{name}.{ending}"))
        cells = frame.astype(object).where(frame.notna(), None)
        yield [tuple(v if v != "" else None for v in row) for row in cells.itertuples(index=False)]


def test_totals_are_the_same_in_every_format(tmp_path):
    out = exported(tmp_path, Trial(varied), FORMATS)
    first, *others = all_tables(out, "totals")
    assert any(row[7] is None for row in first)
    workbook, *statistics = others
    assert statistics == [first] * 3
    for found, row in zip(workbook, first, strict=True):
        assert found[:7] == row[:7]
        for cell, entered in zip(found[7:], row[7:], strict=True):
            assert cell == entered or cell == pytest.approx(entered, rel=1e-15)  # a workbook has 16 digits


def test_two_exports_of_a_round_are_the_same_bytes(tmp_path):
    trial = Trial(varied, readers=("Ann", "Bo"))
    with Study.open(trial.write(tmp_path / "study")) as study:
        first = export_round(study, "RAMRIS", tmp_path / "a", FORMATS)
        second = export_round(study, "1", tmp_path / "b", FORMATS)
        assert study.verify() == ()
    assert [path.name for path in first] == [path.name for path in second]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_the_wide_table_tells_empty_from_not_assessable(tmp_path):
    def score_of(reader, subject, visit, item):
        given = {"lunate": None, "hamate": Score(None, "surgery")}
        return given.get(item.site.id, Score(2))

    out = exported(tmp_path, Trial(score_of, features=("bone_erosion",)))
    row = read_csv(out / "scores_wide.csv")[0]
    assert (row["bone_erosion.lunate"], row["bone_erosion.lunate.na"]) == ("", "")
    assert (row["bone_erosion.hamate"], row["bone_erosion.hamate.na"]) == ("", "surgery")
    assert (row["bone_erosion.capitate"], row["bone_erosion.capitate.na"]) == ("2", "")


def test_a_total_with_missing_sites_is_empty_and_prorated_where_enough_are_assessed(tmp_path):
    def score_of(reader, subject, visit, item):
        missing = {"Baseline": (), "Week 12": ("lunate", "hamate"), "Late": item.site.id}[visit]
        return Score(None, "image_quality") if item.site.id in missing else Score(2)

    out = exported(tmp_path, Trial(score_of, features=("bone_erosion",)))
    rows = {row["visit"]: row for row in read_csv(out / "totals.csv") if row["feature"] == "bone_erosion"}
    cells = [(row["total"], row["n_sites"], row["n_missing"], row["prorated"]) for row in rows.values()]
    assert cells == [("46", "23", "0", "46"), ("", "23", "2", "46"), ("", "23", "23", "")]


def test_final_rows_are_the_mean_of_all_readers_and_absent_while_adjudication_is_pending(tmp_path):
    def score_of(reader, subject, visit, item):
        return Score(1 if reader == "Ann" else 2)

    plain = exported(tmp_path / "plain", Trial(score_of, features=("bone_erosion",), readers=("Ann", "Bo")))
    final = [row for row in read_csv(plain / "totals.csv") if row["reader"] == "final"]
    assert {(row["feature"], row["total"], row["prorated"]) for row in final} == {
        ("bone_erosion", "34.5", "34.5"),
        ("eroded_bone_count", "23", "23"),
    }
    pending = Trial(score_of, features=("bone_erosion",), readers=("Ann", "Bo"), adjudication=("all",))
    out = exported(tmp_path / "pending", pending)
    assert {row["reader"] for row in read_csv(out / "totals.csv")} == {"Ann", "Bo"}
    assert {row["final"] for row in read_csv(out / "scores_long.csv")} == {"no"}


def test_repeats_are_in_the_long_table_only_and_never_final(tmp_path):
    out = exported(tmp_path, Trial(features=("bone_erosion",), repeats=("P01",)))
    long = read_csv(out / "scores_long.csv")
    assert [row["final"] for row in long].count("no") == 3 * 23
    assert len(read_csv(out / "scores_wide.csv")) == 2 * 3


def test_design_system_range_and_rule_for_missing_sites_are_stamped_on_every_file(tmp_path):
    out = exported(tmp_path, Trial(features=("bone_erosion",)), FORMATS)
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["reading_design"] == "paired"
    assert manifest["range ramris_2003"] == "bone_erosion 0-230; eroded_bone_count 0-23"
    assert manifest["missing_sites"].startswith("total: strict")
    assert manifest["system ramris_2003"] == load_system("ramris_2003").fingerprint
    about = {row["column"]: row["label"] for row in read_csv(out / "codebook.csv")}
    sheet = pandas.read_excel(out / "scores.xlsx", sheet_name="about", dtype=str, keep_default_na=False)
    in_workbook = dict(sheet.itertuples(index=False, name=None))
    _, spss = pyreadstat.read_sav(str(out / "totals.sav"))
    notes = " ".join(spss.notes)
    for name, value in manifest.items():
        if name != "sha256":
            assert about[f"about.{name}"] == in_workbook[name] == str(value)
            assert f"{name}: {value}"[:60] in notes
    for ending, read in READERS.items():
        _, meta = read(str(out / f"totals.{ending}"))
        assert meta.file_label == "paired; strict; ramris_2003; RAMRIS"


def test_the_codebook_lists_every_column_its_other_names_scale_and_grades(tmp_path):
    out = exported(tmp_path, Trial(systems=("sharp_1985",), title="Sharp"), FORMATS, "Sharp")
    rows = read_csv(out / "codebook.csv")
    by_name = {row["column"]: row for row in reversed(rows)}  # ranges of totals come after the columns
    for name in SHEETS:
        header = (out / f"{name}.csv").read_text("utf-8").splitlines()[0].split(",")
        if name != "codebook":
            assert set(header) <= set(by_name)
            for ending, column in (
                ("sav", "spss_name"),
                ("dta", "stata_sas_name"),
                ("xpt", "stata_sas_name"),
            ):
                frame, _ = READERS[ending](str(out / f"{name}.{ending}"))
                assert list(frame.columns) == [by_name[one][column] for one in header]
    erosion = by_name["erosion.L.mcp2"]
    assert (erosion["minimum"], erosion["maximum"], erosion["step"], erosion["side"]) == ("0", "5", "1", "L")
    assert erosion["grades"].startswith("0 = ")
    assert "surgery = Prosthesis" in by_name["not_assessable"]["grades"]
    assert by_name["final"]["grades"].startswith("yes = ")
    ranges = {row["feature"]: row["maximum"] for row in rows if row["column"] == "total" and row["feature"]}
    assert ranges["total"] == "314"


@pytest.mark.parametrize("system", available_systems())
def test_grades_of_every_system_have_labels_that_programs_can_tell_apart(tmp_path, system):
    trial = Trial(varied, systems=(system,), title="R", visits=Trial().visits[:1], subjects=("P01",))
    out = exported(tmp_path, trial, ("csv", "sav", "dta", "xpt"), "R")
    columns = list(pandas.read_stata(out / "scores_wide.dta"))  # it refuses labels that come twice
    label_sets = {f"{name}{position}" for position, name in enumerate(columns)}
    assert len(label_sets) == len(columns)  # what the writer calls the sets of labels
    _, spss = pyreadstat.read_sav(str(out / "scores_wide.sav"))
    for name, labels in spss.variable_value_labels.items():
        assert labels
        assert len(set(labels.values())) == len(labels), name


def test_a_round_that_is_not_locked_is_refused_in_one_sentence(tmp_path):
    with Study.open(Trial(locked=False).write(tmp_path / "study")) as study:
        with pytest.raises(RoundNotLockedError, match=r"RAMRIS.* is not locked[^.]*\.") as refused:
            export_round(study, "RAMRIS", tmp_path / "out", FORMATS)
        assert "\n" not in str(refused.value)
        with pytest.raises(UnknownRoundError):
            export_round(study, "Other", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_written_leaves_no_trace_in_the_study(tmp_path):
    with Study.open(Trial().write(tmp_path / "study")) as study:
        head = study.audit_head()
        with pytest.raises(UnknownFormatError, match="'ods'; use csv, xlsx, sav, dta, xpt"):
            export_round(study, "RAMRIS", tmp_path / "out", ("csv", "ods"))
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "totals.sav").write_text("mine")
        with pytest.raises(ExportExistsError, match=r"totals\.sav is already there"):
            export_round(study, "RAMRIS", tmp_path / "out", FORMATS)
        assert study.audit_head() == head
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["totals.sav"]


def test_a_round_nothing_came_back_of_is_exported_as_empty_tables(tmp_path):
    out = exported(tmp_path, Trial(collected=False), FORMATS)
    assert read_csv(out / "scores_long.csv") == read_csv(out / "totals.csv") == []
    for ending, read in READERS.items():
        assert len(read(str(out / f"scores_long.{ending}"))[0]) == 0


def test_the_audit_table_has_what_happened_to_the_round_and_no_image(tmp_path):
    out = exported(tmp_path, Trial(readers=("Ann", "Bo")))
    rows = read_csv(out / "audit.csv")
    actions = [row["action"] for row in rows]
    assert actions == ["round.defined", *["reading.prepared"] * 2, *["case.collected"] * 4, "round.locked"]
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["audit_head"] == f"{rows[-1]['seq']}:{rows[-1]['hash']}"


def test_the_audit_table_tells_of_an_adjudication_too(tmp_path):
    settled = {"readers": ("Ann", "Bo"), "adjudication": ("all",), "locked": False}
    a_trial = Trial(adjudicator="Cyd", adjudicated=("P01",), **settled)
    with Study.open(a_trial.write(tmp_path / "study")) as study:
        list_disagreements(study, "RAMRIS")
        lock_round(study, "RAMRIS", anyway=True)
        export_round(study, "RAMRIS", tmp_path / "out")
    actions = [row["action"] for row in read_csv(tmp_path / "out" / "audit.csv")]
    assert actions[-4:] == ["reading.prepared", "case.collected", "readers.compared", "round.locked"]


def left_behind(reader, case, form):
    """Return a point and an outline, time at work and confidence of one reader."""
    if reader != "Ann" or case.position:
        return Annotations()
    first, second = list(form.items())[:2]
    letter = case.timepoints[1].letter
    cell, other = first.cell(letter), second.cell(letter)
    outline = ((0.5, 1.0, 2.0), (1.0, -1.25, 2.0), (2.0, 0.0, 2.0))
    marks = (
        Mark(2, other, "defect", outline, 1, "cor_t1_post", "coronal", -4.5, 1.5, (400.0, 200.0), True),
        Mark(1, other, "point", ((9.0, 8.0, 7.0),), 1, "ax_t1_post", "axial", 3.0, None, (400.0, 200.0)),
        Mark(3, cell, "point", ((12.5, 30.0),), None, "xr_pa_left", "film", None, None, (4000.0, 2000.0)),
    )
    return Annotations(marks, confidences={cell: 3}, active_ms={cell: 1234, other: 5, None: 777})


def test_marks_are_exported_point_by_point_with_subject_and_visit(tmp_path):
    trial = Trial(features=("bone_erosion",), readers=("Ann", "Bo"), annotations_of=left_behind)
    out = exported(tmp_path, trial, FORMATS)
    rows = read_csv(out / "marks.csv")
    places = {(row["subject"], row["visit"], row["reader"], row["side"]) for row in rows}
    assert places == {("P01", "Week 12", "Ann", "R")}
    numbers = [(row["mark"], row["point"], row["x_mm"], row["pixel_row"], row["frame"]) for row in rows]
    assert numbers == [
        ("3", "1", "", "12.5", ""),
        ("1", "1", "9", "", "1"),
        ("2", "1", "0.5", "", "1"),
        ("2", "2", "1", "", "1"),
        ("2", "3", "2", "", "1"),
    ]
    assert [row["cortical_break"] for row in rows] == ["no", "no", "yes", "yes", "yes"]
    spss: Any = pyreadstat.read_sav(str(out / "marks.sav"))[0]
    assert list(spss["y_mm"].dropna()) == [8, 1, -1.25, 0]


def test_time_at_work_is_exported_by_cell_and_by_case(tmp_path):
    out = exported(tmp_path, Trial(features=("bone_erosion",), annotations_of=left_behind))
    rows = [(row["visit"], row["site"], row["active_ms"]) for row in read_csv(out / "timings.csv")]
    sites = [site.id for site in load_system("ramris_2003").feature("bone_erosion").sites[:2]]
    assert rows == [("", "", "777"), ("Week 12", sites[0], "1234"), ("Week 12", sites[1], "5")]


def test_what_readers_wrote_is_exported_by_case_visit_and_cell(tmp_path):
    def remarked(reader, case, form):
        first = case.timepoints[0].letter
        cell = form.cells((first,))[0]
        return Annotations(
            comments={(None, None): "a case", (first, None): "a visit", (first, cell): "=a cell"}
        )

    def other(_reader, _subject, _visit, item):
        return Score(None, "other", "a pin") if item.site.id == "lunate" else Score(0)

    trial = Trial(other, features=("bone_erosion",), subjects=("P01",), annotations_of=remarked)
    out = exported(tmp_path, trial, FORMATS)
    first = load_system("ramris_2003").feature("bone_erosion").sites[0].id
    for rows in all_tables(out, "comments"):
        told = [(row[1], row[8], row[-1]) for row in rows]
        assert told[0] == (None, None, "a case")
        assert {(None, "a visit"), (first, "=a cell"), ("lunate", "a pin")} == {row[1:] for row in told[1:]}
        assert all(row[0] == "P01" for row in rows)
        assert all(visit for visit, _, _ in told[1:])


def test_confidence_is_a_column_where_the_round_asks_for_it(tmp_path):
    trial = Trial(features=("bone_erosion",), annotations_of=left_behind, rules=RoundRules(confidence=True))
    rows = read_csv(exported(tmp_path, trial) / "scores_long.csv")
    assert [row["confidence"] for row in rows if row["confidence"]] == ["3"]
    plain = exported(tmp_path / "plain", Trial(features=("bone_erosion",), annotations_of=left_behind))
    assert "confidence" not in read_csv(plain / "scores_long.csv")[0]


def test_grades_of_a_consensus_are_told_in_a_round_that_has_some(tmp_path):
    def agreed(reader, case, form):
        cells = form.cells(case.timepoints[0].letter)
        return Annotations(consensus=frozenset(cells[:2] if reader == "Cyd" else ()))

    settled = {"readers": ("Ann", "Bo"), "features": ("bone_erosion",), "adjudication": ("all",)}
    given = {**settled, "adjudicator": "Cyd", "adjudicated": ("P01",)}
    out = exported(tmp_path, Trial(annotations_of=agreed, **given), FORMATS)
    for rows in all_tables(out, "scores_long"):
        assert [(row[0], row[3]) for row in rows if row[-1] == "yes"] == [("P01", "Cyd")] * 2
        assert {str(row[-1]) for row in rows} == {"yes", "no"}
    (told,) = [row for row in read_csv(out / "codebook.csv") if row["column"] == "consensus"]
    assert told["grades"].startswith("yes = agreed in a consensus")
    plain = exported(tmp_path / "plain", Trial(**given))
    assert "consensus" not in read_csv(plain / "scores_long.csv")[0]


def test_every_signature_is_exported_and_of_a_reopened_case_the_last_counts(tmp_path):
    folder = Trial(features=("bone_erosion",), locked=False).write(tmp_path / "study")
    with Study.open(folder) as study:
        code = study.readings(1)[0].cases[0].code
        first = study.collected("READ0")[code]
        study.add_reopening_requests("READ0", [ReopenRequest(code, 7, MOMENT, "b" * 64, "wrong side")])
        study.grant_reopening("READ0", code)
        again = replace(first, receipt={**first.receipt, "hash": "d" * 64}, seal="e" * 64)
        study.add_collected("READ0", [again])
        study.lock_round(1, "")
        export_round(study, "RAMRIS", tmp_path / "out")
    rows = [row for row in read_csv(tmp_path / "out" / "signatures.csv") if row["case"] == code]
    assert [(row["signature"], row["counts"], row["receipt"][0]) for row in rows] == [
        ("1", "no", "b"),
        ("2", "yes", "d"),
    ]
    actions = [row["action"] for row in read_csv(tmp_path / "out" / "audit.csv")]
    assert actions[-4:] == ["reopening.asked", "reopening.granted", "case.collected", "round.locked"]
