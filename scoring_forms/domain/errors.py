"""What can go wrong with a score or a scoring system, each with the facts a sentence needs."""

from __future__ import annotations


class ScoringError(Exception):
    """Base of every expected failure in this package; its text is one plain sentence."""


class UnknownSystemError(ScoringError):
    """No scoring system has this id."""

    def __init__(self, system: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"There is no scoring system {system!r}; use one of {', '.join(known)}, or the path of a .toml "
            "or .json file."
        )
        self.system, self.known = system, known


class UnknownFeatureError(ScoringError):
    """A round asks for a feature that none of its systems has."""

    def __init__(self, feature: str, known: tuple[str, ...]) -> None:
        super().__init__(f"No chosen scoring system has a feature {feature!r}; use {', '.join(known)}.")
        self.feature, self.known = feature, known


class BadSystemError(ScoringError):
    """A scoring-system file does not describe a scoring system."""

    def __init__(self, source: str, line: int | None, field: str, problem: str) -> None:
        where = [source, f"line {line}" if line else "", field]
        end = "" if problem.endswith("?") else "."
        text = f"{', '.join(part for part in where if part)}: {problem}{end}"
        super().__init__("".join(letter if letter.isprintable() else "?" for letter in text))
        self.source, self.line, self.field, self.problem = source, line, field, problem


class SystemTakenError(ScoringError):
    """Two scoring systems would have the same id."""

    def __init__(self, system: str, problem: str) -> None:
        super().__init__(f"The scoring system id {system!r} is taken: {problem}.")
        self.system = system


class UnknownCellError(ScoringError):
    """A score is meant for a cell that the form does not have."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The form of this reading has no {what}.")
        self.what = what


class ScoreOutOfRangeError(ScoringError):
    """A value is not one of the allowed steps of its feature."""

    def __init__(self, label: str, value: float, minimum: float, maximum: float, step: float) -> None:
        steps = "whole numbers" if step == 1 else f"steps of {step:g}"
        super().__init__(f"{label} cannot be {value:g}: use {steps} from {minimum:g} to {maximum:g}.")
        self.value, self.minimum, self.maximum, self.step = value, minimum, maximum, step


class BadReasonError(ScoringError):
    """A not-assessable entry has no known reason, or lacks the text its reason needs."""

    def __init__(self, reason: str, problem: str) -> None:
        super().__init__(f"Not-assessable reason {reason!r} {problem}.")
        self.reason, self.problem = reason, problem


class BadRulesError(ScoringError):
    """A rule of a round is unknown or has a value it cannot have."""

    def __init__(self, rule: str, problem: str) -> None:
        super().__init__(f"Rules of the round, {rule}: {problem}.")
        self.rule, self.problem = rule, problem


class BadAdjudicationRuleError(ScoringError):
    """A rule that sends cases to adjudication cannot be used."""

    def __init__(self, rule: str, problem: str) -> None:
        super().__init__(f"The adjudication rule {rule!r} {problem}.")
        self.rule, self.problem = rule, problem


class BadMarkError(ScoringError):
    """A mark has a part that cannot be."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"A mark cannot be used; {field}: {problem}.")
        self.field, self.problem = field, problem


class NoEstimateError(ScoringError):
    """Outlines do not tell how much of a bone a defect takes."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"There is no estimate: {reason}.")
        self.reason = reason
