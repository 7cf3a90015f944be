"""Loads the cities of the world: only those that were never here."""

import csv
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from partners.models import City

FILE = settings.BASE_DIR / "fixtures" / "10_cities.csv"


def city(row: dict[str, str]) -> City:
    """The unsaved city of a line of the file."""
    made = City(
        geonames_id=int(row["geonames_id"]),
        name=row["name"],
        name_it=row["name_it"],
        native_name=row["native_name"],
        country=row["country"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        time_zone=row["time_zone"],
        population=int(row["population"]) if row["population"] else None,
        other_names=row["other_names"],
    )
    made.refresh_derived()
    return made


class Command(BaseCommand):
    help = (
        "Adds the cities of fixtures/10_cities.csv (GeoNames) that were never in the database: "
        "what a steward edited stays, what an Administrator deleted does not come back."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        known = set(City.history.values_list("geonames_id", flat=True))
        known |= set(City.objects.values_list("geonames_id", flat=True))
        with FILE.open(encoding="utf-8", newline="") as file:
            missing = [row for row in csv.DictReader(file) if int(row["geonames_id"]) not in known]
        if missing:
            with transaction.atomic():
                bulk_create_with_history(
                    [city(row) for row in missing],
                    City,
                    batch_size=500,
                    default_change_reason="GeoNames",
                )
            self.stdout.write(f"Cities: {len(missing)} added.")
