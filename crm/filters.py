"""Lists read from the address: what narrows them, their order, their page, and their counts.

Only these classes read the query string; the page, the export and everything else that shows the
same rows use the same one. What an address says and nobody understands is left out and named in
`ignored`, so that a page can say so and an export can refuse.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet, Value
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.address_parts import LONGEST_SEARCH, FlagField, IdsField, WholeNumberField
from crm.counts import BOUND, Counted, Tally, bounded, kept, tallied, versions
from crm.facets import Facet, Index, Option
from crm.pagination import LAST_NUMBERED, PAGE_SIZE, Page, Sort, beside, numbered
from crm.searched import SearchedFilter


class Part(django_filters.Filter):
    """A part of the address that is read but narrows nothing by itself."""

    def __init__(self, field_class: type[forms.Field] = WholeNumberField, **kwargs: Any) -> None:
        self.field_class = field_class
        super().__init__(**kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        del value
        return qs


class Chip(NamedTuple):
    """Something chosen, and the address of the list without it."""

    name: str | Promise
    value: str
    url: str


class FacetPanel(NamedTuple):
    """A facet as the page shows it; `whole` leads to the page with every value."""

    name: str
    label: str | Promise
    options: list[Option]
    folded: list[Option]
    is_open: bool
    whole: Index | None


class Heading(NamedTuple):
    """A column's heading that sorts: the address of the other order, and where we are."""

    label: str | Promise
    url: str
    aria: str


