"""XLSX files: every cell is text, and none is cut without a word."""

import io
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from crm.workbooks import Unfit, write_workbook


def written(*rows, title="People", headings=("Name", "Phone")):
    file = io.BytesIO()
    write_workbook(file, title, headings, [20] * len(headings), rows)
    return file


def test_every_cell_is_text_and_says_what_was_written():
    rows = [
        ("=1+1", "+81 3 5253 1111"),
        ("'=1+1", "42"),
        ("TRUE", "#N/A"),
        ("  two  ", "R&D <Tokyo>"),
        ("田辺 遥", "🏭"),
    ]
    sheet = load_workbook(written(*rows)).active
    assert list(sheet.values) == [("Name", "Phone"), *rows]
    assert {cell.data_type for row in sheet for cell in row} == {"s"}
    assert {cell.number_format for row in sheet for cell in row} == {"@"}


def test_the_headings_stay_in_sight_and_the_sheet_is_named():
    sheet = load_workbook(written(title="People & [friends]")).active
    assert sheet.freeze_panes == "A2"
    assert sheet.title == "People &  friends"
    assert round(sheet.column_dimensions["A"].width) == 21


def test_characters_that_a_workbook_cannot_hold_are_seen():
    sheet = load_workbook(written(("a\x00b\x07c\uffff", "line\r\nbreak"))).active
    assert sheet["A2"].value == "a␀b␇c�"
    assert sheet["B2"].value == "line\nbreak"


def test_an_escape_typed_by_somebody_stays_what_they_typed():
    assert b"_x005F_x0041_" in ZipFile(written(("_x0041_", "x_1"))).read("xl/worksheets/sheet1.xml")


def test_a_cell_as_long_as_a_cell_can_be_is_whole():
    sheet = load_workbook(written(("a" * 32_767, "🏭" * 16_383))).active
    assert len(sheet["A2"].value) == 32_767


@pytest.mark.parametrize("text", ["a" * 32_768, "🏭" * 16_384])
def test_a_longer_one_is_refused_by_column_and_row(text):
    with pytest.raises(Unfit, match=r"“Phone” of “Haruka.*32,767 characters.*choose CSV"):
        written(("Haruka", text))


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr("crm.workbooks.ROWS", 2)
    assert load_workbook(written(("a", "1"), ("b", "2"))).active.max_row == 3
    with pytest.raises(Unfit, match=r"more than 2 rows.*choose CSV"):
        written(("a", "1"), ("b", "2"), ("c", "3"))


def test_columns_go_on_after_z():
    sheet = load_workbook(written(["x"] * 30, headings=["h"] * 30)).active
    assert sheet["AD2"].value == "x"
