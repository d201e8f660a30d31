"""How timepoints of a case lie to each other: a log, of which the newest row of each frame counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

import numpy as np

from storage.audit import canonical_json
from storage.reading import schema
from storage.reading.log import Log

Origin = Literal["registered", "nudged"]
"""Found by the program, or moved by the reader."""

_RIGID_TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class Transform:
    """A rigid movement from a frame of reference of a timepoint to that of timepoint A.

    Attributes:
        matrix: 16 numbers, row by row: (x, y, z, 1), LPS mm, there to the same in A.
        quality: How well the pictures fit, 0..1, as the registration had it.
        origin: Whether the program found it or the reader moved it.
    """

    matrix: tuple[float, ...]
    quality: float
    origin: Origin

    def __post_init__(self) -> None:
        """Refuse what is no rigid movement.

        Raises:
            ValueError: The caller built an impossible transform; readers cannot.
        """
        values = np.array(self.matrix, dtype=np.float64)
        if values.shape != (16,) or not np.isfinite(values).all() or not _is_rigid(values.reshape(4, 4)):
            raise ValueError("a transform is 16 numbers of a rigid movement")
        if not 0 <= self.quality <= 1 or self.origin not in get_args(Origin):
            raise ValueError("a transform has a quality from 0 to 1 and a known origin")

    def as_array(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return the matrix, shape (4, 4)."""
        return np.array(self.matrix, dtype=np.float64).reshape(4, 4)


_FIELDS = tuple(field.name for field in fields(Transform))

TransformKey = tuple[str, int]
"""Timepoint letter, number of its frame of reference."""


def transform_from(
    matrix: Sequence[Sequence[float]] | np.ndarray[Any, Any], quality: float, origin: Origin
) -> Transform:
    """Return the value that stands for a (4, 4) matrix.

    Raises:
        ValueError: It is no rigid movement, or quality or origin are unknown.
    """
    values: list[float] = np.asarray(matrix, dtype=np.float64).ravel().tolist()
    return Transform(tuple(values), float(quality), origin)


def _transform_text(transform: Transform) -> str:
    return canonical_json({name: getattr(transform, name) for name in _FIELDS})


def _is_rigid(matrix: np.ndarray[Any, np.dtype[np.float64]]) -> bool:
    turn = matrix[:3, :3]
    return (
        bool(np.allclose(turn @ turn.T, np.eye(3), rtol=0, atol=_RIGID_TOLERANCE))
        and bool(np.linalg.det(turn) > 0)
        and bool(np.array_equal(matrix[3], [0, 0, 0, 1]))
    )


TRANSFORMS: Log[TransformKey, Transform] = Log(
    schema.transform,
    key_row=lambda key: {"timepoint": key[0], "frame": key[1]},
    key_of=lambda row: (row.timepoint, row.frame),
    value_row=lambda transform: {name: getattr(transform, name, None) for name in _FIELDS},
    value_of=lambda row: None if row.matrix is None else Transform(row.matrix, row.quality, row.origin),
    item=lambda key: f"{key[0]}/{key[1]}",
    text=_transform_text,
)
"""Told as ``transform.kept`` and ``transform.cleared`` of ``B/1``."""
