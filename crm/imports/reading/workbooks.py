"""XLSX, read piece by piece: no more than a few rows of a sheet are in memory at a time.

openpyxl knows which formats are dates and what they stand for; the XML is read by expat itself,
since openpyxl keeps every text of the workbook, and a trace of every row, until the end. What a
sheet must not have (a document type with entities, gigabytes behind kilobytes) is refused here.
"""

import re
import zipfile
import zlib
from array import array
from collections.abc import Generator, Iterator
from datetime import datetime, time, timedelta
from functools import cached_property
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from crm.formulas import unguarded
from crm.imports.reading.shapes import COLUMNS, Cells, Unreadable
from crm.imports.reading.xml import Element, elements
from crm.imports.words import said as _

UNPACKED = 400 << 20
PARTS = 2_000
SMALL = 16 << 20
# Merged cells are looked for in sheets up to this size, and so many are told.
LOOKED_THROUGH, RANGES = 64 << 20, 5
PIECE = 1 << 20
# How many of the texts that are shared are read at a time, and which of them stay at hand.
AHEAD, SHORT = 500, 200
# A text that many cells share can fill far more memory than the file: in characters, of a row and
# of a sheet, what is longer than SHORT.
WIDE, LONG = 2_000_000, 200_000_000
# More texts than a workbook of a million rows shares; where each one is takes eight bytes.
MOST = 10_000_000
LAST = 2**31 - 1
# What the modules that take a workbook apart say of one that is damaged.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_TEXT = 49
_LETTERS = re.compile("[A-Z]+")


