"""The form of a round: which features of which systems a reader fills in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring_forms.domain.errors import (
    BadReasonError,
    ScoreOutOfRangeError,
    SystemTakenError,
    UnknownCellError,
    UnknownFeatureError,
)
from scoring_forms.domain.score import Cell, Score
from scoring_forms.domain.scoring_system import Feature, ScoringSystem, Site, Sum, system_from_dict
from scoring_forms.domain.systems import load_system, reasons


@dataclass(frozen=True, slots=True)
class FormPart:
    """One system and those of its features that the round asks for, derived ones included."""

    system: ScoringSystem
    features: tuple[Feature, ...]

    @property
    def scored(self) -> tuple[Feature, ...]:
        """The features a reader fills in."""
        return tuple(feature for feature in self.features if not feature.count_of)

    @property
    def sums(self) -> tuple[Sum, ...]:
        """The named sums of the system whose features the round asks for."""
        asked = {feature.id for feature in self.features}
        return tuple(one for one in self.system.sums if asked.issuperset(one.features))

    @property
    def has_grand_total(self) -> bool:
        """Whether the round asks for all of a system that defines a sum over its features."""
        return self.system.grand_total and self.features == self.system.features


@dataclass(frozen=True, slots=True)
class FormItem:
    """One line to fill in at every timepoint."""

    system: ScoringSystem
    feature: Feature
    side: str | None
    site: Site

    def cell(self, timepoint: str) -> Cell:
        """Return this line's cell at *timepoint*."""
        return Cell(timepoint, self.system.id, self.feature.id, self.side, self.site.id)


@dataclass(frozen=True, slots=True)
class Form:
    """What is scored in a round; a snapshot of it travels in every reading."""

    parts: tuple[FormPart, ...]

    @property
    def modality(self) -> str:
        """``"MR"`` or ``"CR/DX"``; a round never mixes them."""
        return self.parts[0].system.modality

    @property
    def roles(self) -> tuple[str, ...]:
        """The series roles that its features are read from, in first-named order."""
        named = (role for part in self.parts for feature in part.features for role in feature.roles)
        return tuple(dict.fromkeys(named))

    @property
    def one_sided(self) -> bool:
        """Whether its cells take their side from the case."""
        return any(part.system.sides == 1 for part in self.parts)

    def items(self) -> Iterator[FormItem]:
        """Yield every line to fill in: system, feature, side, site in the system's order."""
        for part in self.parts:
            for feature in part.scored:
                for side in part.system.side_values:
                    for site in feature.scored_sites:
                        yield FormItem(part.system, feature, side, site)

    def cells(self, timepoints: Iterable[str]) -> tuple[Cell, ...]:
        """Return every cell of a case with these timepoints, timepoint by timepoint."""
        return tuple(item.cell(timepoint) for timepoint in timepoints for item in self.items())

    def item(self, cell: Cell) -> FormItem:
        """Return the line *cell* belongs to.

        Raises:
            UnknownCellError: This form has no such line.
        """
        part = next((part for part in self.parts if part.system.id == cell.system), None)
        if part is None:
            raise UnknownCellError(f"scoring system {cell.system!r}")
        feature = next((feature for feature in part.scored if feature.id == cell.feature), None)
        if feature is None:
            raise UnknownCellError(f"feature {cell.feature!r} to fill in")
        site = feature.site(cell.site)
        if site is None:
            raise UnknownCellError(f"site {cell.site!r} in {feature.label}")
        if cell.side not in part.system.side_values:
            raise UnknownCellError(f"side {cell.side!r} in {part.system.title}")
        return FormItem(part.system, feature, cell.side, site)

    def validate(self, cell: Cell, score: Score) -> None:
        """Check that *score* may stand in *cell*.

        Raises:
            UnknownCellError: The form has no such cell.
            ScoreOutOfRangeError: The value is off the feature's scale.
            BadReasonError: The not-assessable reason is unknown or lacks its text.
        """
        item = self.item(cell)
        if score.value is not None:
            if not item.feature.allows(score.value):
                feature = item.feature
                raise ScoreOutOfRangeError(
                    f"{feature.label}, {item.site.label}",
                    score.value,
                    feature.minimum,
                    feature.maximum,
                    feature.step,
                )
            return
        reason = next((reason for reason in reasons() if reason.id == score.not_assessable), None)
        if reason is None:
            known = ", ".join(reason.id for reason in reasons())
            raise BadReasonError(str(score.not_assessable), f"is not known; use one of {known}")
        if reason.needs_comment and not score.comment.strip():
            raise BadReasonError(reason.id, "needs a few words in the comment")

    def to_dict(self) -> dict[str, Any]:
        """Return the form with its systems as plain JSON values."""
        return {
            "parts": [
                {
                    "system": part.system.to_dict(),
                    "fingerprint": part.system.fingerprint,
                    "features": [feature.id for feature in part.features],
                }
                for part in self.parts
            ]
        }


def form_from_dict(frozen: Mapping[str, Any]) -> Form:
    """Return the form that :meth:`Form.to_dict` froze."""
    return Form(
        tuple(_part(system_from_dict(part["system"]), set(part["features"])) for part in frozen["parts"])
    )


def compose_form(systems: Sequence[str | ScoringSystem], feature_ids: Sequence[str] | None = None) -> Form:
    """Return the form of a round that reads these systems, or only these features of them.

    A derived feature comes with the features it counts, and a feature with the counts that it completes.

    Args:
        systems: Ids of systems of the program, or systems read from files; twice the same counts once.
        feature_ids: None for all features.

    Raises:
        UnknownSystemError: A system does not exist.
        UnknownFeatureError: A feature is in none of the systems.
        SystemTakenError: Two different systems have the same id.
    """
    chosen: dict[str, ScoringSystem] = {}
    for one in systems:
        system = load_system(one) if isinstance(one, str) else one
        if chosen.setdefault(system.id, system) != system:
            raise SystemTakenError(system.id, "two of the chosen systems have it and differ")
    features = [feature for system in chosen.values() for feature in system.features]
    known = tuple(dict.fromkeys(feature.id for feature in features))
    wanted = set(known if feature_ids is None else feature_ids)
    for feature_id in sorted(wanted - set(known)):
        raise UnknownFeatureError(feature_id, known)
    wanted |= {counted for feature in features if feature.id in wanted for counted in feature.count_of}
    parts = tuple(_part(system, wanted) for system in chosen.values())
    return Form(tuple(part for part in parts if part.features))


def _part(system: ScoringSystem, wanted: set[str]) -> FormPart:
    return FormPart(system, tuple(feature for feature in system.features if _is_wanted(feature, wanted)))


def _is_wanted(feature: Feature, wanted: set[str]) -> bool:
    return wanted.issuperset(feature.count_of or (feature.id,))
