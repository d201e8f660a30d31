import hashlib
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk  # noqa: N813 - the name its manual uses

from viewer.imaging.phantom.sites import (
    FILM_EROSION_SITES,
    FILM_SPACE_SITES,
    RAMRIS_PARTS,
    SYNOVITIS_SITES,
)
from viewer.imaging.phantom.study import PhantomVisit, write_phantom_study

VISIT = PhantomVisit("Week 12", 12, mri=True, radiographs=True)
MCP_SITES = {
    site for site in (*RAMRIS_PARTS, *SYNOVITIS_SITES) if "head" in site or "pp" in site or "mcp" in site
}


def _digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _read(folder: Path) -> list[pydicom.Dataset]:
    return [pydicom.dcmread(path) for path in sorted(folder.iterdir())]


def _volume(folder: Path) -> sitk.Image:
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    return reader.Execute()


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("phantom")
    calls: list[tuple[int, int]] = []
    truths = write_phantom_study(folder, 1, [VISIT], checkpoint=lambda *call: calls.append(call))
    (place,) = (folder / "PH001").iterdir()
    return folder, place, truths[0], calls


def test_progress_counts_up_to_the_end(study):
    calls = study[3]
    assert calls == [(done, 9) for done in range(10)]


@pytest.mark.parametrize(
    ("series", "size", "spacing"),
    [
        ("S02", (216, 256, 16), (180 / 256, 180 / 256, 3.5)),
        ("S03", (328, 420, 40), (140 / 420, 140 / 420, 1.5)),
        ("S04", (328, 420, 48), (120 / 420, 120 / 420, 1.5)),
        ("S05", (328, 420, 40), (140 / 420, 140 / 420, 1.5)),
        ("S06", (328, 420, 48), (120 / 420, 120 / 420, 1.5)),
    ],
)
def test_series_have_the_geometry_of_the_founding_study(study, series, size, spacing):
    image = _volume(study[1] / series)
    assert image.GetSize() == size
    assert np.allclose(image.GetSpacing(), spacing, atol=1e-5)
    normal = np.array(image.GetDirection()).reshape(3, 3)[:, 2]
    assert abs(normal[2 if series in {"S04", "S06"} else 1]) > 0.99


def test_landmarks_lie_in_the_pictures_and_bones_without_disease_are_bright_on_t1(study):
    _, place, truth, _ = study
    visit = truth.visits[0]
    coronal, axial, stir = (_volume(place / name) for name in ("S03", "S04", "S02"))
    assert set(visit.landmarks_mm) == {*RAMRIS_PARTS, *SYNOVITIS_SITES}
    for site, point in visit.landmarks_mm.items():
        index = coronal.TransformPhysicalPointToIndex(point)
        assert all(0 <= i < n for i, n in zip(index, coronal.GetSize(), strict=True)), site
        if site not in MCP_SITES:
            assert axial.TransformPhysicalPointToIndex(point)[2] in range(48), site
        if site in RAMRIS_PARTS and not visit.eroded_fraction[site] and not visit.oedema_fraction[site]:
            assert coronal.GetPixel(index) > 600, site
            assert stir.GetPixel(stir.TransformPhysicalPointToIndex(point)) < 500, site


def test_pre_and_post_contrast_lie_alike_and_differ_in_enhancement(study):
    pre, post = (_volume(study[1] / name) for name in ("S03", "S05"))
    assert pre.GetOrigin() == post.GetOrigin()
    assert pre.GetDirection() == post.GetDirection()
    difference = sitk.GetArrayFromImage(post).astype(float) - sitk.GetArrayFromImage(pre)
    assert np.median(difference) == pytest.approx(0, abs=15)
    assert (difference > 500).sum() > 2000
    assert (difference < -500).sum() < 50


