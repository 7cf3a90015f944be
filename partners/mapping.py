"""Partners on the map: a circle for each city, as many as the list beside it would show."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django_countries import countries

from crm.address_parts import FlagField
from crm.counts import BOUND, bounded, kept
from crm.filters import Part
from crm.maps import Circle, Point, View, fitted, outline_id, placed, project
from partners.filters import OrganisationFilter
from partners.models import City

# Circles of a map, the largest: more would hide each other.
DRAWN = 200


class MapFilter(OrganisationFilter):
    """The partners of the directory; `whole` asks for the whole world around them."""

    whole = Part(FlagField)

    @property
    def shows_world(self) -> bool:
        return bool(self.part("whole"))

    @cached_property
    def address(self) -> dict[str, list[str]]:
        whole = {"whole": ["1"]} if self.shows_world else {}
        return {**super().address, **whole}

    def list_url(self, **changes: Any) -> str:
        """The directory of the same partners, or of some of them."""
        return f"{reverse('partners:organisation-list')}{self.query(whole=None, **changes)}"


@dataclass(frozen=True)
class Country:
    """The outline of a country with partners, and the map of it alone."""

    outline: str
    name: str
    count: int
    number: str
    url: str


@dataclass(frozen=True)
class Place:
    """A line of the table that says what the map shows."""

    city: City
    number: str
    url: str


@dataclass(frozen=True)
class PartnersMap:
    """What the page draws, and in numbers what it can't draw."""

    view: View
    circles: list[Circle]
    countries: list[Country]
    places: list[Place]
    undrawn_cities: int
    without_coordinates: int
    without_city: int
    without_city_url: str


def by_city(filterset: MapFilter) -> dict[int | None, int]:
    """How many partners each city has, most first; under None those of no city."""
    state = repr(("map", sorted(filterset.address.items()), timezone.localdate()))

    def count(_missing: list[str]) -> dict[str, dict[int | None, int]]:
        rows = filterset.qs.order_by().values_list("city").annotate(Count("pk"))
        return {"cities": dict(sorted(rows, key=lambda row: (-row[1], row[0] or 0)))}

    found: dict[int | None, int] = kept(
        {"cities": state},
        filterset.version,
        count,
        is_large=lambda cities: sum(cities.values()) > BOUND,
    )["cities"]
    return found


def partners_map(filterset: MapFilter) -> PartnersMap:
    """The map of the partners that the filter finds."""
    counts = by_city(filterset)
    nowhere = set(City.objects.filter(latitude=None).values_list("pk", flat=True))
    placeable = [pk for pk in counts if pk and pk not in nowhere]
    cities = City.objects.in_bulk(placeable[:DRAWN])
    points = {pk: project(city.latitude or 0, city.longitude or 0) for pk, city in cities.items()}
    drawn = [pk for pk in placeable[:DRAWN] if pk in cities]
    view = View() if filterset.shows_world else fitted(list(points.values()))
    circles = [_circle(filterset, cities[pk], counts[pk], points[pk]) for pk in drawn]
    return PartnersMap(
        view=view,
        circles=placed(circles, view),
        countries=_countries(filterset, [(cities[pk].country, counts[pk]) for pk in drawn]),
        places=[
            Place(cities[pk], bounded(counts[pk]), filterset.list_url(city=[pk])) for pk in drawn
        ],
        undrawn_cities=len(placeable) - len(drawn),
        without_coordinates=sum(number for pk, number in counts.items() if pk in nowhere),
        without_city=counts.get(None, 0),
        without_city_url=filterset.list_url(city=["none"]),
    )


def _circle(filterset: MapFilter, city: City, count: int, point: Point) -> Circle:
    return Circle(
        label=city.local_name,
        count=count,
        url=filterset.list_url(city=[city.pk]),
        point=point,
        number=bounded(count),
    )


def _countries(filterset: MapFilter, found: list[tuple[Any, int]]) -> list[Country]:
    """The outlines of the countries where circles are; each leads to its own map."""
    counts: dict[str, int] = {}
    for country, count in found:
        counts[country.code] = counts.get(country.code, 0) + count
    return [
        Country(
            outline_id(code),
            str(countries.name(code)),
            count,
            bounded(count),
            filterset.query(country=[code], whole=None),
        )
        for code, count in counts.items()
        if outline_id(code)
    ]
