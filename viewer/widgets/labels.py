"""The words and marks over a picture that stay while it is scrolled, as ready sprites in their places."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

from PySide6.QtGui import QColor, QFont

from viewer.display.pane_state import PaneState
from viewer.widgets import sprites
from viewer.widgets.sprites import Placed, Sprite

TEXT = QColor("#d7dde3")
MUTED = QColor("#8d99a5")
LETTER = QColor("#e3b778")
BADGE = QColor("#2b5f8f")
TRACK = QColor(255, 255, 255, 36)
EDGE = 7.0

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
    placed = [*_letters(state, frame), *_footer(state, frame), *_scale(state, frame)]
    if has_depth:
        track = sprites.bar(2, frame.height // 2, TRACK, frame.ratio)
        placed.append(track.at(frame.width - 3, frame.height // 4))
    return (*placed, *heading(state, frame))


def heading(state: PaneState, frame: Frame) -> tuple[Placed, ...]:
    """Return the letter of the timepoint and the title."""
    left, placed = EDGE, []
    if state.badge:
        plate = sprites.badge(state.badge, sprites.sized(frame.font, 10, bold=True), BADGE, frame.ratio)
        placed.append(plate.at(EDGE, EDGE))
        left = EDGE + plate.width + 6
    if state.title:
        placed.append(_title(state, frame).at(left, EDGE + 10))
    return tuple(placed)


def _title(state: PaneState, frame: Frame) -> Sprite:
    return sprites.text(state.title, sprites.sized(frame.font, 10), TEXT, frame.ratio)


def _letters(state: PaneState, frame: Frame) -> list[Placed]:
    middle_x, middle_y = frame.width / 2, frame.height / 2
    reaches = EDGE + (30 if state.badge else 0) + _title(state, frame).width > middle_x - 8
    font = sprites.sized(frame.font, 11, bold=True)
    placed = []
    for letter, x, y, share in (
        (state.letters.left, EDGE, middle_y, 0.0),
        (state.letters.right, frame.width - EDGE, middle_y, 1.0),
        (state.letters.top, middle_x, EDGE + (29 if reaches else 9), 0.5),
        (state.letters.bottom, middle_x, frame.height - EDGE - 9, 0.5),
    ):
        if letter:
            sprite = sprites.text(letter, font, LETTER, frame.ratio)
            placed.append(sprite.at(x - share * sprite.width, y))
    return placed


def _footer(state: PaneState, frame: Frame) -> list[Placed]:
    if frame.width < 200:
        return []
    lines = (
        (state.window_text, MUTED),
        (state.spacing_note, MUTED),
        (state.made_note, LETTER),
        (state.shading_note, LETTER),
        (state.link_note, MUTED),
        (state.spot_note, MUTED),
        (state.readout, TEXT),
    )
    font, bottom = sprites.sized(frame.font, 9), frame.height - EDGE - 8
    return [
        sprites.text(line, font, colour, frame.ratio).at(EDGE, bottom - 14 * number)
        for number, (line, colour) in enumerate((line, colour) for line, colour in lines if line)
    ]


def _scale(state: PaneState, frame: Frame) -> list[Placed]:
    if not state.mm_per_pixel:
        return []
    length_mm = 10 if 10 / state.mm_per_pixel < frame.width / 3 else 5
    length = length_mm / state.mm_per_pixel
    right, bottom = frame.width - EDGE - 6, frame.height - EDGE - 8
    words = sprites.text(f"{length_mm} mm", sprites.sized(frame.font, 9), MUTED, frame.ratio)
    return [
        sprites.bar(max(round(length), 1), 2, TEXT, frame.ratio).at(round(right - length), round(bottom + 5)),
        words.at(right - words.width, bottom - 4),
    ]
