"""Facets: what a list can be narrowed by, each value with the number it would leave."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import django_filters
from django import forms
from django.db.models import F, Q
from django.utils.functional import Promise

from crm.counts import Counted, Reading, Tally, bounded
from crm.text import record_id

NONE = "none"
Text = str | Promise


@dataclass
class Option:
    """A value of a facet, as the page shows it."""

    value: str
    label: str
    count: int = 0
    is_chosen: bool = False
    is_partial: bool = False
    url: str = ""
    children: list["Option"] = field(default_factory=list)

    @property
    def number(self) -> str:
        return bounded(self.count, self.is_partial)


class Index(NamedTuple):
    """The page that lists every value of a facet."""

    url: Text
    label: Text


class ValuesField(forms.Field):
    """Every value that the address gives for one name, without repetitions."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        return list(dict.fromkeys(filter(None, value or [])))


class Facet(django_filters.Filter):
    """Several values of one column, any of which will do. It holds nothing of a request.

    `prefix` leads from the rows that are counted to the model that has the column, as in
    "organisation__" from affiliations.
    """

    field_class = ValuesField
    # Whether a row can have several of its values, so that it is read by itself.
    is_many = False

    def __init__(
        self,
        column: str,
        label: Text,
        *,
        none: Text = "",
        shown: int = 8,
        is_open: bool = True,
        index: Index | None = None,
    ) -> None:
        super().__init__(label=label, required=False)
        self.column, self.none = column, none
        self.shown, self.is_open, self.index = shown, is_open, index

    def __deepcopy__(self, memo: Any) -> Self:
        return copy.copy(self)

    def known(self, values: Sequence[str], version: str) -> dict[str, str]:
        """The values that mean something, with their labels."""
        raise NotImplementedError

    def condition(self, values: Sequence[str], prefix: str = "") -> Q:
        """Rows that have any of these values, all of them known."""
        chosen = [self.stored(value) for value in values if value != NONE]
        either = Q(**{f"{prefix}{self.column}__in": chosen}) if chosen else Q(pk__in=[])
        if NONE in values:
            either |= Q(**{f"{prefix}{self.column}__isnull": True})
        return either

    def stored(self, value: str) -> Any:
        """The value as the column holds it."""
        return value

    def toggled(self, value: str, chosen: Sequence[str]) -> list[str]:
        """The values chosen after this one was pressed."""
        if value in chosen:
            return [other for other in chosen if other != value]
        return [*chosen, value]

    def key(self, prefix: str = "") -> Any:
        """What rows are tallied by."""
        return F(prefix + self.column)

    def readings(self, name: str, counted: Counted) -> list[Reading]:
        """What is read to tally the facet by itself."""
        return [counted.by(**{name: self.key(counted.prefix)})]

    def options(self, tally: Tally, chosen: Mapping[str, str], version: str) -> list[Option]:
        """The values worth showing: the ones that leave something, and the ones chosen."""
        found = {**dict.fromkeys(chosen, 0), **{k: n for k, n in tally.items() if n}}
        labels = {**self.known(list(found), version), **chosen}
        options = [
            Option(value, labels[value], number, value in chosen)
            for value, number in found.items()
            if value in labels
        ]
        return self.arranged(options)

    def arranged(self, options: list[Option]) -> list[Option]:
        """Most frequent first, "none" last."""
        return sorted(options, key=lambda o: (o.value == NONE, -o.count, o.label.casefold()))


class ChoiceFacet(Facet):
    """A column with fixed choices, shown in their order where `in_order`."""

    def __init__(
        self,
        column: str,
        label: Text,
        choices: Callable[[], Mapping[Any, Text]],
        *,
        in_order: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(column, label, **kwargs)
        self.choices, self.in_order = choices, in_order

    def known(self, values: Sequence[str], version: str) -> dict[str, str]:
        del version
        labels = {str(value): label for value, label in self.choices().items()}
        if self.none:
            labels[NONE] = self.none
        return {value: str(labels[value]) for value in values if value in labels}

    def arranged(self, options: list[Option]) -> list[Option]:
        if not self.in_order:
            return super().arranged(options)
        places = [str(value) for value in self.choices()]
        return sorted(options, key=lambda o: places.index(o.value) if o.value != NONE else 999)


class RecordFacet(Facet):
    """A column that points at records; the address has their ids.

    `labels` gives the names of some ids; it is told the version of the data, for keeping them.
    """

    def __init__(
        self,
        column: str,
        label: Text,
        labels: Callable[[list[int], str], Mapping[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(column, label, **kwargs)
        self.labels = labels

    def stored(self, value: str) -> int:
        return int(value)

    def known(self, values: Sequence[str], version: str) -> dict[str, str]:
        ids = [pk for value in values if (pk := record_id(value)) is not None]
        names = self.labels(ids, version) if ids else {}
        known = {str(pk): name for pk, name in names.items()}
        if self.none:
            known[NONE] = str(self.none)
        return {value: known[value] for value in values if value in known}

    def options(self, tally: Tally, chosen: Mapping[str, str], version: str) -> list[Option]:
        """Only the most frequent values are named and shown; the index page has them all."""
        if self.index:
            frequent = sorted(tally, key=lambda key: (-tally[key], key))[: self.shown]
            tally = Tally({key: tally[key] for key in tally if key in {*frequent, *chosen, NONE}})
        return super().options(tally, chosen, version)
