"""Pages of a list: by number while few, then from row to row, so that no page costs more."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Expression, F, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils.functional import Promise

PAGE_SIZE = 50
# The last page that has a number: the next ones say after which row they start.
LAST_NUMBERED = 20


@dataclass(frozen=True)
class Sort:
    """An order of a list: columns that are never null and run in one direction, then the id."""

    label: str | Promise
    columns: tuple[str, ...]

    def names(self, descending: bool) -> list[str]:
        """What `order_by` takes."""
        return [f"-{name}" if descending else name for name in (*self.columns, "pk")]


class Beyond(Expression):
    """Whether a row comes after another in an order: `(a, b, id) > (x, y, z)`.

    Written as the database's own comparison of rows, which an index of the same columns serves.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self, columns: Sequence[str], values: Sequence[Any], operator: str = ">") -> None:
        super().__init__()
        self.columns: list[Any] = [F(name) for name in columns]
        self.values = list(values)
        self.operator = operator

    def get_source_expressions(self) -> list[Any]:
        return self.columns

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.columns = list(exprs)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        left: list[str] = []
        params: list[Any] = []
        for column in self.columns:
            sql, more = compiler.compile(column)
            left.append(sql)
            params += more
        right = [
            column.output_field.get_db_prep_value(value, connection)
            for column, value in zip(self.columns, self.values, strict=True)
        ]
        marks = ", ".join(["%s"] * len(right))
        return f"({', '.join(left)}) {self.operator} ({marks})", [*params, *right]


@dataclass
class Page:
    """One page of rows, and what the address says on the pages beside it."""

    rows: list[Any] = field(default_factory=list)
    number: int | None = 1
    previous: dict[str, int] | None = None
    following: dict[str, int] | None = None
    left_out: list[str] = field(default_factory=list)

    @property
    def first(self) -> int | None:
        """The place of its first row, where the page has a number."""
        return (self.number - 1) * PAGE_SIZE + 1 if self.number and self.rows else None

    @property
    def last(self) -> int | None:
        return self.first + len(self.rows) - 1 if self.first else None


def numbered(read: Callable[[int, int], Iterable[Any]], number: int) -> Page:
    """The page of that number, 1 to LAST_NUMBERED; `read` gives the rows from place to place."""
    start = (number - 1) * PAGE_SIZE
    rows = list(read(start, start + PAGE_SIZE + 1))
    page = Page(rows[:PAGE_SIZE], number)
    if number > 1:
        page.previous = {"page": number - 1}
    if len(rows) > PAGE_SIZE:
        page.following = (
            {"page": number + 1} if number < LAST_NUMBERED else {"after": page.rows[-1].pk}
        )
    return page


def beside(
    queryset: QuerySet[Any], sort: Sort, descending: bool, anchor: Model, *, backwards: bool
) -> Page:
    """The rows right after an anchor row in the order, or right before it."""
    columns = [*sort.columns, "pk"]
    values = [getattr(anchor, name) for name in columns]
    upwards = descending == backwards
    rows = list(
        queryset.filter(Beyond(columns, values, ">" if upwards else "<")).order_by(
            *sort.names(descending=not upwards)
        )[: PAGE_SIZE + 1]
    )
    more = len(rows) > PAGE_SIZE
    page = Page(rows[:PAGE_SIZE], None)
    if backwards:
        page.rows.reverse()
    if page.rows:
        if more or not backwards:
            page.previous = {"before": page.rows[0].pk}
        if more or backwards:
            page.following = {"after": page.rows[-1].pk}
    return page
