"""Many rows put into their table at once: COPY on PostgreSQL, executemany elsewhere.

`bulk_create()` builds an expression for every value; a file's rows have half a million of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, connections, models

from crm.chronicle import in_batches

# Stored as Python has them.
PLAIN = (models.CharField, models.TextField, models.BooleanField, models.IntegerField)
PLAIN_TYPES = {str, bool, int, type(None)}
# Set by themselves in some fields, and plain in all others.
DATED = (models.DateField, models.TimeField)
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
    fields.sort(key=_is_plain, reverse=True)
    put_in(model._meta.db_table, [field.column for field in fields], _rows(fields, records))
    for record in records:
        record._state.adding, record._state.db = False, connection.alias


def insert_values(model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that are given as their values, each with the same names of columns."""
    own = connections[connection.alias]
    fields = [model._meta.get_field(name) for name in rows[0]]
    known = [(field, _is_plain(field)) for field in fields]

    def as_stored(row: Mapping[str, Any]) -> list[Any]:
        return [
            value if is_plain and type(value) in PLAIN_TYPES else field.get_db_prep_save(value, own)
            for (field, is_plain), value in zip(known, row.values(), strict=True)
        ]

    put_in(model._meta.db_table, [field.column for field in fields], map(as_stored, rows))


def insert_keyed(records: Sequence[Any]) -> None:
    """Insert records that have a key; they get their ids."""
    insert(records)
    meta = type(records[0])._meta
    key: Any = meta.get_field("key")
    own, quote = connections[connection.alias], connection.ops.quote_name
    new = {key.get_db_prep_save(each.key, own): each for each in records if each.pk is None}
    with connection.cursor() as cursor:
        for part in in_batches(new, AT_ONCE):
            cursor.execute(
                f"SELECT id, {quote(key.column)} FROM {quote(meta.db_table)}"  # noqa: S608
                f" WHERE {quote(key.column)} IN ({', '.join(['%s'] * len(part))})",
                part,
            )
            for pk, stored in cursor.fetchall():
                new[stored].pk = pk


def put_in(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
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


def _rows(fields: Sequence[Any], records: Iterable[Any]) -> Iterator[list[Any]]:
    """The records' values of these fields, plain ones first, as the database takes them."""
    # Fields ask it hundreds of thousands of times: not through the proxy of the thread's own.
    own = connections[connection.alias]
    plain = [field for field in fields if _is_plain(field)]
    others = fields[len(plain) :]
    read = attrgetter(*(field.attname for field in plain))
    ready = [_prepared(field, own) for field in others]
    for record in records:
        row = list(read(record))
        if not PLAIN_TYPES.issuperset(map(type, row)):
            row = [
                value if type(value) in PLAIN_TYPES else field.get_db_prep_save(value, own)
                for field, value in zip(plain, row, strict=True)
            ]
        row += [each(record) for each in ready]
        yield row


def _prepared(field: Any, own: Any) -> Callable[[Any], Any]:
    """What reads a record's value of the field as the database takes it."""
    name = field.attname
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        now = field.pre_save(field.model.__new__(field.model), True)
        stored = field.get_db_prep_save(now, own)

        def stamped(record: Any) -> Any:
            setattr(record, name, now)
            return stored

        return stamped
    if type(field).pre_save is not models.Field.pre_save and not isinstance(field, DATED):
        return lambda record: field.get_db_prep_save(field.pre_save(record, True), own)

    def read(record: Any) -> Any:
        value = getattr(record, name)
        return None if value is None else field.get_db_prep_save(value, own)

    return read


def _is_plain(field: Any) -> bool:
    """Whether most of its values are stored as Python has them."""
    if isinstance(field, models.ForeignKey):
        return _is_plain(field.target_field)
    return isinstance(field, PLAIN) and type(field).pre_save is models.Field.pre_save


def copy_to_history(model: Any, ids: Sequence[int], said: Mapping[str, Any]) -> None:
    """Copy rows as they stand into the history of their model, inside the database.

    `said` are the values of the columns that only the history has.
    """
    kept, quote = model.history.model, connection.ops.quote_name
    columns = [field.column for field in kept.tracked_fields]
    into = f"{quote(kept._meta.db_table)} ({', '.join(map(quote, [*columns, *said]))})"
    values = ", ".join([*map(quote, columns), *["%s"] * len(said)])
    with connection.cursor() as cursor:
        for part in in_batches(ids, AT_ONCE):
            cursor.execute(
                f"INSERT INTO {into} SELECT {values} FROM {quote(model._meta.db_table)}"  # noqa: S608
                f" WHERE id IN ({', '.join(['%s'] * len(part))}) ORDER BY id",
                [*said.values(), *part],
            )
