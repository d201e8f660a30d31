import json
from typing import Any

import numpy as np
import pytest
from scipy import stats as typed_stats

from reader_app.cli import main
from reader_app.workflow.clinical_results import clinical_grids, clinical_results
from reader_app.workflow.clinical_table import read_clinical_table
from reader_app.workflow.errors import BadTableError
from reader_app.workflow.report_content import report_of
from reader_app.workflow.score_sheets import score_sheets
from scoring_forms.analysis.clinical import AcrCoreSet, Das28Inputs, acr_response, das28_crp, eular_response
from tests.unit.workflow.analysed_trials import SUBJECTS, VISITS, analysed, drawn, trial

stats: Any = typed_stats  # it has no types
LABELS = tuple(visit.label for visit in VISITS)
NAMES = ("tjc28", "sjc28", "crp", "gh", "pain", "patient_global", "physician_global", "haq")
TOPS = (28, 28, 60, 100, 100, 100, 100, 3)


def cells_of(subject, visit):
    """Return what the clinic found, better from visit to visit."""
    better = 1 - 0.45 * LABELS.index(visit) * drawn("better", subject)
    return [
        round(top * better * (0.3 + 0.6 * drawn(name, subject)), 1)
        for name, top in zip(NAMES, TOPS, strict=True)
    ]


def lines_of(subjects=SUBJECTS, visits=LABELS):
    rows = [(subject, visit, *cells_of(subject, visit)) for subject in subjects for visit in visits]
    return [",".join(("subject", "visit", *NAMES)), *(",".join(map(str, row)) for row in rows)]


def write(folder, lines):
    path = folder / "clinic.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return trial(features=("bone_erosion",)).write(tmp_path_factory.mktemp("clinical") / "study")


@pytest.fixture(scope="module")
def analysis(tmp_path_factory):
    return analysed(tmp_path_factory.mktemp("clinical") / "study", trial(features=("bone_erosion",)))


def results_of(analysis, path):
    return clinical_results(analysis, read_clinical_table(path, analysis.cube.subjects, analysis.cube.visits))


def test_change_of_scores_is_correlated_with_change_of_clinical_values(analysis, tmp_path):
    found = results_of(analysis, write(tmp_path, lines_of()))
    change = np.array([cells_of(one, "Week 36")[7] - cells_of(one, "Baseline")[7] for one in SUBJECTS])
    (haq,) = [
        one
        for one in found.correlations
        if (one.score.measure.feature, one.score.what, one.variable)
        == ("bone_erosion", "change:Baseline:Week 36", "haq")
    ]
    expected = stats.spearmanr([haq.score.by_subject[one] for one in SUBJECTS], change.round(9))
    assert haq.correlation.rho.value == pytest.approx(expected.statistic)
    assert haq.correlation.p.value == pytest.approx(expected.pvalue)
    assert (haq.correlation.n, haq.correlation.n_missing) == (12, 0)


def test_das28_and_responses_come_from_the_columns(analysis, tmp_path):
    table = read_clinical_table(write(tmp_path, lines_of()), SUBJECTS, LABELS)
    assert table.derived == ("DAS28-CRP",)

    def das28(subject, visit):
        tender, swollen, crp, health, *_ = cells_of(subject, visit)
        return das28_crp(Das28Inputs(tender, swollen, crp=crp, global_health=health)).value

    assert table.values["DAS28-CRP"]["P04", "Week 12"] == das28("P04", "Week 12")
    responses = {(one.kind, one.visit): one.groups for one in table.responses}
    for group, subjects in responses["EULAR, by DAS28-CRP", "Week 36"].items():
        assert {eular_response(das28(one, "Baseline"), das28(one, "Week 36")) for one in subjects} <= {group}

    def core(subject, visit):
        tender, swollen, crp, _, pain, patient, physician, function = cells_of(subject, visit)
        return AcrCoreSet(tender, swollen, pain, patient, physician, function, crp)

    yes = tuple(one for one in SUBJECTS if acr_response(core(one, "Baseline"), core(one, "Week 36"), 20))
    assert responses["ACR20", "Week 36"]["yes"] == yes
    assert yes
    assert {kind for kind, _ in responses} >= {"ACR20", "ACR50", "ACR70", "Activity, by DAS28-CRP"}


