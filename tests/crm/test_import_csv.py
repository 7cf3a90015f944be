"""Lists as plain text: their delimiters, quotation marks, line breaks and headings."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.imports.reading import Cells, Shape
from tests.files import problems, read, refusal, workbook


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_recognised(delimiter: str, end: str) -> None:
    lines = [["Name", "Notes"], ["Filse", "Genova, Via Peschiera; 16"], ["IIT", "a\tb"]]
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(lines)
    shape, headings, rows = read(file.getvalue().encode())
    assert shape.delimiter == delimiter
    assert [headings, *map(list, rows)] == lines


TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff'\u2028\u2029"),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=150)
@given(
    rows=st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=2, max_size=6),
    dialect=st.tuples(
        st.sampled_from([",", ";", "\t"]),
        st.sampled_from(["\n", "\r\n", "\r"]),
        st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    ),
)
def test_whatever_a_dialect_wrote_is_read_back(rows: list[list[str]], dialect: Any) -> None:
    delimiter, end, quoting, encoding = dialect
    file = io.StringIO()
    written = [["Given", "Family", "Notes"], *rows]
    csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(written)
    content = file.getvalue().encode(encoding)
    _shape, _headings, found = read(content, Shape("csv", encoding, delimiter))
    expected = [Cells(row) for row in rows if any(cell.strip() for cell in row)]
    for row in expected:
        row.clean()
    assert found == expected


def test_line_breaks_in_cells_are_kept_and_lines_are_counted_as_in_the_file() -> None:
    content = b'Name,Notes\n"Filse","two\r\nlines"\n"IIT",one,two\n'
    _shape, _headings, rows = read(content)
    assert list(rows[0]) == ["Filse", "two\nlines"]
    assert [line for line, _column, _why in problems(content)] == [4]


def test_ragged_rows_are_filled_up_or_told_never_cut_in_silence() -> None:
    content = b"Name,City,Notes\nFilse\nIIT,Genova,a,b,c\nCNR,Genova,x,,\n"
    _shape, _headings, rows = read(content)
    assert list(rows[0]) == ["Filse", "", ""]
    assert list(rows[2]) == ["CNR", "Genova", "x"]
    [(line, column, why)] = problems(content)
    assert (line, column) == (3, None)
    assert "2 cells more than there are columns: “b”, “c”" in why


def test_a_nul_is_told_at_its_cell_and_the_other_rows_are_read() -> None:
    content = b"Name,City\nFil\x00se,Genova\nIIT,Genova\n"
    [(line, column, why)] = problems(content)
    assert (line, column) == (2, 0)
    assert "NUL" in why
    assert not any("\0" in cell for row in read(content)[2] for cell in row)


def test_a_mark_in_the_middle_of_a_file_is_left_out() -> None:
    assert list(read("Name\nFilse\n\ufeffIIT\n".encode())[2][1]) == ["IIT"]


def test_a_note_longer_than_python_usually_reads_is_read_whole() -> None:
    note = "x" * 200_000
    assert read(f"Name,Notes\nFilse,{note}\n".encode())[2][0][1] == note


def test_a_quotation_mark_that_is_never_closed_is_told_at_its_line() -> None:
    content = b'Name,Notes\nFilse,x\nIIT,"open\n' + b"a,b\n" * 400_000
    assert "begins on line 3 does not end" in refusal(content)


def test_a_row_that_swallows_the_rest_of_the_file_is_told() -> None:
    content = b'Name,Notes\nFilse,x\nIIT,"open\nCNR,y\nRAISE,z'
    assert [list(row) for row in read(content)[2]] == [
        ["Filse", "x"],
        ["IIT", "open\nCNR,y\nRAISE,z"],
    ]
    [(line, column, why)] = problems(content)
    assert (line, column) == (3, None)
    assert "opened on line 3 and never closed" in why


def test_a_line_without_end_is_refused() -> None:
    assert "this is no list" in refusal(b"," * 3_000_000)


def test_formulas_in_csv_are_text_and_our_own_guard_is_taken_off() -> None:
    rows = read(b"Name,Phone\n=1+1,'+81-3-5253-1111\n'=2+2,+81 3 5253 1111\n")[2]
    assert list(rows[0]) == ["=1+1", "+81-3-5253-1111"]
    assert list(rows[1]) == ["=2+2", "+81 3 5253 1111"]


def test_the_line_that_tells_excel_the_delimiter_is_no_heading() -> None:
    shape, headings, _rows = read(b"sep=;\nName;City\nFilse;Genova\n")
    assert (shape.delimiter, headings) == (";", ["Name", "City"])


# Headings


def test_headings_alike_stay_two_columns_and_blank_ones_stay_where_they_hold_something() -> None:
    _shape, headings, rows = read(b"Phone,Phone,,Name,,\n1,2,3,Filse,,\n")
    assert headings == ["Phone", "Phone", "", "Name"]
    assert list(rows[0]) == ["1", "2", "3", "Filse"]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n \r\n", b"\xff\xfe"])
def test_an_empty_file_says_so(content: bytes) -> None:
    assert "empty" in refusal(content)


def test_an_empty_workbook_says_so() -> None:
    assert "nothing in it" in refusal(workbook())


def test_a_million_columns_are_refused() -> None:
    assert "more than 500 columns" in refusal(b"x," * 900_000 + b"\n1,2\n")
    assert "more than 500 columns" in refusal(workbook([f"c{i}" for i in range(600)], [1]))