class Workbook:
    """A workbook that is open for reading; `close()` it. Raises Unreadable."""

    def __init__(self, file: IO[bytes]) -> None:
        file.seek(0)
        try:
            self.archive = zipfile.ZipFile(file)
            self._refuse_bombs()
            self.sheets = self._find_sheets()
        except BROKEN as error:
            raise Unreadable(damaged()) from error
        self.strings = Strings(self)

    def close(self) -> None:
        self.strings.close()
        self.archive.close()

    def _refuse_bombs(self) -> None:
        parts = self.archive.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise Unreadable(protected())
        if any(part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for part in parts):
            raise Unreadable(damaged())
        # zipfile never unpacks more of a part than is declared for it.
        size = sum(part.file_size for part in parts)
        if size > UNPACKED or len(parts) > PARTS:
            raise Unreadable(
                _(
                    "Unpacked, the workbook would take %(size)s MB: it was not opened. Copy the "
                    "rows into a new workbook, or save the sheet as “CSV UTF-8”."
                )
                % {"size": size >> 20}
            )

    def open(self, name: str) -> IO[bytes]:
        return self.archive.open(name)

    def _small(self, name: str, wanted: set[str]) -> Iterator[Element]:
        if self.archive.getinfo(name).file_size > SMALL:
            raise Unreadable(damaged())
        with self.open(name) as file:
            yield from elements(file, wanted)

    @cached_property
    def _root(self) -> str:
        """The part that lists the sheets."""
        for found in self._small("_rels/.rels", {"Relationship"}):
            if found.attributes.get("Type", "").endswith("/officeDocument"):
                return found.attributes["Target"].lstrip("/")
        return "xl/workbook.xml"

    def _find_sheets(self) -> dict[str, str]:
        """The sheets that can be seen, by name, each with its part."""
        folder, _slash, name = self._root.rpartition("/")
        targets = {
            found.attributes["Id"]: found.attributes["Target"]
            for found in self._small(f"{folder}/_rels/{name}.rels".lstrip("/"), {"Relationship"})
        }
        seen = {}
        self._is_1904 = False
        for found in self._small(self._root, {"sheet", "workbookPr"}):
            told = found.attributes
            if found.name == "workbookPr":
                self._is_1904 = told.get("date1904") in {"1", "true"}
                continue
            target = targets.get(told.get("r:id") or told.get("id", ""), "")
            part = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            is_sheet = "worksheets" in part and part in self.archive.namelist()
            if is_sheet and told.get("state", "visible") == "visible":
                seen[told["name"]] = part
        return seen

    @cached_property
    def _styles(self) -> list[str]:
        """What the number in a cell means, by its style: “date”, “duration”, “text” or nothing."""
        part = next((n for n in self.archive.namelist() if n.endswith("xl/styles.xml")), "")
        if not part:
            return []
        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        meanings, within = [], False
        for found in self._small(part, {"numFmt", "cellXfs", "cellStyleXfs", "xf"}):
            if found.name == "numFmt":
                formats[int(found.attributes["numFmtId"])] = found.attributes["formatCode"]
            elif found.name in {"cellXfs", "cellStyleXfs"}:
                within = found.name == "cellXfs"
            elif within:
                number = int(found.attributes.get("numFmtId", 0))
                meanings.append(_meaning(number, formats.get(number, "")))
        return meanings

    def rows(self, sheet: str) -> Iterator[tuple[int, Cells]]:
        """The rows with their numbers, those that hold nothing too. Raises Unreadable."""
        part = self.sheets.get(sheet)
        if part is None:
            raise Unreadable(_("The workbook has no sheet called “%(sheet)s”.") % {"sheet": sheet})
        row, number, column, self._long = Cells(), 0, 0, 0
        try:
            with self.open(part) as file:
                for found in elements(file, {"row", "c"}, {"v", "t", "f"}, starts={"row"}):
                    if found.name == "c":
                        column = _column(found.attributes.get("r", ""), column)
                        self._put(row, column, found)
                        column += 1
                    elif found.is_start:
                        number = max(int(found.attributes.get("r") or 0), number + 1)
                        if number > LAST:
                            raise Unreadable(damaged())
                        row, column, self._wide = Cells(), 0, 0
                    else:
                        yield number, row
        except BROKEN as error:
            raise Unreadable(damaged()) from error

    def merged(self, sheet: str) -> list[str]:
        """Some of the ranges that are merged to one cell, of a sheet that is not huge."""
        part = self.sheets.get(sheet, "")
        if not part or self.archive.getinfo(part).file_size > LOOKED_THROUGH:
            return []
        found: list[str] = []
        rest = b""
        with self.open(part) as file:
            while len(found) < RANGES and (piece := file.read(PIECE)):
                text = rest + piece
                found += [match[1].decode() for match in MERGED.finditer(text)]
                last = text.rfind(b"<")
                rest = text[last:][-500:] if last >= 0 and b">" not in text[last:] else b""
        return found[:RANGES]

    def _put(self, row: Cells, column: int, found: Element) -> None:
        """The cell as text, in its place."""
        text = self._text(found, column, row)
        if not text:
            return
        if column >= COLUMNS:
            raise Unreadable(too_wide())
        if len(text) > SHORT:
            self._wide += len(text)
            self._long += len(text)
            if self._wide > WIDE or self._long > LONG:
                raise Unreadable(too_much())
        # Cells may come in any order, though no spreadsheet writes them so.
        row.extend([""] * (column + 1 - len(row)))
        row[column] = text

    def _text(self, found: Element, column: int, row: Cells) -> str:
        kind = found.attributes.get("t", "n")
        value = found.texts.get("v", "")
        style = int(found.attributes.get("s", 0) or 0)
        if kind == "inlineStr":
            return self._unguarded(unescaped(found.texts.get("t", "")), style)
        if not value:
            if "f" in found.texts and kind != "str":
                row.reject(
                    column,
                    _(
                        "The cell holds a formula without its result. Open the file in a "
                        "spreadsheet and save it, then try again."
                    ),
                )
                return "="
            return ""
        if kind == "e":
            row.reject(column, _("The cell shows the error %(error)s.") % {"error": value[:20]})
            return value
        if kind == "b":
            return "true" if value.strip() == "1" else "false"
        if kind in {"s", "str"}:
            text = self.strings[int(value)] if kind == "s" else unescaped(value)
            return self._unguarded(text, style)
        if kind == "d":
            return value.removesuffix("T00:00:00")
        return self._number(value, self._meaning_of(style))

    def _meaning_of(self, style: int) -> str:
        return self._styles[style] if style < len(self._styles) else ""

    def _unguarded(self, text: str, style: int) -> str:
        """Without the apostrophes of a CSV that was saved as a workbook.

        Our own workbooks have cells of text, in which an apostrophe is what somebody wrote.
        """
        if "'" not in text or self._meaning_of(style) == "text":
            return text
        return unguarded(text)

    def _number(self, value: str, meaning: str) -> str:
        if meaning not in {"date", "duration"}:
            return plain_number(value)
        epoch = CALENDAR_MAC_1904 if self._is_1904 else CALENDAR_WINDOWS_1900
        try:
            found = from_excel(float(value), epoch, timedelta=meaning == "duration")
        except (OverflowError, ValueError):
            return plain_number(value)
        return moment(found)


