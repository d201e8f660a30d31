"""How much disease a subject has at each visit: wanted shares for every site, drawn from a seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from viewer.imaging.phantom.sites import FILM_SPACE_SITES, PARTS, SYNOVITIS_SITES

_SEVERITY: Final = (0.55, 0.9, 0.25, 0.7, 0.05, 0.45)
"""Subjects in turn: the first a fair example, then a sick one, then a mild one."""
_SPACE_LOST: Final = (0.0, 0.18, 0.36, 0.68, 1.0)


@dataclass(frozen=True, slots=True)
class Findings:
    """Wanted disease of one hand at one visit, all shares 0..1.

    Attributes:
        eroded: Judged part of a bone (sites.PARTS): share of its volume.
        oedema: The same parts: share of its volume.
        synovitis: RAMRIS synovitis site: share of its greatest volume.
        space_lost: Sharp 1985 joint space: share of it lost.
    """

    eroded: Mapping[str, float]
    oedema: Mapping[str, float]
    synovitis: Mapping[str, float]
    space_lost: Mapping[str, float]


def severity_of(subject: int) -> float:
    """Return how ill the subject of a place in the list is, 0..1."""
    return _SEVERITY[subject % len(_SEVERITY)]


def disease_course(rng: np.random.Generator, severity: float, weeks: Sequence[int]) -> tuple[Findings, ...]:
    """Return one hand's findings at each of *weeks* (ascending); damage never heals, inflammation may."""
    damage = {part: _first_damage(rng, severity) for part in PARTS}
    active = {part: _first_inflammation(rng, severity * (1.0 if damage[part] else 0.45)) for part in PARTS}
    synovitis = {site: _first_inflammation(rng, 0.35 + 0.75 * severity) for site in SYNOVITIS_SITES}
    spaces = {site: _first_narrowing(rng, severity) for site in FILM_SPACE_SITES}
    jitter = {key: float(rng.uniform(-0.022, 0.022)) for key in (*PARTS, *SYNOVITIS_SITES)}
    course: list[Findings] = []
    for visit, week in enumerate(weeks):
        if visit:
            time = (week - weeks[visit - 1]) / 24
            damage = {part: _worse(rng, level, severity * time * 0.16, 9) for part, level in damage.items()}
            spaces = {site: _worse(rng, level, severity * time * 0.10, 4) for site, level in spaces.items()}
            active = {part: _drift(rng, level, 0.10) for part, level in active.items()}
            synovitis = {site: _drift(rng, level, 0.22) for site, level in synovitis.items()}
        eroded = {part: (level - 0.5) / 10 + jitter[part] if level else 0.0 for part, level in damage.items()}
        course.append(
            Findings(
                eroded,
                {part: _third(level, jitter[part], 1 - eroded[part]) for part, level in active.items()},
                {site: _third(level, jitter[site], 1.0) for site, level in synovitis.items()},
                {site: _SPACE_LOST[level] for site, level in spaces.items()},
            )
        )
    return tuple(course)


def _first_damage(rng: np.random.Generator, severity: float) -> int:
    if rng.random() > 0.12 + 0.62 * severity:
        return 0
    return int(min(rng.geometric(0.75 - 0.45 * severity), 9))


def _first_inflammation(rng: np.random.Generator, severity: float) -> int:
    return int(rng.binomial(3, min(0.62 * severity, 0.9))) if rng.random() < 0.15 + 0.8 * severity else 0


def _first_narrowing(rng: np.random.Generator, severity: float) -> int:
    return int(min(rng.binomial(4, 0.48 * severity), 4)) if rng.random() < 0.15 + 0.6 * severity else 0


def _worse(rng: np.random.Generator, level: int, chance: float, highest: int) -> int:
    step = int(rng.random() < chance * (2.0 if level else 0.8))
    return min(level + step, highest)


def _drift(rng: np.random.Generator, level: int, chance: float) -> int:
    draw = rng.random()
    return max(level - 1, 0) if draw < chance else min(level + 1, 3) if draw > 1 - chance and level else level


def _third(level: int, jitter: float, room: float) -> float:
    """Return a share well inside the third *level* of a volume, or the highest that *room* still holds."""
    while level and (level - 0.5) / 3 + jitter > room - 0.02:
        level -= 1
    return (level - 0.5) / 3 + jitter if level else 0.0
