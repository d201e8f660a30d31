import cv2
import numpy as np
import pytest

from viewer.imaging.affine_fit import fit_affine, judge, sample


def smooth(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Return a smooth random picture."""
    noise = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
    for axis in range(noise.ndim):
        turned = np.ascontiguousarray(np.moveaxis(noise, axis, 0)).reshape(shape[axis], -1)
        blurred = cv2.GaussianBlur(turned, (1, 0), sigmaX=0.1, sigmaY=3.0)
        rest = tuple(n for other, n in enumerate(shape) if other != axis)
        noise = np.moveaxis(blurred.reshape(shape[axis], *rest), 0, axis)
    return np.ascontiguousarray(noise / noise.std(), dtype=np.float32)


@pytest.mark.parametrize("shape", [(80, 70), (40, 44, 48)])
def test_a_known_map_is_found_whatever_gain_and_offset(shape):
    picture = smooth(shape, 1)
    size = len(shape)
    spacing = np.linspace(1.0, 1.4, size)
    truth = np.column_stack(
        [np.eye(size) + 0.03 * np.arange(size**2).reshape(size, size) / size**2, 3 * np.ones(size)]
    )
    inner = np.random.default_rng(2).uniform(0.2, 0.7, (3000, size)) * np.array(shape) * spacing
    values, inside = sample(picture[..., None], (inner @ truth[:, :-1].T + truth[:, -1]) / spacing)
    assert inside.all()
    start = np.column_stack([np.eye(size), 1.5 * np.ones(size)])
    fit = fit_affine(inner, 5 * values[:, 0] - 40, picture, spacing, start, lambda: None, steps=40)
    assert fit.correlation > 0.999
    assert fit.overlap == 1
    moved = inner @ (fit.matrix - truth)[:, :-1].T + (fit.matrix - truth)[:, -1]
    assert np.abs(moved).max() < 0.1


def test_a_sample_is_linear_between_pixels_and_knows_the_edge():
    channels = np.arange(12, dtype=np.float32).reshape(3, 4, 1)
    values, inside = sample(
        channels, np.array([[0.0, 0.0], [1.5, 2.25], [2.0, 3.0], [2.1, 0.0], [0.0, -0.1]])
    )
    assert values[:3, 0].tolist() == [0.0, 8.25, 11.0]
    assert inside.tolist() == [True, True, True, False, False]


def test_a_sample_of_one_slice_is_that_slice():
    values, inside = sample(np.ones((1, 4, 4, 1), np.float32), np.array([[0.0, 1.5, 1.5]]))
    assert (values[0, 0], inside[0]) == (1.0, True)


def test_what_hardly_meets_the_picture_fits_nothing():
    points = np.random.default_rng(3).uniform(0, 20, (500, 2))
    away = np.array([[1.0, 0, 500], [0, 1, 500]])
    values = points[:, 0].astype(np.float32)
    fit = judge(points, values, smooth((30, 30), 4), np.ones(2), away)
    assert (fit.correlation, fit.overlap) == (0.0, 0.0)
    fit = fit_affine(points, values, smooth((30, 30), 4), np.ones(2), away, lambda: None)
    np.testing.assert_array_equal(fit.matrix, away)
