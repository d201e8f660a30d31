"""A reading travels to another workstation as one zip, and its signed work comes back as a small one."""

import shutil
import zipfile
from pathlib import Path

import pytest

from reader_app.workflow.import_images import import_images
from storage.study.store import Study
from tests.e2e.trials import (
    VISITS,
    full_rows,
    keys_of,
    new_study,
    table_of,
    write_trial,
)
from tests.unit.storage.readings import change_behind_our_back

pytestmark = [pytest.mark.e2e]


@pytest.fixture
def travelled(ra, tmp_path):
    """The command line, a study of two subjects, and its reading signed on another workstation."""
    images = write_trial(tmp_path / "images", subjects=("P01", "P02"), visits=VISITS[:1])
    with Study.open(new_study(tmp_path / "study", VISITS[:1])) as study:
        import_images(study, [images], checkpoint=lambda done, total: None)
    study = tmp_path / "study"
    made = ra(
        *("study", "round", study, "--title", "RAMRIS", "--system", "ramris_2003", "--features", "synovitis"),
        *("--reader", "Ann"),
    )
    here = Path(made["readings"][0]["path"])
    keys = keys_of(study, here)
    away = tmp_path / "away"
    away.mkdir()
    packed = Path(ra("reading", "pack", here, "--out", away)["file"])
    shutil.rmtree(here)  # nothing but the zip is left
    ra("reading", "result", packed, status=1)
    assert "No case of this reading is signed yet" in ra.printed.err
    rows = full_rows(ra("reading", "show", packed), keys, lambda *_: 2)
    (away / "table.csv").write_text(table_of(rows), "utf-8")
    assert ra("reading", "enter", packed, away / "table.csv")["refused"] == []
    ra("reading", "submit", packed, "--all")
    return ra, study, away / packed.name.removesuffix(".zip")


def test_signed_work_comes_back_without_the_pictures(travelled):
    ra, study, reading = travelled
    result = Path(ra("reading", "result", reading)["file"])
    assert result.is_absolute()
    assert result.parent == reading.parent
    assert ra("study", "collect", study, result) == {"collected": 2, "refused": []}
    assert ra("study", "collect", study, result) == {"collected": 0, "refused": []}
    assert ra("study", "verify", study)["ok"]
    assert ra("study", "lock", study, "--round", "RAMRIS")["locked"]


def test_a_result_that_was_changed_on_the_way_is_refused(travelled, tmp_path):
    ra, study, reading = travelled
    result = Path(ra("reading", "result", reading)["file"])
    with zipfile.ZipFile(result) as archive:
        archive.extractall(tmp_path / "opened")
    (changed,) = (tmp_path / "opened").iterdir()
    change_behind_our_back(changed, "UPDATE score SET value = '3' WHERE value = '2'")
    shutil.make_archive(str(tmp_path / "changed"), "zip", changed.parent, changed.name)
    refused = ra("study", "collect", study, tmp_path / "changed.zip", status=1)
    assert refused["collected"] == 0
    assert "is not what the audit trail says" in refused["refused"][0]["reason"]


def test_a_result_with_other_digests_than_were_prepared_is_refused(travelled, tmp_path):
    ra, study, reading = travelled
    result = Path(ra("reading", "result", reading)["file"])
    with zipfile.ZipFile(result) as archive:
        archive.extractall(tmp_path / "opened")
    (changed,) = (tmp_path / "opened").iterdir()
    change_behind_our_back(changed, f"UPDATE image SET array_sha256 = '{'0' * 64}'")
    shutil.make_archive(str(tmp_path / "changed"), "zip", changed.parent, changed.name)
    assert ra("study", "collect", study, tmp_path / "changed.zip", status=1)["collected"] == 0


def test_a_result_of_another_study_is_refused(travelled, tmp_path):
    ra, _, reading = travelled
    result = ra("reading", "result", reading)["file"]
    other = new_study(tmp_path / "other")
    refused = ra("study", "collect", other, result, status=1)["refused"]
    assert refused[0]["reason"] == "It is not a reading of this study."


def test_a_result_opened_as_a_reading_says_whom_it_is_for(travelled):
    ra, _, reading = travelled
    result = ra("reading", "result", reading)["file"]
    _, error = ra.text("reading", "show", result, status=1)
    assert "a result without pictures, for the coordinator to collect" in error
    assert len(error.splitlines()) == 1
