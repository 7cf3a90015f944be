"""Cities, sectors and organisations that cells of a file name."""

import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from django.db.models import Q

from crm.imports.cells import country_names
from crm.imports.finders import REMEMBERED, FewFinder, Finder, Named
from crm.imports.words import said as _
from crm.text import folded, sort_key
from partners.models import City, Organisation, Sector

# A key without its hyphens; most names are shorter, and none of those is one.
KEY_LENGTH = 32


def country_code(row: Mapping[str, str]) -> str:
    """The country that the row says, where it is one."""
    return country_names().get(folded(row.get("country", "")), "")


class SectorFinder(FewFinder):
    """Sectors by either name or by slug."""

    def records(self) -> Iterable[Sector]:
        return Sector.objects.all()

    def names(self, record: Sector) -> Iterable[str]:
        return (record.name, record.name_it, record.slug)

    def candidates(self, text: str, row: Mapping[str, str]) -> list[Any]:
        found = super().candidates(text, row)
        return [sector for sector in found if not sector.is_retired] or found

    def find(self, text: str, row: Mapping[str, str]) -> Any:
        sector = super().find(text, row)
        if sector.is_retired:
            raise ValueError(
                _("The sector “%(name)s” is retired: choose another.") % {"name": text}
            )
        return sector

    def unknown(self, text: str) -> str:
        return _("No sector is called “%(name)s”.") % {"name": text}


class CityFinder(Finder):
    """Cities in any spelling: “Nagoya”, “Genova, Italia”; in the row's country if it says one."""

    def __init__(self) -> None:
        self._spellings: dict[str, list[int]] | None = None
        self._cities: dict[int, City] = {}
        self._by_name: dict[str, list[City]] = {}

    def prepare(self, cells: Iterable[Named]) -> None:
        texts = {form for text, _row in cells for form, _country in self.forms(text, "")}
        new = texts - self._by_name.keys()
        if not new:
            return
        if len(self._by_name) > REMEMBERED:
            self._by_name.clear()
        if self._spellings is None:
            self._spellings = {}
            for pk, lines in City.objects.values_list("pk", "search_text").iterator():
                for spelling in filter(None, lines.split("\n")):
                    self._spellings.setdefault(spelling, []).append(pk)
        ids = {text: self._spellings.get(text, []) for text in new}
        wanted = {pk for found in ids.values() for pk in found}
        self._cities.update(City.objects.in_bulk(wanted - self._cities.keys()))
        for text, found in ids.items():
            self._by_name[text] = [self._cities[pk] for pk in found if pk in self._cities]

    def forms(self, text: str, country: str) -> list[tuple[str, str]]:
        """What the text may name, with the country that it says: its own, or the row's."""
        name, comma, place = text.rpartition(",")
        forms = [(folded(text), country)]
        if comma and (code := country_names().get(folded(place))):
            forms.append((folded(name), code))
        return forms

    def candidates(self, text: str, row: Mapping[str, str]) -> list[Any]:
        for name, country in self.forms(text, country_code(row)):
            named = self._by_name.get(name, [])
            found = [city for city in named if not country or city.country == country]
            own = [city for city in found if city.sort_name == name]
            if found:
                return own or found
        return []

    def is_named(self, record: City, text: str) -> bool:
        names = (record.name, record.name_it, record.native_name)
        return any(
            form in map(folded, names) and country in {"", record.country.code}
            for form, country in self.forms(text, "")
        )

    def unknown(self, text: str) -> str:
        return _(
            "No city is called “%(name)s” in that country: write it otherwise, or ask a steward to "
            "add it."
        ) % {"name": text}

    def several(self, text: str, found: list[Any]) -> str:
        places = {city.country.code for city in found}
        if len(places) > 1:
            return _("Several cities are called “%(name)s”: %(found)s. Give the country too.") % {
                "name": text,
                "found": "; ".join(map(str, found[:5])),
            }
        return _(
            "Several cities of that country are called “%(name)s”: leave the cell empty, and "
            "choose the city on the organisation’s page."
        ) % {"name": text}


