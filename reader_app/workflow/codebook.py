"""The codebook of an export: what each column holds, how programs name it, scales, ranges and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reader_app.workflow.score_columns import cell_name
from scoring_forms.domain.form import Form
from scoring_forms.domain.scoring_system import Feature
from scoring_forms.domain.totals import totals
from storage.tables.names import short_names, spss_names
from storage.tables.table import Column, Table, Value, number

_COLUMNS = (
    Column("column", "name in CSV files and workbooks", width=64),
    Column("label", "what the column holds", width=128),
    Column("system", "scoring system"),
    Column("feature", "what is scored"),
    Column("side", "L or R; empty where the case has the side", width=4),
    Column("site", "bone or joint"),
    Column("minimum", "lowest value", "number", decimals=1),
    Column("maximum", "highest value", "number", decimals=1),
    Column("step", "distance between grades", "number", decimals=1),
    Column("grades", "what each value means", width=255),
    Column("definition", "what the feature is", width=255),
    Column("certainty", "how far sites and scale are confirmed by a text", width=255),
    Column("spss_name", "name in SPSS files", width=64),
    Column("stata_sas_name", "name in Stata and SAS files"),
)
_ABOUT = "about"


def codebook(tables: Sequence[Table], form: Form, facts: Mapping[str, Value]) -> Table:
    """Return the codebook of *tables*: their columns, the ranges of totals, then the facts of the export.

    A row whose column is ``total`` and that names a feature has the range of that total; a row whose
    column begins with ``about.`` has a fact as its label.
    """
    rows = [*_columns(tables, form), *_ranges(form)]
    rows += ((f"{_ABOUT}.{name}", _text(value), *[None] * 12) for name, value in facts.items())
    return Table("codebook", _COLUMNS, rows, "what each column holds")


def _columns(tables: Sequence[Table], form: Form) -> Iterator[tuple[Value, ...]]:
    """Yield a row for each column; those that several tables have come once."""
    cells = {cell_name(form, item): item for item in form.items()}
    seen: set[str] = set()
    for table in tables:
        names = zip(table.columns, spss_names(table.names), short_names(table.names), strict=True)
        for column, *other_names in names:
            if column.name in seen:
                continue
            seen.add(column.name)
            place: tuple[Value, ...] = (None,) * 7
            told: tuple[Value, ...] = (None, None)
            item = cells.get(column.name)
            if item is not None:
                feature = item.feature
                scale = (number(feature.minimum), number(feature.maximum), number(feature.step))
                place = (item.system.id, feature.id, item.side, item.site.id, *scale)
                told = _told(feature)
            yield (column.name, column.label, *place, _meanings(column), *told, *other_names)


def _ranges(form: Form) -> Iterator[tuple[Value, ...]]:
    features = {(part.system.id, feature.id): feature for part in form.parts for feature in part.features}
    for total in totals(form, {}, ""):
        place = (total.system, total.feature, None, None, number(total.minimum), number(total.maximum), None)
        feature = features.get((total.system, total.feature))
        told = _told(feature) if feature else (None, None)  # sums have no words of their own
        yield ("total", f"{total.label}: range", *place, None, *told, None, None)


def _told(feature: Feature) -> tuple[Value, Value]:
    return feature.definition or None, feature.certainty or None


def _meanings(column: Column) -> str | None:
    return "; ".join(f"{_text(value)} = {meaning}" for value, meaning in column.values.items()) or None


def _text(value: Value) -> str | None:
    return f"{value:g}" if isinstance(value, float) else value if value is None else str(value)
