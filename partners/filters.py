"""What the directory of partners and the contact list can be narrowed by."""

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import Case, F, Model, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from crm.counts import Counted, Reading, Tally, kept
from crm.facets import ChoiceFacet, Facet, Index, Option, RecordFacet
from crm.filters import ListFilter
from crm.pagination import Sort
from partners.models import Affiliation, City, Organisation, Person, Sector


def counted_with_organisations() -> list[type[Model]]:
    """The models whose changes change a count of organisations by what they can be narrowed by."""
    meeting: Any = Organisation._meta.get_field("meetings").related_model
    return [Organisation, City, Sector, meeting]


class Node(NamedTuple):
    """A sector as the tree shows it."""

    pk: int
    slug: str
    name: str
    above: str
    is_retired: bool


def sector_tree(version: str) -> dict[str, Node]:
    """Every sector by its slug, in order, each first-level one before those below it."""
    kept_tree = kept(
        {"tree": "sectors"},
        version,
        lambda _names: {
            "tree": list(
                Sector.objects.values_list(
                    "pk", "slug", "name", "name_it", "parent__slug", "is_retired"
                )
            )
        },
    )["tree"]
    italian = get_language() == "it"
    return {
        slug: Node(pk, slug, (italian and name_it) or name, above or "", is_retired)
        for pk, slug, name, name_it, above, is_retired in kept_tree
    }


def city_names(ids: list[int], version: str) -> dict[int, str]:
    """The cities' names in the reader's language; the country too where two share a name."""
    found = kept(
        {str(pk): f"city {pk}" for pk in ids},
        version,
        lambda missing: {
            str(pk): (name, name_it, country)
            for pk, name, name_it, country in City.objects.filter(pk__in=missing).values_list(
                "pk", "name", "name_it", "country"
            )
        },
    )
    italian = get_language() == "it"
    names = {int(pk): (italian and row[1]) or row[0] for pk, row in found.items()}
    shared = {name for name in names.values() if list(names.values()).count(name) > 1}
    return {
        pk: f"{name}, {countries.name(found[str(pk)][2])}" if name in shared else name
        for pk, name in names.items()
    }


def owner_names(ids: list[int], version: str) -> dict[int, str]:
    del version  # Accounts keep no history, so their names are asked for each time.
    return {user.pk: str(user) for user in get_user_model().objects.filter(pk__in=ids)}


class SectorFacet(Facet):
    """Sectors by their slugs; one of the first level includes those below it."""

    is_many = True

    def known(self, values: Sequence[str], version: str) -> dict[str, str]:
        nodes = sector_tree(version) if values else {}
        return {value: nodes[value].name for value in values if value in nodes}

    def condition(self, values: Sequence[str], prefix: str = "") -> Q:
        nodes = sector_tree(self.parent.version).values()
        within = [node.pk for node in nodes if {node.slug, node.above} & set(values)]
        tagged = Organisation.sectors.through.objects.filter(sector__in=within)
        return Q(**{f"{prefix}pk__in": tagged.values("organisation_id")})

    def readings(self, name: str, counted: Counted) -> list[Reading]:
        """By sector, and by the sector of the first level, each row once."""
        column = f"{counted.prefix}{self.column}"
        rows = counted.rows.filter(**{f"{column}__isnull": False})
        tagged = counted._replace(rows=rows, unit=counted.unit or "pk")
        own = F(f"{column}__id")
        top = Coalesce(F(f"{column}__parent_id"), own)
        return [tagged.by(**{name: own, f"{name}/top": top})]

    def toggled(self, value: str, chosen: Sequence[str]) -> list[str]:
        """A sector takes the place of the one above it, and of those below it."""
        if value in chosen:
            return super().toggled(value, chosen)
        nodes = sector_tree(self.parent.version)
        near = {nodes[value].above} | {node.slug for node in nodes.values() if node.above == value}
        return [*(other for other in chosen if other not in near), value]

    def options(self, tally: Tally, chosen: Mapping[str, str], version: str) -> list[Option]:
        """The first level with its own inside; those below show where chosen, or while few."""
        options: dict[str, Option] = {}
        for node in sector_tree(version).values():
            level = str(node.pk) if node.above else f"top {node.pk}"
            count, is_chosen = tally.get(level, 0), node.slug in chosen
            if not (count or is_chosen):
                continue
            option = Option(node.slug, node.name, count, is_chosen)
            if node.above in options:
                options[node.above].children.append(option)
            else:
                options[node.slug] = option
        if sum(1 + len(option.children) for option in options.values()) > self.shown:
            for option in options.values():
                if not (option.is_chosen or any(child.is_chosen for child in option.children)):
                    option.children = []
        return self.arranged(list(options.values()))


