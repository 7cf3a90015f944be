"""The directory by city and by sector: an index of each, and a page for one."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView

from crm.counts import BOUND, Counted, Tally, bounded, kept, tallied, versions
from crm.filters import ListFilter
from crm.navigation import address
from crm.text import folded
from partners.filters import OrganisationFilter, PersonFilter, sector_tree
from partners.models import City, Organisation, Person, Sector

# How many of each a page for one city or sector shows before it leads to the whole list.
FIRST = 10


def meetings() -> QuerySet[Any]:
    """Every meeting, seen from below."""
    model: type[Model] = Organisation._meta.get_field("meetings").related_model
    return model._default_manager.all()


class Directory(PermissionRequiredMixin, TemplateView):
    permission_required = ("partners.view_organisation", "partners.view_person")

    def found(self, address_part: str = "") -> tuple[ListFilter, ListFilter]:
        """The partners and the people that this part of an address finds."""
        data = QueryDict(address_part)
        return (
            OrganisationFilter(data, queryset=Organisation.objects.for_list()),
            PersonFilter(data, queryset=Person.objects.for_list()),
        )

    def tallies(self, of: str) -> list[Mapping[str, Tally]]:
        """How many partners, people and meetings each city has, or each sector."""
        partners, people = self.found()
        return [
            partners.tallied(of),
            people.tallied(of),
            self.meeting_tallies(of, partners.version),
        ]

    def meeting_tallies(self, of: str, version: str) -> dict[str, Tally]:
        """How many meetings each city has, or each sector."""
        version += versions([meetings().model])
        place = Coalesce(F("city_id"), F("stop__city_id"))
        tagged = meetings().filter(sectors__isnull=False)
        top = Coalesce(F("sectors__parent_id"), F("sectors__id"))
        readings = {
            "city": [Counted(meetings()).by(city=place)],
            "sector": [
                Counted(tagged, unit="pk").by(**{"sector": F("sectors__id"), "sector/top": top}),
            ],
        }
        found: dict[str, Tally] = kept(
            {of: f"meetings by {of}"}, version, lambda _names: {of: tallied(readings[of])}
        )[of]
        return found


def counted(item: Any, keys: tuple[str, str], *tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """An entry of an index: the record, and how many partners, people and meetings it has."""
    group, key = keys
    numbers = [tally.get(group, Tally()).get(key, 0) for tally in tallies]
    return {"item": item, **dict(zip(("partners", "people", "meetings"), numbers, strict=True))}


class CityList(Directory):
    """The cities in use, by country."""

    template_name = "partners/city_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tallies = self.tallies("city")
        used = {key for tally in tallies for key in tally["city"]} - {"none"}
        typed = self.request.GET.get("q", "").replace("\0", "")[:200]
        word = folded(typed)
        entries = [
            counted(city, ("city", str(city.pk)), *tallies)
            for city in City.objects.filter(pk__in=map(int, used))
            if word in city.search_text or word in folded(city.country.name)
        ]
        entries.sort(key=lambda e: (folded(e["item"].country.name), e["item"].sort_name))
        by_country = groupby(entries, key=lambda entry: entry["item"].country)
        return super().get_context_data(
            countries=[(country, list(group)) for country, group in by_country],
            number=len(entries),
            typed=typed,
            **kwargs,
        )


class SectorList(Directory):
    """The tree of sectors; the first level includes what lies below it, each thing once."""

    template_name = "partners/sector_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tallies = self.tallies("sector")
        entries: dict[str, dict[str, Any]] = {}
        for node in sector_tree(versions([Sector])).values():
            group = "sector" if node.above else "sector/top"
            entry = counted(node, (group, str(node.pk)), *tallies)
            if node.is_retired and not (entry["partners"] or entry["meetings"]):
                continue
            if node.above in entries:
                entries[node.above]["below"].append(entry)
            else:
                entries[node.slug] = {**entry, "below": []}
        return super().get_context_data(entries=list(entries.values()), **kwargs)


class OnePlace(Directory):
    """A page for one city or sector: its partners, people and meetings, the first of each."""

    def context_of(
        self, part: str, other: str, held: QuerySet[Any], **kwargs: Any
    ) -> dict[str, Any]:
        """`part` finds them in an address; `other` is the facet beside. Nothing else is counted."""
        partners, people = self.found(part)
        met = list(held.newest_first().for_list()[: FIRST + 1])  # type: ignore[attr-defined]
        for meeting in met:
            meeting.conceal_from(self.request.user)
        meeting_list = address("missions:meeting-list")
        count = kept(
            {"meetings": f"meetings of {part}"},
            partners.version,
            lambda _missing: {"meetings": held.order_by()[: BOUND + 1].count()},
        )["meetings"]
        return super().get_context_data(
            partners=partners,
            organisations=partners.ordered[:FIRST],
            people=people,
            persons=people.ordered[:FIRST],
            meetings=met[:FIRST],
            meeting_count=bounded(count),
            meetings_url=f"{meeting_list}?{part}" if meeting_list and len(met) > FIRST else "",
            panel=partners.panel(other),
            part=part,
            **kwargs,
        )


class CityDetail(OnePlace):
    template_name = "partners/city_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        city = get_object_or_404(City, pk=self.kwargs["pk"])
        held = meetings().filter(Q(city=city) | Q(city=None, stop__city=city))
        return self.context_of(f"city={city.pk}", "sector", held, city=city, now=timezone.now())


class SectorDetail(OnePlace):
    template_name = "partners/sector_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sector = get_object_or_404(Sector.objects.select_related("parent"), **self.kwargs)
        within = Sector.objects.within([sector.slug]).values("pk")
        through = meetings().model.sectors.through.objects.filter(sector__in=within)
        held = meetings().filter(pk__in=through.values("meeting_id"))
        context = self.context_of(f"sector={sector.slug}", "city", held, sector=sector)
        tally = context["partners"].tallied("sector")["sector"]
        context["below"] = [
            (child, bounded(tally.get(str(child.pk), 0), tally.is_partial))
            for child in sector.children.all()
        ]
        return context
