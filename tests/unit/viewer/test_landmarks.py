from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from scoring_forms.domain.systems import load_system
from viewer.imaging.geometry import Geometry
from viewer.imaging.hand_template import load_hand
from viewer.imaging.landmarks import estimate_film_sites, estimate_sites
from viewer.imaging.loading import load_volume
from viewer.imaging.phantom import mr_sequences, radiograph, templates
from viewer.imaging.phantom.disease import disease_course
from viewer.imaging.phantom.film_sites import film_landmarks
from viewer.imaging.phantom.positioning import random_rotation
from viewer.imaging.phantom.subject import (
    Subject,
    diseased_picture,
    make_lesions,
    make_seats,
    make_subject,
)
from viewer.imaging.phantom.subject import landmarks as true_landmarks
from viewer.imaging.phantom.tissue import Picture
from viewer.imaging.scan import scan
from viewer.imaging.volume import Volume

MEDIAN_MM, FARTHEST_MM = 2.0, 6.0
"""The issue asks for a median of 6 mm; estimates on the phantom are better than this."""


@dataclass(frozen=True)
class Patient:
    subject: Subject
    picture: Picture
    space_lost: Mapping[str, float]


@pytest.fixture(scope="module")
def patient() -> Patient:
    """A sick hand that the template does not know."""
    subject = make_subject(np.random.default_rng(51))
    rng = np.random.default_rng(52)
    course = disease_course(rng, 0.8, [0])
    lesions = make_lesions(subject, make_seats(subject, course, rng), course[0])
    return Patient(subject, diseased_picture(subject, lesions, course[0]), course[0].space_lost)


def scanned(
    patient: Patient, side: str, seed: int, size: float, fingers_down: bool, noise: float
) -> tuple[Volume, dict[str, np.ndarray]]:
    """Return a series of the hand, turned by up to 15 degrees, and its sites within, LPS mm."""
    rng = np.random.default_rng(seed)
    turned = random_rotation(rng, 15, np.array([0.6, 1.0, 0.5]))
    turned = turned @ np.diag([-1.0, 1, -1]) if fingers_down else turned
    pose = np.eye(4)
    pose[:3, :3] = size * turned @ np.diag([1.0 if side == "R" else -1.0, 1, 1])
    pose[:3, 3] = rng.uniform(-30, 30, 3)
    aim = np.array([6.0, -4.0, 51.0]) * patient.subject.hand.size
    centre = pose[:3, :3] @ aim + pose[:3, 3]
    sequence = mr_sequences.Sequence("t1_pre", "coronal", 40, 1.5, 420, 328, 1 / 3, 1500, noise)
    frame = mr_sequences.plan(sequence, centre + rng.uniform(-1, 1, 3) * [12, 6, 12], np.eye(3))
    pixels = mr_sequences.acquire(patient.picture, pose, sequence, frame, centre, rng)
    geometry = Geometry(frame.affine, pixels.shape, (1.5, 1 / 3, 1 / 3))
    truth = {
        site: pose[:3, :3] @ point + pose[:3, 3] for site, point in true_landmarks(patient.subject).items()
    }
    return Volume(pixels, geometry, (1 / 3, 1 / 3), "patient"), truth


def filmed(patient: Patient, side: str, seed: int, degrees: float, size: float) -> tuple[np.ndarray, dict]:
    rng = np.random.default_rng(seed)
    hand = patient.subject.hand
    shadows = {name: radiograph.cast_shadow(bone) for name, bone in patient.subject.bones.items()}
    offsets = radiograph.film_offsets(hand, patient.space_lost)
    film = radiograph.expose(hand, shadows, offsets, side, rng)
    middle = (radiograph.COLUMNS / 2, radiograph.ROWS / 2)
    turn = cv2.getRotationMatrix2D(middle, degrees, size)
    shape = (radiograph.COLUMNS, radiograph.ROWS)
    pixels = cv2.warpAffine(film.pixels, turn, shape, borderMode=cv2.BORDER_REPLICATE)
    truth = {
        site: (turn @ [column, row, 1])[::-1]
        for site, (row, column) in film_landmarks(patient.subject, offsets, film.affine).items()
    }
    return pixels, truth