def months_before(today: date, months: int) -> date:
    """The same day of an earlier month, or its last day where it is shorter."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


class ContactFacet(ChoiceFacet):
    """How long ago the last contact was. Reads `contact_order`, which grows with age."""

    CHOICES: Mapping[str, str | Promise] = {
        "recent": _("Last 3 months"),
        "year": _("3 to 12 months ago"),
        "old": _("Over a year ago"),
        "undated": _("Met, date unknown"),
        "never": _("Never"),
    }

    def __init__(self, label: str | Promise, **kwargs: Any) -> None:
        super().__init__("contact_order", label, lambda: self.CHOICES, in_order=True, **kwargs)

    def spans(self, prefix: str = "") -> dict[str, Q]:
        today = timezone.localdate()
        recent = -months_before(today, 3).toordinal()
        year = -months_before(today, 12).toordinal()
        column = f"{prefix}{self.column}"
        return {
            "recent": Q(**{f"{column}__lte": recent}),
            "year": Q(**{f"{column}__gt": recent, f"{column}__lte": year}),
            "old": Q(**{f"{column}__gt": year, f"{column}__lt": 0}),
            "undated": Q(**{column: 0}),
            "never": Q(**{column: 1}),
        }

    def condition(self, values: Sequence[str], prefix: str = "") -> Q:
        spans, either = self.spans(prefix), Q()
        for value in values:
            either |= spans[value]
        return either

    def key(self, prefix: str = "") -> Any:
        spans = self.spans(prefix).items()
        return Case(*(When(condition, then=Value(value)) for value, condition in spans))


class TierFacet(ChoiceFacet):
    """Tiers, shown with their number."""

    def __init__(self, label: str | Promise) -> None:
        super().__init__(
            "tier", label, lambda: dict(Organisation.Tier.choices), none=_("No tier"), in_order=True
        )

    def arranged(self, options: list[Option]) -> list[Option]:
        for option in options:
            if option.value.isdigit():
                option.label = f"{option.value} {option.label}"
        return super().arranged(options)


class OrganisationFacets(ListFilter):
    """The facets of organisations, shared by the two lists."""

    country = ChoiceFacet("country", _("Country"), lambda: dict(countries))
    city = RecordFacet(
        "city",
        _("City"),
        city_names,
        none=_("Not known"),
        index=Index(reverse_lazy("partners:city-list"), _("All cities")),
    )
    sector = SectorFacet(
        "sectors",
        _("Sector"),
        shown=12,
        index=Index(reverse_lazy("partners:sector-list"), _("All sectors")),
    )
    tier = TierFacet(_("Tier"))
    contact = ContactFacet(_("Last contact"))
    side = ChoiceFacet("side", _("Side"), lambda: dict(Organisation.Side.choices), is_open=False)
    kind = ChoiceFacet("kind", _("Kind"), lambda: dict(Organisation.Kind.choices), is_open=False)
    owner = RecordFacet("owner", _("Owner"), owner_names, none=_("Nobody"), is_open=False)


class OrganisationFilter(OrganisationFacets):
    """Partners: every organisation, of either side unless `side` is chosen."""

    sorts = {
        "name": Sort(_("Partner"), ("sort_name",)),
        "tier": Sort(_("Tier"), ("tier_order", "sort_name")),
        "city": Sort(_("City"), ("sort_city", "sort_name")),
        "contact": Sort(_("Last contact"), ("contact_order", "sort_name")),
    }
    default_sort = "name"

    class Meta:
        model = Organisation
        fields: list[str] = []

    def counted_models(self) -> list[type[Model]]:
        return counted_with_organisations()


# Each is found through two joins, so fewer are read than of other rows.
PEOPLE_READ = 50_000


class PersonFilter(OrganisationFacets):
    """People: all that was chosen is true of one organisation that they work for now."""

    sorts = {
        "name": Sort(_("Name"), ("sort_name",)),
        "organisation": Sort(_("Organisation"), ("sort_organisation", "sort_name")),
    }
    default_sort = "name"

    class Meta:
        model = Person
        fields: list[str] = []

    def counted_models(self) -> list[type[Model]]:
        return [Person, Affiliation, *counted_with_organisations()]

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        queryset = self.base(queryset)
        if narrowing := self.narrowing(prefix="organisation__"):
            working = Affiliation.objects.current().filter(narrowing)
            queryset = queryset.filter(pk__in=working.values("person_id"))
        return queryset

    def rows_to_count(self, without: str) -> Counted:
        rows = Affiliation.objects.current().filter(self.narrowing("organisation__", without))
        if self.search or self.picked:
            rows = rows.filter(person__in=self.base(Person.objects.all()).values("pk"))
        elif not self.wants_archived:
            rows = rows.filter(person__archived_at=None)
        return Counted(rows, "organisation__", "person_id", most=PEOPLE_READ)
