"""Organisations that come with the people of a file: each made once, with the first of them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django_countries import countries

from crm.imports.bulk import Stamp, insert_all, keep_all
from crm.imports.writers import Stale
from crm.models import Import
from crm.text import sort_key
from partners.duplicates import refresh
from partners.imports.names import name_key
from partners.models import City, Organisation

Wanted = Mapping[str, tuple[int, Mapping[str, Any]]]


class Newcomers:
    """Makes them while people are written; `Import.answers` tells afterwards which they were."""

    def __init__(self, source: Import) -> None:
        self.source = source
        self._ids: dict[str, int] = {}
        self._made: list[int] = []
        self._begun: dict[str, Organisation] = {}

    def ready(self, wanted: Wanted) -> dict[str, Organisation]:
        """The organisations of a batch by key: here by now, made already, or about to be.

        `wanted` has for each the row that wants it first, and what a change says of it. Raises
        Stale where several are here meanwhile.
        """
        new = {key: one for key, one in wanted.items() if key not in self._ids}
        self._ids |= self._here(new)
        ids = {self._ids[key] for key in wanted if key in self._ids}
        known = Organisation.objects.select_related("city").in_bulk(ids) if ids else {}
        coming = {key: said for key, (_row, said) in new.items() if key not in self._ids}
        cities = City.objects.in_bulk({said["city"] for said in coming.values()} - {None})
        self._begun = {key: begun(said, cities.get(said["city"])) for key, said in coming.items()}
        return {key: self._begun[key] if key in coming else known[self._ids[key]] for key in wanted}

    def _here(self, wanted: Wanted) -> dict[str, int]:
        """Those that a colleague made meanwhile."""
        if not wanted:
            return {}
        names = {sort_key(said["name"]) for _row, said in wanted.values()}
        found: dict[str, int] = {}
        for each in Organisation.objects.active().filter(sort_name__in=names).order_by("pk"):
            key = name_key(each.name, each.country_code)
            if key in found and key in wanted:
                raise Stale([wanted[key][0]])
            found[key] = each.pk
        return {key: pk for key, pk in found.items() if key in wanted}

    def save(self, stamp: Stamp) -> None:
        """Write those that are about to be made."""
        new = list(self._begun.values())
        if not new:
            return
        insert_all(new)
        keep_all(new, stamp, is_new=True)
        refresh(new)
        self._ids.update((key, each.pk) for key, each in self._begun.items())
        self._made += [each.pk for each in new]
        self._begun = {}
        self.source.answers["made"] = self._made


def questions_of_new() -> dict[str, forms.Field]:
    """What is asked once of all those that are to be created."""
    return {
        "country": forms.ChoiceField(
            label=_("Country, where the file says none"),
            choices=[("", "–"), *countries],
            required=False,
        ),
        "kind": forms.ChoiceField(
            label=_("What kind they are"), choices=Organisation.Kind.choices, initial="other"
        ),
    }


def begun(said: Mapping[str, Any], city: City | None) -> Organisation:
    """A new organisation as a change tells of it, unsaved."""
    fields = {name: said[name] for name in ("name", "native_name", "kind", "country")}
    new = Organisation(**fields, city=city)
    new.refresh_derived()
    return new
