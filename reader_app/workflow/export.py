"""Score sheets of a locked round, with subject and visit restored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reader_app.workflow.errors import RoundNotLockedError, UnknownFormatError
from scoring_forms.domain.form import Form, FormItem
from scoring_forms.domain.score import Sheet
from scoring_forms.domain.totals import Total, totals
from storage.study.records import AllocatedCase, AllocatedReading, Round
from storage.study.store import Study
from storage.tables import Table, Value, number, write_tables

FORMATS = ("csv",)
FINAL = "final"
_KEY = ("subject", "visit", "week", "reader", "round")


@dataclass(frozen=True, slots=True)
class ReadTimepoint:
    """What one reader scored of one subject at one visit; the sheet's cells carry ``letter``."""

    subject: str
    visit: str
    week: float | None
    reader: str
    side: str | None
    repeat: bool
    letter: str
    sheet: Sheet

    def key(self, round_title: str) -> tuple[Value, ...]:
        """Return the first columns of every table."""
        return (self.subject, self.visit, number(self.week), self.reader, round_title)


def export_round(
    study: Study, round_name: str, folder: Path, formats: Sequence[str] = FORMATS
) -> tuple[Path, ...]:
    """Write the tables of a locked round into *folder* and return the files.

    Raises:
        RoundNotLockedError: Scores may not be joined with visits before the lock.
        UnknownFormatError: A format that this program does not write.
        ExportExistsError: A file of that name is there; nothing was written.
    """
    for wanted in formats:
        if wanted not in FORMATS:
            raise UnknownFormatError(wanted, FORMATS)
    chosen = study.round(round_name)
    if not chosen.locked:
        raise RoundNotLockedError(chosen.plan.title)
    tables = round_tables(study, chosen)
    facts: dict[str, str | int | None] = {
        "study": study.title,
        "round": chosen.plan.title,
        "locked_utc": chosen.locked_utc,
        "seed": str(chosen.plan.seed),  # kept from everybody until the lock
        "audit_head": study.audit_head(),
    }
    facts.update({f"system {part.system.id}": part.system.fingerprint for part in chosen.plan.form.parts})
    files = write_tables(folder, tables, facts)
    study.note("export", item=chosen.plan.title)
    return files


def round_tables(study: Study, chosen: Round) -> tuple[Table, ...]:
    """Return scores_long, scores_wide, totals and codebook of a round."""
    read = collected_timepoints(study, chosen)
    form, title = chosen.plan.form, chosen.plan.title
    # Where a rule sends cases to adjudication, two readers' own scores do not count until it is done.
    adjudicated = len(chosen.plan.readers) > 1 and bool(chosen.plan.adjudication)
    return (
        _long(read, form, title, counted=not adjudicated),
        _wide(read, form, title),
        _totals(read, form, title, () if adjudicated else chosen.plan.readers),
        _codebook(form),
    )


def collected_timepoints(study: Study, chosen: Round) -> tuple[ReadTimepoint, ...]:
    """Return everything collected in a round by subject, visit in study order, and reader.

    Raises:
        RoundNotLockedError: The round is still open.
    """
    if not chosen.locked:
        raise RoundNotLockedError(chosen.plan.title)
    weeks = {visit.label: visit.week for visit in study.visits()}
    order = {label: position for position, label in enumerate(weeks)}
    read = [
        timepoint for reading in study.readings(chosen.id) for timepoint in _of_reading(study, reading, weeks)
    ]
    return tuple(sorted(read, key=lambda t: (t.subject, order[t.visit], t.reader, t.repeat)))


def _of_reading(
    study: Study, reading: AllocatedReading, weeks: Mapping[str, float | None]
) -> Iterator[ReadTimepoint]:
    collected = study.collected(reading.code)
    for case in reading.cases:
        if case.code in collected:
            yield from _of_case(case, reading.reader, weeks, collected[case.code].sheet)


def _of_case(
    case: AllocatedCase, reader: str, weeks: Mapping[str, float | None], sheet: Sheet
) -> Iterator[ReadTimepoint]:
    for timepoint in case.timepoints:
        visit = timepoint.visit
        yield ReadTimepoint(
            case.subject, visit, weeks[visit], reader, case.side, case.repeat, timepoint.letter, sheet
        )


def _long(read: Sequence[ReadTimepoint], form: Form, title: str, *, counted: bool) -> Table:
    """One row per entered cell; a repeat's rows are there but never final."""
    columns = (*_KEY, "system", "feature", "side", "site", "value", "not_assessable", FINAL)
    rows: list[tuple[Value, ...]] = []
    for timepoint in read:
        final = "yes" if counted and not timepoint.repeat else "no"
        for item in form.items():
            score = timepoint.sheet.get(item.cell(timepoint.letter))
            if score is None:
                continue
            where = (item.system.id, item.feature.id, item.side or timepoint.side, item.site.id)
            entered = (number(score.value), score.not_assessable, final)
            rows.append((*timepoint.key(title), *where, *entered))
    return Table("scores_long", columns, rows)