def errors(places: Mapping[str, tuple[float, ...]], truth: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.array([np.linalg.norm(np.subtract(places[site], place)) for site, place in truth.items()])


def assert_near(distances_mm: np.ndarray) -> None:
    assert np.median(distances_mm) < MEDIAN_MM
    assert distances_mm.max() < FARTHEST_MM


def test_the_templates_know_the_sites_of_their_scoring_systems():
    def sites(name: str) -> set[str]:
        return {site.id for feature in load_system(name).features for site in feature.sites}

    assert set(load_hand("hand_mr").places) == sites("ramris_2003")
    assert set(load_hand("hand_film").places) == sites("sharp_1985")


@pytest.mark.slow
def test_the_templates_are_what_the_phantom_makes(tmp_path):
    templates.write_templates(tmp_path, seeds=templates.SEEDS[:1])
    for name in ("hand_mr", "hand_film"):
        shipped = load_hand(name)
        with np.load(tmp_path / f"{name}.npz") as made:
            assert made["picture"].shape == shipped.picture.shape
            assert np.corrcoef(made["picture"].ravel(), shipped.picture.ravel())[0, 1] > 0.95
            for site, place in zip(made["sites"].tolist(), made["places_mm"], strict=True):
                assert np.linalg.norm(place - shipped.places[site]) < 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("side", "seed", "size", "fingers_down", "noise"),
    [
        ("L", 1, 1.0, False, 52),
        ("R", 2, 1.1, False, 52),
        ("R", 3, 0.9, False, 52),
        ("L", 4, 1.0, True, 52),
        ("R", 5, 1.0, True, 150),
        ("L", 6, 0.95, False, 150),
    ],
)
def test_sites_of_a_scanned_hand_are_near_the_truth(patient, side, seed, size, fingers_down, noise):
    volume, truth = scanned(patient, side, seed, size, fingers_down, noise)
    found = estimate_sites(volume, side)
    assert found.reason == ""
    assert set(found.places) == set(truth)
    assert_near(errors(found.places, truth))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("side", "seed", "degrees", "size", "spaced"),
    [
        ("L", 1, 11, 1.0, True),
        ("R", 2, -11, 1.1, True),
        ("R", 3, 0, 0.9, False),
        ("L", 4, 180, 1.0, True),
    ],
)
def test_sites_on_a_film_are_near_the_truth(patient, side, seed, degrees, size, spaced):
    pixels, truth = filmed(patient, side, seed, degrees, size)
    spacing = (radiograph.PIXEL_MM, radiograph.PIXEL_MM) if spaced else None
    inverted = side == "L"
    stored = (4095 - pixels if inverted else pixels)[None]
    volume = Volume(stored, None, spacing, "detector" if spaced else None, monochrome1=inverted)
    found = estimate_film_sites(volume, side)
    assert found.reason == ""
    assert set(found.places) == set(truth)
    assert_near(errors(found.places, truth) * radiograph.PIXEL_MM)


@pytest.mark.slow
@pytest.mark.parametrize("degrees", [-8, 8])
def test_a_finger_that_is_spread_is_followed(patient, degrees):
    pixels, truth = filmed(patient, "R", 10, 0, 1.0)
    joint, next_joint = truth["mcp2"], truth["pip2"]
    turn = cv2.getRotationMatrix2D(joint[::-1].tolist(), degrees, 1)
    spread = (turn @ [*next_joint[::-1], 1])[::-1]
    row, column = np.mgrid[: pixels.shape[0], : pixels.shape[1]].astype(np.float32)
    way = spread - joint
    along = ((row - joint[0]) * way[0] + (column - joint[1]) * way[1]) / (way @ way)
    aside = ((row - joint[0]) * way[1] - (column - joint[1]) * way[0]) / np.linalg.norm(way)
    share = np.clip((200 - np.abs(aside)) / 60, 0, 1) * np.clip(along * 4, 0, 1)
    back = cv2.invertAffineTransform(turn)
    there = [back[axis, 0] * column + back[axis, 1] * row + back[axis, 2] for axis in (0, 1)]
    x, y = (
        (place + share * (moved - place)).astype(np.float32)
        for place, moved in zip((column, row), there, strict=True)
    )
    moved = cv2.remap(pixels, x, y, cv2.INTER_LINEAR)
    found = estimate_film_sites(Volume(moved[None], None, (0.1, 0.1), "detector"), "R")
    assert np.linalg.norm(spread - next_joint) * radiograph.PIXEL_MM > 4
    assert_near(errors(found.places, {**truth, "pip2": spread}) * radiograph.PIXEL_MM)
    assert np.linalg.norm(found.places["pip2"] - spread) * radiograph.PIXEL_MM < 2


