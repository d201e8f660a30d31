import json
from typing import Any

import numpy as np
import pytest
from scipy import stats as typed_stats

from reader_app.cli import main
from reader_app.workflow.analyse import analyse_round
from reader_app.workflow.analysis_document import analysis_document
from reader_app.workflow.analysis_tables import Source, scores_grid
from reader_app.workflow.errors import RoundNotLockedError
from reader_app.workflow.round_comparison import compare_analyses
from reader_app.workflow.score_sheets import score_sheets
from scoring_forms.domain.score import Score
from storage.annotations import Annotations
from storage.study.errors import UnknownRoundError
from storage.study.store import Study
from tests.unit.workflow.analysed_trials import READERS, SUBJECTS, VISITS, analysed, noisy, trial
from tests.unit.workflow.locked_rounds import Trial

stats: Any = typed_stats


def document_of(folder, a_trial, **how):
    return json.loads(json.dumps(analysis_document(analysed(folder, a_trial, **how)), allow_nan=False))


def entry_of(entries, feature, **wanted):
    wanted["feature"] = feature
    (found,) = [one for one in entries if all(one[key] == value for key, value in wanted.items())]
    return found


@pytest.fixture(scope="module")
def erosion(tmp_path_factory):
    """The document of a round, and its erosion totals summed by hand: (subjects, visits, readers)."""
    folder = tmp_path_factory.mktemp("analysis") / "study"
    document = document_of(folder, trial(repeats=SUBJECTS[:4]))
    with Study.open(folder, read_only=True) as study:
        items = [one for one in study.rounds()[0].plan.form.items() if one.feature.id == "bone_erosion"]
    sums = [
        [
            [sum(noisy(reader, subject, visit.label, one).value or 0 for one in items) for reader in READERS]
            for visit in VISITS
        ]
        for subject in SUBJECTS
    ]
    return document, np.array(sums)


def test_median_range_and_directions_are_those_of_sums_by_hand(erosion):
    document, sums = erosion
    final = sums.mean(axis=2)
    row = entry_of(document["table"], "bone_erosion", reader="final")
    for number, visit in enumerate(row["visits"]):
        assert (visit["n"], visit["n_missing"]) == (12, 0)
        assert visit["median"] == np.median(final[:, number])
        assert (visit["min"], visit["max"]) == (final[:, number].min(), final[:, number].max())
    for number, change in enumerate(row["changes"], 1):
        d = final[:, number] - final[:, 0]
        assert (change["from"], change["to"]) == ("Baseline", VISITS[number].label)
        counted = (change["increase"], change["no_change"], change["decrease"])
        assert counted == ((d > 0).sum(), (d == 0).sum(), (d < 0).sum())
        assert change["srm"] == pytest.approx(d.mean() / d.std(ddof=1))


def test_p_is_scipys_permutation_of_the_pratt_ranks(erosion):
    document, sums = erosion
    for reader, scores in (("Ann", sums[..., 0]), ("final", sums.mean(axis=2))):
        d = scores[:, 2] - scores[:, 0]
        method = stats.PermutationMethod(n_resamples=2**12 + 1)
        expected = stats.wilcoxon(d, zero_method="pratt", method=method).pvalue
        change = entry_of(document["table"], "bone_erosion", reader=reader)["changes"][1]
        assert change["p"] == pytest.approx(expected, abs=1e-9)
        assert change["p_method"] == "Wilcoxon-Pratt, exact"


def test_asymptotic_p_is_scipys(tmp_path, erosion):
    _, sums = erosion
    document = document_of(tmp_path / "study", trial(), method="asymptotic")
    d = sums[:, 2, 1] - sums[:, 0, 1]
    expected = stats.wilcoxon(d, zero_method="pratt", method="asymptotic").pvalue
    change = entry_of(document["table"], "bone_erosion", reader="Bo")["changes"][1]
    assert change["p"] == pytest.approx(expected, abs=1e-9)


def test_sdc_of_a_reader_is_for_one_and_of_the_final_score_for_the_mean_of_two(erosion):
    document, sums = erosion
    changes = sums[:, 2] - sums[:, 0]
    sd = (changes[:, 0] - changes[:, 1]).std(ddof=1)
    rows = document["table"]
    of_one = entry_of(rows, "bone_erosion", reader="Ann")["changes"][1]["sdc"]
    of_two = entry_of(rows, "bone_erosion", reader="final")["changes"][1]["sdc"]
    assert of_one == pytest.approx(1.96 * sd / np.sqrt(2))
    assert of_two == pytest.approx(1.96 * sd / 2)
    entry = entry_of(document["agreement"], "bone_erosion", what="change:Baseline:Week 36")
    assert entry["sdc"] == pytest.approx(of_two)
    assert entry["readers"] == list(READERS)
    assert entry["bias"] == pytest.approx((changes[:, 0] - changes[:, 1]).mean())