class ListFilter(SearchedFilter):
    """Search, facets, order and place of a list. Subclasses declare their facets and sorts."""

    q = django_filters.CharFilter(label=_("Search"), max_length=LONGEST_SEARCH)
    archived = Part(FlagField, label=_("Archived too"))
    ids = Part(IdsField, label=_("Rows chosen"))
    view = Part()
    sort = Part(forms.CharField)
    page = Part()
    after = Part()
    before = Part()

    sorts: ClassVar[dict[str, Sort]] = {}
    default_sort: ClassVar[str] = ""

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(QueryDict() if data is None else data, *args, **kwargs)
        self._counted: dict[str, dict[str, Tally]] = {}

    def counted_models(self) -> list[type[Model]]:
        """The models whose changes change a count."""
        return [self.queryset.model]

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        queryset = self.base(queryset)
        narrowing = self.narrowing()
        return queryset.filter(narrowing) if narrowing else queryset

    def narrowing(self, prefix: str = "", without: str = "") -> Q:
        """What the chosen facets ask together, of the rows that `prefix` leads to."""
        together = Q()
        for name, values in self.chosen.items():
            if values and name != without:
                together &= self.facets[name].condition(list(values), prefix)
        return together

    def rows_to_count(self, without: str) -> Counted:
        """The rows that a facet is tallied over."""
        rows = self.base(self.queryset.model._default_manager.all())
        return Counted(rows.filter(self.narrowing(without=without)))

    # What the address says

    @cached_property
    def facets(self) -> dict[str, Facet]:
        return {name: part for name, part in self.filters.items() if isinstance(part, Facet)}

    @cached_property
    def chosen(self) -> dict[str, dict[str, str]]:
        """For each facet, the values chosen that mean something, with their labels."""
        return {
            name: facet.known(values, self.version) if (values := self.part(name)) else {}
            for name, facet in self.facets.items()
        }

    @cached_property
    def ignored(self) -> list[str]:
        """The parts of the address that were left out, as “city=abc”."""
        left = [(name, self.data.get(name, "")) for name in self.form.errors]
        left += [(name, self.data.get(name, "")) for name in self.data if name not in self.filters]
        for name in self.facets:
            left += [(name, v) for v in self.part(name) or [] if v not in self.chosen[name]]
        if (sort := self.part("sort")) and sort.removeprefix("-") not in self.sorts:
            left.append(("sort", sort))
        return [f"{name}={_printable(value)}" for name, value in left]

    def is_valid(self) -> bool:
        """Whether every part of the address was understood."""
        return bool(super().is_valid()) and not self.ignored

    @cached_property
    def order(self) -> tuple[str, bool]:
        """The sort's name, and whether it runs backwards."""
        asked = self.part("sort") or self.default_sort
        name = asked.removeprefix("-")
        return (name, asked != name) if name in self.sorts else (self.default_sort, False)

    @cached_property
    def ordered(self) -> QuerySet[Any]:
        """Every row found, in the order asked for."""
        name, descending = self.order
        rows: QuerySet[Any] = self.qs.order_by(*self.sorts[name].names(descending))
        return rows

    # Addresses

    @cached_property
    def address(self) -> dict[str, list[str]]:
        """The parts of the address that were understood, without the place in the list."""
        parts = {"q": [self.search]} if self.search else {}
        parts.update({name: list(values) for name, values in self.chosen.items() if values})
        if self.picked:
            parts["ids"] = [",".join(map(str, self.picked))]
        if self.wants_archived:
            parts["archived"] = ["1"]
        if view := self.part("view"):
            parts["view"] = [str(view)]
        name, descending = self.order
        if descending or name != self.default_sort:
            parts["sort"] = [f"-{name}" if descending else name]
        return parts

    @cached_property
    def lasting(self) -> dict[str, list[str]]:
        """The address of the same rows for whoever reads it, from whichever saved view it came."""
        return {name: values for name, values in self.address.items() if name != "view"}

    def query(self, **changes: Any) -> str:
        """The address with some parts set to other values; None drops one."""
        parts = {k: v for k, v in {**self.address, **changes}.items() if v not in (None, [])}
        return "?" + urlencode(parts, doseq=True, safe=",")

    @cached_property
    def carried(self) -> list[tuple[str, str]]:
        """The address but the search, as the hidden fields of its form."""
        return [(n, v) for n, values in self.address.items() for v in values if n != "q"]

    @cached_property
    def whole(self) -> list[tuple[str, str]]:
        """The address but the rows chosen, as the hidden fields of the form that chooses some."""
        return [(n, v) for n, values in self.address.items() for v in values if n != "ids"]

    @cached_property
    def start_url(self) -> str:
        """The first page."""
        return self.query()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.picked or self.wants_archived or any(self.chosen.values()))

    @cached_property
    def cleared(self) -> str:
        return self.query(**dict.fromkeys((*self.facets, "q", "ids", "archived")))

    @cached_property
    def chips(self) -> list[Chip]:
        """What was chosen, each with the address without it."""
        chips = [Chip(_("Search"), self.search, self.query(q=None))] if self.search else []
        for name, values in self.chosen.items():
            for value, label in values.items():
                rest = [other for other in values if other != value]
                chips.append(Chip(self.facets[name].label, label, self.query(**{name: rest})))
        if self.picked:
            label = self.filters["ids"].label
            chips.append(Chip(label, str(len(self.picked)), self.query(ids=None)))
        if self.wants_archived:
            chips.append(Chip(self.filters["archived"].label, "", self.query(archived=None)))
        return chips

    @property
    def words(self) -> str:
        """What was chosen, as “Country: Japan; Tier: Strategic, Priority”."""
        said = [f"{_('Search')}: {self.search}"] if self.search else []
        said += [
            f"{self.facets[name].label}: {', '.join(values.values())}"
            for name, values in self.chosen.items()
            if values
        ]
        if self.picked:
            said.append(f"{self.filters['ids'].label}: {len(self.picked)}")
        if self.wants_archived:
            said.append(str(self.filters["archived"].label))
        return "; ".join(said)

    @property
    def headings(self) -> dict[str, Heading]:
        """A heading for each sort; pressed again, it runs the other way."""
        now, descending = self.order
        headings = {}
        for name, sort in self.sorts.items():
            turned = f"-{name}" if name == now and not descending else name
            aria = ("descending" if descending else "ascending") if name == now else ""
            asked = None if turned == self.default_sort else turned
            headings[name] = Heading(sort.label, self.query(sort=asked), aria)
        return headings

    # Counts

    @cached_property
    def version(self) -> str:
        return versions(self.counted_models())

    def tallied(self, *names: str) -> Mapping[str, Tally]:
        """How many rows have each value of these facets, by group; and `found`, the whole list."""
        missing = [name for name in (*names, "found") if name not in self._counted]
        found = kept(
            {name: self._state(name) for name in missing},
            self.version,
            self._count,
            is_large=lambda tallies: any(sum(one.values()) > BOUND for one in tallies.values()),
        )
        self._counted.update(found)
        return {
            group: one for name in (*names, "found") for group, one in self._counted[name].items()
        }

    def _count(self, names: list[str]) -> dict[str, dict[str, Tally]]:
        """The tallies of the groups of each facet, all in one query.

        Facets of the same rows read them once, unless each finds its column in an index.
        """
        readings, shared = [], {}
        for name in names:
            if name == "found":
                readings.append(Counted(self.qs, most=BOUND).by(found=Value(1)))
                continue
            facet, counted = self.facets[name], self.rows_to_count(without=name)
            if facet.is_many or self.chosen[name] or not (counted.unit or self.is_narrowed):
                readings += facet.readings(name, counted)
            else:
                shared[name] = (facet.key(counted.prefix), counted)
        if shared:
            keys = {name: key for name, (key, _counted) in shared.items()}
            readings.append(next(iter(shared.values()))[1].by(**keys))
        found: dict[str, dict[str, Tally]] = {name: {} for name in names}
        for group, tally in tallied(readings).items():
            found[group.partition("/")[0]][group] = tally
        return found

    def _state(self, name: str) -> str:
        """What the tallies of a facet, or of the whole list, depend on, apart from the data."""
        chosen = {n: sorted(v) for n, v in self.chosen.items() if v and n != name}
        asked = (self.search, self.is_similar, self.picked, self.wants_archived)
        return repr((type(self).__name__, name, *asked, chosen))

    @property
    def found(self) -> int:
        """How many rows there are; above BOUND, only that there are more."""
        return self.tallied()["found"].get("1", 0)

    @property
    def found_text(self) -> str:
        return bounded(self.found)

    @cached_property
    def panels(self) -> list[FacetPanel]:
        """The facets that have something to choose."""
        self.tallied(*self.facets)
        return [panel for name in self.facets if (panel := self.panel(name))]

    def panel(self, name: str) -> FacetPanel | None:
        """A facet as the page shows it; nothing where it has nothing to choose."""
        facet, tallies, chosen = self.facets[name], self.tallied(name), self.chosen[name]
        tops = tallies.get(f"{name}/top", Tally())
        tally = Tally({**tallies[name], **{f"top {key}": n for key, n in tops.items()}})
        options = facet.options(tally, chosen, self.version)
        if not options:
            return None
        self._address_options(name, facet, options, tallies[name].is_partial)
        shown = [o for place, o in enumerate(options) if place < facet.shown or o.is_chosen]
        folded = [o for o in options if o not in shown]
        is_open = facet.is_open or bool(chosen)
        return FacetPanel(name, facet.label, shown, folded, is_open, facet.index)

    def _address_options(
        self, name: str, facet: Facet, options: list[Option], is_partial: bool
    ) -> None:
        """Give each option the address that chooses it, or lets it go."""
        rest = self.query(**{name: None})
        start = rest + "&" if len(rest) > 1 else rest
        chosen = list(self.chosen[name])
        for option in options:
            for one in (option, *option.children):
                one.is_partial = is_partial
                values = facet.toggled(one.value, chosen)
                one.url = start + urlencode({name: values}, doseq=True) if values else rest

    # The page

    @cached_property
    def rows_page(self) -> Page:
        """The page asked for; where that makes no sense, the nearest one that does."""
        name, descending = self.order
        after, before = self.part("after"), self.part("before")
        if anchor_id := after or before:
            anchor = self.queryset.model._default_manager.filter(pk=anchor_id).first()
            if anchor is not None:
                page = beside(self.qs, self.sorts[name], descending, anchor, backwards=not after)
                if page.rows:
                    return page
            self.ignored.append(f"{'after' if after else 'before'}={anchor_id}")
        asked = self.part("page") or 1
        last = LAST_NUMBERED if self.found > BOUND else max(1, -(-self.found // PAGE_SIZE))
        number = min(asked, last, LAST_NUMBERED)
        if number != asked and not anchor_id:
            self.ignored.append(f"page={asked}")
        return numbered(lambda start, stop: self.ordered[start:stop], number)

    @property
    def previous_url(self) -> str:
        before = self.rows_page.previous
        if before == {"page": 1}:
            return self.start_url
        return self.query(**before) if before else ""

    @property
    def following_url(self) -> str:
        following = self.rows_page.following
        return self.query(**following) if following else ""


def _printable(value: str) -> str:
    """At most 60 characters that can be shown."""
    shown = "".join(c if c.isprintable() else "�" for c in str(value))
    return shown if len(shown) <= 60 else shown[:60] + "…"
