"""Loads the sectors: only those that were never here."""

import csv
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from partners.models import Sector

FILE = settings.BASE_DIR / "fixtures" / "20_sectors.csv"


class Command(BaseCommand):
    help = (
        "Adds the sectors of fixtures/20_sectors.csv that were never in the database, by slug: "
        "what a steward edited or retired stays so."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        known = set(Sector.history.values_list("slug", flat=True))
        known |= set(Sector.objects.values_list("slug", flat=True))
        with FILE.open(encoding="utf-8", newline="") as file:
            rows = list(enumerate(csv.DictReader(file), start=1))
        with transaction.atomic():
            added = [self.add(row, place) for place, row in rows if row["slug"] not in known]
        if added:
            self.stdout.write(f"Sectors: {len(added)} added.")

    def add(self, row: dict[str, str], position: int) -> Sector:
        """Saves the sector of a line; its parent stands above it."""
        sector = Sector(
            slug=row["slug"],
            name=row["name"],
            name_it=row["name_it"],
            parent=Sector.objects.filter(slug=row["parent"]).first() if row["parent"] else None,
            position=position,
        )
        sector._change_reason = "The list that comes with Ponti"  # type: ignore[attr-defined]
        sector.full_clean()
        sector.save()
        return sector