@pytest.mark.slow
def test_each_hand_is_found_on_a_film_of_both(patient):
    left, right = filmed(patient, "L", 8, 3, 1.0), filmed(patient, "R", 9, -3, 1.0)
    both = Volume(np.hstack([left[0], right[0]])[None], None, (0.1, 0.1), "detector")
    for side, truth, start in (("L", left[1], 0), ("R", right[1], radiograph.COLUMNS)):
        found = estimate_film_sites(both, side)
        moved = {site: place + np.array([0, start]) for site, place in truth.items()}
        assert_near(errors(found.places, moved) * radiograph.PIXEL_MM)


@pytest.mark.slow
def test_a_hand_of_the_other_side_is_not_taken_for_this_one(patient):
    volume, _ = scanned(patient, "L", 1, 1.0, False, 52)
    assert estimate_sites(volume, "R").places == {}


def test_noise_and_emptiness_hold_no_hand():
    rng = np.random.default_rng(7)
    geometry = Geometry(np.diag([1.5, 0.5, 0.5, 1.0]), (30, 256, 256), (1.5, 0.5, 0.5))
    for pixels in (rng.integers(0, 200, (30, 256, 256), dtype=np.uint16), np.zeros((30, 256, 256), np.int16)):
        found = estimate_sites(Volume(pixels, geometry, (0.5, 0.5), "patient"), "L")
        assert (dict(found.places), found.reason) == ({}, "No hand in this series was recognised.")
        found = estimate_film_sites(Volume(pixels[:1], None, (0.5, 0.5), "patient"), "L")
        assert (dict(found.places), found.reason) == ({}, "No left hand on this film was recognised.")


def test_a_stack_without_positions_is_refused_with_a_reason():
    film = Volume(np.zeros((1, 64, 64), np.uint8), None, None, None)
    assert "positions" in estimate_sites(film, "L").reason


def test_an_estimate_can_be_stopped_at_any_step():
    class StoppedError(Exception):
        pass

    geometry = Geometry(np.diag([1.5, 0.5, 0.5, 1.0]), (30, 128, 128), (1.5, 0.5, 0.5))
    pixels = np.random.default_rng(7).integers(0, 200, (30, 128, 128), dtype=np.uint16)
    volume = Volume(pixels, geometry, (0.5, 0.5), "patient")
    seen: list[tuple[int, int]] = []

    def stop_third(done: int, total: int) -> None:
        seen.append((done, total))
        if len(seen) == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        estimate_sites(volume, "L", stop_third)
    assert len(seen) == 3


@pytest.mark.parametrize("folder", ["mr/ge_t1_pre_post", "torture/gantry_tilt"])
def test_a_head_is_no_hand(shared_data, folder):
    stacks = [series for series in scan([shared_data / folder]).series if len(series.files) > 3]
    assert stacks
    for series in stacks:
        found = estimate_sites(load_volume(series), "R")
        assert found.places == {}
        assert found.reason


@pytest.mark.parametrize("file", ["hand/RG1_J2KI", "hand/Monochrome1-Jpeg.dcm", "torture/CR-MONO1-10-chest"])
@pytest.mark.parametrize("side", ["L", "R"])
def test_a_chest_is_no_hand(shared_data, file, side):
    (series,) = scan([shared_data / file]).series
    found = estimate_film_sites(load_volume(series), side)
    assert found.places == {}
    assert found.reason


def test_real_hands_are_found_and_their_middle_finger_is_above_the_wrist(shared_data):
    """Films of small children, whose bones are not yet all there, without any spacing."""
    found = []
    for path in sorted((shared_data / "hand" / "hand_png").glob("*.png")):
        pixels = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        found.append(estimate_film_sites(Volume(pixels[None], None, None, None), "L").places)
    recognised = [places for places in found if places]
    assert len(recognised) >= 3
    for places in recognised:
        assert places["pip3"][0] < places["mcp3"][0] < places["cmc3"][0] < places["radiocarpal"][0]
        assert places["mcp5"][1] < places["mcp2"][1] < places["ip1"][1]  # a left thumb is on the right