def test_repeats_give_intra_reader_agreement_and_do_not_change_the_table(erosion):
    document, sums = erosion
    assert {tuple(one["readers"]) for one in document["intra_reader"]} == {("Ann", "again"), ("Bo", "again")}
    entry = entry_of(
        document["intra_reader"], "bone_erosion", what="status:Baseline", readers=["Ann", "again"]
    )
    assert (entry["n"], entry["exact"], entry["icc_2_1"]) == (4, 1.0, 1.0)
    assert entry_of(document["table"], "bone_erosion", reader="Ann")["visits"][0]["n"] == len(sums)


def test_three_readers_are_compared_in_pairs_and_all_together(tmp_path):
    document = document_of(tmp_path / "study", trial(readers=("Ann", "Bo", "Cy"), subjects=SUBJECTS[:3]))
    compared = {tuple(one["readers"]) for one in document["agreement"]}
    assert compared == {("Ann", "Bo"), ("Ann", "Cy"), ("Bo", "Cy"), ("Ann", "Bo", "Cy")}


def test_a_visit_without_scores_has_a_reason_and_no_number(tmp_path):
    def without_last(reader, subject, visit, item):
        return None if visit == "Week 36" else noisy(reader, subject, visit, item)

    document = document_of(tmp_path / "study", trial(score_of=without_last))
    row = entry_of(document["table"], "bone_erosion", reader="final")
    last, change = row["visits"][2], row["changes"][1]
    assert (last["n"], last["n_missing"], last["median"]) == (0, 12, None)
    assert last["median_reason"] == "there are no scores"
    assert (change["n"], change["p"], change["p_reason"]) == (0, None, "no subject has both")


def test_one_reader_has_a_final_score_but_no_agreement(tmp_path):
    document = document_of(tmp_path / "study", trial(readers=("Ann",)))
    rows = document["table"]
    assert (
        entry_of(rows, "bone_erosion", reader="final")["visits"]
        == entry_of(rows, "bone_erosion", reader="Ann")["visits"]
    )
    assert (document["agreement"], document["agreement_reason"]) == ([], "there is only one reader")
    change = entry_of(rows, "bone_erosion", reader="final")["changes"][0]
    assert (change["sdc"], change["sdc_reason"]) == (None, "there is only one reader")
    assert document["final"] == {"single_reader": 12}


def test_three_subjects_get_numbers_with_a_warning(tmp_path):
    document = document_of(tmp_path / "study", trial(subjects=SUBJECTS[:3]))
    change = entry_of(document["table"], "bone_erosion", reader="final")["changes"][1]
    assert change["n"] == 3
    assert change["p"] >= 0.25
    assert "exact p cannot be below" in change["p_warning"]


def test_scores_that_are_all_equal_give_reasons_instead_of_numbers(tmp_path):
    document = document_of(tmp_path / "study", trial(score_of=lambda *place: Score(1)))
    change = entry_of(document["table"], "bone_erosion", reader="final")["changes"][0]
    assert (change["p"], change["srm"], change["no_change"]) == (1.0, None, 12)
    entry = entry_of(document["agreement"], "bone_erosion", what="status:Baseline")
    assert (entry["icc_2_1"], entry["weighted_kappa"], entry["exact"]) == (None, None, 1.0)
    assert entry["icc_2_1_reason"]
    assert entry["weighted_kappa_reason"]


def test_every_null_has_a_reason_beside_it(tmp_path):
    def hardly_any(reader, subject, visit, item):
        return noisy(reader, subject, visit, item) if (reader, subject) == ("Ann", "P01") else None

    def check(value):
        if isinstance(value, dict):
            for key, one in value.items():
                if key not in ("side", "week"):
                    assert one is not None or value[f"{key}_reason"]
                check(one)
        elif isinstance(value, list):
            for one in value:
                check(one)

    for number, score_of in enumerate((hardly_any, lambda *place: None, lambda *place: Score(0))):
        check(document_of(tmp_path / f"{number}", trial(score_of=score_of)))


def test_subjects_whose_readers_disagree_are_pending_until_they_are_adjudicated(tmp_path):
    everybody = document_of(tmp_path / "all", trial(adjudication=("all",)))
    assert everybody["pending"] == list(SUBJECTS)
    row = entry_of(everybody["table"], "bone_erosion", reader="final")
    assert (row["visits"][0]["n"], row["visits"][0]["median"]) == (0, None)
    assert entry_of(everybody["table"], "bone_erosion", reader="Ann")["visits"][0]["n"] == 12
    nobody = document_of(tmp_path / "none", trial(adjudication=("change:bone_erosion>200",)))
    assert (nobody["pending"], nobody["final"]) == ([], {"primary_mean": 12})


