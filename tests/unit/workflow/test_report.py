import re
import shutil
from html.parser import HTMLParser

import pytest

from reader_app.cli import main
from reader_app.workflow.analyse import analyse_round
from reader_app.workflow.analysis_plots import courses_picture, cumulative_curves
from reader_app.workflow.analysis_tables import Grid
from reader_app.workflow.deviations import deviation_grids
from reader_app.workflow.figure_words import fixed_text
from reader_app.workflow.heat_maps import heat_choices, heat_colour, heat_map, heat_map_picture
from reader_app.workflow.plot_shapes import FAINT, SOFT, Line, Picture, Word, ticks
from reader_app.workflow.report import report_bytes, write_report, write_reports
from reader_app.workflow.report_content import Paragraph, report_of
from reader_app.workflow.svg import picture_svg
from scoring_forms.domain.score import Cell, Score
from storage.annotations import Annotations
from storage.study.store import Study
from storage.tables.errors import ExportExistsError
from tests.unit.workflow.analysed_trials import SUBJECTS, VISITS, analysed, noisy, trial
from tests.unit.workflow.locked_rounds import Trial

FEW = SUBJECTS[:4]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A locked round of two readers, one of them with letters of another alphabet."""
    folder = tmp_path_factory.mktemp("report") / "study"
    return trial(
        features=("bone_erosion",), readers=("Ann <Lee>", "Bo Łęcki"), subjects=FEW, repeats=FEW[:2]
    ).write(folder)


@pytest.fixture(scope="module")
def analysis(folder):
    with Study.open(folder, read_only=True) as study:
        return analyse_round(study, "RAMRIS")


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_the_same_study_gives_the_same_bytes(folder, tmp_path, form):
    copies = [shutil.copytree(folder, tmp_path / name) for name in ("one", "two")]
    written = []
    for number, copy in enumerate(copies):
        out = tmp_path / f"report{number}.{form}"
        assert main(["study", "analyse", str(copy), "--round", "RAMRIS", "--out", str(out)]) == 0
        written.append(out.read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_a_report_is_never_overwritten(folder, analysis, tmp_path, form):
    with Study.open(folder) as study:
        path = write_report(study, analysis, tmp_path / f"report.{form}")
        before = path.read_bytes()
        with pytest.raises(ExportExistsError):
            write_report(study, analysis, path)
    assert path.read_bytes() == before


class StoppedError(Exception):
    """What a checkpoint raises to stop the work."""


def test_a_report_that_is_stopped_leaves_nothing_wherever_it_was(folder, analysis, tmp_path):
    heard = []
    study_folder = shutil.copytree(folder, tmp_path / "study")
    (tmp_path / "whole").mkdir()
    with Study.open(study_folder) as study:
        write_reports(study, analysis, tmp_path / "whole", lambda *step: heard.append(step))
        head = study.audit_head()
        assert len({path.suffix for path in (tmp_path / "whole").iterdir()}) == 2
        (tmp_path / "stopped").mkdir()
        for stop_at in (0, len(heard) // 2, len(heard) - 1):
            steps = iter(range(len(heard)))

            def checkpoint(_done, _total, steps=steps, stop_at=stop_at):
                if next(steps) == stop_at:
                    raise StoppedError

            with pytest.raises(StoppedError):
                write_reports(study, analysis, tmp_path / "stopped", checkpoint)
            assert list((tmp_path / "stopped").iterdir()) == []
        assert study.audit_head() == head


def test_of_two_reports_none_is_written_where_one_is_there(folder, analysis, tmp_path):
    (tmp_path / "RAMRIS_report.pdf").write_text("mine")
    with Study.open(folder) as study, pytest.raises(ExportExistsError):
        write_reports(study, analysis, tmp_path, lambda _done, _total: None)
    assert [path.name for path in tmp_path.iterdir()] == ["RAMRIS_report.pdf"]


def test_agreement_by_site_has_every_visit_and_change(analysis):
    (grid,) = [
        one
        for one in report_of(analysis).blocks
        if isinstance(one, Grid) and one.title.startswith("Bone erosion by site")
    ]
    changes = ("Baseline → Week 12", "Baseline → Week 36")
    assert grid.headings == ("Site", "Baseline", "Week 12", "Week 36", *changes)
    assert len(grid.rows) == 23
    row = next(one for one in analysis.agreement if one.what == "change:Baseline:Week 36")
    assert grid.rows[4][5].text.startswith(fixed_text(row.sites[4].kappa))


def test_heat_maps_have_every_visit_and_change_or_means_of_many_subjects(analysis, tmp_path):
    shown = [
        one.title
        for one in report_of(analysis).blocks
        if isinstance(one, Picture) and one.title.startswith("Heat map of sites, Bone erosion")
    ]
    assert len(shown) == 5
    many = tuple(f"P{number:03}" for number in range(45))
    of_many = analysed(tmp_path / "study", trial(subjects=many, features=("synovitis",), readers=("Ann",)))
    assert list(heat_choices(of_many)) == ["status", "change"]
    (measure,) = of_many.cube.measures
    found = heat_map(of_many, measure, "change")
    assert found.columns == ("Week 12, n 45", "Week 36, n 45")
    assert found.values[1].sum() == pytest.approx(of_many.row(measure).changes[-1].changes.mean())


def test_the_command_refuses_another_kind_of_file(folder, tmp_path, capsys):
    out = str(tmp_path / "report.txt")
    assert main(["study", "analyse", str(folder), "--round", "RAMRIS", "--out", out]) == 2
    assert "neither" in capsys.readouterr().err


class Loads(HTMLParser):
    """Collects what a page would load or run."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [(tag, name) for name, _ in attrs if name in ("src", "href", "xlink:href", "onload")]
        self.found += [(tag, "")] if tag in ("script", "link", "iframe") else []


