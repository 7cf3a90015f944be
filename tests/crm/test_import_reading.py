"""Files are read for what they are; what can't be read says why, and what to do."""

import csv
import io
import tracemalloc
import zipfile
from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.imports.reading import (
    Cells,
    Shape,
    Unreadable,
    merged_cells,
    open_file,
    read_date,
    recognise,
    remark,
    sheet_names,
)
from crm.imports.reading import workbooks as reading_workbooks
from tests.files import inline, raw_workbook, workbook

JAPANESE = "姓,会社名\r\n鈴木,中部経済連合会\r\nｽｽﾞｷ,ﾅｺﾞﾔ\r\n"
ITALIAN = "Cognome;Città\r\nNiccolò;Forlì\r\nPerù;È così\r\n"


def read(content: bytes, shape: Shape | None = None) -> tuple[Shape, list[str], list[Cells]]:
    """How the file is recognised, its headings and its rows."""
    file = io.BytesIO(content)
    shape = shape or recognise(file)
    table = open_file(lambda: nullcontext(io.BytesIO(content)), shape)
    return shape, table.headings, [row for _line, row in table.rows()]


def refusal(content: bytes) -> str:
    """Why the file can't be read."""
    with pytest.raises(Unreadable) as reason:
        read(content)
    return str(reason.value)


def problems(content: bytes) -> list[tuple[int, int | None, str]]:
    """What is wrong with its rows: line, column, why."""
    file = io.BytesIO(content)
    table = open_file(lambda: nullcontext(io.BytesIO(content)), recognise(file))
    return [
        (line, one["column"], one["text"]) for line, row in table.rows() for one in row.problems
    ]


# Letters


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (JAPANESE, "cp932"),
        (JAPANESE, "utf-8"),
        (JAPANESE, "utf-8-sig"),
        (JAPANESE, "utf-16"),
        (JAPANESE, "utf-16-le"),
        (JAPANESE, "utf-16-be"),
        (ITALIAN, "cp1252"),
        (ITALIAN, "utf-8"),
        (ITALIAN, "utf-16"),
        ("Name,City\r\nGenève,Zürich\r\nJosé,Coruña\r\n", "cp1252"),
        ("Name\r\n“Nagoya Innovator’s Garage”\r\n", "cp1252"),
        ("Name,City\r\nSuzuki,東京\r\n", "cp932"),
        ("Name,City\r\nSUZUKI,ﾄｳｷｮｳ\r\n", "cp932"),
    ],
)
def test_letters_are_recognised(text: str, encoding: str) -> None:
    shape, headings, rows = read(text.encode(encoding))
    delimiter = ";" if ";" in text else ","
    assert shape.encoding == encoding
    assert [headings, *map(list, rows)] == [
        line.split(delimiter) for line in text.splitlines() if line
    ]


@pytest.mark.parametrize(("word", "encoding"), [("Forlì", "cp1252"), ("東京", "cp932")])
def test_letters_far_from_the_head_count_too(word: str, encoding: str) -> None:
    text = "Name,City\r\n" + "Rossi,Genova\r\n" * 20_000 + f"Rossi,{word}\r\n"
    shape, _headings, rows = read(text.encode(encoding))
    assert (shape.encoding, rows[-1][1]) == (encoding, word)


def test_letters_that_do_not_fit_say_from_which_line() -> None:
    with pytest.raises(Unreadable, match="From line 1 on"):
        read(ITALIAN.encode("cp1252"), Shape("csv", "utf-8", ";"))


# CSV


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