class Strings:
    """The texts that cells of a workbook share, read as far as they are asked for.

    All are kept in a file, and in memory those that were read last: most are asked for in order.
    """

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._places = array("Q", [0])
        self._kept: Any = SpooledTemporaryFile(max_size=1 << 16)  # noqa: SIM115  (see close())
        self._recent: dict[int, str] = {}
        self._coming = self._read()

    def close(self) -> None:
        self._coming.close()
        self._kept.close()

    def _read(self) -> Generator[str, None, None]:
        archive = self._workbook.archive
        part = next((n for n in archive.namelist() if n.lower().endswith("sharedstrings.xml")), "")
        if part:
            with archive.open(part) as file:
                # Readings (rPh) stand over a text, they are no part of it.
                for found in elements(file, {"si"}, {"t"}, without={"rPh"}):
                    yield unescaped(found.texts.get("t", ""))

    def __getitem__(self, index: int) -> str:
        if index + 1 >= len(self._places):
            self._go_on(index)
        text = self._recent.get(index)
        if text is not None:
            return text
        if not 0 <= index < len(self._places) - 1:
            raise IndexError(index)
        self._kept.seek(self._places[index])
        return str(self._kept.read(self._places[index + 1] - self._places[index]), "utf-8")

    def _go_on(self, index: int) -> None:
        """Read on to this text at least."""
        places, kept, recent = self._places, self._kept, self._recent
        kept.seek(places[-1])
        recent.clear()
        for text in islice(self._coming, max(AHEAD, index + 2 - len(places))):
            if len(text) <= SHORT:
                recent[len(places) - 1] = text
                if len(recent) > 2 * AHEAD:
                    recent.clear()
            data = text.encode("utf-8", "replace")
            kept.write(data)
            places.append(places[-1] + len(data))
            if len(places) > MOST:
                raise Unreadable(too_much())


def _meaning(number: int, code: str) -> str:
    if number == _TEXT or code == "@":
        return "text"
    if is_timedelta_format(code):
        return "duration"
    # Dates as Japanese and Chinese versions of Excel number them.
    is_eastern = 27 <= number <= 36 or 50 <= number <= 58
    return "date" if is_eastern or is_date_format(code) else ""


def _column(reference: str, following: int) -> int:
    """The index that “AB12” names; the following one where nothing is named."""
    match = _LETTERS.match(reference)
    if not match:
        return following
    index = 0
    for letter in match[0]:
        index = index * 26 + ord(letter) - 64
    return index - 1


def unescaped(text: str) -> str:
    """Characters as they were before the format wrote them “_x000D_”."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def plain_number(value: str) -> str:
    """A number as one would type it: 3, not 3.0; 81352531111, not 8.1352531111E10."""
    if value.isdigit():
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def moment(found: Any) -> str:
    """A day, a time or both, without what is zero."""
    if isinstance(found, datetime):
        if found.time() == time():
            return found.date().isoformat()
        return found.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
    if isinstance(found, timedelta):
        minutes, seconds = divmod(round(found.total_seconds()), 60)
        text = f"{minutes // 60:02}:{minutes % 60:02}"
        return f"{text}:{seconds:02}" if seconds else text
    if isinstance(found, time):
        return found.strftime("%H:%M:%S").removesuffix(":00")
    return str(found)


def damaged() -> str:
    return _(
        "The workbook is damaged, or not written as XLSX. Open it in a spreadsheet, save it as "
        "“Excel workbook (.xlsx)”, and try again."
    )


def protected() -> str:
    return _(
        "The workbook is protected by a password. Open it, take the password off (File, Info, "
        "Protect Workbook), save it, and try again."
    )


def too_much() -> str:
    return _("The cells of the workbook hold too much text to be read.")


def too_wide() -> str:
    return _(
        "The file has more than %(columns)s columns. Take out those that are not needed, and "
        "try again."
    ) % {"columns": COLUMNS}