def test_the_page_loads_nothing_and_shows_names_as_text(analysis):
    page = report_bytes(report_of(analysis), "html").decode()
    loads = Loads()
    loads.feed(page)
    assert loads.found == []
    assert "url(" not in page
    assert "Ann &lt;Lee&gt;" in page
    assert "<Lee>" not in page


def test_the_methods_say_the_exact_settings(analysis):
    words = " ".join(one.text for one in report_of(analysis).blocks if isinstance(one, Paragraph))
    for said in (
        "Baseline (week 0)",
        "paired",
        "Bo Łęcki",
        "4 cases were shown a second time",
        "ramris_2003",
        "Bone erosion, 0–230",
        "nothing is filled in",
        "Wilcoxon-Pratt, exact",
        f"Seed of the random orders: {2**127 + 5}",
        "No adjudication",
    ):
        assert said in words


def test_html_and_pdf_hold_every_table_and_plot(analysis):
    blocks = report_of(analysis).blocks
    pictures = [one for one in blocks if isinstance(one, Picture)]
    kinds = {one.title.split(",")[0].split(" of ")[0] for one in pictures}
    assert {"Cumulative probability", "Individual courses", "Bland–Altman", "Heat map"} <= kinds
    page = report_bytes(report_of(analysis), "html").decode()
    assert page.count("<svg") == len(pictures)
    assert page.count("<table") == sum(isinstance(one, Grid) for one in blocks)
    assert all(re.search(r"n \d+, missing \d+", one.caption) for one in pictures)


def test_a_report_of_hardly_any_scores_is_written_all_the_same(tmp_path):
    for number, score_of in enumerate((lambda *place: None, lambda *place: Score(0))):
        a_trial = trial(score_of=score_of, readers=("Ann",), subjects=FEW[:2])
        report = report_of(analysed(tmp_path / f"{number}", a_trial))
        assert report_bytes(report, "pdf").startswith(b"%PDF")
        assert "NaN" not in report_bytes(report, "html").decode()


def test_a_round_of_one_visit_has_a_report_without_change(tmp_path):
    report = report_of(analysed(tmp_path / "study", trial(subjects=FEW, visits=trial().visits[:1])))
    assert report_bytes(report, "pdf").startswith(b"%PDF")


