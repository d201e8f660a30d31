"""A film and ever smaller copies of it, so that any zoom starts from one of nearly its own size."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, overload

import cv2
from numpy.typing import NDArray

Levels = Sequence[NDArray[Any]]
"""A slice in full size, shape (rows, columns), and optionally its copies, each 1/√2 of the one before."""

_SMALLEST = 512
_STEPS_TO_A_HALF = 2
_LINEAR_UP_TO = 1.3
"""How far linear interpolation may shrink: beyond, it steps over much of a line one pixel wide."""


class Pyramid(Sequence[NDArray[Any]]):
    """A film, shape (rows, columns), and its copies, each 1/√2 of the one before, down to about 512 pixels.

    A copy is made when it is first asked for; together they take as much memory as the film.
    """

    def __init__(self, pixels: NDArray[Any]) -> None:
        rows, columns = pixels.shape
        copies = math.ceil(_STEPS_TO_A_HALF * math.log2(max(rows, columns, _SMALLEST) / _SMALLEST))
        factors = [2 ** (-number / _STEPS_TO_A_HALF) for number in range(copies + 1)]
        self._sizes = [(max(round(columns * by), 1), max(round(rows * by), 1)) for by in factors]
        self._made = {0: pixels}
        self._making = [Lock() for _ in self._sizes]

    def __len__(self) -> int:
        """How many sizes there are, the full one included."""
        return len(self._sizes)

    @overload
    def __getitem__(self, number: int) -> NDArray[Any]: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[NDArray[Any]]: ...
    def __getitem__(self, number: int | slice) -> NDArray[Any] | Sequence[NDArray[Any]]:
        """Return one size; 0 is the full one."""
        if isinstance(number, slice):
            return [self[one] for one in range(len(self))[number]]
        if number not in self._made:
            with self._making[number]:  # who comes second waits: that is quicker than to make it once more
                self._make(number)
        return self._made[number]

    def _make(self, number: int) -> None:
        if number not in self._made:
            # a half comes from the size it is the half of, which is quick and exact
            larger = self[max(number - _STEPS_TO_A_HALF, 0) if number % _STEPS_TO_A_HALF == 0 else number - 1]
            self._made[number] = resized(larger, self._sizes[number])

    @property
    def copies_nbytes(self) -> int:
        """Bytes of all copies, whether they are made yet or not, without the film."""
        return sum(columns * rows for columns, rows in self._sizes[1:]) * self._made[0].itemsize

    @property
    def is_complete(self) -> bool:
        """Whether every copy is made."""
        return len(self._made) == len(self)

    def complete(
        self, before_each: Callable[[], object] = lambda: None, *, only_halves: bool = False
    ) -> None:
        """Make the copies now, without the interpreter's lock: 50 ms for 15 megapixels, 6 for the halves.

        *before_each* is called before each copy and may raise to stop.
        """
        for number in range(0, len(self), _STEPS_TO_A_HALF if only_halves else 1):
            before_each()
            self[number]


def nearest_level(levels: Levels, scale: float) -> NDArray[Any]:
    """Return the size to start from for *scale*, a share of the full one.

    Rather a larger one: it is shrunk by 30 per cent or enlarged by 9 per cent at the most.
    """
    number = round(-_STEPS_TO_A_HALF * math.log2(scale) - 0.25)
    return levels[min(max(number, 0), len(levels) - 1)]


def resized(pixels: NDArray[Any], size: tuple[int, int], dst: NDArray[Any] | None = None) -> NDArray[Any]:
    """Return *pixels* in another *size* (columns, rows), into *dst* where that fits; no thin line is lost.

    Values between pixels are linear ones; what is shrunk is the mean of what it covers.
    """
    columns, rows = size
    shrink = max(pixels.shape[1] / columns, pixels.shape[0] / rows)
    if shrink <= _LINEAR_UP_TO:
        return cv2.resize(pixels, size, dst=dst, interpolation=cv2.INTER_LINEAR)
    if shrink < 2:  # the mean of four values between pixels: nearly the area, in a fifth of the time
        pixels = cv2.resize(pixels, (2 * columns, 2 * rows), interpolation=cv2.INTER_LINEAR)
    return cv2.resize(pixels, size, dst=dst, interpolation=cv2.INTER_AREA)
