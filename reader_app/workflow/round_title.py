"""What travels with every reading: a round's title and own scoring systems may not tell what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reader_app.workflow.errors import BadRoundError, SystemTellsError, TitleTellsError
from scoring_forms.domain.scoring_system import ScoringSystem
from storage.study.records import Subject, Visit

_LONGEST = 80
_SHORTEST_PART = 3
_MONTHS = (
    "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sep(t|tember)?|oct(ober)?|"
    "nov(ember)?|dec(ember)?"
)
_DATE = re.compile(
    rf"\d{{1,4}}[-./]\d{{1,2}}[-./]\d{{1,4}}"
    rf"|(?<!\d)(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)"
    rf"|(?<!\d)(19|20)\d\d[-./](0[1-9]|1[0-2])(?!\d)"
    rf"|\b({_MONTHS})[ .,-]*\d{{1,4}}\b|\b\d{{1,4}}[ .,-]*({_MONTHS})\b",
    re.IGNORECASE,
)
_WEEK = re.compile(
    r"\b(weeks?|wks?|w|months?|m|days?|d|visits?|v)[ ._-]*\d+\b|\b\d+[ ._-]*(weeks?|wks?|w|months?|days?)\b",
    re.IGNORECASE,
)


def check_title(title: str, visits: Iterable[Visit], subjects: Iterable[Subject]) -> None:
    """Refuse a title that says something about visits, time or subjects.

    Raises:
        BadRoundError: The title is empty, too long, or holds a line break.
        TitleTellsError: It holds a visit label, week, date or subject code.
    """
    if not title.strip() or len(title) > _LONGEST or not title.isprintable():
        raise BadRoundError(f"A round's title is one line of 1 to {_LONGEST} characters")
    told = told_by(title, visits, subjects)
    if told:
        raise TitleTellsError(told)


def told_by(words: str, visits: Iterable[Visit], subjects: Iterable[Subject]) -> str:
    """Return what hidden thing stands in words that a reader will see, such as "a date"; empty for none."""
    if _DATE.search(words):
        return "a date"
    if _WEEK.search(words):
        return "a week or visit"
    for visit in visits:
        if _holds(words, visit.label):
            return "a visit's label"
        if visit.week is not None and _holds_word(words, f"{visit.week:g}"):
            return "the week of a visit"
    return "a subject's code" if any(_holds(words, subject.code) for subject in subjects) else ""


def check_words(system: ScoringSystem, visits: Iterable[Visit], subjects: Iterable[Subject]) -> None:
    """Refuse a coordinator's own system whose title or labels name a visit or a subject of the study.

    Numbers and short labels are no reason: they stand for digits and grades there.

    Raises:
        SystemTellsError: Names the words.
    """
    labels = {visit.label: "a visit's label" for visit in visits}
    hidden = labels | {subject.code: "a subject's code" for subject in subjects}
    sites = (site.label for feature in system.features for site in (*feature.sites, *feature.scored_sites))
    named = (one.label for one in (*system.features, *system.sums))
    for words in (system.title, system.region, *named, *sites):
        for name, what in hidden.items():
            if len(name) >= _SHORTEST_PART and not name.isdigit() and _holds(words, name):
                raise SystemTellsError(system.id, words, what)


def _holds(title: str, name: str) -> bool:
    """Whether *name* stands in *title*: anywhere if it is long enough to be meant, else as a word."""
    if len(name) >= _SHORTEST_PART:
        return name.casefold() in title.casefold()
    return _holds_word(title, name)


def _holds_word(title: str, word: str) -> bool:
    return bool(re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", title, re.IGNORECASE))
