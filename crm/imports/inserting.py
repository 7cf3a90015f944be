"""Many rows put into their table at once: COPY on PostgreSQL, executemany elsewhere.

`bulk_create()` builds an expression for every value; a file's rows have half a million of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models

# Stored as Python has them.
PLAIN = (models.CharField, models.TextField, models.BooleanField, models.IntegerField)
PLAIN_TYPES = {str, bool, int, type(None)}
AT_ONCE = 500


def insert(records: Sequence[Any]) -> None:
    """Insert records of one model. Those without an id do not get to know theirs."""
    model = type(records[0])
    is_known = records[0].pk is not None
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.generated and (is_known or not field.primary_key)
    ]
    readers = [_reader(field) for field in fields]
    rows = ([read(record) for read in readers] for record in records)
    put_in(model._meta.db_table, [field.column for field in fields], rows)
    for record in records:
        record._state.adding, record._state.db = False, connection.alias


def insert_keyed(records: Sequence[Any]) -> None:
    """Insert records that have a key; they get their ids."""
    insert(records)
    new = {record.key: record for record in records if record.pk is None}
    keys = list(new)
    manager = type(records[0])._base_manager
    for at in range(0, len(keys), AT_ONCE):
        part = manager.filter(key__in=keys[at : at + AT_ONCE]).order_by()
        for pk, key in part.values_list("pk", "key"):
            new[key].pk = pk


def put_in(table: str, columns: Sequence[str], rows: Iterable[list[Any]]) -> None:
    """Put rows of values, as the database takes them, into these columns of a table."""
    quote = connection.ops.quote_name
    into = f"{quote(table)} ({', '.join(map(quote, columns))})"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", list(rows))  # noqa: S608


def _reader(field: Any) -> Callable[[Any], Any]:
    """What gives a record's value of a field as the database takes it."""
    name, is_plain = field.attname, isinstance(field, PLAIN)
    has_own = type(field).pre_save is not models.Field.pre_save

    def read(record: Any) -> Any:
        value = field.pre_save(record, add=True) if has_own else getattr(record, name)
        if is_plain and type(value) in PLAIN_TYPES:
            return value
        return field.get_db_prep_save(value, connection)

    return read


def copy_to_history(model: Any, ids: Sequence[int], said: Mapping[str, Any]) -> None:
    """Copy rows as they stand into the history of their model, inside the database.

    `said` are the values of the columns that only the history has.
    """
    kept, quote = model.history.model, connection.ops.quote_name
    columns = [field.column for field in kept.tracked_fields]
    into = f"{quote(kept._meta.db_table)} ({', '.join(map(quote, [*columns, *said]))})"
    values = ", ".join([*map(quote, columns), *["%s"] * len(said)])
    with connection.cursor() as cursor:
        for at in range(0, len(ids), AT_ONCE):
            part = ids[at : at + AT_ONCE]
            cursor.execute(
                f"INSERT INTO {into} SELECT {values} FROM {quote(model._meta.db_table)}"  # noqa: S608
                f" WHERE id IN ({', '.join(['%s'] * len(part))}) ORDER BY id",
                [*said.values(), *part],
            )
