"""How well likely duplicates are told from others, on pairs of which somebody said what they are.

The pairs are in files of tests/data; their form is written at the head of the first two. A third
of those, by the digest of the line, is held out: nothing was tuned on it until its misses were
seen. Later ones were written before the rules were read, and tuned on then; the fresh are tuned on
by nobody.
"""

import hashlib
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from partners.duplicates.finding import NOUNS
from partners.duplicates.scoring import LIKELY
from partners.models import Affiliation, City, Organisation, Person

# By what they were for; organisations first, whose cities the others share.
PARTS = ("", "_later", "_fresh")
NOUNS_OF_FILES = ("organisations", "people")
ORGANISATION = {
    "n": "name",
    "j": "native_name",
    "s": "short_name",
    "w": "website",
    "e": "email",
    "p": "phone",
    "a": "address",
}
PERSON = {
    "g": "given_name",
    "f": "family_name",
    "j": "native_name",
    "r": "native_reading",
    "e": "email",
    "p": "phone",
    "m": "mobile",
}


class Labelled(NamedTuple):
    """Two unsaved records, and whether they are one."""

    line: str
    is_one: bool
    # "Tuned on", "Held out", "Later" or "Fresh".
    part: str
    first: Any
    second: Any

    @property
    def kind(self) -> str:
        return str(self.first._meta.model_name)


class Figures(NamedTuple):
    """What was found of what there is."""

    right: int
    wrong: int
    missed: int
    pairs: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def labelled_pairs(folder: Path) -> Iterator[Labelled]:
    """All pairs. Records named alike share their city and their organisation."""
    cities: dict[str, City] = {}
    organisations: dict[str, Organisation] = {}
    for noun, ending in product(NOUNS_OF_FILES, PARTS):
        text = (folder / f"duplicate_{noun}{ending}.txt").read_text(encoding="utf-8")
        for line in text.splitlines():
            sign, rest = line[:1], line[2:].strip()
            first: Any
            second: Any
            if sign == "@":
                name, country, name_it, native, other = (part.strip() for part in rest.split(";"))
                cities[name] = City(
                    name=name,
                    country=country,
                    name_it=name_it,
                    native_name=native,
                    other_names=other,
                    time_zone="UTC",
                )
            elif sign in {"=", "!"}:
                sides = [_values(side) for side in rest.split(" ~ ")]
                if noun == "organisations":
                    first, second = [_organisation(side, cities) for side in sides]
                    for unit, whole, side in ((first, second, sides[0]), (second, first, sides[1])):
                        if side.get("u"):
                            unit.pk, whole.pk, unit.parent_id = 1, 2, 2
                else:
                    first, second = [_person(side, organisations) for side in sides]
                held_out = int(hashlib.sha256(rest.encode()).hexdigest(), 16) % 3 == 0
                part = ending.strip("_").title() or ("Held out" if held_out else "Tuned on")
                yield Labelled(line, sign == "=", part, first, second)


def _values(text: str) -> dict[str, str]:
    parts = re.split(r"(?:^|\s)([a-z])=", text)[1:]
    return {key: value.strip() for key, value in zip(parts[::2], parts[1::2], strict=True)}


def _organisation(values: dict[str, str], cities: dict[str, City]) -> Organisation:
    city = cities[values["c"]] if "c" in values else None
    website = values.get("w", "")
    organisation = Organisation(
        **{field: values[key] for key, field in ORGANISATION.items() if key in values},
        city=city,
        country=city.country if city else values["x"],
        kind=Organisation.Kind.OTHER,
    )
    organisation.website = website if "//" in website or not website else f"https://{website}"
    organisation.refresh_derived()
    return organisation


def _person(values: dict[str, str], organisations: dict[str, Organisation]) -> Any:
    person: Any = Person(**{field: values[key] for key, field in PERSON.items() if key in values})
    person.current_affiliations = []
    if name := values.get("o"):
        italian = re.search(r"\b(?:del|di|Regione|Banca|Aurora|Delta|Porti|Fabbrica)\b", name)
        employer = organisations.setdefault(
            name,
            Organisation(
                pk=len(organisations) + 1,
                name=name,
                country="IT" if italian else "JP",
                kind=Organisation.Kind.OTHER,
            ),
        )
        post = Affiliation(person=person, organisation=employer, is_primary=True)
        person.current_affiliations = [post]
    person.refresh_derived()
    return person


def found(pair: Labelled) -> bool:
    """Whether the two share a key and score high enough."""
    noun = NOUNS[pair.kind]
    first, second = noun.traits(pair.first), noun.traits(pair.second)
    if not noun.keys(first) & noun.keys(second):
        return False
    return noun.compare(first, second).value >= LIKELY


def figures(pairs: list[Labelled]) -> Figures:
    verdicts = [(pair.is_one, found(pair)) for pair in pairs]
    return Figures(
        verdicts.count((True, True)),
        verdicts.count((False, True)),
        verdicts.count((True, False)),
        len(pairs),
    )
