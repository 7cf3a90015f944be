"""The indexes behind search: GIN on PostgreSQL, FTS5 tables kept by triggers on SQLite.

Both are kept by the database itself, so that no way of writing can forget them.
"""

from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.utils import DatabaseError, NotSupportedError, OperationalError

# Of each index: the column, and how SQLite cuts it up (search_tokens are cut up already).
COLUMNS = {"letters": "search_text", "words": "search_tokens"}
TOKENIZERS = {"letters": "trigram case_sensitive 1", "words": "ascii"}
POSTGRESQL = {
    "letters": "USING gin (search_text gin_trgm_ops)",
    "words": "USING gin (to_tsvector('simple', search_tokens))",
}
CHECK = "VALUES ('integrity-check', 1)"


def search_index(table: str) -> RunPython:
    """A migration operation: the indexes of a table's search_text and search_tokens."""

    def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in making(table, editor.connection.vendor):
            _execute(editor, statement)

    def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in dropping(table, editor.connection.vendor):
            _execute(editor, statement)

    return RunPython(create, drop)


def _execute(editor: Any, statement: str) -> None:
    try:
        editor.execute(statement)
    except OperationalError as error:
        if "no such module" in str(error) or "no such tokenizer" in str(error):
            raise NotSupportedError(
                "Search needs an SQLite with FTS5 and its trigram tokenizer (3.34 or later)."
            ) from error
        raise


def making(table: str, vendor: str) -> list[str]:
    """The statements that make a table's indexes anew."""
    statements = dropping(table, vendor)
    if vendor == "postgresql":
        statements.insert(0, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for kind, column in COLUMNS.items():
        name = f"{table}_{kind}"
        if vendor == "postgresql":
            statements.append(f"CREATE INDEX {name} ON {table} {POSTGRESQL[kind]}")
            continue
        statements += [
            f"CREATE VIRTUAL TABLE {name} USING fts5({column}, content='{table}',"
            f" content_rowid='id', tokenize='{TOKENIZERS[kind]}')",
            *(
                f"CREATE TRIGGER {name}_{act.lower()} AFTER {act}"
                f"{f' OF {column}' if act == 'UPDATE' else ''} ON {table}"
                f"{f' WHEN old.{column} IS NOT new.{column}' if act == 'UPDATE' else ''} BEGIN"
                f"{_taking(name, column) if act != 'INSERT' else ''}"
                f"{_putting(name, column) if act != 'DELETE' else ''} END"
                for act in ("INSERT", "UPDATE", "DELETE")
            ),
            f"INSERT INTO {name} ({name}) VALUES ('rebuild')",  # noqa: S608
        ]
    return statements


def _taking(name: str, column: str) -> str:
    values = f"('delete', old.id, old.{column})"
    return f" INSERT INTO {name} ({name}, rowid, {column}) VALUES {values};"  # noqa: S608


def _putting(name: str, column: str) -> str:
    return f" INSERT INTO {name} (rowid, {column}) VALUES (new.id, new.{column});"  # noqa: S608


def dropping(table: str, vendor: str) -> list[str]:
    """The statements that take a table's indexes away, where they are there."""
    if vendor == "postgresql":
        return [f"DROP INDEX IF EXISTS {table}_{kind}" for kind in COLUMNS]
    return [
        *(
            f"DROP TRIGGER IF EXISTS {table}_{kind}_{act}"
            for kind in COLUMNS
            for act in ("insert", "update", "delete")
        ),
        *(f"DROP TABLE IF EXISTS {table}_{kind}" for kind in COLUMNS),
    ]


def rebuild(connection: BaseDatabaseWrapper, table: str) -> None:
    """Make a table's indexes anew from its columns."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in making(table, connection.vendor):
            cursor.execute(statement)


def is_sound(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Whether a table's indexes are all there and say what its columns say.

    PostgreSQL keeps the ones it has; SQLite's are compared with the columns.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [table])
            return {f"{table}_{kind}" for kind in COLUMNS} <= {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE %s", [f"{table}%"])
        present = {row[0] for row in cursor.fetchall()}
        for kind in COLUMNS:
            name = f"{table}_{kind}"
            acts = ("insert", "update", "delete")
            if not {name, *(f"{name}_{act}" for act in acts)} <= present:
                return False
            try:
                cursor.execute(f"INSERT INTO {name} ({name}, rank) {CHECK}")
            except DatabaseError:
                return False
    return True
