import csv
import filecmp
import hashlib
import json
import signal
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pandas
import pyreadstat
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from storage.errors import StorageFullError, StorageUnavailableError
from storage.tables.errors import ExportExistsError, ExportTooLargeError
from storage.tables.export import FORMATS, write_tables
from storage.tables.table import About, Column, Table

READERS = {"sav": pyreadstat.read_sav, "dta": pyreadstat.read_dta, "xpt": pyreadstat.read_xport}
MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ABOUT = About({"study": "Änderung", "reading_design": "paired", "seed": "1" * 200}, "paired; strict", MOMENT)
COLUMNS = (
    Column("subject", "code", width=16),
    Column("comment", "said"),
    Column("week", "nominal week", "number", decimals=1),
    Column("erosion.L.mcp2", "Erosion", "grade", values={0.0: "none", 1.0: "some"}),
    Column("na", "why none", values={"outside_field_of_view": "Site lies outside", "surgery": "Prosthesis"}),
)
ROWS = [
    ("P01", "=SUM(A1)", 0, 1, None),
    ("P02", 'a "b", c\nd;\t漢字 🙂', 12.5, None, "outside_field_of_view"),
    ("ünï", "", None, 2, "surgery"),
    (None, "<r><t>x</t></r>", -3, 0, None),
]
TABLE = Table("scores", COLUMNS, ROWS)


def export(folder, rows=ROWS, formats=FORMATS, about=ABOUT):
    return write_tables(folder, [Table("scores", COLUMNS, rows)], about, formats)


def read_csv(folder):
    with (folder / "scores.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def read_workbook(folder, sheet="scores"):
    book = openpyxl.load_workbook(folder / "scores.xlsx")
    rows = [tuple(unescape(v) if isinstance(v, str) else v for v in row) for row in book[sheet].values]
    types = {cell.data_type for row in book[sheet].iter_rows() for cell in row}
    book.close()
    assert types <= {"s", "n"}  # no formula, date, link or error
    return rows[1:]


def read_statistics(folder, ending):
    frame, _ = READERS[ending](str(folder / f"scores.{ending}"))
    cells = frame.astype(object).where(frame.notna(), None)
    return [tuple(row) for row in cells.itertuples(index=False)]


def undefused(text):
    """Take off the one ' that keeps a spreadsheet from calculating."""
    starts = tuple("=+-@\t\r\n\0＝＋－＠")  # noqa: RUF001
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(starts) else text


def expected(rows, change=lambda text: text):
    """Return rows with texts as a format gives them back."""
    texts = {0, 1, 4}
    return [tuple(change(v or "") if at in texts else v for at, v in enumerate(row)) for row in rows]


def check_all(folder, rows):
    """Compare every format with what was written."""
    as_text = [
        tuple("" if v is None else f"{v:g}" if at in (2, 3) else v for at, v in enumerate(r)) for r in rows
    ]
    assert [(undefused(a), undefused(b), c, d, undefused(e)) for a, b, c, d, e in read_csv(folder)] == as_text
    assert read_workbook(folder) == rows
    assert read_statistics(folder, "dta") == expected(rows, lambda text: text.replace("\0", "\ufffd"))
    padded = expected(rows, lambda text: text.replace("\0", "\ufffd").rstrip(" "))
    assert read_statistics(folder, "sav") == padded
    assert read_statistics(folder, "xpt") == padded


def test_every_format_gives_back_what_was_written(tmp_path):
    export(tmp_path)
    check_all(tmp_path, ROWS)


codes = st.text(min_size=1, max_size=20)
texts = (
    st.none()
    | st.text(max_size=40)
    | st.sampled_from(["=1+1", "'=x", "-2", "<r>=</r>", "_x0041_", "a\r\nb", "é" * 3000])
)
numbers = st.none() | st.integers(-500, 500) | st.sampled_from([0.5, 12.5])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(codes, texts, numbers, numbers, texts), max_size=5))
@example([])
@example([("P01", None, None, None, None)])
def test_any_text_and_number_survive_in_every_format(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("out")
    export(folder, rows)
    check_all(folder, rows)


def test_pandas_reads_workbook_and_stata_file_alike(tmp_path):
    export(tmp_path)
    sheets = pandas.read_excel(tmp_path / "scores.xlsx", sheet_name=None, keep_default_na=False)
    assert list(sheets) == ["scores", "about"]
    stata: Any = pandas.read_stata(tmp_path / "scores.dta", convert_categoricals=False)
    assert list(stata["comment"]) == [row[1] for row in ROWS]
    assert list(stata["erosion_L_mcp2"].dropna()) == [1, 2, 0]


def test_two_exports_of_the_same_are_the_same_bytes(tmp_path):
    files = [path.name for path in export(tmp_path / "a")]
    export(tmp_path / "b")
    assert filecmp.cmpfiles(tmp_path / "a", tmp_path / "b", files, shallow=False) == (files, [], [])


def test_files_carry_the_moment_they_are_given_and_not_that_of_writing(tmp_path):
    export(tmp_path)
    for ending, read in READERS.items():
        _, meta = read(str(tmp_path / f"scores.{ending}"))
        seconds = 0 if ending == "dta" else 7
        assert meta.creation_time == datetime(2026, 3, 4, 5, 6, seconds)  # noqa: DTZ001
        assert meta.file_label == "paired; strict"
    properties = openpyxl.load_workbook(tmp_path / "scores.xlsx").properties
    assert properties.created == properties.modified == datetime(2026, 3, 4, 5, 6, 7)  # noqa: DTZ001


def test_labels_of_variables_and_values_are_in_statistics_files(tmp_path):
    export(tmp_path)
    _, spss = pyreadstat.read_sav(str(tmp_path / "scores.sav"))
    assert spss.column_names_to_labels["erosion.L.mcp2"] == "Erosion"
    assert spss.variable_value_labels["erosion.L.mcp2"] == {0: "none", 1: "some"}
    assert spss.variable_value_labels["na"] == COLUMNS[4].values
    assert spss.variable_measure["erosion.L.mcp2"] == "ordinal"
    assert spss.notes[:2] == ["study: Änderung", "reading_design: paired"]
    _, stata = pyreadstat.read_dta(str(tmp_path / "scores.dta"))
    assert stata.variable_value_labels == {"erosion_L_mcp2": {0: "none", 1: "some"}}
    assert stata.column_labels == [column.label for column in COLUMNS]
    _, sas = pyreadstat.read_xport(str(tmp_path / "scores.xpt"))
    assert sas.column_labels == [column.label for column in COLUMNS]
    assert sas.table_name == "scores"


def test_text_columns_have_the_width_they_are_given_whatever_is_in_them(tmp_path):
    export(tmp_path)
    _, spss = pyreadstat.read_sav(str(tmp_path / "scores.sav"))
    assert (spss.original_variable_types["subject"], spss.variable_storage_width["subject"]) == ("A16", 16)
    _, sas = pyreadstat.read_xport(str(tmp_path / "scores.xpt"))
    assert sas.variable_storage_width["subject"] == 16


def test_stata_labels_whole_numbers_only(tmp_path):
    halves = Column("jsn", "x", "grade", 1, values={0.0: "none", 0.5: "between"})
    write_tables(tmp_path, [Table("scores", (halves,), [(0.5,)])], ABOUT, ("dta",))
    assert pyreadstat.read_dta(str(tmp_path / "scores.dta"))[1].variable_value_labels == {}


def test_the_manifest_names_every_file_with_its_checksum(tmp_path):
    files = export(tmp_path / "out")
    assert [path.name for path in files] == [
        *("scores.csv", "scores.xlsx", "scores.sav", "scores.dta", "scores.xpt", "manifest.json")
    ]
    manifest = json.loads(files[-1].read_text("utf-8"))
    assert manifest["reading_design"] == "paired"
    for path in files[:-1]:
        assert manifest["sha256"][path.name] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_workbook_says_what_it_is(tmp_path):
    export(tmp_path)
    assert read_workbook(tmp_path, "about")[:2] == [("study", "Änderung"), ("reading_design", "paired")]


@pytest.mark.parametrize("name", ["scores.sav", "scores.xlsx", "manifest.json"])
def test_an_export_never_overwrites_and_then_writes_nothing(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(ExportExistsError, match=rf"{name} is already there"):
        export(tmp_path)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, "mine")]


