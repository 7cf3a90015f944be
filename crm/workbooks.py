"""XLSX files of one sheet in which every cell is text.

By XlsxWriter rather than openpyxl: it writes a string as a string whatever it begins with, and
forgets a row as soon as it is written. What a cell can't hold is refused here, never cut.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import IO

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

# What a sheet holds, below its headings, and a cell, in UTF-16 units.
ROWS = 1_048_575
CHARACTERS = 32_767
BEGINNING = datetime(1980, 1, 1, tzinfo=UTC)

# Characters that XML can't hold become pictures of themselves (␀ ␁ …), so that they are seen.
_SEEN = str.maketrans(
    {chr(code): chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n"}
    | {"\ufffe": "\ufffd", "\uffff": "\ufffd"}
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
    workbook = Workbook(file, {"constant_memory": True})
    # The same rows make the same bytes, whenever they are written.
    workbook.set_properties({"created": BEGINNING})
    try:
        # A sheet's name has 31 characters, some are forbidden.
        sheet = workbook.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip())
        # “@” is the format of text: a cell stays text when somebody edits it.
        text, heading = (workbook.add_format({"num_format": "@", "bold": bold}) for bold in (0, 1))
        sheet.freeze_panes(1, 0)
        for column, (width, words) in enumerate(zip(widths, headings, strict=True)):
            sheet.set_column(column, column, width, text)
            sheet.write_string(0, column, words, heading)
        for number, row in enumerate(rows, 1):
            if number > ROWS:
                raise Unfit(
                    _(
                        "There are more than %(rows)s rows, and a workbook holds no more: "
                        "choose CSV, or narrow the list."
                    )
                    % {"rows": number_format(ROWS, force_grouping=True)}
                )
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, _fit(cell, headings[column], row), text)
    finally:
        workbook.close()


def _fit(text: str, heading: str, row: Sequence[str]) -> str:
    """The text as a cell can hold it, whole."""
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
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_SEEN)
