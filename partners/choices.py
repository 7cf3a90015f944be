"""What combos offer of partners: organisations, people and cities."""

from typing import Any

from crm.combos import LIMIT, Choice, RecordFinder, clean_typed
from crm.search import slipped
from crm.text import folded
from partners.models import City, Organisation, Person, Sector
from partners.models.organisations import OrganisationQuerySet
from partners.models.people import PersonQuerySet
from partners.models.places import CityQuerySet
from partners.models.sectors import SectorQuerySet


class OrganisationFinder(RecordFinder):
    """Organisations by any of their names, or by their city."""

    url_name = "partners:organisation-choices"

    def records(self) -> OrganisationQuerySet:
        return Organisation.objects.select_related("city")

    def offered(self) -> OrganisationQuerySet:
        return self.records().active()

    def choice(self, record: Organisation) -> Choice:
        return Choice(
            value=str(record.pk),
            label=record.name,
            detail=record.place,
            native=record.native_name,
            native_language=record.native_language,
            letters=record.monogram,
            family=record.kind_family,
        )


class PersonFinder(RecordFinder):
    """People by any of their names, or by the organisation they work for."""

    url_name = "partners:person-choices"

    def records(self) -> PersonQuerySet:
        return Person.objects.prefetch_related("affiliations__organisation")

    def offered(self) -> PersonQuerySet:
        return self.records().active()

    def choice(self, record: Person) -> Choice:
        current = [row for row in record.affiliations.all() if row.is_current]
        work = next((row for row in current if row.is_primary), None)
        return Choice(
            value=str(record.pk),
            label=record.name,
            detail=", ".join(filter(None, [work.organisation.name, work.job_title]))
            if work
            else "",
            native=record.native_name if record.native_name != record.name else "",
            native_language=record.native_language,
            letters=record.initials,
            family="person",
        )


class CityFinder(RecordFinder):
    """Cities by any spelling, the largest first."""

    url_name = "partners:city-choices"

    def records(self) -> CityQuerySet:
        return City.objects.all()

    def choice(self, record: City) -> Choice:
        return Choice(
            value=str(record.pk),
            label=str(record),
            native=record.native_name,
            native_language="ja" if record.native_name else "",
        )

    def find(self, typed: str, chosen: Any = ()) -> list[Choice]:
        if not folded(clean_typed(typed)):
            return []
        cities = City.objects.matching(typed)[:LIMIT] or City.objects.similar_to(typed)[:LIMIT]
        return [self.choice(city) for city in cities]


class SectorFinder(RecordFinder):
    """Sectors by either name: few enough to be offered all at once."""

    url_name = "partners:sector-choices"

    def records(self) -> SectorQuerySet:
        return Sector.objects.select_related("parent")

    def choice(self, record: Sector) -> Choice:
        return Choice(
            value=str(record.pk),
            label=record.local_name,
            detail=record.parent.local_name if record.parent else "",
        )

    def find(self, typed: str, chosen: Any = ()) -> list[Choice]:
        words = folded(clean_typed(typed)).split()
        found = [
            sector
            for sector in self.records().choosable()
            if all(word in folded(f"{sector.name} {sector.name_it}") for word in words)
        ]
        if not found:
            return [self.choice(one) for one in slipped(self.records().choosable(), typed)[:LIMIT]]
        order = {sector.pk: place for place, sector in enumerate(found)}
        found.sort(
            key=lambda one: (order.get(one.parent_id or one.pk, 0), one.parent_id is not None)
        )
        return [self.choice(sector) for sector in found]
