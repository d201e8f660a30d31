"""What a series is for, and why; the rules stand in `resources/series_roles.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from viewer.imaging.admission import FILM_MODALITIES
from viewer.imaging.geometry import Plane
from viewer.imaging.laterality import Laterality
from viewer.imaging.role_rules import RoleRules, Weighting, role_rules, words
from viewer.imaging.stack import Slice

BodyPart = Literal["hand", "foot", "other", "mixed", "unknown"]
_SIDES = {"L": "left", "R": "right", "B": "both", None: "unknown"}
_CONTRAST = {True: "yes", False: "no", None: "unknown"}
_MIN_SLICES = 3


@dataclass(frozen=True, slots=True)
class Contrast:
    """Whether a contrast agent was in, and how that is known."""

    given: bool | None
    reason: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """The role of a series, "other" where no rule fits."""

    name: str
    reason: str
    problems: tuple[str, ...] = ()


def contrast_of(item: Slice) -> Contrast:
    """Return what the header says about contrast agent: attributes first, then the description."""
    file, stated = item.file, item.frame.contrast
    text = words(file.series_description, file.protocol_name)
    described = next((given for given, pattern in role_rules().contrast if pattern.search(text)), None)
    if stated is None:
        reasons = {
            True: "the description names a contrast agent",
            False: "the description says before contrast",
            None: "no contrast agent is named",
        }
        return Contrast(described, reasons[described])
    if described is not None and described != stated:
        problem = "The contrast attributes and the description contradict each other."
        return Contrast(None, "whether contrast agent was given is uncertain", (problem,))
    return Contrast(stated, "a contrast agent is named" if stated else "contrast agent is named as not given")


def weighting_of(item: Slice) -> Weighting | None:
    """Return the first entry of the rules that fits the pulse sequence and description of an MR image."""
    file, frame = item.file, item.frame
    texts = {
        "description": words(file.series_description, file.protocol_name, file.acquisition_contrast),
        "image_type": words(" ".join(frame.image_type)),
        "sequence": words(file.scanning_sequence),
    }
    return next((entry for entry in role_rules().weightings if _fits(entry, texts, frame.parameters)), None)


def body_part_of(item: Slice) -> BodyPart:
    """Return the body part that attribute and descriptions name; "mixed" where they name several."""
    file, patterns = item.file, role_rules().body_part
    attribute = words(file.body_part)
    named = _named(attribute) | _named(words(file.series_description, file.protocol_name))
    if not _named(attribute) and not patterns["vague"].search(attribute):
        named.add("other")
    named = named or _named(words(file.study_description))
    if len(named) > 1:
        return "mixed"
    return named.pop() if named else "unknown"


def role_of(
    item: Slice, images: int, plane: Plane | None, laterality: Laterality, contrast: Contrast
) -> Role:
    """Return the role of a series from one of its images.

    Args:
        item: Any image of the series.
        images: How many it has.
        plane: Its plane, None where unknown.
        laterality: Its side.
        contrast: Whether contrast agent was given.
    """
    if item.file.mosaic:
        return Role("other", "a mosaic of tiles is no anatomical slice")
    if item.file.modality in FILM_MODALITIES:
        return _role_of_film(item, laterality)
    if item.file.modality == "MR":
        return _role_of_stack(item, images, plane, contrast)
    return Role("other", f"no role is for modality {item.file.modality or '(none)'}")


def _role_of_stack(item: Slice, images: int, plane: Plane | None, contrast: Contrast) -> Role:
    weighting = weighting_of(item)
    if plane is None:
        return Role("other", "the plane is unknown, since the images have no orientation")
    if weighting is None:
        return Role("other", f"{plane}; neither description nor pulse sequence tell T1 or STIR for certain")
    why = f"{plane}; {weighting.reason}"
    if images < _MIN_SLICES:
        return Role("other", f"{why}; only {images} {'image' if images == 1 else 'images'}, not a stack")
    facts = {
        "modality": item.file.modality,
        "plane": plane,
        "weighting": weighting.name,
        "contrast": _CONTRAST[contrast.given],
    }
    name = _first_role(role_rules(), facts)
    if weighting.name == "t1":
        why = f"{why}; {contrast.reason}"
    if name is None:
        return Role("other", f"{why}; no role has this")
    if contrast.problems:
        return Role("other", why)
    return Role(name, why, _unexpected(item))


def _role_of_film(item: Slice, laterality: Laterality) -> Role:
    if item.file.presentation_intent == "FOR PROCESSING":
        return Role("other", "raw data of the detector, not a picture for reading")
    part, view = body_part_of(item), _view_of(item)
    said = {
        "hand": "a hand or wrist",
        "foot": "a foot",
        "other": "another body part",
        "mixed": "the header names several body parts",
        "unknown": "no body part is named",
    }
    facts = {
        "modality": item.file.modality,
        "body_part": part,
        "view": view,
        "side": _SIDES[laterality.side],
    }
    views = {"pa": "PA or AP view", "unknown": "the view is not given"}
    why = f"{said[part]}; {views.get(view, f'{view} view')}; {laterality.reason}"
    return Role(_first_role(role_rules(), facts) or "other", why)


def _view_of(item: Slice) -> str:
    for text in (item.file.view_position, f"{item.file.series_description} {item.file.protocol_name}"):
        for name, pattern in role_rules().views:
            if pattern.search(words(text)):
                return name
    return "unknown"


def _first_role(rules: RoleRules, facts: Mapping[str, str]) -> str | None:
    for rule in rules.roles:
        if all(facts.get(name) in allowed for name, allowed in rule.conditions.items()):
            return rule.role.format_map(facts)
    return None


def _fits(entry: Weighting, texts: Mapping[str, str], numbers: Mapping[str, float]) -> bool:
    for name, pattern in entry.patterns.items():
        wanted = not name.startswith("not_")
        if bool(pattern.search(texts[name.removeprefix("not_")])) != wanted:
            return False
    return all(name in numbers and low <= numbers[name] <= high for name, (low, high) in entry.ranges.items())


def _unexpected(item: Slice) -> tuple[str, ...]:
    if body_part_of(item) in {"hand", "unknown"}:
        return ()
    named = f" ({item.file.body_part})" if item.file.body_part else ""
    return (f"The body part{named} is not a hand or wrist.",)


def _named(text: str) -> set[BodyPart]:
    parts: tuple[BodyPart, ...] = ("hand", "foot", "other")
    return {name for name in parts if role_rules().body_part[name].search(text)}
