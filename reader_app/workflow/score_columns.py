"""The columns of exported tables, with the labels that statistics programs and the codebook show."""

from __future__ import annotations

from collections.abc import Mapping

from scoring_forms.domain.form import Form, FormItem
from scoring_forms.domain.systems import reasons
from storage.tables.table import Column

YES, NO = "yes", "no"
WHY_NONE = "na"
"""Ends the names of the columns that say why a cell of the wide table has no grade."""

KEY = (
    Column("subject", "code of the patient in this study"),
    Column("visit", "label of the examination"),
    Column("week", "nominal week of the visit", "number"),
    Column(
        "reader",
        "who read; final = what counts: the one reader's, the mean of all, or the adjudicated",
    ),
    Column("round", "the planned read", width=64),
)
SYSTEM = Column("system", "scoring system")
FEATURE = Column(
    "feature",
    "what is scored; in totals also counts, named sums, and total: the sum over all features",
)
SIDE = Column("side", "L or R; in one-sided systems the imaged hand", width=4)
SITE = Column("site", "bone or joint")
NOT_ASSESSABLE = Column(
    "not_assessable",
    "why there is no grade; a cell that was left empty has neither a grade nor a reason",
    values={reason.id: reason.label for reason in reasons()},
)
FINAL = Column(
    "final",
    "whether the row counts",
    width=4,
    values={YES: "counts", NO: "a repeat, not chosen by adjudication, or awaits it"},
)
ORIGIN = Column(
    "origin",
    "where a final score comes from; empty for what one reader scored",
    width=24,
    values={
        "single_reader": "the one reader's",
        "primary_mean": "mean of the planned readers",
        "mean_of_two_closest": "adjudicated: mean of the two closest of three",
        "mean_of_three": "adjudicated: mean of all three",
        "adjudicator": "the adjudicator's",
        "consensus": "the adjudicator's, as consensus",
    },
)
CONFIDENCE = Column(
    "confidence", "how sure the reader was", "grade", values={1.0: "unsure", 2.0: "fairly sure", 3.0: "sure"}
)
CONSENSUS = Column(
    "consensus",
    "whether the adjudicator stated the grade as agreed in a consensus",
    width=4,
    values={YES: "agreed in a consensus", NO: "what the one reader or the adjudicator found"},
)


def long_columns(form: Form, *, confidence: bool, consensus: bool = False) -> tuple[Column, ...]:
    """Return the columns of the table with a row for each cell.

    Args:
        form: What is scored.
        confidence: The round asks how sure readers are.
        consensus: A grade was stated as agreed in a consensus.
    """
    halves = any(item.feature.has_half_steps for item in form.items())
    value = Column("value", "grade; empty where not assessable", "number", decimals=int(halves))
    return (
        *KEY,
        SYSTEM,
        FEATURE,
        SIDE,
        SITE,
        value,
        NOT_ASSESSABLE,
        FINAL,
        *((CONFIDENCE,) if confidence else ()),
        *((CONSENSUS,) if consensus else ()),
    )


def wide_columns(form: Form) -> tuple[Column, ...]:
    """Return the columns of the table with a row for each reader, subject and visit: grades, then reasons."""
    items = tuple(form.items())
    return (*KEY, *(_grade(form, item) for item in items), *(_reason(form, item) for item in items))


def total_columns() -> tuple[Column, ...]:
    """Return the columns of the table with a row for each total."""
    return (
        *KEY,
        SYSTEM,
        FEATURE,
        Column("total", "strict: the sum over all sites; empty if a site has no grade", "number", decimals=1),
        Column("n_sites", "sites expected in the total", "number"),
        Column("n_missing", "sites without a grade", "number"),
        Column(
            "prorated",
            "the observed sum x expected / assessed sites where enough are assessed; equals total if none is "
            "missing",
            "number",
            decimals=2,
        ),
        ORIGIN,
    )


def cell_name(form: Form, item: FormItem) -> str:
    """``bone_erosion.lunate``, ``erosion.L.mcp2``; the system in front where two have the feature."""
    of_feature = [part for part in form.parts if part.system.feature(item.feature.id)]
    system = item.system.id if len(of_feature) > 1 else None
    return ".".join(part for part in (system, item.feature.id, item.side, item.site.id) if part)


def cell_label(item: FormItem) -> str:
    """``Erosion, left MCP 2``: what a cell is, for people."""
    side = f" ({item.side})" if item.side else ""
    return f"{item.feature.label}, {item.site.label}{side}"


def _grade(form: Form, item: FormItem) -> Column:
    feature = item.feature
    grades: Mapping[str | float, str] = {float(grade): text for grade, text in feature.scale}
    decimals = int(feature.has_half_steps)
    return Column(cell_name(form, item), cell_label(item), "grade", decimals, values=grades)


def _reason(form: Form, item: FormItem) -> Column:
    label = f"{cell_label(item)}: why there is no grade"
    return Column(f"{cell_name(form, item)}.{WHY_NONE}", label, values=NOT_ASSESSABLE.values)
