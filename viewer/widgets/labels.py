"""The words and marks over a picture that stay while it is scrolled, as ready sprites in their places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from PySide6.QtGui import QColor, QFont, QFontMetricsF

from viewer.display.orientation import Letters
from viewer.display.pane_state import PaneState
from viewer.widgets import sprites
from viewer.widgets.sprites import Placed, Sprite

TEXT = QColor("#d7dde3")
MUTED = QColor("#b3bdc7")
LETTER = QColor("#e3b778")
BADGE = QColor("#2b5f8f")
SHADOW = QColor(0, 0, 0, 160)
TRACK = QColor(255, 255, 255, 36)
EDGE = 7.0
_SCALE_FROM_RIGHT = EDGE + 6
_LINE = 14
"""Logical pixels from one line of words to the next."""
_WIDE = 200
"""Logical pixels from which a pane has room for its window and what lies under the cursor."""

words_of = attrgetter(
    "badge",
    "title",
    "letters",
    "window_text",
    "mm_per_pixel",
    "spacing_note",
    "made_note",
    "shading_note",
    "link_note",
    "spot_note",
    "readout",
)
"""What :func:`labels` shows of a state, to be compared with what it showed last."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where labels are written: the pane's size in logical pixels, its font and device pixel ratio."""

    width: int
    height: int
    font: QFont
    ratio: float


def labels(state: PaneState, frame: Frame, *, has_depth: bool) -> tuple[Placed, ...]:
    """Return the labels of a pane that shows a picture, in the order they are drawn in."""
    right = frame.width - EDGE - (4 if has_depth else 0)  # clear of where the slice lies in the stack
    around = _letters(state.letters, state.badge, state.title, frame, right)
    placed = [*around, *_footer(state, frame), *_scale(state.mm_per_pixel, frame)]
    if has_depth:
        track = sprites.bar(2, frame.height // 2, TRACK, frame.ratio)
        placed.append(track.at(frame.width - 3, frame.height // 4))
    return (*placed, *heading(state, frame))


def heading(state: PaneState, frame: Frame) -> tuple[Placed, ...]:
    """Return the letter of the timepoint and the title."""
    return _heading(state.badge, state.title, frame)


# Most of the labels stay while one is another, as in each step of a drag: they are found once.


@lru_cache(maxsize=64)
def _heading(badge: str, title: str, frame: Frame) -> tuple[Placed, ...]:
    placed = [_plate(badge, frame).at(EDGE, EDGE)] if badge else []
    lines, left = _title_lines(badge, title, frame), _title_left(badge, frame)
    placed.extend(line.at(left, EDGE + 10 + _LINE * number) for number, line in enumerate(lines))
    return tuple(placed)


def _plate(badge: str, frame: Frame) -> Sprite:
    return sprites.badge(badge, sprites.sized(frame.font, 10, bold=True), BADGE, frame.ratio)


def _title_left(badge: str, frame: Frame) -> float:
    return EDGE + _plate(badge, frame).width + 6 if badge else EDGE


def _title_lines(badge: str, title: str, frame: Frame) -> list[Sprite]:
    font, room = sprites.sized(frame.font, 10), frame.width - _title_left(badge, frame) - EDGE
    return [sprites.text(line, font, TEXT, frame.ratio) for line in _wrapped(title, font, room)]


@lru_cache(maxsize=64)
def _letters(shown: Letters, badge: str, title: str, frame: Frame, right: float) -> tuple[Placed, ...]:
    middle_x, middle_y = frame.width / 2, frame.height / 2
    lines, left = _title_lines(badge, title, frame), _title_left(badge, frame)
    reaches = max((left + line.width for line in lines), default=0) > middle_x - 8
    font = sprites.sized(frame.font, 11, bold=True)
    before_scale = frame.width - _SCALE_FROM_RIGHT - _millimetres(10, frame).width - EDGE
    placed = []
    for letter, x, y, share in (
        (shown.left, EDGE, middle_y, 0.0),
        (shown.right, right, middle_y, 1.0),
        (shown.top, middle_x, EDGE + (15 + _LINE * len(lines) if reaches else 9), 0.5),
        (shown.bottom, min(middle_x, before_scale), frame.height - EDGE - 9, 0.5),
    ):
        if letter:
            sprite = sprites.text(letter, font, LETTER, frame.ratio)
            placed.append(sprite.at(x - share * sprite.width, y))
    return tuple(placed)


def _footer(state: PaneState, frame: Frame) -> list[Placed]:
    """Return the lines at the bottom, upwards; a narrow pane has room for what must be known only."""
    wide = frame.width >= _WIDE
    lines = (
        (state.window_text if wide else "", MUTED),
        (state.spacing_note, MUTED),
        (state.made_note, LETTER),
        (state.shading_note, LETTER),
        (state.link_note, MUTED),
        (state.spot_note, MUTED),
        (state.readout if wide else "", TEXT),
    )
    font = sprites.sized(frame.font, 9)
    bottom = frame.height - EDGE - (8 if wide else 26)  # a narrow pane's letter stands there
    written = (
        sprites.text(part, font, colour, frame.ratio)
        for line, colour in lines
        for part in reversed(_wrapped(line, font, frame.width - 2 * EDGE))
    )
    return [sprite.at(EDGE, bottom - _LINE * number) for number, sprite in enumerate(written)]


@lru_cache(maxsize=200)
def _wrapped(line: str, font: QFont, room: float) -> tuple[str, ...]:
    """Return *line* as lines that fit into *room*, a word too long for it alone on one."""
    metrics, parts = QFontMetricsF(font), list[str]()
    if not line or metrics.horizontalAdvance(line) <= room:
        return (line,) if line else ()
    for word in line.split(" "):
        longer = f"{parts[-1]} {word}" if parts else word
        if parts and metrics.horizontalAdvance(longer) > room:
            parts.append(word)
        else:
            parts[-1:] = [longer]
    return tuple(parts)


@lru_cache(maxsize=64)
def _scale(mm_per_pixel: float | None, frame: Frame) -> tuple[Placed, ...]:
    if not mm_per_pixel:
        return ()
    length_mm = 10 if 10 / mm_per_pixel < frame.width / 3 else 5
    length = length_mm / mm_per_pixel
    right, bottom = frame.width - _SCALE_FROM_RIGHT, frame.height - EDGE - 8
    words = _millimetres(length_mm, frame)
    left, top, width = round(right - length), round(bottom + 5), max(round(length), 1)
    return (
        sprites.bar(width + 2, 4, SHADOW, frame.ratio).at(left - 1, top - 1),
        sprites.bar(width, 2, TEXT, frame.ratio).at(left, top),
        words.at(right - words.width, bottom - 4),
    )


def _millimetres(length: int, frame: Frame) -> Sprite:
    return sprites.text(f"{length} mm", sprites.sized(frame.font, 9), MUTED, frame.ratio)
