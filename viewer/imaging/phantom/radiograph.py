"""Posteroanterior films of both hands: line integrals through the same bones, with narrowed joint spaces."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from viewer.imaging.phantom.anatomy import CARPAL_GAP_MM, FINGER_GAPS_MM, RADIOCARPAL_GAP_MM, Hand
from viewer.imaging.phantom.bones import Bone
from viewer.imaging.phantom.implicit import shaft_frame
from viewer.imaging.phantom.lattice import SPACING_MM, box_around
from viewer.imaging.phantom.skin import skin_surface

ROWS: Final = 2400
COLUMNS: Final = 1600
PIXEL_MM: Final = 0.1
_FINER: Final = 3
_PLATE_MM: Final = SPACING_MM / _FINER
_CORTEX, _TRABECULAR, _SOFT = 0.088, 0.021, 0.0135
"""Attenuation per mm at film energy, chosen for looks."""
_RADIOULNAR_GAP_MM = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Shadow:
    """The attenuation of one bone seen along v.

    Attributes:
        first: Place of its first sample in units of 0.15 mm, (w, u).
        dense: Line integral through cortex, shape (w, u).
        spongy: Line integral through trabecular bone.
    """

    first: tuple[int, int]
    dense: np.ndarray
    spongy: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """A film and how the hand lies on it.

    Attributes:
        pixels: Shape (ROWS, COLUMNS), uint16, 0..4095, high values for dense matter (the polarity of
            MONOCHROME2).
        affine: Shape (2, 3); (u, w, 1), model mm, to the zero-based row and column of pixel centres.
    """

    pixels: np.ndarray
    affine: np.ndarray


def cast_shadow(bone: Bone, eroded: np.ndarray | None = None) -> Shadow:
    """Return the shadow of *bone*, less the share *eroded* (0..1, shape of its box) of each voxel."""
    size = (bone.box.shape[2] * _FINER, bone.box.shape[0] * _FINER)
    dense, spongy = (np.zeros(size[::-1], dtype=np.float32) for _ in range(2))
    cortex = np.broadcast_to(bone.cortex_mm, bone.box.shape)
    for layer in range(bone.box.shape[1]):
        distance = bone.distance[:, layer]
        if distance.min() > SPACING_MM:
            continue
        fine = cv2.resize(np.ascontiguousarray(distance), size, interpolation=cv2.INTER_CUBIC)
        shell = cv2.resize(np.ascontiguousarray(cortex[:, layer]), size, interpolation=cv2.INTER_LINEAR)
        all_of_it = np.clip(0.5 - fine / np.float32(0.3), 0, 1)
        core = np.clip(0.5 - (fine + shell) / np.float32(0.4), 0, 1)
        if eroded is not None and eroded[:, layer].any():
            left = 1 - cv2.resize(
                np.ascontiguousarray(eroded[:, layer]), size, interpolation=cv2.INTER_LINEAR
            )
            all_of_it *= left
            core *= left
        dense += all_of_it - core
        spongy += core
    dense *= np.float32(_CORTEX * SPACING_MM)
    spongy *= np.float32(_TRABECULAR * SPACING_MM)
    return Shadow((bone.box.first[0] * _FINER, bone.box.first[2] * _FINER), dense, spongy)


def film_offsets(hand: Hand, space_lost: Mapping[str, float]) -> dict[str, np.ndarray]:
    """Return how far each bone moves (u, v, w; mm) so that the joint spaces lose *space_lost*."""
    offsets = {name: np.zeros(3) for name in hand.bone_names()}
    proximal, radial = np.array([0.0, 0.0, -1.0]), np.array([1.0, 0.0, 0.0])
    offsets["ulna"] = radial * _RADIOULNAR_GAP_MM * space_lost["distal_radioulnar"]
    row = proximal * RADIOCARPAL_GAP_MM * space_lost["radiocarpal"]
    offsets["scaphoid"] = offsets["lunate"] = row
    offsets["triquetrum"] = row + radial * CARPAL_GAP_MM * space_lost["lunate_triquetrum"]
    offsets["pisiform"] = offsets["triquetrum"]
    midcarpal = row + proximal * CARPAL_GAP_MM * space_lost["capitate_scaphoid_lunate"]
    offsets["capitate"] = offsets["hamate"] = midcarpal
    thumb_side = row + proximal * CARPAL_GAP_MM * space_lost["multangular_scaphoid"]
    offsets["trapezium"] = offsets["trapezoid"] = thumb_side
    carried = {1: thumb_side, 2: thumb_side, 3: midcarpal, 4: midcarpal, 5: midcarpal}
    for digit, shift in carried.items():
        shift = shift + proximal * CARPAL_GAP_MM * space_lost.get(f"cmc{digit}", 0.0)
        offsets[f"mc{digit}"] = shift
        last = ("ip1",) if digit == 1 else (f"pip{digit}",)
        for kind, site, gap in zip(
            ("pp", "mp" if digit > 1 else "dp"), (f"mcp{digit}", *last), FINGER_GAPS_MM, strict=False
        ):
            along = shaft_frame(hand.shafts[f"{kind}{digit}"])[0]
            shift = shift - along * gap * space_lost[site]
            offsets[f"{kind}{digit}"] = shift
        if digit > 1:
            offsets[f"dp{digit}"] = shift
    return offsets


def expose(
    hand: Hand,
    shadows: Mapping[str, Shadow],
    offsets: Mapping[str, np.ndarray],
    side: str,
    rng: np.random.Generator,
) -> Film:
    """Return the film of one hand, seen from its back fingers up: a right hand has its thumb on the left."""
    low, high = np.array([-66.0, 0.0, -50.0]) * hand.size, np.array([92.0, 0.0, 208.0]) * hand.size
    box = box_around(low, high)
    first = (box.first[0] * _FINER, box.first[2] * _FINER)
    size = (box.shape[2] * _FINER, box.shape[0] * _FINER)
    dense, spongy = (np.zeros(size[::-1], dtype=np.float32) for _ in range(2))
    for name, shadow in shadows.items():
        _add(dense, shadow.dense, np.subtract(shadow.first, first), offsets[name])
        _add(spongy, shadow.spongy, np.subtract(shadow.first, first), offsets[name])
    spongy *= 1 + np.float32(0.20) * _trabeculae(spongy.shape, rng)
    soft = cv2.resize(
        skin_surface(hand, box).thickness_mm().astype(np.float32), size, interpolation=cv2.INTER_LINEAR
    )
    attenuation = dense + spongy + np.float32(_SOFT) * soft
    centre = np.array([15.0, 90.0]) * hand.size / _PLATE_MM - first[::-1]
    to_plate = _laid_down(centre, side, rng)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    laid = cv2.warpAffine(
        attenuation, to_plate, (COLUMNS, ROWS), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return Film(_developed(laid, side, rng), _model_to_film(to_plate, first))


def _model_to_film(to_plate: np.ndarray, first: tuple[int, int]) -> np.ndarray:
    """Return the affine of a film; *to_plate* goes from film pixel (x, y) to plate sample (column, row).

    A voxel became _FINER samples, and its centre is that of the middle one; the plate starts at sample
    *first* (w, u).
    """
    to_samples = np.diag([1 / _PLATE_MM, 1 / _PLATE_MM, 1.0])
    to_samples[:2, 2] = (_FINER - 1) / 2 - np.array(first[::-1])
    to_film = np.linalg.inv(np.vstack([to_plate, [0, 0, 1]])) @ to_samples
    return to_film[[1, 0]]


def _add(plate: np.ndarray, shadow: np.ndarray, place: np.ndarray, offset_mm: np.ndarray) -> None:
    shift = offset_mm[[2, 0]] / _PLATE_MM
    whole = np.floor(shift).astype(int)
    rest = shift - whole
    if rest.any():
        move = np.array([[1, 0, rest[1]], [0, 1, rest[0]]], dtype=np.float32)
        shadow = cv2.warpAffine(shadow, move, shadow.shape[::-1], flags=cv2.INTER_LINEAR)
    top, left = (place + whole).tolist()
    a, b = max(top, 0), max(left, 0)
    c, d = min(top + shadow.shape[0], plate.shape[0]), min(left + shadow.shape[1], plate.shape[1])
    if a < c and b < d:
        plate[a:c, b:d] += shadow[a - top : c - top, b - left : d - left]


def _trabeculae(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    fine = cv2.GaussianBlur(rng.standard_normal(shape, dtype=np.float32), (0, 0), sigmaX=1.0, sigmaY=3.2)
    cross = cv2.GaussianBlur(rng.standard_normal(shape, dtype=np.float32), (0, 0), sigmaX=2.0, sigmaY=1.1)
    return fine / fine.std() * np.float32(0.8) + cross / cross.std() * np.float32(0.6)


def _laid_down(centre: np.ndarray, side: str, rng: np.random.Generator) -> np.ndarray:
    """Place the hand on the film with the fingers up, a little turned and shifted.

    Returns:
        Shape (2, 3); film pixel (x, y, 1) to plate sample (column, row).
    """
    turn = np.deg2rad(rng.uniform(-4, 4))
    shift = rng.uniform(-20, 20, 2)
    mirror = -1.0 if side == "R" else 1.0  # a right thumb points to the left edge
    scale = PIXEL_MM / _PLATE_MM
    # up on the film is towards the finger tips
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = np.diag([mirror, -1.0]) @ rotate * scale
    start = centre - linear @ (np.array([COLUMNS / 2, ROWS / 2]) + shift)
    return np.column_stack([linear, start])


def _developed(attenuation: np.ndarray, side: str, rng: np.random.Generator) -> np.ndarray:
    letter = np.zeros(attenuation.shape, dtype=np.uint8)
    place = (90, 190) if side == "L" else (COLUMNS - 200, 190)
    cv2.putText(letter, side, place, cv2.FONT_HERSHEY_SIMPLEX, 4.5, 255, 14, cv2.LINE_AA)
    attenuation = cv2.GaussianBlur(np.maximum(attenuation, letter * np.float32(1.6 / 255)), (0, 0), 0.8)
    exposure = np.exp(-attenuation)
    grain = cv2.GaussianBlur(rng.standard_normal(attenuation.shape, dtype=np.float32), (0, 0), 0.7)
    exposure += np.float32(0.011) * np.sqrt(exposure) * grain
    density = -np.log(np.clip(exposure, 0.02, None))
    value = 180 + 3700 * (1 - np.exp(-np.maximum(density + 0.03, 0) * np.float32(1.15)))
    return np.clip(np.rint(value), 0, 4095).astype(np.uint16)
