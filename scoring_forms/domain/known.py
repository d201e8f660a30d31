"""The sites and series roles that systems may name, read from ``resources``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from scoring_forms.domain.scoring_system import Site

_PLACEHOLDER = re.compile(r"{(\w+)}")
_OF_BOTH = "_both"


@cache
def known_sites() -> Mapping[str, Site]:
    """Return every site of ``resources/sites.toml`` by id."""
    table = tomllib.loads((files("resources") / "sites.toml").read_text("utf-8"))
    return {site_id: Site(id=site_id, **entry) for site_id, entry in table.items()}


@cache
def known_roles(modality: str) -> tuple[str, ...]:
    """Return the series roles a feature of this modality (``"MR"``, ``"CR/DX"``) can be read from.

    A film of both hands is no role of a feature: it stands for the roles of each hand.
    """
    table = tomllib.loads((files("resources") / "series_roles.toml").read_text("utf-8"))
    wanted = set(modality.split("/"))
    named = (name for role in table["role"] if wanted & set(role["modality"]) for name in _names(role))
    return tuple(sorted(name for name in named if not name.endswith(_OF_BOTH)))


def _names(role: Mapping[str, Any]) -> Iterator[str]:
    """Yield what ``xr_{view}_{side}`` stands for."""
    places: list[str] = _PLACEHOLDER.findall(role["role"])
    for values in product(*(role[place] for place in places)):
        yield role["role"].format(**dict(zip(places, values, strict=True)))
