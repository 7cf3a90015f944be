"""Loads the mission to Japan, once, into an empty database."""

import tomllib
from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from crm.models import Record
from missions.contact import settle_meeting
from missions.models import Delegate, Initiative, Meeting, Mission, Organiser, Stop
from partners.models import Affiliation, City, Membership, Organisation, Person, Sector

FILE = settings.BASE_DIR / "fixtures" / "90_japan.toml"
NAMESPACE = UUID("5f0c5f0e-4c7e-5a8e-9b57-3d1f1c1b7a10")
REASON = "Demonstration data"

AnyRecord = TypeVar("AnyRecord", bound=Record)
Row = dict[str, Any]


def key(*ids: str) -> UUID:
    """The stable key of the record that these ids name in the file."""
    return uuid5(NAMESPACE, "/".join(ids))


def saved(record: AnyRecord, *ids: str) -> AnyRecord:
    """The record, checked as a form checks it, saved under its key, with its reason in history."""
    record.key = key(*ids)
    record._change_reason = REASON  # type: ignore[attr-defined]
    record.full_clean()
    record.save()
    return record


def city(name: str, country: str) -> City:
    """The largest city of that name."""
    found: City = City.objects.filter(name=name, country=country).order_by("-population")[0]
    return found


def sectors(slugs: Iterable[str]) -> list[Sector]:
    return [Sector.objects.get(slug=slug) for slug in slugs]


class Command(BaseCommand):
    help = (
        "Loads the mission to Japan (fixtures/90_japan.toml) where there is no organisation, "
        "person or mission and never was. Needs load_cities and load_sectors first."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        nouns = (Organisation, Person, Mission, Initiative, Meeting)
        if any(noun.objects.exists() or noun.history.exists() for noun in nouns):
            self.stdout.write("The mission to Japan is left out: this database is in use.")
            return
        with FILE.open("rb") as file:
            source = tomllib.load(file)
        with transaction.atomic():
            self.organisations = {row["id"]: self.organisation(row) for row in self.lines(source)}
            self.parts(source)
            self.mission(source)
        self.stdout.write("The mission to Japan is loaded.")

    def lines(self, source: Row) -> list[Row]:
        """The organisations, those that others are part of first."""
        rows: list[Row] = source["organisations"]
        return sorted(rows, key=lambda row: "parent" in row)

    def organisation(self, row: Row) -> Organisation:
        plain = {name: row[name] for name in ("name", "kind", "side", "country")}
        optional = ("short_name", "native_name", "website", "notes")
        organisation = Organisation(
            **plain,
            **{name: row[name] for name in optional if name in row},
            city=city(row["city"], row["country"]) if "city" in row else None,
            parent=Organisation.objects.get(key=key(row["parent"])) if "parent" in row else None,
        )
        saved(organisation, row["id"])
        organisation.sectors.set(sectors(row["sectors"]))
        organisation.settle_sectors()
        return organisation

    def parts(self, source: Row) -> None:
        """Who belongs to what, and who works where."""
        for row in source["memberships"]:
            member, group = self.organisations[row["member"]], self.organisations[row["group"]]
            saved(Membership(member=member, group=group), row["member"], row["group"])
        for row in source["people"]:
            names = ("given_name", "family_name", "source", "notes")
            person = saved(Person(**{name: row[name] for name in names}), row["id"])
            affiliation = Affiliation(
                person=person,
                organisation=self.organisations[row["organisation"]],
                job_title=row["job_title"],
                is_primary=True,
            )
            saved(affiliation, row["id"], row["organisation"])
            person.settle_affiliations()

    def mission(self, source: Row) -> None:
        row = source["initiative"]
        initiative = Initiative(name=row["name"], description=row["description"])
        saved(initiative, row["id"])
        row = source["mission"]
        names = ("title", "direction", "status", "aims", "notes")
        mission = Mission(initiative=initiative, **{name: row[name] for name in names})
        saved(mission, row["id"])
        for row in source["organisers"]:
            organisation = self.organisations[row["organisation"]]
            organiser = Organiser(mission=mission, organisation=organisation, role=row["role"])
            saved(organiser, "organiser", row["organisation"])
        for row in source["delegates"]:
            organisation = self.organisations[row["organisation"]]
            delegate = Delegate(mission=mission, organisation=organisation, status=row["status"])
            saved(delegate, "delegate", row["organisation"])
        for position, row in enumerate(source["stops"], start=1):
            stop = Stop(
                mission=mission,
                city=city(row["city"], "JP"),
                position=position,
                notes=row.get("notes", ""),
            )
            saved(stop, "stop", row["id"])
            for place, meeting in enumerate(row["meetings"], start=1):
                self.meeting(meeting, stop, place)

    def meeting(self, row: Row, stop: Stop, position: int) -> Meeting:
        names = ("title", "format", "purpose", "outcome", "notes")
        meeting = Meeting(
            mission=stop.mission,
            stop=stop,
            position=position,
            status=Meeting.Status.HELD,
            **{name: row[name] for name in names if name in row},
        )
        saved(meeting, row["id"])
        meeting.organisations.set([self.organisations[row["organisation"]]])
        meeting.sectors.set(sectors(row["sectors"]))
        settle_meeting(meeting)
        return meeting