def test_a_round_that_is_open_or_unknown_is_refused_in_a_sentence(tmp_path):
    folder = trial(locked=False, subjects=SUBJECTS[:2]).write(tmp_path / "study")
    with Study.open(folder, read_only=True) as study:
        with pytest.raises(RoundNotLockedError, match="not locked yet"):
            analyse_round(study, "RAMRIS")
        with pytest.raises(UnknownRoundError, match="use one of RAMRIS"):
            analyse_round(study, "Sharp")


def test_cases_that_did_not_come_back_are_listed(tmp_path):
    document = document_of(tmp_path / "study", trial(collected=False, subjects=SUBJECTS[:2]))
    assert len(document["missing_cases"]) == 4
    assert document["n_subjects"] == 2


def films(reader, subject, visit, item):
    """Return films on which the subjects with an even number got worse at two sites."""
    worse = visit == "Week 36" and int(subject[1:]) % 2 == 0 and item.site.id in ("mcp2", "mcp3")
    return Score(2.0 if worse else 1.0)


def scans(reader, subject, visit, item):
    """Return scans on which subjects 2, 4 and 5 got worse."""
    worse = visit != "Baseline" and subject in ("P02", "P04", "P05") and item.site.id == "capitate"
    return Score(1.0 if worse else 0.0)


def two_rounds(folder):
    mri = trial(score_of=scans, subjects=SUBJECTS[:10])
    mri.write(folder)
    radiographs = Trial(
        films, ("sharp_1985",), readers=("Cy",), subjects=SUBJECTS[:10], visits=VISITS, title="Films"
    )
    with Study.open(folder) as study:
        radiographs.add(study, codes_from=100)
    return folder


def test_progression_in_one_round_is_told_beside_progression_in_the_other(tmp_path):
    with Study.open(two_rounds(tmp_path / "study"), read_only=True) as study:
        compared = compare_analyses(analyse_round(study, "RAMRIS"), analyse_round(study, "Films"))
    (found,) = [
        one
        for one in compared
        if (one.first.measure.feature, one.second.measure.feature) == ("bone_erosion", "erosion")
        and (one.first.visit, one.second.visit) == ("Week 12", "Week 36")
    ]
    assert found.sentence == (
        "2 of the 3 subjects with progression of Bone erosion (RAMRIS) at Week 12 had progression of "
        "Erosion (Films) at Week 36."
    )
    first = [float(one in (2, 4, 5)) for one in range(1, 11)]
    second = [4.0 * (one % 2 == 0) for one in range(1, 11)]
    assert found.found.correlation.rho.value == pytest.approx(stats.spearmanr(first, second).statistic)
    assert found.found.concordance.fisher_p.value == pytest.approx(
        stats.fisher_exact([[2, 1], [3, 4]]).pvalue
    )


def test_the_command_prints_one_document(tmp_path, capsys):
    folder = two_rounds(tmp_path / "study")
    command = ["study", "analyse", str(folder), "--round", "RAMRIS", "--against", "Films"]
    assert main([*command, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["round"], document["design"], document["n_subjects"]) == ("RAMRIS", "paired", 10)
    assert document["between_rounds"]
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert "Scores by visit – final score (mean of 2 readers)" in printed
    assert "2 of the 3 subjects with progression of Bone erosion (RAMRIS) at Week 12" in printed


def test_the_command_refuses_in_one_line(tmp_path, capsys):
    folder = trial(locked=False, subjects=SUBJECTS[:2]).write(tmp_path / "study")
    assert main(["study", "analyse", str(folder), "--round", "RAMRIS"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["study", "analyse", str(folder), "--round", "RAMRIS", "--out", "x.txt"]) == 2
    assert "neither" in capsys.readouterr().err


def test_a_score_sheet_says_which_grades_were_agreed_in_a_consensus(tmp_path):
    def agreed(reader, case, form):
        cells = form.cells(case.timepoints[0].letter)
        return Annotations(consensus=frozenset(cells[:1] if reader == "Cyd" else ()))

    settled = {"readers": ("Ann", "Bo"), "features": ("bone_erosion",), "adjudication": ("all",)}
    a_trial = Trial(annotations_of=agreed, adjudicator="Cyd", adjudicated=("P01",), **settled)
    with Study.open(a_trial.write(tmp_path / "study")) as study:
        analysis = analyse_round(study, "RAMRIS")
    readers, visits = ("Ann", "Bo", "Cyd"), tuple(analysis.weeks)
    lines = score_sheets(analysis, Source("ramris_2003.bone_erosion", readers, visits))
    assert [(line.reader, line.value) for line in lines if "consensus" in line.value] == [
        ("Cyd", "1, by consensus")
    ]


def test_every_number_of_the_table_knows_its_score_sheets(tmp_path):
    analysis = analysed(tmp_path / "study", trial(subjects=SUBJECTS[:3]))
    for row in scores_grid(analysis).rows:
        assert all(cell.source and set(cell.source.readers) == set(READERS) for cell in row[1:])
