"""Rows written past the ORM: COPY on PostgreSQL, INSERT elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from random import Random
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.utils import timezone

FLUSH = 10_000


class Table:
    """A model's table, written a batch at a time with ids of its own counting.

    `varying` names the columns given for each row; the others hold what `constant` says, else the
    field's default. A row's key is drawn from `random`, so that a seed gives the same rows.
    """

    def __init__(
        self, model: type[models.Model], random: Random, *varying: str, **constant: Any
    ) -> None:
        self.model, self.random = model, random
        fields = [
            field
            for field in model._meta.concrete_fields
            if not field.generated and field.attname not in {"id", "key", *varying}
        ]
        columns = {
            field.attname: constant[field.attname]
            if field.attname in constant
            else timezone.now()
            if isinstance(field, models.DateTimeField) and not field.null
            else field.get_default()
            for field in fields
        }
        has_key = any(field.attname == "key" for field in model._meta.concrete_fields)
        self._names = ["id", *(["key"] if has_key else []), *varying, *columns]
        self._constant = tuple(columns.values())
        self._has_key = has_key
        self._rows: list[tuple[Any, ...]] = []
        last = model._default_manager.aggregate(last=models.Max("pk"))["last"]
        self.first = self.next = (last or 0) + 1

    def add(self, *values: Any) -> int:
        """One more row; its id."""
        number, self.next = self.next, self.next + 1
        key = (f"{self.random.getrandbits(128):032x}",) if self._has_key else ()
        self._rows.append((number, *key, *values, *self._constant))
        if len(self._rows) >= FLUSH:
            self.flush()
        return number

    def flush(self) -> None:
        """Write what has been gathered."""
        rows, self._rows = self._rows, []
        if not rows:
            return
        quote = connection.ops.quote_name
        columns = {field.attname: str(field.column) for field in self.model._meta.concrete_fields}
        table = quote(self.model._meta.db_table)
        names = ", ".join(quote(columns[name]) for name in self._names)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(self._names))
                cursor.executemany(
                    f"INSERT INTO {table} ({names}) VALUES ({marks})",
                    [tuple(map(_plain, row)) for row in rows],
                )

    def close(self) -> None:
        """Write the rest, and let the database count on from the last id."""
        self.flush()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [self.model]):
                cursor.execute(statement)


def write_found_by(model: Any) -> None:
    """Write what every record of a model is found by, as the product derives it."""
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), model.FOUND_BY
    names = ", ".join(map(quote, columns))
    copied = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if copied:
            cursor.execute(
                f"CREATE TEMPORARY TABLE found_by AS SELECT id, {names} FROM {table} WITH NO DATA"
            )
        for batch in model._default_manager.for_derived().batches(FLUSH // 5):
            for record in batch:
                record.refresh_derived()
            rows = [(*(getattr(one, name) for name in columns), one.pk) for one in batch]
            if copied:
                with cursor.copy(f"COPY found_by ({names}, id) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                settings = ", ".join(f"{quote(name)} = %s" for name in columns)
                cursor.executemany(f"UPDATE {table} SET {settings} WHERE id = %s", rows)
        if copied:
            settings = ", ".join(f"{quote(name)} = found_by.{quote(name)}" for name in columns)
            cursor.execute("ANALYZE found_by")
            cursor.execute(
                f"UPDATE {table} SET {settings} FROM found_by WHERE found_by.id = {table}.id"
            )
            cursor.execute("DROP TABLE found_by")


@contextmanager
def unhindered(is_alone: bool) -> Iterator[None]:
    """Indexes are made after the rows, and foreign keys taken at their word, in a database of ours.

    Only for a PostgreSQL database that nobody else uses, by a superuser.
    """
    if not is_alone or connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE schemaname = current_schema() AND indexdef NOT LIKE 'CREATE UNIQUE%%'"
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    yield
    with connection.cursor() as cursor:
        for _name, definition in indexes:
            cursor.execute(definition)


def _plain(value: Any) -> Any:
    """A value as SQLite keeps it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return str(value) if hasattr(value, "isoformat") else value
