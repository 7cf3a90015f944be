"""Exports: a file made whole, recorded, and only then sent.

The rows of a queryset are read by one query, hence from one snapshot of the database, a chunk at
a time, and written to a temporary file that nobody else sees; a failure on the way leaves neither
a file nor a record. Once the file is whole its record is saved, then it is sent with its length,
so that a transfer that breaks off can't pass for a complete one.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO, Any, cast

from django.db import connection, models, transaction
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from crm.formulas import guarded_all
from crm.models import Export, User
from crm.workbooks import write_workbook

CHUNK = 2_000

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Format(models.TextChoices):
    CSV = "csv", _("CSV, for any program")
    XLSX = "xlsx", _("XLSX, for Excel and LibreOffice")


class Delimiter(models.TextChoices):
    COMMA = "comma", _("Comma")
    SEMICOLON = "semicolon", _("Semicolon")
    TAB = "tab", _("Tab")

    @property
    def character(self) -> str:
        return {"comma": ",", "semicolon": ";", "tab": "\t"}[self.value]

    @classmethod
    def usual(cls) -> "Delimiter":
        """The one that spreadsheets expect in the reader's language."""
        return cls.SEMICOLON if get_language() == "it" else cls.COMMA


@dataclass(frozen=True)
class Column:
    """A column of a file: its lasting name, its heading, and what is read for it: never null.

    `labels` is asked once for an export, in the file's language. `width` counts characters. A
    column that is not `is_usual` is in a file only where somebody asks for it.
    """

    name: str
    heading: str | Promise
    value: str | models.expressions.Combinable
    labels: Callable[[], Mapping[Any, str]] | None = None
    width: int = 20
    is_usual: bool = True


@dataclass
class Sheet:
    """A queryset as a table of text."""

    columns: Sequence[Column]
    queryset: models.QuerySet[Any]
    row_count: int = field(default=0, init=False)

    @property
    def headings(self) -> list[str]:
        return [str(column.heading) for column in self.columns]

    def chunks(self) -> Iterator[list[Sequence[str]]]:
        """The cells, column by column, some rows at a time.

        While some are written the next are read, by a thread that does nothing but fetch: the
        query itself is sent from here, by this thread's connection.
        """
        labels = [
            (index, column.labels())
            for index, column in enumerate(self.columns)
            if column.labels is not None
        ]
        values = self.queryset.values_list(*(column.value for column in self.columns))
        with snapshot(), ThreadPoolExecutor(max_workers=1) as reader:
            rows = values.iterator(chunk_size=CHUNK)
            chunk = list(islice(rows, CHUNK))
            while chunk:
                coming = reader.submit(lambda: list(islice(rows, CHUNK)))
                self.row_count += len(chunk)
                cells: list[Sequence[str]] = list(zip(*chunk, strict=True))
                for index, words in labels:
                    cells[index] = [words[value] for value in cells[index]]
                yield cells
                chunk = coming.result()


@contextmanager
def snapshot() -> Iterator[None]:
    """Where one long read is cheapest.

    On PostgreSQL that is a transaction, whose cursor is planned for all of its rows and not for
    the first tenth. On SQLite a statement reads one snapshot anyway, and a transaction would
    keep everybody else from writing.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
        yield


def write_csv(file: IO[bytes], sheet: Sheet, delimiter: Delimiter) -> None:
    """RFC 4180 in UTF-8 with its mark, no cell of which runs as a formula.

    Not by csv.writer, which looks at every cell by itself and takes three times as long.
    """
    between = delimiter.character
    columns: Iterable[list[Sequence[str]]] = chain(
        [[[heading] for heading in sheet.headings]], sheet.chunks()
    )
    file.write(codecs.BOM_UTF8)
    for cells in columns:
        written = [quoted_all(guarded_all(column), between) for column in cells]
        lines = "\r\n".join(map(between.join, zip(*written, strict=True)))
        file.write(f"{lines}\r\n".encode())


def quoted_all(cells: Sequence[str], delimiter: str) -> Sequence[str]:
    """Cells as RFC 4180 writes them: in quotes where they hold a mark of its own."""
    text = "".join(cells)
    if not any(mark in text for mark in (delimiter, '"', "\r", "\n")):
        return cells
    special = re.compile(f'[{delimiter}"\r\n]').search
    return ['"' + cell.replace('"', '""') + '"' if special(cell) else cell for cell in cells]


def write_xlsx(file: IO[bytes], sheet: Sheet, title: str) -> None:
    """A workbook of one sheet, all of it text. Raises `crm.workbooks.Unfit`."""
    rows = (row for columns in sheet.chunks() for row in zip(*columns, strict=True))
    write_workbook(file, title, sheet.headings, [column.width for column in sheet.columns], rows)


def send_export(
    request: HttpRequest,
    sheet: Sheet,
    *,
    title: str,
    file_format: Format,
    delimiter: Delimiter,
    language: str,
    filter_words: str,
    address: str,
) -> FileResponse:
    """The file as an answer to be saved, once it is whole and its record is kept.

    The headings, and what is written for values, are in `language`; the record's words are in
    the reader's. `address` makes the same file again.

    Raises `crm.workbooks.Unfit` where a workbook can't hold the rows: nothing is sent then.
    """
    file = TemporaryFile()  # noqa: SIM115  (the response closes it, and then it is gone)
    try:
        with override(language):
            if file_format == Format.XLSX:
                write_xlsx(file, sheet, title)
            else:
                write_csv(file, sheet, delimiter)
        file.seek(0)
        Export.objects.create(
            user=cast(User, request.user),
            subject=sheet.queryset.model._meta.label_lower,
            file_format=file_format,
            filter_words=filter_words,
            address=address,
            columns=[column.name for column in sheet.columns],
            row_count=sheet.row_count,
        )
    except BaseException:
        file.close()
        raise
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{title} {timezone.localdate():%Y-%m-%d}.{file_format}".replace(" ", "-").lower(),
        content_type=CONTENT_TYPES[file_format],
    )
    response["Cache-Control"] = "private, no-store"
    return response
