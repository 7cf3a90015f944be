"""How comparing grows with the base: `python -m benchmarks.duplicates`.

Counts the pairs that share a usable key, per record, at 10,000 and at 100,000 records: about as
many at both means that looking for duplicates grows linearly. No database is asked. The made
names are few (some hundred family names), which makes blocks larger than life.
"""

import os
import time
from collections import Counter, defaultdict
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
os.environ.setdefault("DEBUG", "true")
django.setup()

from benchmarks import words
from partners.duplicates.finding import MOST, NOUNS
from partners.models import Affiliation, City, Organisation, Person

SIZES = (10_000, 100_000)


def made_organisations(count: int, random: Random) -> list[Organisation]:
    weights = [place.weight for place in words.PLACES]
    cities = [
        City(
            name=place.name, country=place.country, native_name=place.native, name_it=place.name_it
        )
        for place in words.PLACES
    ]
    made = []
    for number in range(1, count + 1):
        at = random.choices(range(len(cities)), weights)[0]
        place = words.PLACES[at]
        _kind, latin, native, _weight = random.choice(words.KINDS)
        field, native_field, _slug = random.choice(words.FIELDS)
        family = random.choice(words.NAMES.get(place.country, words.ENGLISH).family)
        name = latin.format(city=place.name, field=field, family=family[0])
        made.append(
            Organisation(
                pk=number,
                name=f"{name} {random.randint(2, 99)}" if random.random() < 0.4 else name,
                native_name=native.format(city=place.native, field=native_field, family=family[1])
                if place.country == "JP"
                else "",
                city=cities[at],
                country=place.country,
                website=f"https://org{number}.example" if random.random() < 0.6 else "",
            )
        )
    return made


def made_people(organisations: list[Organisation], random: Random) -> list[Person]:
    made = []
    for number, one in enumerate(organisations * 2, 1):
        names = words.NAMES.get(one.country.code, words.ENGLISH)
        family, given = random.choice(names.family), random.choice(names.given)
        person = Person(
            pk=number,
            given_name=given[0],
            family_name=family[0],
            native_name=f"{family[1]} {given[1]}" if family[1] else "",
            email=f"p{number}@org{one.pk}.example",
        )
        post = Affiliation(person=person, organisation=one, is_primary=True)
        vars(person)["current_affiliations"] = [post]
        made.append(person)
    return made


def measured(noun: str, records: list[Organisation] | list[Person]) -> tuple[float, float, float]:
    """Keys and compared pairs per record, and microseconds for the keys of one."""
    began = time.perf_counter()
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    sizes = Counter[str]()
    for record in records:
        keys = NOUNS[noun].keys(NOUNS[noun].traits(record))
        sizes["keys"] += len(keys)
        for key in keys:
            blocks[key].append(record.pk)
    seconds = time.perf_counter() - began
    pairs: set[tuple[int, int]] = set()
    for ids in blocks.values():
        if len(ids) <= MOST:
            pairs |= {(one, other) for at, one in enumerate(ids) for other in ids[at + 1 :]}
    count = len(records)
    return sizes["keys"] / count, len(pairs) / count, seconds / count * 1e6


def main() -> None:
    growth: dict[str, list[float]] = {"organisation": [], "person": []}
    for size in SIZES:
        random = Random(8)
        organisations = made_organisations(size, random)
        for noun, records in (
            ("organisation", organisations),
            ("person", made_people(organisations[: size // 2], random)),
        ):
            keys, pairs, micros = measured(noun, records)
            growth[noun].append(pairs)
            print(
                f"{len(records):7} of {noun:12}: {keys:4.1f} keys and {pairs:5.2f} pairs a record,"
                f" {micros:4.0f} µs for its keys"
            )
    for noun, (few, many) in growth.items():
        print(f"{noun}: {many / few:.2f} times as many pairs a record at ten times as many records")


if __name__ == "__main__":
    main()
