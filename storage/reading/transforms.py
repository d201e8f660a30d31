"""How timepoints of a case lie to each other: a log, of which the newest row of each frame counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

import numpy as np
from sqlalchemy import Connection, Row, insert, select

from storage.audit import Clock, Entry, Event, append, canonical_json
from storage.reading import schema

Origin = Literal["registered", "nudged"]
"""Found by the program, or moved by the reader."""

KEPT, CLEARED = "transform.kept", "transform.cleared"

_RIGID_TOLERANCE = 1e-5
_COLUMNS = schema.transform.c
_ROWS = select(schema.transform).order_by(_COLUMNS.seq)


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


def add_transform(
    connection: Connection,
    code: str,
    key: TransformKey,
    transform: Transform | None,
    actor: str,
    clock: Clock,
) -> Entry:
    """Add a row, and one to the audit trail; return the latter. None takes a transform away."""
    old = load_transforms(connection, code).get(key)
    action = CLEARED if transform is None else KEPT
    told = Event(
        action, actor, "reader", code, item_text(key), transform_text(old), transform_text(transform)
    )
    (entry,) = append(connection, told, clock=clock)
    row = {"seq": entry.seq, "case_code": code, "timepoint": key[0], "frame": key[1]}
    kept = {name: getattr(transform, name, None) for name in _FIELDS}
    connection.execute(insert(schema.transform).values(row | kept))
    return entry


def load_transforms(connection: Connection, code: str) -> dict[TransformKey, Transform]:
    """Return the newest transform of every frame of a case that has one.

    Raises:
        ValueError: A row is none that this program writes; ``verify`` finds it.
    """
    newest: dict[TransformKey, Transform] = {}
    for row in connection.execute(_ROWS.where(_COLUMNS.case_code == code)):
        key: TransformKey = (row.timepoint, row.frame)
        newest.pop(key, None)
        transform = transform_of(row)
        if transform is not None:
            newest[key] = transform
    return newest


def transform_of(row: Row[Any]) -> Transform | None:
    """Return the transform that a row of the table holds; None where it took one away.

    Raises:
        ValueError, TypeError: The row is none that this program writes.
    """
    return None if row.matrix is None else Transform(row.matrix, row.quality, row.origin)


def item_text(key: TransformKey) -> str:
    """Return what the audit trail calls a transform: ``B/1``."""
    return f"{key[0]}/{key[1]}"


def transform_text(transform: Transform | None) -> str | None:
    """Return a transform as the audit trail has it, JSON."""
    if transform is None:
        return None
    return canonical_json({name: getattr(transform, name) for name in _FIELDS})


def _is_rigid(matrix: np.ndarray[Any, np.dtype[np.float64]]) -> bool:
    turn = matrix[:3, :3]
    return (
        bool(np.allclose(turn @ turn.T, np.eye(3), rtol=0, atol=_RIGID_TOLERANCE))
        and bool(np.linalg.det(turn) > 0)
        and bool(np.array_equal(matrix[3], [0, 0, 0, 1]))
    )