# What is no list


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n1 0 obj", "This is a PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(40)), "This is a picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "This is a picture"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "packed archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook", "an old Excel workbook (.xls)"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1")
            + b"\0" * 600
            + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (b"<html><table><tr><td>Name", "This is a web page"),
        (b"PK\x03\x04 and then nothing", "The workbook is damaged"),
        (bytes(range(256)) * 8, "not a list that can be read"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_a_name_that_says_something_else_is_told_and_the_content_counts() -> None:
    shape = recognise(io.BytesIO(workbook(["Name"], ["Filse"])))
    assert shape.format == "xlsx"
    assert "this is an Excel workbook" in remark(shape, "people.csv")
    assert "this is plain text" in remark(Shape("csv"), "people.xlsx")
    assert remark(shape, "people.xlsx") == remark(Shape("csv"), "people.txt") == ""


# Workbooks


def test_cells_of_a_workbook_are_text_as_one_would_type_it() -> None:
    row = [
        date(2026, 11, 22),
        datetime(2026, 11, 22, 10, 30),
        time(9, 5),
        timedelta(hours=1, minutes=30),
        3.0,
        81352531111,
        0.1,
        True,
        " 東京 ",
    ]
    _shape, _headings, rows = read(workbook([f"c{i}" for i in range(9)], row))
    assert list(rows[0]) == [
        "2026-11-22",
        "2026-11-22 10:30",
        "09:05",
        "01:30",
        "3",
        "81352531111",
        "0.1",
        "true",
        " 東京 ",
    ]


def test_a_formula_without_its_result_and_an_error_are_told_at_their_cell() -> None:
    formula = '<row><c r="B3"><f>1+1</f></c><c r="A3"><v>7</v></c></row>'
    error = '<row r="4"><c r="A4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    kept = '<row r="5"><c r="A5"><f>1+1</f><v>2</v></c></row>'
    sheet = inline("Name", "Notes") + '<row r="3">' + formula[5:] + error + kept
    found = problems(raw_workbook(sheet))
    assert [(line, column) for line, column, _why in found] == [(3, 1), (4, 0)]
    assert "a formula without its result" in found[0][2]
    assert "#DIV/0!" in found[1][2]
    assert list(read(raw_workbook(sheet))[2][2]) == ["2", ""]


def test_readings_above_japanese_text_are_no_part_of_it() -> None:
    strings = "<si><r><t>鈴</t></r><r><t>木</t></r><rPh sb='0' eb='2'><t>スズキ</t></rPh></si>"
    sheet = inline("Name") + '<row r="2"><c t="s"><v>0</v></c></row>'
    assert list(read(raw_workbook(sheet, strings=strings))[2][0]) == ["鈴木"]


def test_the_guard_of_a_csv_that_became_a_workbook_is_taken_off() -> None:
    assert list(read(workbook(["Phone"], ["'+81-3-5253-1111"]))[2][0]) == ["+81-3-5253-1111"]


def test_merged_cells_are_told() -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet("Soci")
        sheet.write_row(0, 0, ["Name", "Organisation"])
        sheet.merge_range(1, 1, 2, 1, "JETRO")
    assert merged_cells(book, "Soci") == ["B2:B3"]
    assert merged_cells(book, "Ospiti") == []


def test_a_million_blank_rows_at_the_end_are_skipped() -> None:
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 9_000))
    last = '<row r="1048576"><c r="C1048576" s="0"/></row>'
    assert len(read(raw_workbook(inline("Name") + inline("Filse") + blank + last))[2]) == 1


def test_the_first_sheet_that_holds_anything_is_read_and_another_can_be_chosen() -> None:
    content = workbook(Cover=[], title="Empty", Members=[["Name"], ["Filse"]])
    shape, headings, _rows = read(content)
    assert (shape.sheet, headings) == ("Members", ["Name"])
    assert sheet_names(io.BytesIO(content)) == ["Empty", "Cover", "Members"]
    with pytest.raises(Unreadable, match="no sheet called “Nowhere”"):
        read(content, Shape("xlsx", sheet="Nowhere"))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = raw_workbook(inline("Name") + inline("Filse"), padding=4)
    assert len(content) < 100_000
    monkeypatch.setattr(reading_workbooks, "UNPACKED", 30 << 20)
    monkeypatch.setattr(reading_workbooks.Workbook, "open", None)
    assert "Unpacked, the workbook would take 32 MB" in refusal(content)


def test_entities_that_grow_without_end_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    assert "document type" in refusal(raw_workbook(inline("Name") + inline("&b;"), head=bomb))


@pytest.mark.parametrize(
    "broken",
    [
        "<row><c><v>",
        "</worksheet>",
        '<row r="x"></row>',
        '<row r="9999999999"><c><v>1</v></c></row>',
    ],
)
def test_a_damaged_workbook_says_what_to_do(broken: str) -> None:
    assert "The workbook is damaged" in refusal(raw_workbook(inline("Name") + broken))