def test_what_did_not_go_by_the_plan_is_listed(tmp_path):
    def gaps(reader, subject, visit, item):
        if (reader, subject, visit) == ("Ann", "P02", "Week 36"):
            return None
        if subject == "P01" and item.site.id == "capitate" and visit == "Baseline":
            return Score(None, "image_quality", "")
        return noisy(reader, subject, visit, item)

    def overruled(reader, case, form):
        cell = Cell("A", "ramris_2003", "bone_erosion", None, "lunate")
        return Annotations(evidence_overrides={cell: "seen in one plane only"} if reader == "Bo" else {})

    analysis = analysed(tmp_path / "study", trial(score_of=gaps, annotations_of=overruled, subjects=FEW))
    found = {
        grid.title: [[cell.text for cell in row] for row in grid.rows] for grid in deviation_grids(analysis)
    }
    assert found["Visits without any score"] == [["Ann", "P02", "Week 36"]]
    assert [row[:2] + row[-1:] for row in found["Cells without a grade"]] == [
        ["Bone marrow oedema (osteitis)", "Capitate", "2"],
        ["Bone erosion", "Capitate", "2"],
    ]
    assert len(found["Scores signed without the marks they should have"]) == len(FEW)
    assert found["Cases not signed before the lock"] == []


def test_a_curve_of_cumulative_probability_names_its_subjects_in_order(analysis):
    (measure,) = [one for one in analysis.cube.measures if one.feature == "bone_erosion"]
    curve = cumulative_curves(analysis, measure)[-1]
    changes = dict(zip(analysis.cube.subjects, analysis.row(measure).changes[-1].changes, strict=True))
    assert curve.percent.tolist() == [12.5, 37.5, 62.5, 87.5]
    assert (
        [changes[subject] for subject in curve.subjects] == curve.change.tolist() == sorted(changes.values())
    )


def test_sites_of_the_heat_map_add_up_to_the_change(analysis):
    (measure,) = [one for one in analysis.cube.measures if one.feature == "bone_erosion"]
    found = heat_map(analysis, measure, "change:Baseline:Week 36")
    assert found.columns == FEW
    assert found.values.sum(axis=1) == pytest.approx(analysis.row(measure).changes[-1].changes)
    assert heat_colour(0, 2) == "#f6f6f6"
    assert heat_colour(float("nan"), 2) not in (heat_colour(-2, 2), heat_colour(2, 2), heat_colour(0, 2))


def test_pictures_are_well_formed_svg_with_escaped_words(analysis):
    from xml.etree import ElementTree

    for block in report_of(analysis).blocks:
        if isinstance(block, Picture):
            assert ElementTree.fromstring(picture_svg(block)).tag.endswith("svg")


def test_ticks_are_round_numbers_inside_the_range():
    assert ticks(-0.3, 10.2) == (0, 2, 4, 6, 8, 10)
    assert ticks(-1.0, 1.0) == (-1.0, -0.5, 0.0, 0.5, 1.0)
    assert len(ticks(1e-3, 1.1e-3)) > 2


def test_no_line_of_a_course_crosses_a_visit_that_is_missing(tmp_path):
    def gap(reader, subject, visit, item):
        return None if (subject, visit) == ("P02", "Week 12") else noisy(reader, subject, visit, item)

    a_trial = trial(score_of=gap, subjects=FEW, features=("bone_erosion",))
    analysis = analysed(tmp_path / "study", a_trial)
    (measure, *_) = analysis.cube.measures
    picture = courses_picture(analysis, measure)
    *subjects, median = [one for one in picture.shapes if isinstance(one, Line) and one.width > 0.5]
    lengths = [len(one.points) for one in subjects if one.colour not in (SOFT, FAINT)]
    assert (lengths, len(median.points)) == ([3, 3, 3], 3)  # P02 has two dots and no line


