"""Makes the search indexes anew from what the records are found by."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from crm.models import SearchableRecord
from crm.search.indexes import is_sound, rebuild


class Command(BaseCommand):
    help = (
        "Makes the database's search indexes anew. The database keeps them by itself: this is for "
        "after a table was copied, restored or altered by hand. What the records are found by is "
        "derived from them again by check_derived --fix."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--missing", action="store_true", help="Only where an index is missing or wrong."
        )

    def handle(self, *args: Any, missing: bool, **options: Any) -> None:
        count = 0
        for model in apps.get_models():
            if issubclass(model, SearchableRecord):
                table = model._meta.db_table
                if not (missing and is_sound(connection, table)):
                    with transaction.atomic():
                        rebuild(connection, table)
                    count += 1
        if count or not missing:
            self.stdout.write(f"Search: {count} tables indexed anew.")
