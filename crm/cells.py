"""What is read for the cells of a file by the database, and how values are written as text."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import Case, Choices, F, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.exports import Column


class Labels(dict[Any, str]):
    """What is written for a stored value; a value without a label is written as it is."""

    def __init__(self, choices: Iterable[tuple[Any, str | Promise]]) -> None:
        super().__init__((value, str(label)) for value, label in choices)

    def __missing__(self, value: Any) -> str:
        return "" if value is None else str(value)


class Written(dict[Any, str]):
    """What is written for values of which few are distinct: each is worked out once."""

    def __init__(self, write: Callable[[Any], str]) -> None:
        super().__init__()
        self.write = write

    def __missing__(self, value: Any) -> str:
        text = self[value] = "" if value is None else self.write(value)
        return text


def days() -> Written:
    """Dates as 2026-11-22, which every spreadsheet reads, and nothing where none is known."""
    return Written(date.isoformat)


def numbers() -> Written:
    """Whole numbers as their digits, and nothing where there is none."""
    return Written(str)


def yes_or_no() -> Labels:
    """Flags in the reader's language."""
    return Labels(
        [(True, pgettext("cell of a file", "yes")), (False, pgettext("cell of a file", "no"))]
    )


def first_known(*paths: str) -> Coalesce:
    """The first text that is not empty; nothing where none is."""
    return Coalesce(
        *(NullIf(F(path), Value("")) for path in paths), Value(""), output_field=TextField()
    )


def local_name(path: str = "") -> Coalesce:
    """The name in the reader's language, of a record that has an Italian one too."""
    names = [f"{path}name_it", f"{path}name"] if get_language() == "it" else [f"{path}name"]
    return first_known(*names)


def unless(condition: Q, path: str) -> Case:
    """A text, but nothing where the condition holds."""
    return Case(When(condition, then=Value("")), default=F(path), output_field=TextField())


class Joined(Subquery):
    """A cell of many rows: the `cell` of each, in their order, with “; ” between.

    Part of the one query that reads the file; nothing where there are no rows. Both databases
    keep the order of the rows that they join.
    """

    template = "COALESCE((SELECT %(join)s(joined.cell, '; ') FROM (%(subquery)s) AS joined), '')"
    output_field = TextField()

    def __init__(self, rows: QuerySet[Any], cell: Any) -> None:
        super().__init__(rows.values(cell=F(cell) if isinstance(cell, str) else cell))

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        join = "STRING_AGG" if connection.vendor == "postgresql" else "GROUP_CONCAT"
        return super().as_sql(compiler, connection, join=join, **context)


class KeyText(Cast):
    """A key as it is usually written; SQLite keeps it without its hyphens."""

    def __init__(self, path: str) -> None:
        super().__init__(path, TextField())

    def as_sqlite(
        self, compiler: Any, connection: Any, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        sql, params = compiler.compile(self.get_source_expressions()[0])
        places = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)]
        parts = (f"substr({sql}, {start}, {length})" for start, length in places)
        return " || '-' || ".join(parts), tuple(params) * len(places)


def choice_column(name: str, heading: str | Promise, choices: type[Choices], **more: Any) -> Column:
    """A field of a few values, in words."""
    return Column(name, heading, name, labels=lambda: Labels(choices.choices), **more)


def record_columns() -> list[Column]:
    """What an import finds a record by, and whether somebody changed it meanwhile."""
    return [
        Column("key", pgettext_lazy("of a record", "Key"), KeyText("key"), width=38),
        Column("version", _("Version"), "version", labels=numbers, width=8),
    ]