def test_the_side_of_a_site_is_not_cut_off(tmp_path):
    films = Trial(noisy, ("sharp_1985",), readers=("Ann",), subjects=FEW, visits=VISITS, title="Films")
    analysis = analysed(tmp_path / "study", films, "Films")
    measure = next(one for one in analysis.cube.measures if one.feature == "erosion")
    shapes = heat_map_picture(analysis, measure, "status:Baseline").shapes
    names = [one.text for one in shapes if isinstance(one, Word) and not one.turned and one.anchor == "end"]
    assert len(set(names)) == len(measure.units)
    assert {name[:2] for name in names} == {"L ", "R "}


def adjudicated(folder, **given):
    """Analyse a round in which Bo sees 4 more of one bone in P01 and P03; Cy reads P01 and P02."""

    def score_of(reader, subject, visit, item):
        more = (reader, visit, item.site.id) == ("Bo", "Late", "lunate") and subject != "P02"
        return Score(5.0 if more else 1.0)

    def agreed(reader, case, form):
        cells = form.cells(case.timepoints[0].letter)
        return Annotations(consensus=frozenset(cells[:2] if reader == "Cy" else ()))

    settled = {"readers": ("Ann", "Bo"), "adjudication": ("change:bone_erosion>3", "site>=9")}
    whole = {"features": ("bone_erosion",), "subjects": ("P01", "P02", "P03"), "annotations_of": agreed}
    a_trial = Trial(score_of, adjudicator="Cy", adjudicated=("P01", "P02"), **settled, **whole, **given)
    with Study.open(a_trial.write(folder)) as study:
        return analyse_round(study, "RAMRIS")


def test_the_report_of_an_adjudicated_round_tells_rules_course_and_every_origin(tmp_path):
    blocks = report_of(adjudicated(tmp_path / "study")).blocks
    words = " ".join(one.text for one in blocks if isinstance(one, Paragraph))
    for said in (
        "the readers’ changes of Bone erosion differ by more than 3 (change:bone_erosion>3)",
        "; or the readers’ grades of a site differ by 9 or more (site>=9)",
        "the mean of the two closest of three by the value compared, of all three on ties",
        "Adjudicator: Cy.",
        "from every reader: 3; found by the rules: 2; adjudicated of these: 1; ordinary ones mixed in: 1.",
        "The adjudicators stated 4 of 138 grades as agreed in a consensus.",
    ):
        assert said in words
    found = [one for one in blocks if isinstance(one, Grid)]
    grids = {one.title: [[cell.text for cell in row] for row in one.rows] for one in found}
    assert grids["Adjudicated subjects"] == [
        ["P01", "change:bone_erosion>3", "mean of the two closest of three", "Ann, Cy", "4"],
        ["P02", "ordinary", "mean of the planned readers", "Ann, Bo", "–"],
        ["P03", "change:bone_erosion>3", "awaits adjudication", "–", "4"],
    ]
    assert {tuple(row) for row in grids["Origin of the final scores"]} == {
        ("mean of the two closest of three", "1"),
        ("mean of the planned readers", "1"),
        ("awaits adjudication", "1"),
    }
    assert grids["Subjects without a final score"] == [["P03", "awaits adjudication"]]


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("adjudicator", "final is then the adjudicator’s scores alone"),
        ("mean_of_all", "final is then the mean of all three"),
        ("consensus", "final is then the adjudicator’s scores, as consensus"),
    ],
)
def test_the_methods_say_what_an_adjudication_does(tmp_path, method, said):
    blocks = report_of(adjudicated(tmp_path / "study", method=method)).blocks
    assert any(said in one.text for one in blocks if isinstance(one, Paragraph))


def test_where_nobody_was_adjudicated_nobody_is_said_to_have_been(tmp_path):
    a_trial = Trial(readers=("Ann", "Bo"), features=("bone_erosion",), adjudication=("site>=9",))
    with Study.open(a_trial.write(tmp_path / "study")) as study:
        blocks = report_of(analyse_round(study, "RAMRIS")).blocks
    words = " ".join(one.text for one in blocks if isinstance(one, Paragraph))
    assert "found by the rules: 0; adjudicated of these: 0; ordinary ones mixed in: 0." in words
    assert "Adjudicator: none." in words
    assert "Adjudicators read" not in words
    assert "Adjudicated subjects" not in {one.title for one in blocks if isinstance(one, Grid)}
