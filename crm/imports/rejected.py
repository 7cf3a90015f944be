"""The rejected rows of an import as a file of the same shape, with a column that says why.

Same headings, same format, same encoding, same delimiter: mended, it is given again as it is.
The column of reasons is recognised by its heading and goes to no field.
"""

import csv
import unicodedata
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.http import FileResponse
from django.utils import translation
from django.utils.translation import gettext as _

from crm.exports import CONTENT_TYPES
from crm.formulas import guarded
from crm.imports.words import told
from crm.models import Import, ImportRow
from crm.text import folded
from crm.workbooks import write_workbook

WIDTH = 24


def reason_heading() -> str:
    """The heading of the column of reasons, in the reader's language."""
    return _("Why it was not imported")


def is_reason(heading: str) -> bool:
    """Whether a column holds what this module wrote, in any of the languages.

    An encoding that has no accents leaves the heading without them.
    """
    wanted = folded(heading)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            if folded(reason_heading()) == wanted:
                return True
    return False


def send_rejected(import_: Import) -> FileResponse:
    """The file, to be saved. Raises `crm.workbooks.Unfit` where a workbook can't hold a cell."""
    file_format = "xlsx" if import_.reading.get("format") == "xlsx" else "csv"
    file = TemporaryFile()  # noqa: SIM115  (the response closes it, and then it is gone)
    try:
        if file_format == "xlsx":
            _write_xlsx(file, import_)
        else:
            _write_csv(file, import_)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    name = _("%(name)s, rejected rows") % {"name": PurePath(import_.file_name).stem}
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{name}.{file_format}",
        content_type=CONTENT_TYPES[file_format].split(";")[0],
    )
    response["Cache-Control"] = "private, no-store"
    return response


def table(import_: Import) -> Iterator[list[str]]:
    """The headings, then each rejected row: as wide as the file, and why at the end."""
    kept = [at for at, heading in enumerate(import_.headings) if not is_reason(heading)]
    yield [*(import_.headings[at] for at in kept), reason_heading()]
    rejected = import_.rows.filter(act=ImportRow.Act.REJECT).order_by("number")
    for row in rejected.iterator(chunk_size=2_000):
        cells = [row.cells[at] if at < len(row.cells) else "" for at in kept]
        yield [*cells, reasons(row, import_.headings)]


def reasons(row: ImportRow, headings: list[str]) -> str:
    """Why the row was rejected, each reason with its column's heading."""
    said = []
    for problem in row.problems:
        column = problem.get("column")
        text = told(problem)
        has_heading = column is not None and 0 <= column < len(headings) and headings[column]
        said.append(f"{headings[column]}: {text}" if has_heading else text)
    return " ".join(said)


def _write_csv(file: IO[bytes], import_: Import) -> None:
    shape = import_.reading
    delimiter = shape.get("delimiter") or ","
    encoding = _encoding(import_, shape.get("encoding") or "utf-8-sig")
    text = TextIOWrapper(file, encoding=encoding, newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    for *cells, why in table(import_):
        writer.writerow([guarded(cell) for cell in [*cells, _fitting(why, encoding)]])
    text.flush()
    text.detach()


def _encoding(import_: Import, encoding: str) -> str:
    """The file's own, unless a row came out of it that it can't hold."""
    if encoding.startswith("utf"):
        return encoding
    try:
        for *cells, _why in table(import_):
            "".join(cells).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return "utf-8-sig"
    return encoding


def _fitting(text: str, encoding: str) -> str:
    """The reason in the letters of the encoding: without an accent rather than not at all."""
    return "".join(char if _fits(char, encoding) else _plain(char, encoding) for char in text)


def _fits(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _plain(char: str, encoding: str) -> str:
    letters = unicodedata.normalize("NFKD", char)
    return "".join(letter for letter in letters if _fits(letter, encoding)) or "?"


def _write_xlsx(file: IO[bytes], import_: Import) -> None:
    rows: Any = table(import_)
    headings = next(rows)
    title = str(import_.reading.get("sheet") or "") or _("Rejected rows")
    write_workbook(file, title, headings, [*(WIDTH for _one in headings[:-1]), 3 * WIDTH], rows)
