"""Coverage: partners by city and by sector, or by kind, and where they have gone quiet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, F, Min, Model, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from crm.counts import BOUND, Counted, Tally, bounded, kept, tallied
from crm.facets import NONE, ChoiceFacet, RecordFacet
from crm.filters import ListFilter, Part
from partners.filters import TierFacet, counted_with_organisations, owner_names, sector_tree
from partners.models import City, Organisation
from partners.models.organisations import quiet_since

# The cities of a grid; a country chosen shows its own.
ROWS = 30
BY = {"sector": _("By sector"), "kind": _("By kind")}


class CoverageFilter(ListFilter):
    """Partners, of a country, a tier or an owner; `by` names the columns of the grid."""

    # Nothing is searched or ordered: these parts of an address make no sense here.
    q = archived = sort = page = after = before = None  # type: ignore[assignment]

    by = Part(forms.ChoiceField, choices=list(BY.items()))
    country = ChoiceFacet("country", _("Country"), lambda: dict(countries), shown=500)
    tier = TierFacet(_("Tier"))
    owner = RecordFacet("owner", _("Owner"), owner_names, none=_("Nobody"), shown=500)

    class Meta:
        model = Organisation
        fields: list[str] = []

    def counted_models(self) -> list[type[Model]]:
        return counted_with_organisations()

    def base(self, queryset: Any) -> Any:
        return queryset.active().partners()

    @property
    def by_name(self) -> str:
        return self.part("by") or "sector"

    @cached_property
    def address(self) -> dict[str, list[str]]:
        by = {"by": [self.by_name]} if self.by_name != "sector" else {}
        return {**by, **super().address}

    def list_url(self, **values: str) -> str:
        """The directory narrowed to a part of the grid: its count is the number shown here."""
        parts = {name: found for name, found in self.address.items() if name != "by"}
        parts |= {"side": [Organisation.Side.PARTNER.value]}
        parts |= {name: [value] for name, value in values.items()}
        return f"{reverse('partners:organisation-list')}?{urlencode(parts, doseq=True)}"


# Of a cell: how many partners, the least contact_order, how many are not quiet.
Figures = tuple[int, int, int]


@dataclass(frozen=True)
class Cell:
    """So many partners, and how it stands with them. `order` is the least contact_order."""

    count: int = 0
    order: int = 1
    warm: int = 0
    url: str = ""

    @classmethod
    def of(cls, figure: Figures, url: str) -> "Cell":
        count, order, warm = figure
        return cls(count, order, warm, url)

    @property
    def number(self) -> str:
        return bounded(self.count)

    @property
    def last_contact_on(self) -> date | None:
        return date.fromordinal(-self.order) if self.order < 0 else None

    @property
    def is_met(self) -> bool:
        return self.order < 1

    @property
    def is_cold(self) -> bool:
        """Nobody in it was met within the time that their tier bears."""
        return self.count > 0 and not self.warm


@dataclass(frozen=True)
class Heading:
    """A column: its label, and how many partners it has in all."""

    label: str
    number: str
    url: str


@dataclass
class Row:
    """A city, or the partners whose city is not known; their cells, then all of them."""

    city: City | None
    whole: Cell
    cells: list[tuple[Heading, Cell]] = field(default_factory=list)


@dataclass
class Grid:
    """What the page draws; `more` cities are left out."""

    headings: list[Heading]
    rows: list[Row]
    found: int
    more: int = 0
    cold: int = 0


def figures(
    rows: Any, today: date, *keys: str, is_many: bool = False
) -> dict[tuple[Any, ...], Figures]:
    """Partners, the latest contact and those not quiet, by these columns.

    `is_many` where a partner can be among the rows more than once: it is counted once, at a cost.
    """
    counted = (
        rows.order_by()
        .values_list(*keys)
        .annotate(
            number=Count("pk", distinct=is_many),
            order=Min("contact_order"),
            warm=Count("pk", distinct=is_many, filter=~quiet_since(today)),
        )
    )
    width = len(keys)
    return {tuple(row[:width]): tuple(row[width:]) for row in counted}


def columns(by: str, version: str) -> dict[str, tuple[str, str]]:
    """The columns: the key that rows are counted by, with the address's value and the label."""
    if by == "kind":
        return {value: (value, str(label)) for value, label in Organisation.Kind.choices}
    nodes = sector_tree(version).values()
    return {str(node.pk): (node.slug, node.name) for node in nodes if not node.above}


def keyed(rows: Any, by: str) -> Any:
    """The rows with their `column`: a kind, or a sector of the first level."""
    if by == "kind":
        return rows.annotate(column=F("kind"))
    top = Coalesce(F("sectors__parent_id"), F("sectors__id"))
    return rows.filter(sectors__isnull=False).annotate(column=top)


def counted(filterset: CoverageFilter, today: date) -> dict[str, Any]:
    """Every number of the grid, in three queries however many partners there are."""
    by, rows = filterset.by_name, filterset.qs
    cities = {key[0]: figure for key, figure in figures(rows, today, "city_id").items()}
    largest = sorted((pk for pk in cities if pk), key=lambda pk: (-cities[pk][0], pk))
    shown = largest[:ROWS]
    here = Q(city__in=shown) | Q(city=None) if None in cities else Q(city__in=shown)
    is_many = by == "sector"
    cells = figures(keyed(rows.filter(here), by), today, "city_id", "column", is_many=is_many)
    reading = Counted(keyed(rows, by), unit="pk" if is_many else None).by(column=F("column"))
    return {
        "cities": {pk: cities[pk] for pk in (*shown, *([None] if None in cities else []))},
        "found": sum(figure[0] for figure in cities.values()),
        "more": len(largest) - len(shown),
        "cells": {(pk, str(key)): figure for (pk, key), figure in cells.items()},
        "columns": tallied([reading])["column"],
    }


def grid(filterset: CoverageFilter) -> Grid:
    """The cities with most partners against every sector of the first level, or every kind."""
    today, by = timezone.localdate(), filterset.by_name
    state = repr(("coverage", sorted(filterset.address.items()), today))
    numbers = kept(
        {"grid": state},
        filterset.version,
        lambda _missing: {"grid": counted(filterset, today)},
        is_large=lambda found: found["found"] > BOUND,
    )["grid"]
    named = columns(by, filterset.version)
    headings = _headings(filterset, named, numbers["columns"])
    cities = City.objects.in_bulk([pk for pk in numbers["cities"] if pk])
    rows = []
    for pk, figure in numbers["cities"].items():
        place = str(pk) if pk else NONE
        row = Row(cities.get(pk), Cell.of(figure, filterset.list_url(city=place)))
        for key, (value, _label) in named.items():
            found = numbers["cells"].get((pk, key))
            url = filterset.list_url(city=place, **{by: value}) if found else ""
            row.cells.append((headings[key], Cell.of(found, url) if found else Cell()))
        rows.append(row)
    cold = sum(cell.is_cold for row in rows for _heading, cell in row.cells)
    return Grid(list(headings.values()), rows, numbers["found"], numbers["more"], cold)


def _headings(
    filterset: CoverageFilter, named: Mapping[str, tuple[str, str]], tally: Tally
) -> dict[str, Heading]:
    by = filterset.by_name
    return {
        key: Heading(
            label,
            bounded(tally.get(key, 0), tally.is_partial),
            filterset.list_url(**{by: value}) if tally.get(key) else "",
        )
        for key, (value, label) in named.items()
    }
