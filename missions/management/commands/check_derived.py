"""Finds what is stored and derived but no longer true, and mends it."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from crm.search.indexes import is_sound, rebuild
from missions.contact import COLUMNS, settle_meeting, stale_contacts, unsettled_meetings
from missions.models import Agreement, FollowUp, Meeting, Mission
from partners.models import City, Organisation, Person, Sector

# Those that others are found by come first.
MODELS: tuple[type[Any], ...] = (
    City,
    Sector,
    Organisation,
    Person,
    Mission,
    Meeting,
    FollowUp,
    Agreement,
)


class Command(BaseCommand):
    help = (
        "Compares every derived column (search text and its index, sort keys, international "
        "phones, instants, last contact, primary affiliations) with what it is derived from, a "
        "batch at a time. "
        "Says how many have drifted, and ends with an error where any has; --fix mends them. "
        "Run it with --fix every night: affiliations end by date without anybody saving them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="Mend what has drifted.")

    def handle(self, *args: Any, fix: bool, **options: Any) -> None:
        self.fix = fix
        self.drift: Counter[str] = Counter()
        self.check_affiliations()
        self.check_meetings()
        for model in MODELS:
            self.check_columns(model)
            self.check_index(model)
        self.check_contacts()
        for what, count in self.drift.items():
            self.stdout.write(f"{count} {what}.")
        if not self.drift:
            self.stdout.write("Everything derived is up to date.")
        elif fix:
            self.stdout.write("Mended.")
        else:
            raise CommandError("What is derived has drifted: run check_derived --fix to mend it.")

    def check_affiliations(self) -> None:
        for people in Person.objects.unsettled().batches():
            self.drift["people whose primary affiliation is not a current one"] += len(people)
            if self.fix:
                for person in people:
                    person.settle_affiliations()

    def check_meetings(self) -> None:
        for meetings in unsettled_meetings().batches():
            self.drift["meetings that leave out an organisation somebody spoke for"] += len(
                meetings
            )
            if self.fix:
                for meeting in meetings:
                    settle_meeting(meeting)

    def check_columns(self, model: type[Any]) -> None:
        for found in model.objects.stale():
            self.drift.update(
                f"{model._meta.verbose_name_plural} whose {column} is out of date"
                for _record, columns in found
                for column in columns
            )
            if self.fix:
                records = [record for record, _columns in found]
                columns = sorted({column for _record, drifted in found for column in drifted})
                model.objects.bulk_update(records, columns)

    def check_index(self, model: type[Any]) -> None:
        if not is_sound(connection, model._meta.db_table):
            self.drift[f"search index out of date: {model._meta.verbose_name_plural}"] += 1
            if self.fix:
                rebuild(connection, model._meta.db_table)

    def check_contacts(self) -> None:
        for found in stale_contacts():
            self.drift["organisations whose last contact is out of date"] += len(found)
            if self.fix:
                Organisation.objects.bulk_update(found, COLUMNS)
