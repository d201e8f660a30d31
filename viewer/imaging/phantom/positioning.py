"""How a hand lies in the scanner at a visit."""

import numpy as np

from viewer.imaging.phantom.anatomy import Hand


def hand_pose(hand: Hand, side: str, rng: np.random.Generator) -> np.ndarray:
    """Return how the hand lies at one visit, (4, 4) model mm to LPS mm.

    The patient lies prone with the arm stretched over the head: finger tips to the head, palm down, which is
    anterior, thumb towards the middle. The hand is turned by up to 8 degrees and shifted by up to 10 mm.
    """
    inwards = 1.0 if side == "R" else -1.0  # the thumb of a right hand held so points to the patient's left
    turned = random_rotation(rng, 8.0, np.array([0.6, 1.0, 0.5])) @ np.diag([inwards, 1.0, 1.0])
    middle = np.array([4.0, -3.0, 45.0]) * hand.size
    pose = np.eye(4)
    pose[:3, :3] = turned
    resting = np.array([-18.0 * inwards, -12.0, 25.0])
    pose[:3, 3] = resting + rng.uniform(-1, 1, 3) * [10.0, 5.0, 10.0] - turned @ middle
    return pose


def random_rotation(rng: np.random.Generator, most_degrees: float, favour: np.ndarray) -> np.ndarray:
    """Return a rotation (3, 3) of 0.3 to 1 times *most_degrees*; *favour* weighs its axes."""
    axis = rng.normal(0, 1, 3) * favour
    axis /= np.linalg.norm(axis)
    angle = np.deg2rad(rng.uniform(0.3, 1.0) * most_degrees)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
