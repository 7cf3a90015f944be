"""Workbooks as Excel and others write them, and damaged ones."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter

from crm.imports.reading import FAR, Shape, Unreadable, merged_cells, sheet_names
from crm.imports.reading import workbooks as reading_workbooks
from tests.files import inline, open_content, problems, raw_workbook, read, refusal, workbook


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
    table = open_content(content)
    assert [number for number, _cells in table.rows()] == [2, 3]


def test_rows_that_hold_nothing_make_a_file_long_and_are_not_looked_through() -> None:
    filled = inline("Name") + inline("Filse")
    table = open_content(raw_workbook(filled + "<row/>" * FAR + inline("Liguria")))
    assert [cells[0] for _line, cells in table.rows()] == ["Filse", "Liguria"]
    assert [cells[0] for _line, cells in table.rows(FAR)] == ["Filse"]
    assert not table.is_short(300)


def test_a_file_is_short_by_the_rows_that_hold_anything() -> None:
    table = open_content(raw_workbook(inline("Name") + inline("Filse") + "<row/>" * 50))
    assert table.is_short(1)
    assert not table.is_short(0)


def test_a_long_text_that_every_cell_shares_does_not_fill_the_memory() -> None:
    cells = "".join('<c t="s"><v>0</v></c>' for _n in range(400))
    strings = f"<si><t>{'x' * 900_000}</t></si>"
    content = raw_workbook(inline("Name") + f"<row>{cells}</row>", strings=strings)
    assert "hold too much text" in refusal(content)


def test_cells_that_stand_out_of_order_are_all_kept() -> None:
    def cell(name: str) -> str:
        return f'<c r="{name}" t="inlineStr"><is><t>{name}</t></is></c>'

    content = raw_workbook(
        f"<row>{cell('A1')}{cell('B1')}</row><row>{cell('B2')}{cell('A2')}</row>"
    )
    _shape, headings, [row] = read(content)
    assert (headings, list(row)) == (["A1", "B1"], ["A2", "B2"])


def test_texts_without_end_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_workbooks, "MOST", 10)
    cells = '<row><c t="s"><v>99</v></c></row>'
    content = raw_workbook(inline("Name") + cells, strings="<si/>" * 100)
    assert "hold too much text" in refusal(content)