def _wide(read: Sequence[ReadTimepoint], form: Form, title: str) -> Table:
    """One row per subject, visit and reader; a column a cell, empty where there is no grade."""
    items = tuple(form.items())
    rows: list[tuple[Value, ...]] = []
    for timepoint in read:
        if timepoint.repeat:
            continue
        scores = [timepoint.sheet.get(item.cell(timepoint.letter)) for item in items]
        rows.append((*timepoint.key(title), *(number(score.value) if score else None for score in scores)))
    return Table("scores_wide", (*_KEY, *(_column(form, item) for item in items)), rows)


def _totals(read: Sequence[ReadTimepoint], form: Form, title: str, final_of: Sequence[str]) -> Table:
    """One row per subject, visit, reader and feature, and the final ones where nothing is pending."""
    columns = (*_KEY, "system", "feature", "total", "n_sites", "n_missing")
    rows: list[tuple[Value, ...]] = []
    by_place: dict[tuple[str, str], list[ReadTimepoint]] = {}
    for timepoint in read:
        if not timepoint.repeat:
            by_place.setdefault((timepoint.subject, timepoint.visit), []).append(timepoint)
    for timepoints in by_place.values():
        sums = {one.reader: totals(form, one.sheet, one.letter) for one in timepoints}
        for one in timepoints:
            rows += [(*one.key(title), *_total_cells(total)) for total in sums[one.reader]]
        if final_of and set(final_of) == set(sums):
            first = timepoints[0]
            key = (first.subject, first.visit, number(first.week), FINAL, title)
            rows += [(*key, *_mean_cells(same)) for same in zip(*sums.values(), strict=True)]
    return Table("totals", columns, rows)


def _total_cells(total: Total) -> tuple[Value, ...]:
    return (total.system, total.feature, number(total.value), total.n_sites, total.n_missing)


def _mean_cells(same: Sequence[Total]) -> tuple[Value, ...]:
    """The mean over the planned readers; without a value if one of them has none.

    Source: statistics reference, section 10: the final score without adjudication.
    """
    values = [total.value for total in same if total.value is not None]
    mean = sum(values) / len(values) if len(values) == len(same) else None
    missing = max(total.n_missing for total in same)
    return (same[0].system, same[0].feature, number(mean), same[0].n_sites, missing)


def _column(form: Form, item: FormItem) -> str:
    """``bone_erosion.lunate``, ``erosion.L.mcp2``; the system in front where two have the feature."""
    of_feature = [part for part in form.parts if part.system.feature(item.feature.id)]
    system = item.system.id if len(of_feature) > 1 else None
    return ".".join(part for part in (system, item.feature.id, item.side, item.site.id) if part)


_COLUMNS = (
    ("subject", "code of the patient in this study"),
    ("visit", "label of the examination"),
    ("week", "nominal week of the visit"),
    (
        "reader",
        "who read; final = what counts: the one reader's, or the mean of all readers' totals",
    ),
    ("round", "the planned read"),
    ("system", "scoring system"),
    ("feature", "what is scored; in totals also derived counts, sums over some features, and total over all"),
    ("side", "L or R; in one-sided systems the imaged hand"),
    ("site", "bone or joint"),
    ("value", "grade; empty where not assessable"),
    ("not_assessable", "why there is no grade"),
    ("final", "yes where the row counts; no for repeats and scores that await adjudication"),
    ("total", "sum over all sites and both sides; empty if a site has no grade"),
    ("n_sites", "cells expected in the total; in derived counts bones and joints"),
    ("n_missing", "sites without a grade"),
)


def _codebook(form: Form) -> Table:
    """What every column, every cell column and every total means, with scale, grades and certainty."""
    columns = ("column", "label", "system", "feature", "side", "site", "minimum", "maximum", "step", "grades")
    columns += ("definition", "certainty")
    rows: list[tuple[Value, ...]] = [(name, label, *(None,) * 10) for name, label in _COLUMNS]
    for item in form.items():
        feature = item.feature
        grades = "; ".join(f"{grade} = {text}" for grade, text in feature.grades.items())
        where = (item.system.id, feature.id, item.side, item.site.id)
        scale = (number(feature.minimum), number(feature.maximum), number(feature.step), grades)
        words = (feature.definition, feature.certainty)
        rows.append((_column(form, item), f"{feature.label}, {item.site.label}", *where, *scale, *words))
    explained = {
        (part.system.id, feature.id): (feature.definition, feature.certainty)
        for part in form.parts
        for feature in part.features
    }
    for total in totals(form, {}, ""):
        span = (number(total.minimum), number(total.maximum), None, None)
        words = explained.get((total.system, total.feature), ("", ""))
        rows.append(("total", total.label, total.system, total.feature, None, None, *span, *words))
    return Table("codebook", columns, rows)
