"""Indexes of the search text: trigrams where the database is PostgreSQL."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython


def trigram_index(table: str) -> RunPython:
    """A migration operation: substring search on `search_text`; SQLite scans instead."""
    name = f"{table}_search"

    def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            editor.execute(f"CREATE INDEX {name} ON {table} USING gin (search_text gin_trgm_ops)")

    def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP INDEX IF EXISTS {name}")

    return RunPython(create, drop)
