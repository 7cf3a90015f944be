"""A file as a table: recognised, opened, read from its first row to its last."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePath
from typing import IO, Any

from django.conf import settings
from django.utils.module_loading import import_string

from crm.imports.reading import formats, letters, lines
from crm.imports.reading.dates import date_order_of
from crm.imports.reading.shapes import COLUMNS, Cells, Shape, Unreadable
from crm.imports.reading.workbooks import Workbook, too_wide
from crm.imports.words import said as _
from crm.models import Import

# How many rows are looked at to see how wide the table is and how it writes its dates.
LOOKED_AT = 200
# How far a file is looked into for them: a sheet may go on for a million rows that hold nothing.
FAR = 10_000
Rows = Iterator[tuple[int, Cells]]


@dataclass
class Table:
    """Rows under headings; nothing of it is in memory, and nothing is held open between."""

    headings: list[str]
    heading_line: int
    source: Callable[[], Rows]

    def rows(self, far: int | None = None) -> Rows:
        """Every row that holds anything, with its line in the file: as wide as the headings.

        No two have the same line, whatever a workbook says of its rows. A row that can't be taken
        as it is says so in `problems`. Only those among the first `far`, where that is said.
        Raises Unreadable.
        """
        width, last = len(self.headings), self.heading_line
        with closing(self.source()) as found:  # type: ignore[type-var]
            for line, cells in islice(found, far):
                if line <= self.heading_line or not _holds(cells):
                    continue
                cells.clean()
                cells.fit(width)
                last = max(line, last + 1)
                yield last, cells

    def is_short(self, most: int) -> bool:
        """Whether it ends soon, with so many rows at most that hold anything. Raises Unreadable."""
        count = 0
        with closing(self.source()) as found:  # type: ignore[type-var]
            for at, (line, cells) in enumerate(found):
                count += line > self.heading_line and _holds(cells)
                if count > most or at > FAR:
                    return False
        return True


def recognise(file: IO[bytes], name: str = "") -> Shape:
    """How the file is best read, by what is in it. Raises Unreadable."""
    shape = Shape(format=formats.format_of(file))
    if shape.format == "csv":
        encoding = letters.encoding_of(file)
        delimiter = lines.delimiter_of(file, encoding)
        shape = replace(shape, encoding=encoding, delimiter=delimiter)
    elif shape.format == "xlsx":
        shape = replace(shape, sheet=_first_filled(file))
    table = open_file(_lend(file), shape)
    near = islice(table.rows(FAR), LOOKED_AT * 5)
    sample = (cell for _line, row in near for cell in row)
    return replace(shape, date_order=date_order_of(sample))


def remark(shape: Shape, name: str) -> str:
    """What the reader is told where the name of the file says something else than its content."""
    suffix = PurePath(name).suffix.lower()
    if shape.format == "xlsx" and suffix not in {".xlsx", ".xlsm"}:
        return _("The name ends in “%(suffix)s”, but this is an Excel workbook: read as one.") % {
            "suffix": suffix or name[-10:]
        }
    if shape.format == "csv" and suffix in {".xlsx", ".xlsm", ".xls", ".ods"}:
        return _("The name ends in “%(suffix)s”, but this is plain text: read as CSV.") % {
            "suffix": suffix
        }
    return ""


def sheet_names(file: IO[bytes]) -> list[str]:
    """The sheets of a workbook that can be seen."""
    with closing(Workbook(file)) as workbook:
        return list(workbook.sheets)


def merged_cells(file: IO[bytes], sheet: str) -> list[str]:
    """Ranges of a sheet that are merged to one cell: only the first cell of each holds anything."""
    with closing(Workbook(file)) as workbook:
        return workbook.merged(sheet)


def open_table(import_: Import) -> Table:
    """The file of an import as a table, read as it says. Raises Unreadable."""

    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        if not import_.file:
            raise Unreadable(gone())
        try:
            file: Any = import_.file.storage.open(import_.file.name or "", "rb")
        except (OSError, ValueError) as error:
            raise Unreadable(gone()) from error
        with closing(file):
            yield file

    return open_file(opened, Shape.from_dict(import_.reading))


def gone() -> str:
    return _("The file is no longer kept: import it anew.")


def open_file(opened: Callable[[], Any], shape: Shape) -> Table:
    """A table of the file that `opened()` opens, each time it is read. Raises Unreadable."""

    def source() -> Rows:
        with opened() as file:
            if shape.format == "csv":
                yield from lines.records(file, shape.encoding, shape.delimiter)
            elif shape.format == "xlsx":
                with closing(Workbook(file)) as workbook:
                    yield from workbook.rows(shape.sheet)
            else:
                yield from _reader(shape.format)(file)

    with closing(source()) as rows:  # type: ignore[type-var]
        line, headings = next(((line, cells) for line, cells in rows if _holds(cells)), (0, None))
        if headings is None:
            raise Unreadable(_("There is nothing in it: the first row must hold the headings."))
        headings.clean()
        declared = len(headings) if shape.format == "csv" else COLUMNS
        near = (cells for _line, cells in islice(rows, FAR) if _holds(cells))
        widest = max(map(_filled, islice(near, LOOKED_AT)), default=0)
    width = max(_filled(headings), min(widest, declared))
    if width > COLUMNS:
        raise Unreadable(too_wide())
    headings.extend([""] * (width - len(headings)))
    return Table([" ".join(text.split()) for text in headings[:width]], line, source)


def _holds(cells: Cells) -> bool:
    """Whether there is anything in the row."""
    return any(cell.strip() for cell in cells)


def _filled(cells: Cells) -> int:
    """How many cells there are up to the last that holds anything."""
    return next((i for i in range(len(cells), 0, -1) if cells[i - 1].strip()), 0)


def _lend(file: IO[bytes]) -> Callable[[], Any]:
    """An open file, opened over and over without being closed."""

    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        file.seek(0)
        yield file

    return opened


def _first_filled(file: IO[bytes]) -> str:
    """The first sheet that holds anything."""
    with closing(Workbook(file)) as workbook:
        for sheet in workbook.sheets:
            with closing(workbook.rows(sheet)) as rows:  # type: ignore[type-var]
                if any(_holds(cells) for _number, cells in islice(rows, FAR)):
                    return sheet
        if not workbook.sheets:
            raise Unreadable(_("The workbook has no sheet that can be seen."))
        return next(iter(workbook.sheets))


def _reader(name: str) -> Callable[[IO[bytes]], Rows]:
    """What gives the rows of a file of another format, headings first.

    The settings name it. Raises Unreadable where nothing does.
    """
    path = settings.IMPORT_READERS.get(name)
    if not path:
        raise Unreadable(formats.unknown())
    found: Callable[[IO[bytes]], Rows] = import_string(path)
    return found
