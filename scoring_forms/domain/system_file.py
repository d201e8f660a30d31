"""Reads scoring systems from TOML or JSON text; every refusal names the line and the field.

The systems that ship with the program and those of a coordinator go the same way. A file can be
anything: nothing in it is believed before it was looked at.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any, Literal, NoReturn, cast

from scoring_forms.domain.errors import BadSystemError
from scoring_forms.domain.features import read_feature, read_sites
from scoring_forms.domain.fields import (
    LONGEST_TEXT,
    FieldError,
    a_choice,
    a_flag,
    a_list,
    a_table,
    a_text,
    an_id,
    names,
)
from scoring_forms.domain.lines import FieldPath, json_lines, repeated_json_key, toml_lines
from scoring_forms.domain.scoring_system import GRAND_TOTAL, MODALITIES, Feature, ScoringSystem, Sum

Kind = Literal["toml", "json"]
MOST_CELLS = 1000
_MOST_FEATURES = 50
_REQUIRED = ("id", "title", "modality", "sides", "features")
_OPTIONAL = ("region", "citation", "grand_total", "sums", "sites")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def parse_system(text: str, source: str, kind: Kind = "toml") -> ScoringSystem:
    """Return the system that a TOML or JSON text describes.

    Args:
        text: The whole document.
        source: What messages call it, such as the name of the file.
        kind: Which of the two it is.

    Raises:
        BadSystemError: It describes no scoring system; names source, line and field.
    """
    document: object = None
    try:
        document = _parsed_toml(text, source) if kind == "toml" else _parsed_json(text, source)
        return _system(document)
    except FieldError as problem:
        lines = toml_lines(text) if kind == "toml" else json_lines(text)
        place = problem.path
        while place and place not in lines:
            place = place[:-1]
        field = _in_words(document, problem.path)
        raise BadSystemError(source, lines.get(place, 1), field, problem.words) from None
    except RecursionError:
        raise BadSystemError(source, None, "", "lists and tables are nested too deeply") from None


def _parsed_toml(text: str, source: str) -> object:
    try:
        return tomllib.loads(text)
    except ValueError as error:  # of its own class, or of Python for a number of thousands of digits
        place = _TOML_PLACE.search(str(error))
        line = (int(place[1]) if place[1] else text.count("\n") + 1) if place else None
        words = str(error)[: place.start()] if place else "a number is too long"
        raise BadSystemError(source, line, "", f"this is not TOML: {words}") from None


def _parsed_json(text: str, source: str) -> object:
    try:
        document = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise BadSystemError(source, error.lineno, "", f"this is not JSON: {error.msg}") from None
    except ValueError:
        raise BadSystemError(source, None, "", "this is not JSON: a number is too long or none") from None
    repeated = repeated_json_key(text)
    if repeated is not None:
        path, line = repeated
        raise BadSystemError(source, line, _in_words(document, path), "this field stands there twice")
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _system(document: object) -> ScoringSystem:
    table = a_table(document, (), _REQUIRED, _OPTIONAL)
    modality = a_choice(table["modality"], ("modality",), MODALITIES)
    sides = table["sides"]
    if isinstance(sides, bool) or sides not in (1, 2):
        raise FieldError(("sides",), "use 1 (the imaged hand) or 2 (both hands)")
    sites = read_sites(table.get("sites", {}))
    features: dict[str, Feature] = {}
    for number, entry in enumerate(a_list(table["features"], ("features",), _MOST_FEATURES)):
        feature = read_feature(entry, ("features", number), modality, sites, features)
        features[feature.id] = feature
    system = ScoringSystem(
        id=an_id(table["id"], ("id",)),
        title=a_text(table["title"], ("title",)),
        modality=modality,
        region=a_text(table.get("region", ""), ("region",), empty=True),
        sides=sides,
        citation=a_text(table.get("citation", ""), ("citation",), longest=LONGEST_TEXT, empty=True),
        grand_total=a_flag(table.get("grand_total", False), ("grand_total",)),
        features=tuple(features.values()),
        sums=_sums(table.get("sums"), features),
    )
    _check_sides(system)
    return system


def _check_sides(system: ScoringSystem) -> None:
    scored = [feature for feature in system.features if not feature.count_of]
    cells = sum(len(feature.scored_sites) for feature in scored) * system.sides
    if cells > MOST_CELLS:
        raise FieldError(("features",), f"{cells} cells a timepoint are too many; {MOST_CELLS} are the most")
    for number, feature in enumerate(system.features):
        if feature.count_side is not None and system.sides == 1:
            raise FieldError(("features", number, "count_side"), "only systems of both sides have one")


def _sums(value: object, features: Mapping[str, Feature]) -> tuple[Sum, ...]:
    if value is None:
        return ()
    taken = {*features, GRAND_TOTAL}
    scored = [feature.id for feature in features.values() if not feature.count_of]
    found: list[Sum] = []
    for number, entry in enumerate(a_list(value, ("sums",), _MOST_FEATURES)):
        path: FieldPath = ("sums", number)
        table = a_table(entry, path, ("id", "label", "features"))
        sum_id = an_id(table["id"], (*path, "id"))
        if sum_id in taken:
            raise FieldError((*path, "id"), "a feature, another sum or the grand total has this id")
        taken.add(sum_id)
        summed = names(table["features"], (*path, "features"), scored, "scored feature")
        found.append(Sum(sum_id, a_text(table["label"], (*path, "label")), summed))
    return tuple(found)


def _in_words(document: object, path: FieldPath) -> str:
    """Return ``features.erosion.sites #3``: ids in the place of numbers where entries have them."""
    words: list[str] = []
    for part in path:
        document = _inside(document, part)
        name = part if isinstance(part, str) else _inside(document, "id")
        words.append(f".{name[:64]}" if isinstance(name, str) else f" #{int(part) + 1}")
    return "".join(words).removeprefix(".")


def _inside(document: object, part: str | int) -> object:
    try:
        return cast("Any", document)[part]
    except (LookupError, TypeError):
        return None