def test_change_by_response_counts_the_subjects_of_each_group_and_opens_their_sheets(analysis, tmp_path):
    found = results_of(analysis, write(tmp_path, lines_of()))
    acr = [
        one
        for one in found.groups
        if (one.kind, one.score.what, one.score.measure.feature)
        == ("ACR20", "change:Baseline:Week 36", "bone_erosion")
    ]
    assert sum(one.summary.n for one in acr) == len(SUBJECTS)
    (yes,) = [one for one in acr if one.group == "yes"]
    assert yes.summary.median.value == np.median([yes.score.by_subject[one] for one in yes.subjects])
    _, responses = clinical_grids(analysis, found)
    place = found.groups.index(yes)
    source = responses.rows[place][-1].source
    assert {line.subject for line in score_sheets(analysis, source)} == set(yes.subjects)


def test_what_is_missing_is_counted_and_not_filled_in(analysis, tmp_path):
    header, *rows = lines_of(SUBJECTS[:9])
    rows[0] = rows[0].rsplit(",", 1)[0] + ","  # no haq of the first subject at the first visit
    rows += ["P99,Baseline,1,1,1,1,1,1,1,1", "P01,Week 99,1,1,1,1,1,1,1,1"]
    found = results_of(analysis, write(tmp_path, [header, *rows]))
    (haq,) = [
        one.correlation
        for one in found.correlations
        if (one.score.measure.feature, one.score.what, one.variable)
        == ("bone_erosion", "status:Baseline", "haq")
    ]
    assert (haq.n, haq.n_missing) == (8, 4)
    assert found.table.n_ignored == 2
    acr = [one for one in found.groups if one.kind == "ACR20" and one.score.visit == "Week 36"]
    assert {one.group: len(one.subjects) for one in acr}["not known"] == 3
    assert sum(one.summary.n + one.summary.n_missing for one in acr[:3]) == len(SUBJECTS)
    assert "2 rows of other subjects or visits left out" in clinical_grids(analysis, found)[0].note


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["subject,haq", "P01,1"], "it lacks the columns visit"),
        (["subject,visit", "P01,Baseline"], "it has no column of values"),
        (["subject,visit,haq", "P01,Baseline,high"], "line 2: haq is no number"),
        (["subject;visit;haq", "P01;Baseline;1,5"], "line 2: haq is no number; write 5.6 with a point"),
        (["subject,visit,tjc28", "P01,Baseline,29"], "line 2: tjc28 has to be between 0 and 28"),
        (["subject,visit,CRP", "P01,Baseline,-1"], "line 2: CRP has to be 0 or more"),
        (["subject,visit,haq", "P01,Baseline,1", "P01,Baseline,2"], "line 3: this subject and visit stand"),
        (["subject,visit,haq", "P99,Baseline,1"], "no row has a subject and a visit of this round"),
        (["subject,visit,haq", "P01,Baseline,1,2"], "line 2: the row has more cells"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_one_sentence(tmp_path, lines, problem):
    with pytest.raises(BadTableError, match=problem) as refused:
        read_clinical_table(write(tmp_path, lines), SUBJECTS, LABELS)
    assert "\n" not in str(refused.value)
    assert not any(word in str(refused.value) for word in ("P01", "P99", "high", "Baseline"))


def test_the_command_correlates_and_writes_it_into_the_report(folder, tmp_path, capsys):
    table = write(tmp_path, lines_of())
    command = ["study", "analyse", str(folder), "--round", "RAMRIS", "--clinical", str(table)]
    assert main([*command, "--json", "--out", str(tmp_path / "report.html")]) == 0
    document = json.loads(capsys.readouterr().out)["clinical"]
    assert {one["variable"] for one in document["correlations"]} == {*NAMES, "DAS28-CRP"}
    assert all("n_missing" in one for one in (*document["correlations"], *document["responses"]))
    assert "Change by clinical response" in (tmp_path / "report.html").read_text("utf-8")
    assert main(command) == 0
    assert "EULAR, by DAS28-CRP" in capsys.readouterr().out
    assert main([*command[:-1], str(tmp_path / "none.csv")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_report_without_clinical_values_says_nothing_of_them(analysis):
    assert not any(getattr(one, "text", "") == "Clinical values" for one in report_of(analysis).blocks)
