"""Simulated readers who see the phantom's truth with errors, from the form to the analysed round."""

import shutil
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats as typed_stats

from tests.e2e.trials import full_rows, grade, keys_of, new_study, table_of, write_mr

pytestmark = pytest.mark.slow
stats: Any = typed_stats
READERS = ("Ann", "Bo Łęcki", "Cyd")
SUBJECTS = tuple(f"P{number:02}" for number in range(1, 7))
VISITS = (("Baseline", 0, "20210301"), ("Week 12", 12, "20210524"))
SPARE = ("P06", "Week 12", "lunate")


def seen(reader, subject, visit, item):
    """Return a grade with the reader's error, or why there is none."""
    site = item["site"]
    if (subject, visit, site) == SPARE:
        return "image_quality"
    place = (subject, item["feature"], site)
    worse = visit == "Week 12" and grade("worse", *place, highest=9) == 0
    error = {0: -1, 1: 1}.get(grade("error", reader, visit, *place, highest=9), 0)
    return int(np.clip(grade("truth", *place, highest=2) + worse + error, item["min"], item["max"]))


def test_what_three_readers_typed_comes_out_of_the_analysis(ra, tmp_path):
    for subject, (label, _, day) in product(SUBJECTS, VISITS):
        write_mr(tmp_path / "images" / subject / label, subject, day, laterality="R", count=3)
    study = new_study(tmp_path / "study", VISITS)
    ra("study", "import", study, tmp_path / "images")
    features = ("--features", "synovitis", "bone_erosion", "--repeat", "0.34", "--seed", "7")
    made = ra(
        *("study", "round", study, "--title", "MRI", "--system", "ramris_2003"),
        *("--reader", *READERS, *features),
    )
    forms = []
    for reading in made["readings"]:
        shown = ra("reading", "show", reading["path"])
        forms.append(shown["form"])
        keys = keys_of(study, Path(reading["path"]))

        def value(subject, visit, _side, item, reader=reading["reader"]):
            return seen(reader, subject, visit, item)

        table = tmp_path / "table.csv"
        table.write_text(table_of(full_rows(shown, keys, value)), "utf-8")
        assert ra("reading", "enter", reading["path"], table)["refused"] == []
        ra("reading", "submit", reading["path"], "--all")
    ra("study", "collect", study)
    ra("study", "analyse", study, "--round", "MRI", status=1)
    assert "not locked yet" in ra.printed.err
    ra("study", "lock", study, "--round", "MRI")
    document = ra("study", "analyse", study, "--round", "MRI")

    sites = [item for item in forms[0] if item["feature"] == "bone_erosion"]
    sums = np.full((len(SUBJECTS), 2, 3), np.nan)
    for (i, subject), (j, (visit, *_)), (k, reader) in product(
        enumerate(SUBJECTS), enumerate(VISITS), enumerate(READERS)
    ):
        values: list[Any] = [seen(reader, subject, visit, item) for item in sites]
        if not any(isinstance(value, str) for value in values):
            sums[i, j, k] = sum(values)
    final = sums.mean(axis=2)
    change = (final[:, 1] - final[:, 0])[:-1].round(9)  # the last subject has a site that nobody could see
    rows = {(row["feature"], row["reader"]): row for row in document["table"]}
    row = rows["bone_erosion", "final"]
    assert [visit["n"] for visit in row["visits"]] == [6, 5]
    assert row["visits"][0]["median"] == pytest.approx(np.median(final[:, 0]))
    (shown_change,) = row["changes"]
    assert shown_change["n_missing"] == 1
    counted = [shown_change[name] for name in ("increase", "no_change", "decrease")]
    assert counted == [(change > 0).sum(), (change == 0).sum(), (change < 0).sum()]
    assert shown_change["srm"] == pytest.approx(change.mean() / change.std(ddof=1))
    method = stats.PermutationMethod(n_resamples=2**6)
    expected = stats.wilcoxon(change, zero_method="pratt", method=method).pvalue
    assert shown_change["p"] == pytest.approx(expected)
    assert shown_change["common_sites"]["n"] == 6
    agreed = {(one["feature"], one["what"], tuple(one["readers"])): one for one in document["agreement"]}
    pair = agreed["bone_erosion", "status:Baseline", READERS[:2]]
    difference = sums[:, 0, 0] - sums[:, 0, 1]
    assert pair["bias"] == pytest.approx(difference.mean())
    assert pair["sdd"] == pytest.approx(1.96 * difference.std(ddof=1) / np.sqrt(2))
    same = [
        seen("Ann", subject, "Baseline", item) == seen("Bo Łęcki", subject, "Baseline", item)
        for subject, item in product(SUBJECTS, sites)
    ]
    assert pair["exact"] == pytest.approx(np.mean(same))
    assert document["intra_reader"][0]["n"] == 3  # a third of six, rounded up
    assert document["intra_reader"][0]["exact"] == 1
    assert ("bone_erosion", "status:Baseline", READERS) in agreed

    for form in ("html", "pdf"):
        out = tmp_path / f"report.{form}"
        found = ra("study", "analyse", study, "--round", "MRI", "--out", out)
        assert found["report"] == str(out)
        copy = shutil.copytree(study, tmp_path / form)
        ra("study", "analyse", copy, "--round", "MRI", "--out", tmp_path / f"again.{form}")
        assert out.read_bytes() == (tmp_path / f"again.{form}").read_bytes()
    assert "Motion, artefact or exposure prevents assessment" in (tmp_path / "report.html").read_text("utf-8")