def test_a_workbook_cut_short_says_what_to_do() -> None:
    content = workbook(["Name"], *([f"Filse {n}"] for n in range(2000)))
    assert "The workbook is damaged" in refusal(content[: len(content) // 2])


def test_a_workbook_with_bytes_gone_wrong_says_what_to_do() -> None:
    content = bytearray(workbook(["Name"], *([f"Filse {n}"] for n in range(2000))))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
    begins = sheet.header_offset + 30 + len(sheet.filename)
    content[begins : begins + 64] = b"\xff" * 64
    assert "The workbook is damaged" in refusal(bytes(content))


def test_an_encoding_that_nobody_knows_is_damage() -> None:
    head = '<?xml version="1.0" encoding="UTF-99"?>'
    content = raw_workbook(inline("Name") + inline("Filse"), head=head)
    assert "The workbook is damaged" in refusal(content)


def test_rows_that_claim_the_same_number_are_told_apart() -> None:
    same = inline("Filse").replace("<row>", '<row r="2">')
    content = raw_workbook(inline("Name") + same + same)
    table = open_file(lambda: nullcontext(io.BytesIO(content)), recognise(io.BytesIO(content)))
    assert [number for number, _cells in table.rows()] == [2, 3]


def test_a_long_text_that_every_cell_shares_does_not_fill_the_memory() -> None:
    cells = "".join('<c t="s"><v>0</v></c>' for _n in range(400))
    strings = f"<si><t>{'x' * 900_000}</t></si>"
    content = raw_workbook(inline("Name") + f"<row>{cells}</row>", strings=strings)
    assert "hold too much text" in refusal(content)


# Memory


def peak(content: bytes) -> int:
    """How much memory reading every row takes, in bytes."""
    table = open_file(lambda: nullcontext(io.BytesIO(content)), recognise(io.BytesIO(content)))
    tracemalloc.start()
    try:
        count = sum(1 for _row in table.rows())
        assert count >= 1_000
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def long_csv(rows: int) -> bytes:
    return b"Name,City\n" + b"".join(b"Filse %d,Genova %d\n" % (n, n) for n in range(rows))


def long_xlsx(rows: int) -> bytes:
    """As Excel writes it: every text in a part of its own, each row naming its texts."""
    strings = "".join(f"<si><t>Genova {n}</t></si>" for n in range(rows))
    lines = "".join(f'<row><c t="s"><v>{n}</v></c><c><v>{n}</v></c></row>' for n in range(rows))
    return raw_workbook(inline("Name", "City") + lines, strings=strings)


@pytest.mark.parametrize("made", [long_csv, long_xlsx])
def test_memory_does_not_grow_with_the_file(made: Any, tmp_path: Path) -> None:
    few, many = peak(made(1_000)), peak(made(20_000))
    assert many < few * 1.5 or many < 1 << 20


# Days


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("22/11/2026", "dmy", date(2026, 11, 22)),
        ("3/4/2026", "dmy", date(2026, 4, 3)),
        ("3/4/2026", "mdy", date(2026, 3, 4)),
        ("3.4.2026", "dmy", date(2026, 4, 3)),
        ("2026/3/4", "dmy", date(2026, 3, 4)),
        ("2026-11-22 10:30", "dmy", date(2026, 11, 22)),
        ("２０２６／１１／２２", "ymd", date(2026, 11, 22)),
        ("2026年11月22日", "dmy", date(2026, 11, 22)),
        ("令和8年11月22日", "dmy", date(2026, 11, 22)),
        ("22 novembre 2026", "dmy", date(2026, 11, 22)),
        ("November 22, 2026", "dmy", date(2026, 11, 22)),
        ("20261122", "dmy", date(2026, 11, 22)),
        ("46348", "dmy", date(2026, 11, 22)),
        ("", "dmy", None),
    ],
)
def test_days_are_read_as_people_write_them(text: str, order: str, day: date | None) -> None:
    assert read_date(text, order) == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("22/11/26", "no year of four digits"),
        ("31/2/2026", "not a day of the calendar"),
        ("next week", "is not a date"),
        ("99999999", "not a day of the calendar"),
    ],
)
def test_what_is_no_day_says_why(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_date(text, "dmy")


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["3/4/2026", "22/11/2026"], "dmy"),
        (["3/4/2026", "11/22/2026"], "mdy"),
        (["3/4/2026", "5/6/2026"], "dmy"),
        (["2026/3/4", "2026/11/22"], "ymd"),
    ],
)
def test_the_order_of_dates_is_seen_in_them(days: list[str], order: str) -> None:
    content = "\n".join(["Name;Since", *(f"Filse;{day}" for day in days)])
    assert read(content.encode())[0].date_order == order
