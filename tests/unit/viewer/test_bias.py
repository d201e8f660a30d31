from dataclasses import replace

import numpy as np
import pytest

from tests.unit.viewer.moved_hands import halved
from viewer.imaging.bias import coil_shading, evened
from viewer.imaging.volume import Volume


@pytest.fixture(scope="module")
def hand(visits) -> Volume:
    return halved(visits[0].volumes["cor_t1_pre"])


def without_shading(volume: Volume, *checkpoint) -> Volume:
    return evened(volume, coil_shading(volume, *checkpoint))


def _shaded(volume: Volume) -> Volume:
    along = np.exp(np.linspace(0.7, -0.7, volume.pixels.shape[1]))[None, :, None]
    return replace(volume, pixels=np.rint(volume.pixels * along).astype(volume.pixels.dtype))


def _unevenness(volume: Volume, places: np.ndarray) -> float:
    """Return the spread of brightness around the middles of healthy bones, over their mean."""
    means = []
    for z, y, x in np.rint(volume.geometry.index_of(places)).astype(int):
        means.append(float(volume.pixels[z, y - 2 : y + 3, x - 2 : x + 3].mean()))
    return float(np.std(means) / np.mean(means))


def test_marrow_is_alike_along_the_hand_once_shading_is_out(visits, hand):
    truth = visits[0].truth
    healthy = [
        place
        for site, place in truth.landmarks_mm.items()
        if not truth.eroded_fraction.get(site, 1) and not truth.oedema_fraction.get(site, 1)
    ]
    shaded = _shaded(hand)
    found = without_shading(shaded)
    assert found.pixels.dtype == hand.pixels.dtype
    assert found.geometry is hand.geometry
    assert not np.array_equal(found.pixels, shaded.pixels)
    assert _unevenness(found, np.array(healthy)) < 0.6 * _unevenness(shaded, np.array(healthy))


def test_the_given_volume_is_left_alone(hand):
    kept = hand.pixels.copy()
    without_shading(hand)
    assert np.array_equal(hand.pixels, kept)


def test_signed_values_keep_their_sign(hand):
    lowered = replace(hand, pixels=hand.pixels.astype(np.int16) - 1024)
    found = without_shading(lowered)
    assert found.pixels.dtype == np.int16
    assert abs(np.median(found.pixels) - np.median(lowered.pixels)) < 100


def test_too_little_to_judge_by_comes_back_unchanged(hand):
    empty = replace(hand, pixels=np.zeros_like(hand.pixels))
    assert without_shading(empty) is empty


def test_a_volume_without_geometry_is_refused(hand):
    with pytest.raises(ValueError, match="geometry"):
        without_shading(replace(hand, geometry=None))


def test_a_checkpoint_that_raises_ends_the_work(hand):
    def stop(done: int, _total: int) -> None:
        if done:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        without_shading(hand, stop)
