import csv
import hashlib
import json

import pytest

from storage.tables import ExportExistsError, Table, csv_bytes, number, write_tables


def test_text_that_looks_like_a_formula_is_defused_and_numbers_stay_numbers():
    table = Table("t", ("text", "number"), [("=1+1", -2), ("@sum", 0.5), ("\uff1dx", None), ("plain", 2.0)])
    assert csv_bytes(table).decode().split("\r\n") == [
        "text,number",
        "'=1+1,-2",
        "'@sum,0.5",
        "'\uff1dx,",
        "plain,2",
        "",
    ]


def test_quotes_commas_and_line_breaks_survive():
    table = Table("t", ("text",), [('a "b", c\nd',), ("æøå",)])
    rows = list(csv.reader(csv_bytes(table).decode().splitlines(keepends=True)))
    assert rows == [["text"], ['a "b", c\nd'], ["æøå"]]


def test_an_export_never_overwrites_and_then_writes_nothing(tmp_path):
    (tmp_path / "b.csv").write_text("mine")
    with pytest.raises(ExportExistsError, match=r"b\.csv is already there"):
        write_tables(tmp_path, [Table("a", ("x",), []), Table("b", ("x",), [])], {})
    assert [path.name for path in tmp_path.iterdir()] == ["b.csv"]


def test_the_manifest_names_every_file_with_its_checksum(tmp_path):
    files = write_tables(tmp_path / "out", [Table("a", ("x",), [(1,)])], {"round": "RAMRIS"})
    assert [path.name for path in files] == ["a.csv", "manifest.json"]
    manifest = json.loads(files[-1].read_text("utf-8"))
    assert manifest["round"] == "RAMRIS"
    assert manifest["sha256"]["a.csv"] == hashlib.sha256(files[0].read_bytes()).hexdigest()


def test_whole_numbers_are_written_without_a_decimal_point():
    assert [number(value) for value in (2.0, 2.5, None)] == [2, 2.5, None]
