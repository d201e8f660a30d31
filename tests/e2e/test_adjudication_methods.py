"""Methods of an adjudication that others do not go through, from tables entered to tables exported."""

import hashlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from reader_app.cli import main
from storage.reading.reading import Reading
from storage.study.store import Study
from tests.e2e.trials import (
    VISITS,
    full_rows,
    keys_of,
    new_study,
    read_table,
    table_of,
    write_mr,
)

pytestmark = pytest.mark.e2e

READERS, JUDGE = ("Ann", "Bo"), "Cy"
FIRST, LAST = VISITS[0], VISITS[2]
DISPUTED, ORDINARY = "P01", "P02"
CHANGES = {"Ann": 0, "Bo": 8}
SITES = ("mcp2", "mcp3", "mcp4", "mcp5")


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    base = tmp_path_factory.mktemp("methods")
    for subject in (DISPUTED, ORDINARY):
        for label, _, day in (FIRST, LAST):
            write_mr(base / "images" / subject / label, subject, day, laterality="L", count=3)
    folder = new_study(base / "study", (FIRST, LAST))
    assert main(["study", "import", str(folder), str(base / "images")]) == 0
    return folder


def read(ra, study, path, change, folder):
    """Enter and sign a reading: the disputed subject is worse by *change* at the last visit."""

    def value(subject, visit, _side, item):
        if subject == ORDINARY:
            return 1
        at = SITES.index(item["site"]) if item["site"] in SITES else None
        if visit == FIRST[0] or at is None:
            return 0
        return min(3, max(0, change - 3 * at))

    with Reading.open(path, read_only=True) as reading:
        cases = [{"code": case.code, "timepoints": case.letters} for case in reading.cases()]
        items = list(reading.form.items())
    form = [
        {"system": i.system.id, "feature": i.feature.id, "side": i.side, "site": i.site.id} for i in items
    ]
    rows = full_rows({"cases": cases, "form": form}, keys_of(study, path), value)
    table = folder / f"{path.name}.csv"
    table.write_text(table_of(rows), "utf-8")
    assert ra("reading", "enter", path, table)["refused"] == []
    ra("reading", "submit", path, "--all")


def stored_by(study, readers):
    """Return what the study holds of the signed work of some readers, and their files byte for byte."""
    with Study.open(study, read_only=True) as opened:
        keys = [one for one in opened.readings(1) if one.reader in readers]
    codes = [case.code for key in keys for case in key.cases]
    marks = ",".join("?" * len(codes))
    connection = sqlite3.connect(f"file:{study / 'study.sqlite'}?mode=ro", uri=True)
    rows = [
        connection.execute(
            f"SELECT {wanted} FROM signature JOIN score ON signature.id = score.signature_id"
            f" WHERE case_code IN ({marks}) ORDER BY score.id",
            codes,
        ).fetchall()
        for wanted in ("signature.*", "score.*")
    ]
    connection.close()
    files = sorted(path for key in keys for path in Path(key.path).rglob("*") if path.is_file())
    return rows, {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize(
    ("method", "judged", "change", "origin", "counts"),
    [
        ("two_closest", 4, 4, "mean_of_three", {"Ann", "Bo", "Cy"}),  # exactly half-way
        ("mean_of_all", 7, 5, "mean_of_three", {"Ann", "Bo", "Cy"}),
        ("consensus", 7, 7, "consensus", {"Cy"}),
    ],
)
def test_a_method_goes_from_the_round_to_the_tables_and_touches_no_original(
    ra, imported, tmp_path, method, judged, change, origin, counts
):
    study = shutil.copytree(imported, tmp_path / "study")
    named = ("--title", "RAMRIS", "--system", "ramris_2003", "--features", "synovitis", "--reader", *READERS)
    rule = ("--adjudicate", "change:synovitis>5", "--adjudication-method", method)
    for one in ra("study", "round", study, *named, *rule)["readings"]:
        read(ra, study, Path(one["path"]), CHANGES[one["reader"]], tmp_path)
    assert ra("study", "collect", study)["refused"] == []
    before = stored_by(study, READERS)
    assert len(before[0][1]) == len(READERS) * 2 * 2 * 7
    in_round = (study, "--round", "RAMRIS")
    report = ra("study", "adjudicate", *in_round, "--adjudicator", JUDGE, "--mix", "1")
    assert [one["difference"] for one in report["disagreements"]] == [8]
    ra.text("study", "lock", *in_round, status=1)
    read(ra, study, Path(report["reading"]), judged, tmp_path)
    ra("study", "collect", study)
    assert ra("study", "lock", *in_round)["locked"]
    ra("study", "export", *in_round, "--out", tmp_path / "out")
    assert stored_by(study, READERS) == before
    assert ra("study", "verify", study)["ok"]
    totals = read_table(tmp_path / "out" / "totals.csv")
    final = {(row["subject"], row["visit"]): row for row in totals if row["reader"] == "final"}
    at = {place: float(row["total"]) for place, row in final.items()}
    assert at[DISPUTED, LAST[0]] - at[DISPUTED, FIRST[0]] == pytest.approx(change)
    assert {row["origin"] for (subject, _), row in final.items() if subject == DISPUTED} == {origin}
    assert {row["origin"] for (subject, _), row in final.items() if subject == ORDINARY} == {"primary_mean"}
    long = read_table(tmp_path / "out" / "scores_long.csv")
    assert {row["reader"] for row in long if (row["subject"], row["final"]) == (DISPUTED, "yes")} == counts
    analysed = ra("study", "analyse", *in_round)
    (row,) = [one for one in analysed["table"] if (one["feature"], one["reader"]) == ("synovitis", "final")]
    assert (row["visits"][1]["min"], row["visits"][1]["max"]) == pytest.approx(tuple(sorted((change, 7))))
