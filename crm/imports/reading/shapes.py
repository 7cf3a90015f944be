"""What is said of a file, of a row that can't be taken, and of a file that can't be read."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

COLUMNS = 500
# A cell longer than this is most likely a quotation mark that nobody closed.
CHARACTERS = 1_000_000

_SPECIAL = re.compile("[\x00\r\ufeff]")


class Unreadable(Exception):
    """The file can't be read; the message says why and what to do, in the reader's language."""


@dataclass(frozen=True)
class Shape:
    """How a file is read; kept as `Import.reading`."""

    format: str = "csv"
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    date_order: str = "dmy"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "Shape":
        """What was kept; what it does not know is left out."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: str(value) for name, value in given.items() if name in names})


class Cells(list[str]):
    """The cells of a row, one for a column; `problems` say why it can't be taken as it is.

    Each is {"column": an index or None, "text": in the reader's language}, as
    `ImportRow.problems` keeps them.
    """

    def __init__(self, cells: Iterable[str] = (), problems: Iterable[dict[str, Any]] = ()) -> None:
        super().__init__(cells)
        self.problems = list(problems)

    def reject(self, column: int | None, text: str) -> None:
        """Say why the row can't be taken."""
        self.problems.append({"column": column, "text": text})

    def fit(self, width: int) -> None:
        """Make it as wide as the table: shorter is filled up, longer is a problem."""
        if len(self) > width:
            surplus = [cell.strip() for cell in self[width:] if cell.strip()]
            if surplus:
                self.reject(
                    None,
                    ngettext(
                        "The row has a cell more than there are columns: “%(cells)s”. A "
                        "delimiter inside a cell needs quotation marks around the cell.",
                        "The row has %(count)d cells more than there are columns: “%(cells)s”. A "
                        "delimiter inside a cell needs quotation marks around the cell.",
                        len(surplus),
                    )
                    % {"count": len(surplus), "cells": "”, “".join(surplus)[:300]},
                )
            del self[width:]
        elif len(self) < width:
            self.extend([""] * (width - len(self)))

    def clean(self) -> None:
        """One form for every letter and line end; a NUL, which no database keeps, is a problem."""
        for column, cell in enumerate(self):
            if cell.isascii() and "\r" not in cell and "\0" not in cell:
                continue
            if _SPECIAL.search(cell):
                if "\0" in cell:
                    self.reject(
                        column,
                        _("The cell holds a NUL character (shown as ␀), which can’t be kept."),
                    )
                cell = cell.replace("\r\n", "\n").replace("\r", "\n")
                cell = cell.replace("\0", "␀").replace("\ufeff", "")
            self[column] = unicodedata.normalize("NFC", cell)
