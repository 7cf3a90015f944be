"""Files as people bring them: workbooks and lists made in a test, good and bad, and read."""

import io
import zipfile
from contextlib import nullcontext
from typing import Any

import pytest
from openpyxl import Workbook

from crm.imports.reading import Cells, Shape, Table, Unreadable, open_file, recognise

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(*rows: Any, title: str = "People", **more: Any) -> bytes:
    """A workbook with these rows; `more` are further sheets by their name."""
    made = Workbook()
    sheets = {title: rows, **more}
    made.remove(made.active)
    for name, lines in sheets.items():
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(line)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def raw_workbook(sheet: str, *, head: str = "", strings: str = "", padding: int = 0) -> bytes:
    """A workbook put together by hand: the rows of its sheet as XML, and what stands before."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="People" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{SHEET}"><sheetData>{sheet}'
        "</sheetData></worksheet>",
    }
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{SHEET}">{strings}</sst>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for number in range(padding):
            archive.writestr(f"xl/media/{number}.bin", b"\0" * (8 << 20))
    return file.getvalue()


def inline(*cells: str) -> str:
    """A row of a sheet, as XML."""
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in cells) + "</row>"


def open_content(content: bytes, shape: Shape | None = None) -> Table:
    """The table that the file is."""
    shape = shape or recognise(io.BytesIO(content))
    return open_file(lambda: nullcontext(io.BytesIO(content)), shape)


def read(content: bytes, shape: Shape | None = None) -> tuple[Shape, list[str], list[Cells]]:
    """How the file is recognised, its headings and its rows."""
    shape = shape or recognise(io.BytesIO(content))
    table = open_content(content, shape)
    return shape, table.headings, [row for _line, row in table.rows()]


def refusal(content: bytes) -> str:
    """Why the file can't be read."""
    with pytest.raises(Unreadable) as reason:
        read(content)
    return str(reason.value)


def problems(content: bytes) -> list[tuple[int, int | None, str]]:
    """What is wrong with its rows: line, column, why."""
    rows = open_content(content).rows()
    return [(line, one["column"], one["text"]) for line, row in rows for one in row.problems]
