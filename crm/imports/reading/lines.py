"""CSV: records of a text, one at a time, whatever its delimiter, quotes and line ends."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO

from django.utils.formats import number_format
from django.utils.translation import gettext_noop

from crm.formulas import unguarded
from crm.imports.reading.shapes import CHARACTERS, Cells, Unreadable
from crm.imports.words import said as _

DELIMITERS = (",", ";", "\t")
SAMPLED = 200
# What would start a formula is guarded by one of these, and by nothing else.
_GUARD = "'"
# Stands after the last line: a cell that holds it is one that nothing closed.
_END = "\ue000\uf8ff\ue000"

UNCLOSED = gettext_noop(
    "A quotation mark is opened on line %(line)s and never closed: all that follows it in the file "
    "is in one cell. Close it or take it out, and bring the file again."
)

# The module's own limit, 131,072, is less than some notes hold; it counts for the whole process.
csv.field_size_limit(CHARACTERS)


def records(
    file: IO[bytes], encoding: str, delimiter: str, *, cut_short: bool = False
) -> Iterator[tuple[int, Cells]]:
    """The records with the number of the line each begins on. Raises Unreadable.

    `cut_short` forgives what is wrong at the end: the text is a part of the file.
    """
    file.seek(0)
    text = io.TextIOWrapper(_Lent(file), encoding=encoding, newline="")  # type: ignore[type-var]
    lines = iter(lambda: text.readline(2 * CHARACTERS), "")
    reader = csv.reader(chain(_whole(lines), [_END]), delimiter=delimiter)
    begins = 1
    try:
        for record in reader:
            is_open = record[-1:] != [] and record[-1].endswith(_END)
            if is_open and record == [_END]:
                return
            if begins == 1 and len(record) <= 2 and _is_hint(record):
                begins = reader.line_num + 1
                continue
            cells = Cells(record)
            if is_open:
                cells[-1] = cells[-1].removesuffix(_END)
                if not cut_short:
                    cells.reject(None, _(UNCLOSED) % {"line": begins})
            for column, cell in enumerate(cells):
                if _GUARD in cell:
                    cells[column] = unguarded(cell)
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        if not cut_short:
            raise Unreadable(
                _(
                    "The cell that begins on line %(line)s does not end: it is longer than "
                    "%(characters)s characters. Most likely a quotation mark is opened there and "
                    "never closed."
                )
                % {"line": begins, "characters": number_format(CHARACTERS, force_grouping=True)}
            ) from error
    except UnicodeError as error:
        raise Unreadable(
            _("From line %(line)s on the file can’t be read as %(encoding)s: choose another.")
            % {"line": begins, "encoding": encoding}
        ) from error
    finally:
        text.detach()


def _is_hint(record: list[str]) -> bool:
    """Whether it is the line by which Excel is told the delimiter: “sep=;”."""
    return record[:1] != [] and record[0].lower() in {"sep=", "sep=,", "sep=;", "sep=\t"}


def _whole(lines: Iterator[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if len(line) >= 2 * CHARACTERS:
            raise Unreadable(
                _("Line %(line)s is longer than %(characters)s characters: this is no list.")
                % {"line": number, "characters": number_format(len(line), force_grouping=True)}
            )
        yield line


class _Lent(io.RawIOBase):
    """A file that stays open when the text over it is done with."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def read1(self, size: int = -1) -> bytes:
        """As TextIOWrapper asks for it."""
        return self._file.read(size)


def delimiter_of(file: IO[bytes], encoding: str) -> str:
    """What stands between the columns: what makes the most records equally wide."""
    best, most = ",", 0.0
    for delimiter in DELIMITERS:
        sample = islice(records(file, encoding, delimiter, cut_short=True), SAMPLED)
        widths = Counter(len(cells) for _line, cells in sample if any(cells))
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]))
        if width < 2:
            continue
        score = count / widths.total() + min(width, 50) / 1000
        if score > most:
            best, most = delimiter, score
    return best
