"""Indexes of the search text: trigrams where the database is PostgreSQL."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython


def trigram_index(table: str, text: str = "search_text") -> RunPython:
    """A migration operation: substring search on a column or an expression; SQLite scans instead.

    A column that is searched with `icontains` is indexed as that compares it: UPPER(column).
    """
    name = f"{table}_search"

    def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            editor.execute(f"CREATE INDEX {name} ON {table} USING gin ({text} gin_trgm_ops)")

    def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP INDEX IF EXISTS {name}")

    return RunPython(create, drop)
