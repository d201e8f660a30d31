from dataclasses import replace

import numpy as np
import pytest

from tests.unit.viewer.moved_hands import KNUCKLES, errors_of, halved, imaged_anew, random_motion
from viewer.imaging.loading import load_volume
from viewer.imaging.registration import IDENTITY, RigidTransform, register
from viewer.imaging.scan import scan


def _turned(degrees: float) -> RigidTransform:
    cosine, sine = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    matrix = np.array([[cosine, -sine, 0, 5], [sine, cosine, 0, -3], [0, 0, 1, 2], [0, 0, 0, 1]])
    return RigidTransform(matrix)


@pytest.fixture(scope="module")
def hand(visits):
    return halved(visits[0].volumes["cor_t1_pre"])


def test_a_transform_and_its_inverse_lead_back():
    transform, point = _turned(30), np.array([[10.0, 20.0, 30.0]])
    assert np.allclose(transform.inverse().apply(transform.apply(point)), point)
    assert np.allclose(transform.compose(transform.inverse()).matrix, np.eye(4))
    assert np.allclose(_turned(20).compose(transform).apply(point), _turned(20).apply(transform.apply(point)))


@pytest.mark.parametrize("matrix", [np.diag([1, 1, 2, 1]), np.diag([-1, 1, 1, 1]), np.full((4, 4), np.nan)])
def test_a_matrix_that_stretches_or_mirrors_is_no_rigid_transform(matrix):
    with pytest.raises(ValueError, match="rigid"):
        RigidTransform(matrix)


@pytest.mark.parametrize("number", range(20))
def test_a_hand_is_found_where_it_lies(visits, number):
    rng = np.random.default_rng([3, number])
    visit = visits[number % 2]
    plane = "ax" if number % 5 == 4 else "cor"
    fixed, source = halved(visit.volumes[f"{plane}_t1_pre"]), halved(visit.volumes[f"{plane}_t1_post"])
    places = visit.places()
    knuckles = np.mean([visit.truth.landmarks_mm[site] for site in KNUCKLES], axis=0)
    motion = random_motion(places.mean(axis=0), rng)
    found = register(fixed, imaged_anew(source, motion, knuckles, rng))
    millimetres, degrees = errors_of(found.transform, motion.inverse(), places)
    assert found.accepted, found.reason
    assert millimetres <= 0.5
    assert degrees <= 0.5


@pytest.mark.parametrize(("first", "second"), [("cor_t1_pre", "cor_t1_pre"), ("cor_t1_pre", "ax_t1_post")])
def test_visits_of_the_phantom_lie_as_the_truth_says(visits, first, second):
    before, after = visits
    truth = RigidTransform(before.truth.pose @ np.linalg.inv(after.truth.pose))
    found = register(before.volumes[first], after.volumes[second])
    millimetres, degrees = errors_of(found.transform, truth, before.places())
    assert found.accepted
    assert found.quality > 0.9
    assert millimetres <= 0.25
    assert degrees <= 0.25


def test_a_first_guess_is_followed_up(visits, hand):
    post = halved(visits[0].volumes["cor_t1_post"])
    found = register(hand, post, initial=IDENTITY)
    assert found.accepted
    assert max(errors_of(found.transform, IDENTITY, visits[0].places())) < 0.1


def test_the_same_volumes_give_the_same_result(hand):
    first, second = register(hand, hand), register(hand, hand)
    assert np.allclose(first.transform.matrix, second.transform.matrix, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    "change",
    [
        lambda pixels: pixels[:, :, ::-1],
        lambda pixels: pixels[:, ::-1, ::-1],
        lambda pixels: np.zeros_like(pixels),
        lambda pixels: np.random.default_rng(1).integers(0, 200, pixels.shape).astype(pixels.dtype),
    ],
    ids=["the other hand", "upside down", "nothing", "noise"],
)
def test_what_does_not_fit_is_not_accepted_and_says_why(hand, change):
    found = register(hand, replace(hand, pixels=np.ascontiguousarray(change(hand.pixels))))
    assert not found.accepted
    assert found.quality < 0.6
    assert found.reason.endswith(".")


def test_images_without_position_or_depth_are_refused(hand):
    flat = replace(hand, pixels=hand.pixels[:1], geometry=replace(hand.geometry, shape=(1, 210, 164)))
    for other in (replace(hand, geometry=None), flat):
        found = register(hand, other)
        assert not found.accepted
        assert found.reason
        assert np.array_equal(found.transform.matrix, np.eye(4))


def test_a_checkpoint_that_raises_ends_a_registration_at_every_step(hand):
    steps: list[tuple[int, int]] = []
    register(hand, hand, lambda *step: steps.append(step))
    assert steps[-1] == (6, 6)
    assert steps == sorted(steps)
    for last in sorted({done for done, _ in steps}):

        def stop(done: int, _total: int, last: int = last) -> None:
            if done == last:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            register(hand, hand, stop)


@pytest.mark.slow
def test_a_real_head_before_and_after_contrast_is_found_in_nearly_the_same_place(shared_data):
    series = {item.description: item for item in scan([shared_data / "mr" / "ge_t1_pre_post"]).series}
    pre, post = load_volume(series["AX T1 IAC NONFS"]), load_volume(series["C+ IAC AX T1 FS"])
    found = register(pre, post)
    middle = pre.geometry.position_of((np.array(pre.geometry.shape) - 1) / 2)
    assert found.accepted, found.reason
    assert np.linalg.norm(found.transform.apply(middle) - middle) < 2
    assert errors_of(found.transform, IDENTITY, middle[None])[1] < 2
