"""The report as one HTML file: nothing is loaded from anywhere, and it prints well."""

from __future__ import annotations

from html import escape

from reader_app.workflow.analyse import Checkpoint
from reader_app.workflow.analysis_tables import Grid, Row
from reader_app.workflow.plot_shapes import Picture
from reader_app.workflow.report_content import Block, Heading, Paragraph, Report
from reader_app.workflow.svg import picture_svg

_STYLE = """
body { font: 14px/1.5 "DejaVu Sans", Helvetica, Arial, sans-serif; color: #1d2329; margin: 2.5em auto;
  max-width: 1180px; padding: 0 1.5em; }
h1 { font-size: 24px; margin: 0; } .sub { color: #5c6873; margin: 0 0 1.5em; }
h2 { font-size: 18px; margin: 2em 0 .6em; border-bottom: 1px solid #dde2e7; padding-bottom: .2em; }
h3 { font-size: 14px; margin: 1.6em 0 .2em; } .note { color: #5c6873; font-size: 12px; margin: .2em 0 .5em; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums; width: 100%; }
th { text-align: right; color: #5c6873; font-weight: normal; border-bottom: 1px solid #b9c2cb;
  padding: 4px 8px; }
td { text-align: right; border-bottom: 1px solid #e9edf0; padding: 4px 8px; white-space: nowrap; }
th { white-space: nowrap; }
th.word, td.word { text-align: left; white-space: normal; min-width: 11em; } td.strong { font-weight: bold; }
figure { display: inline-block; vertical-align: top; margin: 1em 1.5em 1em 0; max-width: 100%; }
figure svg { max-width: 100%; height: auto; }
figcaption { font-size: 12px; color: #5c6873; max-width: 460px; }
figcaption b { color: #1d2329; display: block; }
@page { size: A4 landscape; margin: 14mm; }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 11px; }
  table { font-size: min(9px, calc(160px / var(--columns))); } th, td { padding: .4em .6em; }
  .wide { overflow: visible; } tr, figure { break-inside: avoid; } h2, h3, .above { break-after: avoid; }
  thead { display: table-header-group; } }
"""


def report_html(report: Report, checkpoint: Checkpoint) -> str:
    """Return the file; *checkpoint* is called for each of the report's blocks."""
    title = escape(report.title)
    parts: list[str] = []
    for block in report.blocks:
        checkpoint(len(parts), len(report.blocks))
        parts.append(_block(block))
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f'<p class="sub">{escape(report.subtitle)}</p>\n{body}\n</body>\n</html>\n'
    )


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"<h2>{escape(block.text)}</h2>"
        case Paragraph():
            return f"<p>{escape(block.text)}</p>"
        case Grid():
            return _table(block)
        case Picture():
            words = f"<b>{escape(block.title)}</b>{escape(block.caption)}"
            return f"<figure>{picture_svg(block)}<figcaption>{words}</figcaption></figure>"


def _table(grid: Grid) -> str:
    heads = "".join(
        f'<th{_kind(column < grid.n_words)} scope="col">{escape(text)}</th>'
        for column, text in enumerate(grid.headings)
    )
    rows = "\n".join(_row(row, grid.n_words) for row in grid.rows)
    notes = "".join(f'<p class="note">{escape(reason)}</p>' for reason in grid.footnotes)
    note = f'<p class="note above">{escape(grid.note)}</p>' if grid.note else ""
    columns = f'style="--columns: {len(grid.headings)}"'  # the more, the smaller in print
    return (
        f'<h3>{escape(grid.title)}</h3>{note}<div class="wide"><table {columns}>'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody></table></div>{notes}"
    )


def _row(row: Row, n_words: int) -> str:
    cells = "".join(
        f"<td{_kind(column < n_words, cell.strong)}"
        + (f' title="{escape(cell.reason)}"' if cell.reason else "")
        + f">{escape(cell.text)}</td>"
        for column, cell in enumerate(row)
    )
    return f"<tr>{cells}</tr>"


def _kind(is_word: bool, is_strong: bool = False) -> str:
    names = [name for name, there in (("word", is_word), ("strong", is_strong)) if there]
    return f' class="{" ".join(names)}"' if names else ""