class OrganisationFinder(Finder):
    """Organisations by key, name, short name or native name; the row's place tells twins apart.

    `key_column` names the column that may hold its key.
    """

    def __init__(self, key_column: str = "") -> None:
        self.key_column = key_column
        self._by_name: dict[str, list[Organisation]] = {}
        self._by_key: dict[str, Organisation | None] = {}

    def prepare(self, cells: Iterable[Named]) -> None:
        if len(self._by_name) + len(self._by_key) > REMEMBERED:
            self._by_name.clear()
            self._by_key.clear()
        names: dict[str, str] = {}
        keys: set[str] = set()
        for text, row in cells:
            names[folded(text)] = text
            keys |= {row.get(self.key_column, ""), text}
        self._prepare_keys(keys - self._by_key.keys())
        new = {name: text for name, text in names.items() if name not in self._by_name}
        if not new:
            return
        found: dict[int, Organisation] = {}
        active = Organisation.objects.active().select_related("city", "parent__parent")
        sorted_by = {sort_key(text) for text in new.values()}
        found.update({each.pk: each for each in active.filter(sort_name__in=sorted_by)})
        named = {folded(each.name) for each in found.values()}
        if missing := [text for name, text in new.items() if name not in named]:
            others = active.filter(Q(short_name__in=missing) | Q(native_name__in=missing))
            found.update({each.pk: each for each in others})
        for name in new:
            self._by_name[name] = []
        for each in found.values():
            for name in {*map(folded, (each.name, each.short_name, each.native_name))} & new.keys():
                self._by_name[name].append(each)

    def _prepare_keys(self, texts: set[str]) -> None:
        keys = {}
        for text in texts:
            if len(text) >= KEY_LENGTH:
                with suppress(ValueError):
                    keys[uuid.UUID(text)] = text
        if keys:
            self._by_key.update(dict.fromkeys(keys.values()))
            kept = Organisation.objects.filter(key__in=keys)
            for each in kept.select_related("city", "merged_into__city"):
                self._by_key[keys[each.key]] = each.merged_into or each

    def of_key(self, text: str) -> Organisation | None:
        """What has this key; what stayed of it where it was merged."""
        return self._by_key.get(text)

    def find(self, text: str, row: Mapping[str, str]) -> Any:
        key = row.get(self.key_column, "")
        if key and self.of_key(key) is None:
            raise ValueError(_("No organisation has the key “%(key)s”.") % {"key": key})
        return super().find(text, row)

    def candidates(self, text: str, row: Mapping[str, str]) -> list[Any]:
        for key in (row.get(self.key_column, ""), text):
            if key in self._by_key:
                return [each for each in (self._by_key[key],) if each is not None]
        found = self._by_name.get(folded(text), [])
        for narrowed in (self._in_country, self._in_city, self._with_native):
            if len(found) > 1:
                found = narrowed(found, row) or found
        in_full = [each for each in found if folded(each.name) == folded(text)]
        return in_full or found

    def _in_country(self, found: list[Any], row: Mapping[str, str]) -> list[Any]:
        code = country_code(row)
        return [each for each in found if code and each.country == code]

    def _in_city(self, found: list[Any], row: Mapping[str, str]) -> list[Any]:
        city = folded(row.get("city", "").split(",")[0])
        return [
            each
            for each in found
            if city and each.city and city in each.city.search_text.split("\n")
        ]

    def _with_native(self, found: list[Any], row: Mapping[str, str]) -> list[Any]:
        native = folded(row.get("organisation_native_name", ""))
        return [each for each in found if native and folded(each.native_name) == native]

    def is_named(self, record: Organisation, text: str) -> bool:
        names = {
            *map(folded, (record.name, record.short_name, record.native_name)),
            str(record.key),
        }
        return folded(text) in names - {""}

    def unknown(self, text: str) -> str:
        return _(
            "No organisation is called “%(name)s” yet: import it first, write one of the names "
            "that it has here, or leave the column out."
        ) % {"name": text}

    def several(self, text: str, found: list[Any]) -> str:
        return _(
            "Several organisations are called “%(name)s”: %(found)s. Give the key or the city of "
            "the one meant."
        ) % {
            "name": text,
            "found": "; ".join(f"{each.name} ({each.place})" for each in found[:5]),
        }
