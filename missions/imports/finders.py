"""Missions and people that cells of a file of meetings name."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower

from crm.imports.finders import REMEMBERED, FewFinder, Finder, Named
from crm.imports.words import said as _
from crm.text import folded, script_language, sort_key
from missions.models import Mission
from partners.models import Person

# More words than a name has.
WORDS = 20
# A native name that is written without a space.
SHORT = 12


def key_of(text: str) -> uuid.UUID | None:
    """The key that a text is, if it is one."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class MissionFinder(FewFinder):
    """Missions by title or key."""

    def records(self) -> Iterable[Mission]:
        return Mission.objects.only("pk", "title", "key")

    def names(self, record: Mission) -> Iterable[str]:
        return (record.title, str(record.key))

    def unknown(self, text: str) -> str:
        return _("No mission is called “%(name)s”.") % {"name": text}

    def several(self, text: str, found: list[Any]) -> str:
        return _("Several missions are called “%(name)s”: give the key of the one meant.") % {
            "name": text
        }


class PersonFinder(Finder):
    """People by e-mail, by key, or by name in either order or script."""

    def __init__(self) -> None:
        self._by_text: dict[str, list[Person]] = {}

    def prepare(self, cells: Iterable[Named]) -> None:
        if len(self._by_text) > REMEMBERED:
            self._by_text.clear()
        new = {folded(text): text for text, _row in cells if folded(text) not in self._by_text}
        if not new:
            return
        for name in new:
            self._by_text[name] = []
        keys = {key for text in new.values() if (key := key_of(text))}
        emails = {text.strip().lower() for text in new.values() if "@" in text}
        orders = {order for text in new.values() for order in self.orders(text)}
        natives = {form for text in new.values() for form in self.spaced(text)}
        wanted = Q(sort_name__in=orders) | Q(native_name__in=natives)
        if keys:
            wanted |= Q(key__in=keys)
        if emails:
            wanted |= Q(lower_email__in=emails)
        for person in Person.objects.active().annotate(lower_email=Lower("email")).filter(wanted):
            for name in self.names(person) & new.keys():
                self._by_text[name].append(person)

    def orders(self, text: str) -> set[str]:
        """The keys by which a person of this name may be ordered: the family name comes first."""
        words = text.replace(",", " ").split()
        if len(words) > WORDS:
            return set()
        return {sort_key(*words[at:], *words[:at]) for at in range(len(words))} - {""}

    def spaced(self, text: str) -> set[str]:
        """The native names that a text may be: family and given name may stand close together."""
        if len(text) > SHORT or " " in text or not script_language(text):
            return {text}
        return {text, *(f"{text[:at]} {text[at:]}" for at in range(1, len(text)))}

    def names(self, person: Person) -> set[str]:
        """Everything that the person is called in a file."""
        given, family, native = person.given_name, person.family_name, person.native_name
        return {
            folded(text)
            for text in (
                person.email,
                str(person.key),
                f"{given} {family}",
                f"{family} {given}",
                f"{family}, {given}",
                native,
                native.replace(" ", ""),
            )
        } - {""}

    def candidates(self, text: str, row: Mapping[str, str]) -> list[Any]:
        return self._by_text.get(folded(text), [])

    def is_named(self, record: Person, text: str) -> bool:
        return folded(text) in self.names(record)

    def unknown(self, text: str) -> str:
        return _("Nobody is called “%(name)s”: import them first, or give their e-mail.") % {
            "name": text
        }

    def several(self, text: str, found: list[Any]) -> str:
        return _("Several people are called “%(name)s”: give the e-mail of the one meant.") % {
            "name": text
        }
