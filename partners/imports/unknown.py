"""Organisations that a file names and nobody here knows: who is meant, or that they are new."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from rapidfuzz.distance import Indel

from crm.imports.finders import REMEMBERED, Named
from crm.imports.missing import CREATE, Answers, Missing
from crm.imports.words import said as _
from crm.models import Import
from crm.search import nearby, ranked
from crm.text import folded, one_line, script_language
from partners.duplicates import likely
from partners.imports.finders import CityFinder, OrganisationFinder, country_code
from partners.imports.names import name_key
from partners.models import Organisation

# How many records are offered for a name, and how many names are searched for one by one.
OFFERED, SEARCHED = 3, 30
# From here on two names are so near that one is hardly a new record's.
NEAR = 0.75


class AskingFinder(OrganisationFinder):
    """Finds organisations, also as somebody said who is meant; notes those that nobody knows.

    `may_create`: for one that is said to be new an unsaved one is found.
    """

    def __init__(self, source: Import, key_column: str = "", *, may_create: bool = False) -> None:
        super().__init__(key_column)
        self.source, self.may_create = source, may_create
        self.answers, self.missing = Answers(source), Missing()
        self.cities = CityFinder()
        self._meant: dict[int, Organisation] | None = None
        self._new: dict[str, Organisation] = {}
        self._looked_at: set[str] = set()

    def prepare(self, cells: Iterable[Named]) -> None:
        named = list(cells)
        super().prepare(named)
        if self._meant is None:
            known = Organisation.objects.active().select_related("city", "parent__parent")
            self._meant = known.in_bulk(self.answers.meant) if self.answers.meant else {}
        unknown = [
            (text, row) for text, row in named if text and not self._by_name.get(folded(text))
        ]
        if self.may_create and unknown:
            self.cities.prepare((row["city"], row) for _text, row in unknown if "city" in row)
            self._look_around({name_key(text, country_code(row)) for text, row in unknown})

    def _look_around(self, keys: set[str]) -> None:
        """Let names that nobody was shown wait for that, where they may mean one that is here."""
        if len(self._looked_at) > REMEMBERED:
            self._looked_at.clear()
        unseen = sorted(k for k in keys - self._looked_at if self.answers.is_unseen(k))
        self._looked_at.update(unseen)
        for key, found in zip(unseen, likely_of(unseen), strict=True):
            if found:
                self.answers.wait_for(key)

    def candidates(self, text: str, row: Mapping[str, str]) -> list[Any]:
        found = super().candidates(text, row)
        if found or row.get(self.key_column) or not text or text in self._by_key:
            return found
        key = name_key(text, country_code(row))
        self.missing.note(key, one_line(text))
        said = self.answers.of(key)
        if said == CREATE and self.may_create:
            return [self._made(key, text, row)]
        meant = (self._meant or {}).get(int(said)) if said.isdigit() else None
        return [] if meant is None else [meant]

    def meant(self, text: str, row: Mapping[str, str]) -> int | None:
        """The id of the organisation that somebody said a name means."""
        said = self.answers.of(name_key(text, country_code(row))) if self.answers.meant else ""
        return int(said) if said.isdigit() else None

    def _made(self, key: str, text: str, row: Mapping[str, str]) -> Organisation:
        """A new organisation with what the row says of it. Raises ValueError."""
        if len(self._new) > REMEMBERED:
            self._new.clear()
        if key not in self._new:
            self._new[key] = self._begun(one_line(text), row)
        return self._new[key]

    def _begun(self, name: str, row: Mapping[str, str]) -> Organisation:
        code = country_code(row)
        cities = self.cities.candidates(row["city"], row) if "city" in row else []
        city = cities[0] if len(cities) == 1 else None
        if not code:
            code = city.country.code if city else self.answers.get("country")
        if not code:
            raise ValueError(
                _(
                    "“%(name)s” can’t be created without its country: choose one for all above "
                    "the rows, or bring a column that says it."
                )
                % {"name": name}
            )
        native = row.get("organisation_native_name") or (name if script_language(name) else "")
        made = Organisation(
            name=name,
            native_name=native,
            kind=self.answers.get("kind") or Organisation.Kind.OTHER,
            country=code,
            city=city if city and city.country.code == code else None,
        )
        try:
            made.clean_fields(exclude={"city", "parent", "owner"})
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from None
        made.refresh_derived()
        return made

    def unknown(self, text: str) -> str:
        if not self.may_create:
            return super().unknown(text)
        return _(
            "No organisation is called “%(name)s” here. Say on the page of this import which one "
            "is meant, or that it is to be created."
        ) % {"name": text}

    def told(self) -> list[dict[str, Any]]:
        """The names that nobody has, each with the organisations that may be meant."""
        told = self.missing.told(self._is_settled)
        self.source.answers["untold"] = len(self.missing) - len(told)
        for each, found in zip(told, alike([one["key"] for one in told]), strict=True):
            each["alike"] = [{"id": one.pk, "label": one.name, "place": one.place} for one in found]
            each["waits"] = any(is_near(one, each["name"]) for one in found)
        return told

    def _is_settled(self, key: str) -> bool:
        """Whether somebody said what is to be done about the name, or about all like it."""
        return bool(self.answers.by_name(key) or self.answers.of(key))


def creates(new: Organisation) -> dict[str, Any]:
    """What a change keeps of an organisation that it makes."""
    return {
        "key": name_key(new.name, new.country_code),
        "name": new.name,
        "native_name": new.native_name,
        "kind": str(new.kind),
        "country": new.country_code,
        "city": new.city_id,
    }


def likely_of(keys: list[str]) -> list[list[Organisation]]:
    """The organisations that are likely to be meant by each of these names."""
    named = [key.rpartition("|") for key in keys]
    new = [Organisation(name=name, country=code.upper()) for name, _bar, code in named]
    return [[like.record for like in each] for each in likely(new, OFFERED)]


def alike(keys: list[str]) -> list[list[Organisation]]:
    """The organisations that each of these names may mean: looked up together, then by search."""
    found = likely_of(keys)
    for each in [at for at, some in enumerate(found) if not some][:SEARCHED]:
        name = keys[each].rpartition("|")[0]
        nearest, _is_slip = nearby(Organisation.objects.active().select_related("city"), name)
        found[each] = list(ranked(nearest, name)[:OFFERED])
    return found


def is_near(one: Organisation, name: str) -> bool:
    """Whether the name is hardly another organisation's."""
    wanted = folded(name)
    return any(
        Indel.normalized_similarity(folded(each), wanted) >= NEAR for each in one.names if each
    )