def test_one_visit_has_one_frame_of_reference_and_tells_its_week(study):
    headers = [_read(study[1] / name)[0] for name in ("S02", "S03", "S04", "S05", "S06")]
    assert len({header.FrameOfReferenceUID for header in headers}) == 1
    assert len({header.StudyInstanceUID for header in headers}) == 1
    assert {header.StudyDescription for header in headers} == {"RA TRIAL MRI HAND WEEK 12"}
    assert all("W12" in header.SeriesDescription for header in headers)
    assert ["ContrastBolusAgent" in header for header in headers] == [False, False, False, True, True]
    assert all(str(header.SOPInstanceUID).count(header.StudyDate) == 1 for header in headers)


def test_instance_numbers_run_against_the_slices_in_some_series(study):
    slices = sorted(_read(study[1] / "S04"), key=lambda header: float(header.ImagePositionPatient[2]))
    assert [int(header.InstanceNumber) for header in slices] == list(range(48, 0, -1))
    assert len({header.SOPInstanceUID for header in slices}) == 48
    assert all(header.file_meta.MediaStorageSOPInstanceUID == header.SOPInstanceUID for header in slices)


def test_films_show_both_hands_in_both_polarities(study):
    films = {film.ImageLaterality: film for folder in ("X1", "X2") for film in _read(study[1] / folder)}
    assert films["L"].PhotometricInterpretation == "MONOCHROME1"
    assert films["R"].PhotometricInterpretation == "MONOCHROME2"
    for side, film in films.items():
        assert (film.Modality, film.ViewPosition, film.BodyPartExamined) == ("CR", "PA", "HAND")
        assert list(film.PatientOrientation) == ["L", "H"]
        assert list(film.ImagerPixelSpacing) == [0.1, 0.1]
        assert "PixelSpacing" not in film
        dense = 4095 - film.pixel_array if side == "L" else film.pixel_array
        left, right = dense[800:1500, 50:350].mean(), dense[800:1500, -350:-50].mean()
        assert (left > right) == (side == "R")  # seen from the back: a right thumb lies on the left
        assert dense[:15].max() < 2000  # the finger tips are on the film


def test_truth_names_every_site_of_both_hands(study):
    visit = study[2].visits[0]
    assert len(visit.eroded_fraction) == len(visit.oedema_fraction) == 23
    assert len(visit.film_eroded_fraction) == 34
    assert len(visit.film_space_lost) == 36
    side = study[2].side
    assert visit.film_eroded_fraction[side, "scaphoid"] == pytest.approx(visit.eroded_fraction["scaphoid"])


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(study, tmp_path):
    write_phantom_study(tmp_path, 1, [VISIT])
    assert _digest(tmp_path) == _digest(study[0])


def test_a_checkpoint_that_raises_stops_the_work(tmp_path):
    def refuse(done: int, _total: int) -> None:
        if done == 1:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write_phantom_study(tmp_path, 1, [VISIT], checkpoint=refuse)
    assert not list(tmp_path.rglob("*.dcm"))


def test_film_landmarks_lie_in_the_gaps_of_joints(study):
    visit = study[2].visits[0]
    sites = {*FILM_EROSION_SITES, *FILM_SPACE_SITES}
    assert set(visit.film_landmarks) == {(side, site) for side in "LR" for site in sites}
    for film in (film for folder in ("X1", "X2") for film in _read(study[1] / folder)):
        side = film.ImageLaterality
        dense = 4095 - film.pixel_array if side == "L" else film.pixel_array
        places = {site: np.array(visit.film_landmarks[side, site]) for site in sites}
        assert (places["mcp1"][1] < places["mcp5"][1]) == (side == "R")  # a right thumb is on the left
        for digit in range(2, 6):
            if visit.film_space_lost[side, f"mcp{digit}"] > 0.5:
                continue
            middle, tip = places[f"mcp{digit}"], places[f"pip{digit}"]
            along = np.arange(-80, 81)[:, None] * (tip - middle) / np.linalg.norm(tip - middle)
            row, column = np.rint(middle + along).astype(int).T
            bright = dense[row, column].astype(float)
            gap = int(np.argmin(bright[40:121])) - 40
            assert abs(gap) <= 20  # 2 mm
