"""Pictures as a few plain shapes, which SVG and PDF draw alike.

Coordinates are points (1/72 inch), from the top left corner, x to the right, y downwards. Colours are
``#rrggbb``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

INK, SOFT, FAINT = "#1d2329", "#5c6873", "#dde2e7"
BLUE, RED, ORANGE, GREEN, VIOLET = "#2f78b4", "#b5473c", "#c9832b", "#3f8f5f", "#7a5aa6"
SERIES = (BLUE, ORANGE, GREEN, VIOLET, RED)


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str = INK
    width: float = 0.8
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    radius: float
    colour: str = BLUE


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; x and y are its top left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Word:
    """A line of text on a base line; ``turned`` reads upwards."""

    x: float
    y: float
    text: str
    size: float = 7.5
    anchor: Literal["start", "middle", "end"] = "start"
    colour: str = SOFT
    turned: bool = False


Shape: TypeAlias = Line | Dot | Box | Word


@dataclass(frozen=True, slots=True)
class Picture:
    """A plot with its title and the words below it."""

    title: str
    caption: str
    width: float
    height: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the values of two axes lie in a picture."""

    left: float
    top: float
    width: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def x(self, value: float) -> float:
        """Return the place of a value along the horizontal axis."""
        low, high = self.x_range
        return self.left + self.width * (value - low) / (high - low)

    def y(self, value: float) -> float:
        """Return the place of a value along the vertical axis."""
        low, high = self.y_range
        return self.top + self.height * (high - value) / (high - low)

    def level(self, value: float, colour: str, *, dashed: bool = False, width: float = 0.8) -> Line:
        """Return a line across the frame."""
        ends = ((self.left, self.y(value)), (self.left + self.width, self.y(value)))
        return Line(ends, colour, width, dashed)

    def axes(self, x_label: str, y_label: str, x_ticks: Sequence[tuple[float, str]]) -> tuple[Shape, ...]:
        """Return axes with numbers at the vertical one and *x_ticks* at the other."""
        bottom = self.top + self.height
        shapes: list[Shape] = [
            Line(((self.left, self.top), (self.left, bottom), (self.left + self.width, bottom)), SOFT, 0.6)
        ]
        for value in ticks(*self.y_range):
            y = self.y(value)
            shapes.append(Line(((self.left - 3, y), (self.left, y)), SOFT, 0.6))
            shapes.append(Word(self.left - 5, y + 2.6, tick_text(value), anchor="end"))
        for value, text in x_ticks:
            x = self.x(value)
            shapes.append(Line(((x, bottom), (x, bottom + 3)), SOFT, 0.6))
            shapes.append(Word(x, bottom + 12, text, anchor="middle"))
        shapes.append(Word(self.left + self.width / 2, bottom + 24, x_label, 8, "middle"))
        shapes.append(Word(self.left - 30, self.top + self.height / 2, y_label, 8, "middle", turned=True))
        return tuple(shapes)


def ticks(low: float, high: float, about: int = 5) -> tuple[float, ...]:
    """Return round numbers between *low* and *high*: multiples of 1, 2 or 5 times a power of ten."""
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= raw * 0.8)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(count * step for count in range(first, last + 1))


def tick_text(value: float) -> str:
    """Return the number at a tick."""
    return f"{round(value, 6) + 0.0:g}".replace("-", "−")


def padded(values: Sequence[float]) -> tuple[float, float]:
    """Return a range that holds *values* with a little room; one unit around a single value."""
    low, high = min(values), max(values)
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room
