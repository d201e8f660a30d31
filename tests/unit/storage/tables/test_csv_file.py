import csv
import io

from storage.tables.csv_file import csv_pieces
from storage.tables.table import Column, Table, number


def text_of(*rows, names=("text", "number")):
    columns = tuple(Column(name) for name in names)
    return "".join(csv_pieces(Table("t", columns, rows)))


def test_text_that_looks_like_a_formula_is_defused_and_numbers_stay_numbers():
    rows = [("=1+1", -2), ("@sum", 0.5), ("\uff1dx", None), ("plain", 2.0), ("'+1", 1e20)]
    assert text_of(*rows).split("\r\n") == [
        "text,number",
        "'=1+1,-2",
        "'@sum,0.5",
        "'\uff1dx,",
        "plain,2",
        "''+1,1e+20",
        "",
    ]


def test_quotes_commas_and_line_breaks_survive():
    text = text_of(('a "b", c\nd',), ("æøå",), names=("text",))
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["text"], ['a "b", c\nd'], ["æøå"]]


def test_a_row_of_nothing_is_a_row_and_not_a_blank_line():
    assert text_of((None,), ("",), names=("text",)) == 'text\r\n""\r\n""\r\n'


def test_a_number_reads_back_as_it_was():
    values = [1 / 3, 0.1 + 0.2, -0.0, 38.5, 1e-7]
    lines = text_of(*((None, value) for value in values)).splitlines()[1:]
    assert [float(line.split(",")[1]) for line in lines] == values


def test_whole_numbers_are_written_without_a_decimal_point():
    assert [number(value) for value in (2.0, 2.5, None)] == [2, 2.5, None]
