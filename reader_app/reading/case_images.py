"""The pictures of one case, opened as memory maps from its reading."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from reader_app.reading.film_roles import both_sides, film_side, is_of_both
from storage.reading.reading import Checkpoint, Reading
from storage.reading.records import Case, ImageRecord
from viewer.display.both_sides import Side, side_columns
from viewer.display.orientation import Orientation, standing, upright
from viewer.display.picture import pyramid
from viewer.display.pyramid import Levels, Pyramid
from viewer.display.window_level import HIGH_PERCENTILE, LOW_PERCENTILE, StoredWindow, first_window
from viewer.imaging.apart import StoredVolume, stored
from viewer.imaging.geometry import Geometry
from viewer.imaging.volume import Volume

if TYPE_CHECKING:
    from viewer.imaging.registration import RigidTransform
    from viewer.imaging.resample import StraightPlane

ROLE_TITLES = {
    "cor_t1_pre": "cor T1 pre",
    "cor_t1_post": "cor T1 post",
    "ax_t1_pre": "ax T1 pre",
    "ax_t1_post": "ax T1 post",
    "cor_stir": "cor STIR",
    "xr_pa_left": "left hand PA",
    "xr_pa_right": "right hand PA",
    "xr_pa_both": "both hands PA",
    "xr_oblique_left": "left hand oblique",
    "xr_oblique_right": "right hand oblique",
    "xr_oblique_both": "both hands oblique",
    "xr_lateral_left": "left hand lateral",
    "xr_lateral_right": "right hand lateral",
    "xr_lateral_both": "both hands lateral",
    "xr_foot_left": "left foot",
    "xr_foot_right": "right foot",
    "xr_foot_both": "both feet",
}
_NOWHERE = "This picture has no place in the patient: it cannot be cut in another plane."
_FLAT = "This series has one slice: it cannot be cut in another plane."
_NO_DIFFERENCE = "These pictures have no place in the patient: they cannot be subtracted."
_APART = "Pre and post contrast have no common frame of reference."
_SIDE_UNKNOWN = "sides of this film not known: both shown"
_WINDOW_OF = {"cor_t1_post": "cor_t1_pre", "ax_t1_post": "ax_t1_pre"}


@dataclass(frozen=True, slots=True, eq=False)
class CaseImage:
    """One picture ready to be shown, or the reason why there is none.

    ``note`` says how a picture was made that is not stored like this, or what is not known about it; ``path``
    is the ``.npy`` file with its pixels as they are stored.
    """

    letter: str
    role: str
    frame: int | None = None
    volume: Volume | None = None
    orientation: Orientation | None = None
    pyramid: Pyramid | None = None
    reason: str = ""
    note: str = ""
    path: Path | None = None

    _slices: dict[int, tuple[NDArray[Any], ...]] = field(default_factory=dict[int, tuple[NDArray[Any], ...]])
    _windows: dict[tuple[float, float], StoredWindow] = field(
        default_factory=dict[tuple[float, float], StoredWindow]
    )

    def levels(self, slice_index: int) -> Levels:
        """Return the slice, shape (rows, columns), and its pyramid where it has one; the same each time."""
        if self.pyramid is not None:
            return self.pyramid
        if slice_index not in self._slices:
            assert self.volume is not None
            self._slices[slice_index] = (np.ascontiguousarray(self.volume.pixels[slice_index]),)
        return self._slices[slice_index]

    @property
    def stored(self) -> StoredVolume:
        """What a process apart finds the volume by.

        Raises:
            ValueError: The picture is missing, or is not stored like this.
        """
        if self.volume is None or self.path is None:
            raise ValueError("only a stored picture can be found by another process")
        return stored(self.volume, self.path)

    def window(self, low: float, high: float) -> StoredWindow:
        """Return the window between percentiles of its own pixels, found once.

        Raises:
            ValueError: The picture is missing.
        """
        if (low, high) not in self._windows:
            if self.volume is None:
                raise ValueError("a missing picture has no window")
            self._windows[low, high] = first_window(self.volume, low, high)
        return self._windows[low, high]


@dataclass(frozen=True, slots=True, eq=False)
class CaseImages:
    """All pictures of a case by (timepoint letter, series role)."""

    code: str
    letters: tuple[str, ...]
    images: Mapping[tuple[str, str], CaseImage]
    _made: dict[tuple[str, str], CaseImage] = field(default_factory=dict[tuple[str, str], "CaseImage"])
    in_memory: bool = False
    registered: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    @property
    def nbytes(self) -> int:
        """Bytes of the pixels, whether they are in memory or mapped."""
        return sum(
            image.volume.pixels.nbytes + (image.pyramid.copies_nbytes if image.pyramid else 0)
            for image in self.images.values()
            if image.volume is not None
        )

    def image(self, letter: str, role: str) -> CaseImage:
        """Return a picture, or an empty one that says why it is empty; made pictures are kept."""
        if "@" in role or "-" in role:
            if (letter, role) not in self._made:
                self._made[letter, role] = self._make(letter, role)
            return self._made[letter, role]
        found, both = self.images.get((letter, role)), self.images.get((letter, both_sides(role)))
        side = film_side(role)
        if side is not None and both is not None and (found is None or found.volume is None):
            if (letter, role) not in self._made:
                self._made[letter, role] = _one_side(both, side)
            return self._made[letter, role]
        return found or CaseImage(letter, role, reason=f"No {role_title(role)} at this timepoint.")

    def keep(self, image: CaseImage) -> None:
        """Show *image*, whose pair was registered, from now on in the place of the one made at first."""
        self._made[image.letter, image.role] = image
        self.registered.add((image.letter, image.role))

    def _make(self, letter: str, role: str) -> CaseImage:
        """Return a series in another plane (``role@plane``) or without another one (``role-other``)."""
        if "@" in role:
            base, _, plane = role.partition("@")
            return _cut(self.image(letter, base), role, cast("StraightPlane", plane))
        base, _, other = role.partition("-")
        return _difference(self.image(letter, base), self.image(letter, other), role)

    def window(self, image: CaseImage, low: float, high: float) -> StoredWindow:
        """Return the window between percentiles of a picture; post contrast takes that of its own pre.

        Raises:
            ValueError: The picture is missing.
        """
        role = base_role(image.role)
        source = self.images.get((image.letter, _WINDOW_OF.get(role, role)), image)
        return (source if source.volume is not None else image).window(low, high)


def role_title(role: str) -> str:
    """Return what a series role, or a picture made from it, is called on the screen."""
    base, _, plane = role.partition("@")
    first, _, other = base.partition("-")
    if other:
        return f"{ROLE_TITLES.get(first, first)} − {ROLE_TITLES.get(other, other).split()[-1]}"
    title = ROLE_TITLES.get(base, base)
    return f"{title}, cut {plane}" if plane else title


def base_role(role: str) -> str:
    """Return the series a picture is windowed by: that which was cut; a difference has its own values."""
    return role.partition("@")[0]


def grid_role(role: str) -> str:
    """Return the series whose coordinates a picture has: that which was cut, or that which was taken away."""
    return base_role(role).rpartition("-")[2]


def is_whole_film(image: CaseImage) -> bool:
    """Whether a film of both sides is shown whole, because it does not say which is which."""
    return is_of_both(image.role) and image.volume is not None and image.volume.part is None


def _one_side(both: CaseImage, side: Side) -> CaseImage:
    """Return a film of both sides of which one is shown, or all of it where its letters do not name them."""
    if both.volume is None:
        return both
    part = side_columns(both.volume, side)
    if part is None:
        return replace(both, note=_SIDE_UNKNOWN)
    return replace(both, volume=replace(both.volume, part=part))


def _cut(source: CaseImage, role: str, plane: StraightPlane) -> CaseImage:
    from viewer.imaging.resample import orthogonal

    if source.volume is None:
        return CaseImage(source.letter, role, reason=source.reason)
    geometry = source.volume.geometry
    if geometry is None or geometry.shape[0] < 2:
        return CaseImage(source.letter, role, reason=_FLAT if geometry else _NOWHERE)
    volume = orthogonal(source.volume, plane)
    assert volume.geometry is not None
    return CaseImage(source.letter, role, source.frame, volume, standing(volume.geometry))


def _difference(post: CaseImage, pre: CaseImage, role: str) -> CaseImage:
    """Return *post* - *pre* as both were acquired; a registration may take its place."""
    missing = next((image for image in (post, pre) if image.volume is None), None)
    if missing is not None or post.volume is None or pre.volume is None:
        return CaseImage(post.letter, role, reason=missing.reason if missing else "")
    if post.volume.geometry is None or pre.volume.geometry is None:
        return CaseImage(post.letter, role, reason=_NO_DIFFERENCE)
    if post.frame is None or post.frame != pre.frame:
        return CaseImage(post.letter, role, reason=f"{_APART} They are being registered.")
    return difference(post, pre, role, None, "post − pre, not registered yet")


def difference(
    post: CaseImage, pre: CaseImage, role: str, transform: RigidTransform | None, note: str
) -> CaseImage:
    """Return *post* - *pre* on the grid of *pre*; *transform* leads from the one's frame to the other's.

    Raises:
        ValueError: One of them has no geometry.
    """
    from viewer.imaging.resample import subtract

    assert post.volume is not None
    assert pre.volume is not None
    volume = subtract(post.volume, pre.volume, transform)
    return CaseImage(pre.letter, role, pre.frame, volume, upright(volume.geometry), note=note)


def not_registered(post: CaseImage, pre: CaseImage, role: str, reason: str) -> CaseImage:
    """Return the difference of a pair whose registration failed its check, and why; none without a frame."""
    if post.frame is None or post.frame != pre.frame:
        return CaseImage(pre.letter, role, reason=f"{_APART} {reason}")
    return difference(post, pre, role, None, f"post − pre, not registered: {reason}")


def open_images(
    reading: Reading, case: Case, ready: Mapping[tuple[str, str], CaseImage] | None = None
) -> CaseImages:
    """Open every picture of *case* that is not *ready*, two at a time; pixels stay on disk until shown.

    First windows are found at once: every picture needs its own.

    Raises:
        StorageError: A picture is missing or is not what the reading was made with.
    """
    known = dict(ready or {})
    missing = [
        (timepoint.letter, record)
        for timepoint in case.timepoints
        for record in timepoint.images
        if (timepoint.letter, record.role) not in known
    ]

    def opened(item: tuple[str, ImageRecord]) -> CaseImage:
        return _opened(reading, *item)

    with ThreadPoolExecutor(2, thread_name_prefix="open") as pool:
        known |= {(image.letter, image.role): image for image in pool.map(opened, missing)}
    return CaseImages(case.code, _letters_of(case), known)


def read_images(
    reading: Reading, case: Case, into: dict[tuple[str, str], CaseImage], checkpoint: Checkpoint
) -> CaseImages:
    """Read every picture of *case* into memory, with its first window and its pyramid.

    Args:
        reading: Where the case is.
        case: The case.
        into: Receives each picture as soon as it is ready.
        checkpoint: Called before each picture and each copy of a film; may raise to stop.

    Raises:
        StorageError: A picture is missing or is not what the reading was made with.
    """
    records = [(timepoint.letter, record) for timepoint in case.timepoints for record in timepoint.images]
    for done, (letter, record) in enumerate(records):
        checkpoint(done, len(records))
        into[letter, record.role] = image = _opened(reading, letter, record, in_memory=True)
        if image.pyramid is not None:
            image.pyramid.complete(partial(checkpoint, done, len(records)))
    return CaseImages(case.code, _letters_of(case), into, in_memory=True)


def _letters_of(case: Case) -> tuple[str, ...]:
    return tuple(timepoint.letter for timepoint in case.timepoints)


def _opened(reading: Reading, letter: str, record: ImageRecord, *, in_memory: bool = False) -> CaseImage:
    if record.array is None:
        reason = record.missing_reason or "This picture is missing."
        return CaseImage(letter, record.role, reason=reason)
    pixels = reading.read_array(record) if in_memory else reading.open_array(record)
    volume = volume_of(record, pixels)
    levels = pyramid(volume.pixels[0]) if len(volume.pixels) == 1 else None
    image = CaseImage(
        letter,
        record.role,
        record.frame,
        volume,
        upright(volume.geometry),
        levels,
        path=reading.array_path(record),
    )
    if record.role not in _WINDOW_OF:
        image.window(LOW_PERCENTILE, HIGH_PERCENTILE)
    return image


def volume_of(record: ImageRecord, pixels: NDArray[Any]) -> Volume:
    """Return the volume a reading's record and array stand for."""
    geometry = None
    if record.affine is not None and record.spacing_mm is not None:
        slices, rows, columns = pixels.shape
        affine = np.array(record.affine, np.float64).reshape(4, 4)
        geometry = Geometry(affine, (slices, rows, columns), record.spacing_mm)
    return Volume(
        pixels,
        geometry,
        record.pixel_spacing_mm,
        record.spacing_at,
        record.pixel_aspect,
        record.rescale_slope,
        record.rescale_intercept,
        record.monochrome1,
        record.row_letters,
        record.column_letters,
        record.padding,
    )
