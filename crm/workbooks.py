"""XLSX files of one sheet in which every cell is text.

Written here rather than by openpyxl because that turns text into formulas, cuts long cells
without a word and takes nine times as long; a row is gone from memory as soon as it is written.
"""

import re
from collections.abc import Iterable, Sequence
from typing import IO
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.formats import number_format
from django.utils.translation import gettext as _

# What a sheet holds, below its headings, and a cell, in UTF-16 units.
ROWS = 1_048_575
CHARACTERS = 32_767

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    "</Relationships>",
    # Format 49 is text: a cell stays text when somebody edits it. 1: cells, 2: headings.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
    ' applyFont="1"/></cellXfs>'
    '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
# What can't stand in XML as it is, or would be read as an escape (“_x0041_” for “A”).
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Control characters become their pictures (␀ ␁ …), so that they are seen; the rest is escaped.
_WRITTEN = str.maketrans(
    {chr(code): chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\ufffe": "\ufffd", "\uffff": "\ufffd"}
)


class Unfit(ValueError):
    """A workbook can't hold this; the message tells the reader why and what to do."""


def write_workbook(
    file: IO[bytes],
    title: str,
    headings: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[str]],
) -> None:
    """Write the workbook; `widths` count characters. Raises Unfit, then the file is worthless."""
    letters = [_letter(index) for index in range(len(headings))]
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=3) as archive:
        for name, part in _PARTS.items():
            archive.writestr(name, _XML + part)
        archive.writestr("xl/workbook.xml", _XML + _workbook(title))
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f"{_XML}{_sheet_start(widths)}<sheetData>".encode())
            sheet.write(_row(1, 2, letters, headings, headings).encode())
            for number, row in enumerate(rows, 2):
                if number > ROWS + 1:
                    raise Unfit(
                        _(
                            "There are more than %(rows)s rows, and a workbook holds no more: "
                            "choose CSV, or narrow the list."
                        )
                        % {"rows": number_format(ROWS, force_grouping=True)}
                    )
                sheet.write(_row(number, 1, letters, headings, row).encode())
            sheet.write(b"</sheetData></worksheet>")


def _row(
    number: int, style: int, letters: Sequence[str], headings: Sequence[str], row: Sequence[str]
) -> str:
    """A row as XML; empty cells are left out."""
    cells = [
        f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{_text(text, heading, row)}</t></is></c>"
        for letter, heading, text in zip(letters, headings, row, strict=True)
        if text
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _text(text: str, heading: str, row: Sequence[str]) -> str:
    """A cell's text as XML."""
    if len(text) * 2 > CHARACTERS and len(text.encode("utf-16-le")) // 2 > CHARACTERS:
        raise Unfit(
            _(
                "“%(column)s” of “%(row)s” is longer than the %(characters)s characters that a "
                "cell of a workbook holds: choose CSV, or shorten it."
            )
            % {
                "column": heading,
                "row": " ".join(cell for cell in row[:3] if cell and len(cell) <= 200),
                "characters": number_format(CHARACTERS, force_grouping=True),
            }
        )
    if _SPECIAL.search(text) is None:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ESCAPE.sub("_x005F_", text).translate(_WRITTEN)


def _letter(index: int) -> str:
    """The column's letters: A to Z, then AA."""
    before, last = divmod(index, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


def _workbook(title: str) -> str:
    """The workbook's own part: a sheet's name has 31 characters, some are forbidden."""
    name = re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip()
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _sheet_start(widths: Sequence[int]) -> str:
    """The headings stay in sight; columns as wide as asked, with the style of text."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" style="1" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols>"
    )
