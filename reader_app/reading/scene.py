"""What is on the screen of one case, and where each of its panes looks. Values only: nothing is painted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from reader_app.reading.case_images import CaseImage, CaseImages, base_role, grid_role
from reader_app.reading.film_roles import film_side, regions
from reader_app.reading.shown_marks import ShownMarks
from reader_app.reading.sites import Spot, SpotKey
from reader_app.reading.wanted import PaneKey, Wanted
from viewer.display.measure import Measure
from viewer.display.orientation import Orientation, Turn
from viewer.display.viewport import Place, SliceView, view_in_patient, view_of_film
from viewer.display.window_level import StoredWindow, WindowWish
from viewer.display.zoom import Screen, has_length, scale_of
from viewer.imaging.geometry import FloatArray

_FLICKERS = {
    "cor_t1_post": "cor_t1_pre",
    "cor_t1_pre": "cor_t1_post",
    "ax_t1_post": "ax_t1_pre",
    "ax_t1_pre": "ax_t1_post",
}
_DIFFERENCE_WISH = WindowWish(50.0, 99.9)
"""Half of a difference is noise around nothing: it is shown black, what enhanced bright."""
_WINDOW_GROUPS = {"cor_t1_post": "cor_t1_pre", "ax_t1_post": "ax_t1_pre"}


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One case on the screen.

    Attributes:
        images: Its pictures.
        wanted: What the reader wants.
        screens: The panes that can be seen, in their order.
        cells: The panes of the layout.
        current: The pane that keys act on.
        linked: Whether the timepoints move together.
        cursor: The pane under the cursor and where in it, logical pixels.
        drawing: The measure that is being drawn, and where.
        has_lens: Whether the surroundings of the cursor are shown magnified.
        flickers: Whether pre and post contrast have changed places.
        spots: Where the current site is.
        to_first: Matrices (4, 4) from frames of reference, by their key, to that of the first timepoint, LPS
            mm; empty while timepoints do not follow the hand.
        evened: Pictures whose coil shading was evened out, for looking only.
        follow_notes: What there is to say about them, by the same keys.
        marks: The marks of the current site.
        line_cuts: What panes show instead of their series: it, cut along a line the reader drew.
    """

    images: CaseImages
    wanted: Wanted
    screens: Mapping[PaneKey, Screen]
    cells: tuple[PaneKey, ...] = ()
    current: PaneKey | None = None
    linked: bool = True
    cursor: tuple[PaneKey, float, float] | None = None
    drawing: tuple[PaneKey, Measure] | None = None
    has_lens: bool = False
    flickers: bool = False
    spots: Mapping[SpotKey, Spot] = field(default_factory=dict[SpotKey, Spot])
    to_first: Mapping[str, FloatArray] = field(default_factory=dict[str, FloatArray])
    follow_notes: Mapping[str, str] = field(default_factory=dict[str, str])
    evened: Mapping[PaneKey, CaseImage] = field(default_factory=dict[PaneKey, CaseImage])
    line_cuts: Mapping[PaneKey, CaseImage] = field(default_factory=dict[PaneKey, CaseImage])
    marks: ShownMarks = ShownMarks()  # noqa: RUF009 - frozen
    # found once: every pane asks for those of all others
    _shown: dict[PaneKey, CaseImage] = field(default_factory=dict[PaneKey, CaseImage], init=False)
    _sharing: dict[str, tuple[PaneKey, ...]] = field(
        default_factory=dict[str, tuple[PaneKey, ...]], init=False
    )
    _main_frames: dict[str, int | None] = field(default_factory=dict[str, "int | None"], init=False)

    def image(self, key: PaneKey) -> CaseImage:
        """Return the picture of a pane, or an empty one that says why."""
        found = self._shown.get(key)
        if found is None:
            found = self._shown[key] = self.line_cuts.get(key) or self.uncut(key)
        return found

    def uncut(self, key: PaneKey) -> CaseImage:
        """Return the picture of a pane before it was cut along a line."""
        shown = (key[0], self.role(key))
        return self.evened.get(shown) or self.images.image(*shown)

    def role(self, key: PaneKey) -> str:
        """Return the series that a pane shows now."""
        return _FLICKERS.get(key[1], key[1]) if self.flickers and key not in self.line_cuts else key[1]

    def wish(self, role: str) -> WindowWish:
        """Return what was wanted of the window of a series."""
        default = _DIFFERENCE_WISH if "-" in role else WindowWish()
        return self.wanted.windows.get(window_group(role), default)

    def orientation(self, key: PaneKey) -> Orientation:
        """Return how the picture of a pane is turned."""
        return self._turned(key, self.image(key))

    def _turned(self, key: PaneKey, image: CaseImage) -> Orientation:
        return self.wanted.turns.get(key[1], Turn()).applied_to(image.orientation or Orientation())

    def place(self, key: PaneKey) -> Place:
        """Return where a pane looks."""
        return self.wanted.places.get(frame_key(self.image(key)), Place())

    def window(self, key: PaneKey) -> StoredWindow:
        """Return the window of a pane that has a picture."""
        wish = self.wish(key[1])
        return wish.adjustment.applied_to(self.base_window(key))

    def base_window(self, key: PaneKey) -> StoredWindow:
        """Return the window of a pane before the reader's own adjustment."""
        wish = self.wish(key[1])
        return self.images.window(self.image(key), wish.low, wish.high)

    def scale(self) -> float:
        """Return logical pixels per mm, one for all panes, so that a bone is equally large everywhere.

        It is that of the first pane with a picture; films, whose sizes differ, fit their panes all. What has
        no known length has a scale of its own.
        """
        scales: list[float] = []
        for key, screen in self.screens.items():
            image = self.uncut(key)
            if image.volume is None or not has_length(image.volume):
                continue
            scales.append(scale_of(image.volume, self._turned(key, image), screen, self.wanted.zoom))
            if image.volume.geometry is not None or self.wanted.zoom.mode != "fit":
                break
        return min(scales, default=1.0)

    def view(self, key: PaneKey, scale: float | None = None) -> SliceView | None:
        """Return which slice a pane shows and where; None while it has no picture."""
        image, screen = self.image(key), self.screens[key]
        volume, orientation = image.volume, self.orientation(key)
        if volume is None:
            return None
        if not has_length(volume):  # cannot share a scale in mm
            pixels_per_mm = scale_of(volume, orientation, screen, self.wanted.zoom)
        else:
            pixels_per_mm = self.scale() if scale is None else scale
        if volume.geometry is not None:
            return view_in_patient(volume, self.place(key), pixels_per_mm, orientation)
        shift = self.wanted.films.get(film_key(key), (0.0, 0.0))
        frame = min(self.wanted.frames.get(key[1], 0), volume.pixels.shape[0] - 1)
        return view_of_film(volume, shift, pixels_per_mm, orientation, frame)

    def spot(self, key: PaneKey) -> Spot | None:
        """Return where the current site is in a pane's frame of reference, or on its film."""
        image = self.image(key)
        spot = self.spots.get((key[0], film_side(key[1])), self.spots.get((key[0], None)))
        if spot is None or image.volume is None:
            return None
        frame, role = spot.landmark.frame, spot.landmark.role
        fits = role == image.role if image.volume.geometry is None else frame == image.frame
        return spot if fits else None

    def sharing(self, frame: str) -> tuple[PaneKey, ...]:
        """Return the cells whose pictures have this frame of reference, see :func:`frame_key`."""
        if not self._sharing:
            for cell in self.cells:
                shared = frame_key(self.image(cell))
                self._sharing[shared] = (*self._sharing.get(shared, ()), cell)
        return self._sharing.get(frame, ())

    def main_frame(self, letter: str) -> int | None:
        """Return the frame of reference of most pictures of a timepoint; None where all are unknown."""
        if letter not in self._main_frames:
            images = [self.image(cell) for cell in self.cells if cell[0] == letter]
            frames = Counter(image.frame for image in images if image.frame)
            self._main_frames[letter] = min(frames, key=lambda frame: (-frames[frame], frame), default=None)
        return self._main_frames[letter]

    def followers(self, key: PaneKey) -> tuple[PaneKey, ...]:
        """Return the same series of every timepoint that moves with a pane."""
        letters = self.images.letters if self.linked and key not in self.line_cuts else (key[0],)
        there = tuple((letter, key[1]) for letter in letters)
        followers = tuple(pane for pane in there if pane == key or pane not in self.line_cuts)
        if frame_key(self.image(key)) not in self.to_first:
            return followers
        # those that follow the hand are taken along by position, not by as many steps
        return tuple(
            follower
            for follower in followers
            if follower == key or frame_key(self.image(follower)) not in self.to_first
        )


def frame_key(image: CaseImage) -> str:
    """Return what pictures that can be linked in millimetres share.

    Where the frame of reference is unknown, that is the series that they are made from and nothing else.
    """
    return f"{image.letter}/{image.frame if image.frame is not None else grid_role(image.role)}"


def film_key(key: PaneKey) -> str:
    """Return the name of a film in what is remembered."""
    return f"{key[0]}/{key[1]}"


def window_group(role: str) -> str:
    """Return the name under which series share a window."""
    base = base_role(role)
    if base.startswith("xr_"):
        return "xr" if "hands" in regions((base,)) else "xr_foot"
    return _WINDOW_GROUPS.get(base, base)
