"""The journey by command line on real files of other makers."""

from pathlib import Path

import numpy as np
import pytest

from storage.reading.reading import Reading
from tests.e2e.trials import new_study

VISITS = (("Baseline", 0, ""), ("Later", 12, ""))


def test_scan_names_what_the_hand_folder_holds(ra, shared_data):
    found = ra("scan", shared_data / "hand")
    (wrist,) = [one for one in found["series"] if one["modality"] == "MR"]
    assert (wrist["plane"], wrist["laterality"], wrist["n_images"]) == ("coronal", "L", 16)
    assert wrist["spacing_mm"] == pytest.approx([2, 60 / 256, 60 / 256], abs=1e-3)
    pictures = {Path(one["path"]).name: one["reason"] for one in found["rejected"]}
    assert {name for name, reason in pictures.items() if "PNG" in reason} == {f"{n}.png" for n in range(5)}
    assert found["files_seen"] == sum(path.is_file() for path in (shared_data / "hand").rglob("*"))


def test_scan_names_planes_spacings_and_contrast_of_the_mr_folder(ra, shared_data):
    found = ra("scan", shared_data / "mr")
    shown = {
        (one["plane"], one["n_images"], round(one["spacing_mm"][0], 1)): (one["role"], one["contrast"])
        for one in found["series"]
    }
    assert set(shown) == {
        ("sagittal", 20, 7.5),
        ("axial", 17, 3.3),
        ("coronal", 15, 3.3),
    }
    contrast = sorted((one["plane"], str(one["contrast"])) for one in found["series"])
    assert ("axial", "False") in contrast
    assert ("axial", "True") in contrast
    assert ("coronal", "True") in contrast


def test_real_series_travel_into_a_reading_with_their_pixels_and_geometry(ra, shared_data, tmp_path):
    study = new_study(tmp_path / "study", visits=VISITS)
    take = ("study", "import", study)
    wrist = ("--subject", "W1", "--visit", "Baseline", "--side", "L")
    first = ra(*take, shared_data / "hand" / "wrist_mr_coronal", *wrist)
    assert (first["imported"], first["rejected"]) == (16, [])
    assert ra(*take, shared_data / "hand" / "wrist_mr_coronal", *wrist)["already_there"] == 16
    later = ra(*take, shared_data / "mr", "--subject", "W1", "--visit", "Later")
    assert later["imported"] == 69
    assert ra(*take, shared_data / "mr", "--subject", "W1", "--visit", "Later")["imported"] == 0
    roles = {}
    for one in ra("scan", study / "originals")["series"]:
        role = "cor_t1_post" if one["plane"] == "coronal" else "other"
        if one["plane"] == "axial":
            role = "ax_t1_post" if one["contrast"] else "ax_t1_pre"
        if one["laterality"] == "L":
            role = "cor_t1_pre"
        ra("study", "set-role", study, one["series_uid"], role)
        roles[role] = one
    made = ra(
        *("study", "round", study, "--title", "Real", "--system", "ramris_2003", "--reader", "Ann"),
        *("--design", "chronological"),
    )
    assert made["skipped"] == []
    with Reading.open(Path(made["readings"][0]["path"]), read_only=True) as reading:
        (case,) = reading.cases()
        assert (case.side, case.letters) == ("L", ("A", "B"))
        first, second = reading.case(case.code).timepoints
        shown = {image.role: image for image in first.images if image.array}
        assert set(shown) == {"cor_t1_pre"}
        pixels = reading.open_array(shown["cor_t1_pre"])
        assert (pixels.shape, pixels.max() > 100) == ((16, 256, 256), True)
        assert {image.role for image in first.images if image.missing_reason} == {
            "cor_t1_post",
            "ax_t1_pre",
            "ax_t1_post",
            "cor_stir",
        }
        shown = {image.role: image for image in second.images if image.array}
        assert set(shown) == {"cor_t1_post", "ax_t1_pre", "ax_t1_post"}
        assert {image.frame for image in shown.values()} == {1}
        affine = np.array(shown["ax_t1_pre"].affine).reshape(4, 4)
        spacing = np.linalg.norm(affine[:3, :3], axis=0)
        assert spacing == pytest.approx(roles["ax_t1_pre"]["spacing_mm"], abs=1e-3)
        assert affine == pytest.approx(np.array(shown["ax_t1_post"].affine).reshape(4, 4), abs=0.1)