def test_a_text_that_a_cell_cannot_hold_is_an_error_and_leaves_nothing(tmp_path):
    rows = [("P01", "x" * 40_000, 1, 1, None)]
    for wanted, name in (("xlsx", "XLSX"), ("sav", "SPSS"), ("xpt", "SAS transport")):
        with pytest.raises(ExportTooLargeError, match=rf"comment; {name} holds 32,767"):
            export(tmp_path / "out", rows, ("csv", wanted))
        assert not list(tmp_path.iterdir())
    export(tmp_path / "out", rows, ("csv", "dta"))
    assert read_statistics(tmp_path / "out", "dta")[0][1] == "x" * 40_000


def test_more_rows_than_a_sheet_holds_are_an_error(tmp_path):
    class Many(list):
        def __len__(self):
            return 1_048_576

    with pytest.raises(ExportTooLargeError, match="1,048,576 rows; XLSX holds 1,048,575"):
        export(tmp_path, Many(), ("xlsx",))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("wanted", FORMATS)
def test_a_full_disk_leaves_nothing_behind(tmp_path, wanted):
    resource = pytest.importorskip("resource", reason="needs a limit on the size of files")
    rows = [(f"P{n}", f"{n}" * 40, n, 1, None) for n in range(4000)]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, before[1]))
    try:
        with pytest.raises((StorageFullError, StorageUnavailableError)):
            export(tmp_path / "deep" / "out", rows, (wanted,))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert not list(tmp_path.iterdir())


class StoppedError(Exception):
    """What a checkpoint raises to stop the work."""


@pytest.mark.parametrize("formats", [("csv",), ("xlsx",), ("sav", "dta", "xpt")])
def test_an_export_that_is_stopped_leaves_nothing_wherever_it_was(tmp_path, formats):
    rows = [(f"P{number}", "text", 1, 2, None) for number in range(12_000)]
    tables = [Table("scores", COLUMNS, rows), Table("others", COLUMNS, ROWS)]
    heard = []
    write_tables(tmp_path / "whole", tables, ABOUT, formats, lambda *step: heard.append(step))
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    assert {total for _, total in heard} == {heard[-1][0]}
    if formats != ("sav", "dta", "xpt"):  # which are written in one go
        assert len(heard) > 4
    for stop_at in {0, len(heard) // 2, len(heard) - 1}:
        steps = iter(range(len(heard)))

        def checkpoint(_done, _total, steps=steps, stop_at=stop_at):
            if next(steps) == stop_at:
                raise StoppedError

        with pytest.raises(StoppedError):
            write_tables(tmp_path / "new" / "folder", tables, ABOUT, formats, checkpoint)
        assert not (tmp_path / "new").exists()
