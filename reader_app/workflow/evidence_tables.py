"""Tables of what readers left beside the scores: marks, comments, time at work, and their signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reader_app.workflow.collected_timepoints import ReadCase
from reader_app.workflow.score_columns import FEATURE, KEY, NO, SIDE, SITE, SYSTEM, YES
from scoring_forms.domain.form import Form
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.score import Cell
from storage.study.records import Visit
from storage.study.store import Study
from storage.tables.table import Column, Table, Value, number

_CASE = Column("case", "code of the case in the reader's reading", width=8)
_REPEAT = Column("repeat", "whether the case is a hidden repeat", width=4)
_MARKS = (
    *(*KEY, SYSTEM, FEATURE, SIDE, SITE, _CASE, _REPEAT),
    Column("mark", "number of the mark in the reader's case", "number"),
    Column("kind", "a point, or the outline of a bone or a defect"),
    Column("role", "series role of the image it was put on"),
    Column("plane", "nearest plane of that image; film for radiographs"),
    Column("point", "number of the point in the mark", "number"),
    Column("x_mm", "towards the left, mm, in the coordinates of the reader's pictures", "number", 3),
    Column("y_mm", "towards the back, mm", "number", 3),
    Column("z_mm", "towards the head, mm", "number", 3),
    Column("pixel_row", "on films: downwards from the centre of the top left pixel", "number", 2),
    Column("pixel_column", "on films: to the right of it", "number", 2),
    Column("frame", "which of the case's coordinate systems x, y, z are in", "number"),
    Column("slice_mm", "where the slice lies along the normal of its series, mm", "number", 3),
    Column("slice_step_mm", "distance between slices of the series, mm", "number", 3),
    Column("window_width", "on the screen, in rescaled pixel values", "number", 1),
    Column("window_level", "on the screen, in rescaled pixel values", "number", 1),
    Column("cortical_break", "whether the reader saw a break in the cortex here", width=4),
)
_TIMINGS = (
    *(*KEY, SYSTEM, FEATURE, SIDE, SITE, _CASE, _REPEAT),
    Column("active_ms", "ms at work with the cell; without a visit: with the case outside any", "number"),
)
_COMMENTS = (
    *(*KEY, SYSTEM, FEATURE, SIDE, SITE, _CASE, _REPEAT),
    Column(
        "comment", "what the reader wrote; without a site on the visit, without a visit on the case", width=64
    ),
)
_SIGNATURES = (
    *(KEY[0], KEY[3], KEY[4], Column("reading", "code of the reader's reading"), _CASE, _REPEAT),
    Column("signature", "number of the signature of this case; above 1 it was reopened", "number"),
    Column("counts", "whether it is the one that counts", width=4),
    Column("signed_utc", "when it was signed, UTC"),
    Column("signer", "name that was signed with"),
    Column("meaning", "what the signature says"),
    Column("seal", "SHA-256 over scores, pictures and form", width=64),
    Column("receipt", "SHA-256 of its row in the reading's audit trail", width=64),
)


def marks_table(cases: Sequence[ReadCase], form: Form, title: str, visits: Sequence[Visit]) -> Table:
    """One row per point of a mark: by case, visit, cell, and number of the mark."""
    rows: list[tuple[Value, ...]] = []
    for one in cases:
        marks = one.collected.annotations.marks
        by_cell: dict[Cell, list[Mark]] = {}
        for mark in sorted(marks, key=lambda mark: mark.id):
            by_cell.setdefault(mark.cell, []).append(mark)
        for cell, place in _places(one, form, title, visits) if by_cell else ():
            for mark in by_cell.get(cell, ()):
                rows += [(*place, *point) for point in _points(mark)]
    return Table("marks", _MARKS, rows, "a row for each point of a mark")


def timings_table(cases: Sequence[ReadCase], form: Form, title: str, visits: Sequence[Visit]) -> Table:
    """One row per cell that was worked on, and one per case for the time outside any cell."""
    rows: list[tuple[Value, ...]] = []
    for one in cases:
        active = one.collected.annotations.active_ms
        if None in active:
            case, repeat = one.case.code, YES if one.case.repeat else NO
            key = (one.case.subject, None, None, one.reader, title, *(None,) * 4)
            rows.append((*key, case, repeat, active[None]))
        places = _places(one, form, title, visits) if active else ()
        rows += ((*place, active[cell]) for cell, place in places if cell in active)
    return Table("timings", _TIMINGS, rows, "time at work")


def comments_table(cases: Sequence[ReadCase], form: Form, title: str, visits: Sequence[Visit]) -> Table:
    """One row per comment on a case, a visit or a cell, and per text that a reason for no grade asks for."""
    rows: list[tuple[Value, ...]] = []
    for one in cases:
        texts, sheet = one.collected.annotations.comments, one.collected.sheet
        letters = {timepoint.visit: timepoint.letter for timepoint in one.case.timepoints}
        read = [visit for visit in visits if visit.label in letters]
        whole = [(None, None, None), *((letters[each.label], each.label, number(each.week)) for each in read)]
        for letter, *place in whole:
            if text := texts.get((letter, None)):
                key = (one.case.subject, *place, one.reader, title, *(None,) * 4)
                rows.append((*key, one.case.code, YES if one.case.repeat else NO, text))
        for cell, place in _places(one, form, title, visits):
            score = sheet.get(cell)
            written = (score.comment if score else "", texts.get((cell.timepoint, cell), ""))
            rows += ((*place, text) for text in dict.fromkeys(written) if text)
    return Table("comments", _COMMENTS, rows, "what readers wrote about a case, a visit or a cell")


def signatures_table(study: Study, cases: Sequence[ReadCase], title: str) -> Table:
    """One row per signature; a case that was reopened has several, of which the last counts."""
    readings = {one.reading for one in cases}
    reopened = {grant.case for reading in readings for grant in study.reopening_grants(reading)}
    rows: list[tuple[Value, ...]] = []
    for one in cases:
        code = one.case.code
        history = study.collected_history(code) if code in reopened else (one.collected,)
        for count, signed in enumerate(history, 1):
            repeat, counts = (YES if true else NO for true in (one.case.repeat, count == len(history)))
            place = (one.case.subject, one.reader, title, one.reading, code, repeat, count, counts)
            rows.append((*place, *_receipt(signed.receipt), signed.seal, signed.receipt.get("hash")))
    return Table("signatures", _SIGNATURES, rows, "who signed which case when")


def _places(
    one: ReadCase, form: Form, title: str, visits: Sequence[Visit]
) -> Iterator[tuple[Cell, tuple[Value, ...]]]:
    """Yield every cell of a case, visit by visit, with what stands before its values."""
    letters = {timepoint.visit: timepoint.letter for timepoint in one.case.timepoints}
    repeat = YES if one.case.repeat else NO
    for visit in visits:
        if visit.label not in letters:
            continue
        key = (one.case.subject, visit.label, number(visit.week), one.reader, title)
        for cell in form.cells((letters[visit.label],)):
            where = (cell.system, cell.feature, cell.side or one.case.side, cell.site)
            yield cell, (*key, *where, one.case.code, repeat)


def _points(mark: Mark) -> Iterator[tuple[Value, ...]]:
    for count, point in enumerate(mark.points, 1):
        place = (None, None, None, *point) if mark.on_film else (*point, None, None)
        yield (
            *(mark.id, mark.kind, mark.role, mark.plane, count, *place),
            *(mark.frame, mark.slice_mm, mark.slice_step_mm, *mark.window),
            YES if mark.cortical_break else NO,
        )


def _receipt(receipt: Mapping[str, Value]) -> tuple[Value, ...]:
    return tuple(receipt.get(name) for name in ("utc", "printed_name", "meaning"))
