"""Counts beside the values of a facet: in one query, and kept until the data changes."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Model, QuerySet
from django.utils import timezone
from django.utils.formats import number_format

# Exact up to here; beyond it "10,000+".
BOUND = 10_000
# The rows that a tally reads at most: of a longer list its numbers say "at least".
READ = 250_000
# Two changes that end in the other order than they began can hide one behind the other:
# so nothing is kept for longer than this, in seconds.
KEPT = 60


class Tally(dict[str, int]):
    """How many rows have each value; partial where there were more rows than READ."""

    is_partial = False


def bounded(number: int, is_partial: bool = False) -> str:
    """“37”, “1,204”, “10,000+”, in the reader's writing; “37+” where there may be more."""
    shown = number_format(min(number, BOUND), force_grouping=True)
    return f"{shown}+" if number > BOUND or is_partial else shown


def versions(models: Iterable[type[Model]]) -> str:
    """The state of these tables, told by their newest history rows: every change writes one."""
    parts = []
    for model in models:
        history = model.history.model._meta.db_table  # type: ignore[attr-defined]
        table = connection.ops.quote_name(history)
        parts.append(f"(SELECT max(history_id) FROM {table})")  # noqa: S608
        parts.append(f"(SELECT max(history_date) FROM {table})")  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts))
        return " ".join(map(str, cursor.fetchone()))


def kept(
    wanted: Mapping[str, str],
    version: str,
    compute: Callable[[list[str]], Mapping[str, Any]],
    is_large: Callable[[Any], bool] = lambda _value: False,
) -> dict[str, Any]:
    """Values by name, computed only where the data changed since they were.

    `wanted` maps each name to what the value depends on; `compute` gets the names that are not
    known, all at once. A value that `is_large` is kept for the minute whatever changes, so that
    a large and busy base is not counted anew for every reader.
    """
    cache = caches["counts"]
    minute = timezone.now().strftime("%Y-%m-%d %H:%M")
    exact = {name: _key(state, version) for name, state in wanted.items()}
    rough = {name: _key(state, minute) for name, state in wanted.items()}
    found = cache.get_many([*exact.values(), *rough.values()])
    values = {}
    for name in wanted:
        for key in (exact[name], rough[name]):
            if key in found:
                values[name] = found[key]
                break
    if missing := [name for name in wanted if name not in values]:
        for name, value in compute(missing).items():
            values[name] = value
            cache.set((rough if is_large(value) else exact)[name], value, KEPT)
    return values


def _key(*parts: str) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


class Reading(NamedTuple):
    """Rows as columns to tally by: the name of each, and whether a unit counts once a value."""

    rows: QuerySet[Any]
    names: tuple[str, ...]
    has_unit: bool
    most: int


class Counted(NamedTuple):
    """Rows to tally, `most` of them: the prefix that leads to a facet's column, and what counts
    once for a value where a row is not what is counted."""

    rows: QuerySet[Any]
    prefix: str = ""
    unit: str | None = None
    most: int = READ

    def by(self, **keys: Any) -> Reading:
        """Read once, with these expressions."""
        columns = {f"k{place}": key for place, key in enumerate(keys.values())}
        if self.unit:
            columns["unit"] = F(self.unit)
        rows = self.rows.order_by().values(**columns)[: self.most + 1]
        return Reading(rows, tuple(keys), bool(self.unit), self.most)


def tallied(readings: Iterable[Reading]) -> dict[str, Tally]:
    """How many rows have each value of each column, in one query.

    The keys of a tally are texts; a null is "none".
    """
    tables, selects = [], []
    inner: list[Any] = []
    outer: list[Any] = []
    tallies: dict[str, Tally] = {}
    most: dict[str, int] = {}
    for place, reading in enumerate(readings):
        tallies.update({name: Tally() for name in reading.names})
        most.update(dict.fromkeys(reading.names, reading.most))
        try:
            sql, params = reading.rows.query.sql_with_params()
        except EmptyResultSet:
            continue
        tables.append(f"r{place} AS ({sql})")
        inner += params
        number = "COUNT(DISTINCT unit)" if reading.has_unit else "COUNT(*)"
        for column, name in enumerate(reading.names):
            selects.append(
                f"SELECT %s AS name, CAST(k{column} AS varchar) AS k, {number}, COUNT(*)"  # noqa: S608
                f" FROM r{place} GROUP BY k{column}"
            )
            outer.append(name)
    read: Counter[str] = Counter()
    if selects:
        with connection.cursor() as cursor:
            statement = f"WITH {', '.join(tables)} {' UNION ALL '.join(selects)}"
            cursor.execute(statement, [*inner, *outer])
            for name, key, count, rows in cursor.fetchall():
                tallies[name]["none" if key is None else key] = count
                read[name] += rows
    for name, tally in tallies.items():
        tally.is_partial = read[name] > most[name]
    return tallies
