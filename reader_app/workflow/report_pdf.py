"""The report as PDF, A4 landscape, with fonts of its own, so that every name prints everywhere."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.resources import as_file, files
from itertools import zip_longest
from typing import Any

from reportlab.graphics import shapes
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics as typed_metrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import CondPageBreak, KeepTogether, SimpleDocTemplate, Spacer, Table, TableStyle
from reportlab.platypus import Paragraph as Words

from reader_app.workflow.analyse import Checkpoint
from reader_app.workflow.analysis_tables import Grid
from reader_app.workflow.plot_shapes import FAINT, INK, SOFT, Box, Dot, Line, Picture, Shape, Word
from reader_app.workflow.report_content import Heading, Paragraph, Report

drawn: Any = shapes  # their stubs know neither colours nor dashes
metrics: Any = typed_metrics

_PLAIN, _BOLD = "ReportSans", "ReportSans-Bold"
_PAGE = landscape(A4)
_MARGIN = 14 * mm
_WIDTH = _PAGE[0] - 2 * _MARGIN
_TEXT = ParagraphStyle("text", fontName=_PLAIN, fontSize=9, leading=13, textColor=HexColor(INK), spaceAfter=5)
_NOTE = ParagraphStyle("note", _TEXT, fontSize=7.5, leading=10, textColor=HexColor(SOFT), spaceAfter=3)
_TITLE = ParagraphStyle("title", _TEXT, fontName=_BOLD, fontSize=18, leading=22)
_PART = ParagraphStyle("part", _TEXT, fontName=_BOLD, fontSize=13, leading=17, spaceBefore=12, spaceAfter=6)
_GRID = ParagraphStyle("grid", _TEXT, fontName=_BOLD, fontSize=9.5, spaceBefore=9, spaceAfter=1)
_CELL_PAD = 4.0
_SIZES = (8.0, 7.5, 7.0, 6.5, 6.0, 5.5)
_WORDS_AT_MOST = (300.0, 170.0)  # where there is room, and where words have to take several lines
_ROOM_FOR_PART, _ROOM_FOR_GRID, _ROOM_FOR_PLOTS = 60 * mm, 35 * mm, 110 * mm


def report_pdf(report: Report, checkpoint: Checkpoint) -> bytes:
    """Return the file; the same report gives the same bytes.

    *checkpoint* is called for each paragraph, table and row of plots.
    """
    _register_fonts()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=_PAGE,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=report.title,
        author="RA Reader",
        subject=report.subtitle,
        creator="RA Reader",
        invariant=1,  # no time of making, no random id
    )
    flow: list[Any] = [_words(report.title, _TITLE), _words(report.subtitle, _NOTE)]
    pictures: list[Picture] = []
    for block, after in zip_longest(report.blocks, report.blocks[1:]):
        if isinstance(block, Picture):
            pictures.append(block)
            continue
        flow += _pictures(pictures)
        pictures = []
        if isinstance(after, Picture):  # or else a heading could be left alone
            flow.append(CondPageBreak(_ROOM_FOR_PLOTS))
        flow += _block(block)
    flow += _pictures(pictures)
    n = len(flow)

    def progress(what: str, count: int) -> None:
        if what == "PROGRESS":
            checkpoint(count, n)

    def foot(canvas: Any, _document: Any) -> None:
        canvas.setFont(_PLAIN, 7)
        canvas.setFillColor(HexColor(SOFT))
        canvas.drawString(_MARGIN, 7 * mm, f"{report.title} · {report.subtitle}")
        canvas.drawRightString(_PAGE[0] - _MARGIN, 7 * mm, f"page {canvas.getPageNumber()}")

    document.setProgressCallBack(progress)
    document.build(flow, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


@cache
def _register_fonts() -> None:
    folder = files("resources") / "fonts"
    for name, file in ((_PLAIN, "DejaVuSans.ttf"), (_BOLD, "DejaVuSans-Bold.ttf")):
        with as_file(folder / file) as path:
            metrics.registerFont(TTFont(name, str(path)))


def _words(text: str, style: ParagraphStyle) -> Words:
    return Words(escape(text, quote=False), style)


def _block(block: Heading | Paragraph | Grid) -> Iterator[Any]:
    match block:
        case Heading():
            yield CondPageBreak(_ROOM_FOR_PART)
            yield _words(block.text, _PART)
        case Paragraph():
            yield _words(block.text, _TEXT)
        case Grid():
            yield CondPageBreak(_ROOM_FOR_GRID)
            yield _words(block.title, _GRID)
            if block.note:
                yield _words(block.note, _NOTE)
            yield from _tables(block)
            for reason in block.footnotes:
                yield _words(reason, _NOTE)


def _tables(grid: Grid) -> Iterator[Any]:
    """Yield the table at the largest size that fits; one too wide even at the smallest goes on below."""
    tried = ((size, _widths(grid, size, words)) for size in _SIZES for words in _WORDS_AT_MOST)
    smallest = (_SIZES[-1], _widths(grid, _SIZES[-1], _WORDS_AT_MOST[-1]))
    size, widths = next((one for one in tried if sum(one[1]) <= _WIDTH), smallest)
    for columns in _parts(widths, grid.n_words):
        yield _table(grid, columns, [widths[column] for column in columns], size)
        yield Spacer(0, 4)


def _widths(grid: Grid, size: float, words_at_most: float) -> list[float]:
    """Return how wide each column has to be; wider words take several lines."""
    widths: list[float] = []
    for column, heading in enumerate(grid.headings):
        wide = [metrics.stringWidth(heading, _PLAIN, size)]
        wide += [
            metrics.stringWidth(row[column].text, _BOLD if row[column].strong else _PLAIN, size)
            for row in grid.rows
        ]
        limit = words_at_most if column < grid.n_words else _WIDTH
        widths.append(min(max(wide), limit) + 2 * _CELL_PAD + 0.5)
    return widths


def _parts(widths: list[float], n_words: int) -> Iterator[list[int]]:
    """Yield the columns of each part of a table; the words come again in each."""
    words = list(range(n_words))
    room = _WIDTH - sum(widths[:n_words])
    part: list[int] = []
    for column in range(n_words, len(widths)):
        if part and sum(widths[one] for one in part) + widths[column] > room:
            yield words + part
            part = []
        part.append(column)
    yield words + part


def _table(grid: Grid, columns: list[int], widths: list[float], size: float) -> Table:
    word = ParagraphStyle(
        "cell", fontName=_PLAIN, fontSize=size, leading=size * 1.25, textColor=HexColor(INK)
    )
    cells: list[list[Any]] = [[grid.headings[column] for column in columns]]
    styles: list[Any] = [
        ("FONT", (0, 0), (-1, -1), _PLAIN, size),
        ("TEXTCOLOR", (0, 0), (-1, 0), HexColor(SOFT)),
        ("TEXTCOLOR", (0, 1), (-1, -1), HexColor(INK)),
        ("ALIGN", (grid.n_words, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.6, HexColor(SOFT)),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, HexColor(FAINT)),
        ("LEFTPADDING", (0, 0), (-1, -1), _CELL_PAD),
        ("RIGHTPADDING", (0, 0), (-1, -1), _CELL_PAD),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
    for number, row in enumerate(grid.rows, 1):
        shown = [row[column] for column in columns]
        cells.append(
            [_words(cell.text, word) if i < grid.n_words else cell.text for i, cell in enumerate(shown)]
        )
        styles += [
            ("FONT", (i, number), (i, number), _BOLD, size) for i, cell in enumerate(shown) if cell.strong
        ]
    table = Table(cells, colWidths=widths, repeatRows=1, hAlign="LEFT")
    table.setStyle(TableStyle(styles))
    return table


# --- pictures -------------------------------------------------------------------------------------------


def _pictures(pictures: list[Picture]) -> Iterator[Any]:
    """Yield pictures, two in a row where they are narrow enough."""
    row: list[Picture] = []
    for picture in pictures:
        if row and row[0].width + picture.width > _WIDTH:
            yield _in_a_row(row)
            row = []
        row.append(picture)
        if len(row) == 2 or 2 * picture.width > _WIDTH:
            yield _in_a_row(row)
            row = []
    if row:
        yield _in_a_row(row)


def _in_a_row(pictures: list[Picture]) -> Any:
    cells: list[list[Any]] = [
        [_words(one.title, _GRID), _drawing(one), Words(escape(one.caption, quote=False), _NOTE)]
        for one in pictures
    ]
    if len(cells) == 1:
        return KeepTogether(cells[0])
    table = Table([cells], colWidths=[_WIDTH / 2] * 2, hAlign="LEFT")
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return table


def _drawing(picture: Picture) -> Any:
    drawing = drawn.Drawing(picture.width, picture.height)
    for shape in picture.shapes:
        drawing.add(_shape(shape, picture.height))
    scale = min(1.0, _WIDTH / picture.width)
    drawing.width, drawing.height = picture.width * scale, picture.height * scale
    drawing.scale(scale, scale)
    return drawing


def _shape(shape: Shape, height: float) -> Any:
    """Return a shape with its y turned upwards."""
    match shape:
        case Line():
            flat = [one for x, y in shape.points for one in (x, height - y)]
            dashes = [4, 3] if shape.dashed else None
            return drawn.PolyLine(
                flat, strokeColor=HexColor(shape.colour), strokeWidth=shape.width, strokeDashArray=dashes
            )
        case Dot():
            colour = HexColor(shape.colour)
            return drawn.Circle(shape.x, height - shape.y, shape.radius, fillColor=colour, strokeColor=None)
        case Box():
            bottom = height - shape.y - shape.height
            colour = HexColor(shape.colour)
            return drawn.Rect(shape.x, bottom, shape.width, shape.height, fillColor=colour, strokeColor=None)
        case Word():
            text = drawn.String(
                0,
                0,
                shape.text,
                fontName=_PLAIN,
                fontSize=shape.size,
                textAnchor=shape.anchor,
                fillColor=HexColor(shape.colour),
            )
            group = drawn.Group(text)
            group.translate(shape.x, height - shape.y)
            if shape.turned:
                group.rotate(90)
            return group
