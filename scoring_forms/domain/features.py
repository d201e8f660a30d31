"""Reads the features and sites of a scoring-system document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from scoring_forms.domain.fields import (
    LONGEST_TEXT,
    FieldError,
    a_choice,
    a_flag,
    a_list,
    a_mapping,
    a_name,
    a_number,
    a_table,
    a_text,
    an_id,
    names,
)
from scoring_forms.domain.known import known_roles, known_sites
from scoring_forms.domain.lines import FieldPath
from scoring_forms.domain.scoring_system import EVIDENCE, GRAND_TOTAL, VOLUME_SCALES, Feature, Site

HIGHEST_GRADE = 99  # two digits are what a reader can type
_MOST_SITES = 200
_LONGEST_ABBREVIATION = 16
_NAMED = ("id", "label", "abbreviation")
_EXPLAINED = ("definition", "certainty")
_SCORED = ("minimum", "step", "images", "grades", "evidence", "needs_contrast", "volume_scale")
_COUNTED = ("sites", "count_at_least", "count_side")
_SCALE_OF_VOLUME = {"tenths": (0, 10, 1), "thirds": (0, 3, 1)}
_GRADE = re.compile(r"(0|[1-9][0-9]?)(\.5)?")

Features = Mapping[str, Feature]
Sites = Mapping[str, Site]


def read_sites(value: object) -> dict[str, Site]:
    """Return the sites that a document declares beside those of the program."""
    declared = a_mapping(value, ("sites",), "use a table for each site, as in [sites.dip2]")
    found: dict[str, Site] = {}
    for key, entry in declared.items():
        path: FieldPath = ("sites", key)
        table = a_table(entry, path, ("label", "abbreviation", "group"), ("snomed_ct",))
        site_id = an_id(key, path)
        if site_id in known_sites():
            raise FieldError(path, "the program has a site of this id; use that, or choose another id")
        found[site_id] = Site(
            site_id,
            a_text(table["label"], (*path, "label")),
            _abbreviation(table, path),
            an_id(table["group"], (*path, "group")),
            a_text(table["snomed_ct"], (*path, "snomed_ct")) if "snomed_ct" in table else None,
        )
    return found


def read_feature(
    entry: object, path: FieldPath, modality: str, own_sites: Sites, earlier: Features
) -> Feature:
    """Return the feature that one table of ``features`` describes."""
    derived = "count_of" in a_mapping(entry, path, "use a table for each feature, as in [[features]]")
    if derived:
        table = a_table(entry, path, (*_NAMED, "count_of"), (*_EXPLAINED, *_COUNTED))
    else:
        table = a_table(entry, path, (*_NAMED, "sites", "maximum", "roles"), (*_EXPLAINED, *_SCORED))
    feature_id = an_id(table["id"], (*path, "id"))
    if feature_id == GRAND_TOTAL or feature_id in earlier:
        raise FieldError((*path, "id"), "an earlier feature or the grand total has this id")
    named: dict[str, Any] = {
        "id": feature_id,
        "label": a_text(table["label"], (*path, "label")),
        "abbreviation": _abbreviation(table, path),
        "definition": _explanation(table, path, "definition"),
        "certainty": _explanation(table, path, "certainty"),
    }
    if derived:
        return _counted(named, table, path, earlier)
    return _scored(named, table, path, modality, {**known_sites(), **own_sites})


def _scored(
    named: Mapping[str, Any], table: Mapping[str, Any], path: FieldPath, modality: str, sites: Sites
) -> Feature:
    scale = _scale(table, path)
    volume_scale = a_choice(table.get("volume_scale", ""), (*path, "volume_scale"), VOLUME_SCALES)
    if volume_scale and tuple(scale.values()) != _SCALE_OF_VOLUME[volume_scale]:
        top = _SCALE_OF_VOLUME[volume_scale][1]
        raise FieldError((*path, "volume_scale"), f"{volume_scale} need the whole grades 0 to {top}")
    return Feature(
        **named,
        **scale,
        sites=_scored_sites(table["sites"], (*path, "sites"), sites),
        images=_explanation(table, path, "images"),
        roles=names(table["roles"], (*path, "roles"), known_roles(modality), "series role"),
        grades=_grades(table.get("grades", {}), (*path, "grades"), Feature("", "", "", (), **scale)),
        evidence=a_choice(table.get("evidence", ""), (*path, "evidence"), EVIDENCE),
        needs_contrast=a_flag(table.get("needs_contrast", False), (*path, "needs_contrast")),
        volume_scale=volume_scale,
    )


def _scale(table: Mapping[str, Any], path: FieldPath) -> dict[str, Any]:
    minimum = a_number(table.get("minimum", 0), (*path, "minimum"))
    maximum = a_number(table["maximum"], (*path, "maximum"))
    step = a_number(table.get("step", 1), (*path, "step"))
    if step != 0.5 and (step < 1 or step % 1):
        raise FieldError((*path, "step"), "use 0.5 or a whole number above 0")
    if not 0 <= minimum <= HIGHEST_GRADE or minimum % 0.5:
        raise FieldError((*path, "minimum"), f"use a whole or half number from 0 to {HIGHEST_GRADE}")
    if not minimum < maximum <= HIGHEST_GRADE:
        raise FieldError((*path, "maximum"), f"use a number above {minimum:g} and up to {HIGHEST_GRADE}")
    if (maximum - minimum) % step:
        raise FieldError((*path, "maximum"), f"no whole number of steps of {step:g} leads there")
    return {"minimum": minimum, "maximum": maximum, "step": step}


def _grades(value: object, path: FieldPath, feature: Feature) -> dict[str, str]:
    texts = a_mapping(value, path, 'use a table with a text for each grade, as in 1 = "mild"')
    found: dict[str, str] = {}
    for grade, text in texts.items():
        here = (*path, grade)
        if isinstance(text, Mapping):
            raise FieldError(here, f'put half grades in quotes, as in "{grade}.5"')
        if not _GRADE.fullmatch(grade) or not feature.allows(float(grade)):
            raise FieldError(here, "this is no grade between minimum and maximum")
        found[grade] = a_text(text, here, longest=LONGEST_TEXT)
    return found


def _scored_sites(value: object, path: FieldPath, known: Sites) -> tuple[Site, ...]:
    sites: list[Site] = []
    for number, entry in enumerate(a_list(value, path, _MOST_SITES)):
        here = (*path, number)
        parts: tuple[str, ...] = ()
        name = entry
        if isinstance(entry, Mapping):
            table = a_table(cast("object", entry), here, ("id", "components"))
            parts = names(table["components"], (*here, "components"), known, "site")
            name = table["id"]
        site = known[a_name(name, here, known, "site")]
        sites.append(replace(site, components=tuple(known[part] for part in parts)))
        _refuse_twins(sites, here)
    return tuple(sites)


def _refuse_twins(sites: list[Site], path: FieldPath) -> None:
    """Refuse a site that the feature has already, or whose abbreviation another one has."""
    before = [part for site in sites[:-1] for part in (site, *site.components)]
    for part in (sites[-1], *sites[-1].components):
        if any(part.id == other.id for other in before):
            raise FieldError(path, f"{part.id!r} stands there twice")
        if any(part.abbreviation.casefold() == other.abbreviation.casefold() for other in before):
            raise FieldError(path, f"{part.abbreviation!r} is the abbreviation of an earlier site")
        before.append(part)


def _counted(
    named: Mapping[str, Any], table: Mapping[str, Any], path: FieldPath, earlier: Features
) -> Feature:
    scored = {feature.id: feature for feature in earlier.values() if not feature.count_of}
    value = table["count_of"]
    counted = names(
        [value] if isinstance(value, str) else value, (*path, "count_of"), scored, "earlier scored feature"
    )
    sites = tuple(site for feature_id in counted for site in scored[feature_id].sites)
    if "sites" in table:
        wanted = names(table["sites"], (*path, "sites"), {site.id for site in sites}, "counted site")
        sites = tuple(site for site in sites if site.id in wanted)
    side = table.get("count_side")
    return Feature(
        **named,
        sites=sites,
        roles=tuple(dict.fromkeys(role for feature_id in counted for role in scored[feature_id].roles)),
        count_of=counted,
        count_at_least=a_number(table.get("count_at_least", 1), (*path, "count_at_least")),
        count_side=None if side is None else a_choice(side, (*path, "count_side"), ("L", "R")),
    )


def _abbreviation(table: Mapping[str, Any], path: FieldPath) -> str:
    return a_text(table["abbreviation"], (*path, "abbreviation"), longest=_LONGEST_ABBREVIATION)


def _explanation(table: Mapping[str, Any], path: FieldPath, name: str) -> str:
    return a_text(table.get(name, ""), (*path, name), longest=LONGEST_TEXT, empty=True)
