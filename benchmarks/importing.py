"""A file of 10,000 people: `python -m benchmarks.importing`, also a part of `make bench`.

Says, as a section of docs/benchmarks.md, how long it takes to check them (validation, cities and
organisations by name, likely duplicates) and to write them with where they work (history, search
index, blocking keys), beside the bare rows by COPY FROM, or executemany on SQLite, into the same
tables. Uses a database of its own, made for the run and dropped again.
"""

import argparse
import csv
import io
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from random import Random
from statistics import median
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()

from django.core.files.base import ContentFile
from django.db import connection, transaction

from benchmarks.report import table
from crm.imports import checking, writing
from crm.imports.reading import open_table, recognise
from crm.models import Import, User
from crm.search.indexes import rebuild
from partners.models import Affiliation, City, Organisation, Person, PersonKey, PersonPair

PEOPLE, FEW, ORGANISATIONS, ROUNDS = 10_000, 1_000, 2_000, 3
# How many times as long the files are that memory is measured with.
GROWN = (1, 4, 12)
HEADINGS = (
    "given_name",
    "family_name",
    "native_name",
    "native_reading",
    "form_of_address",
    "email",
    "phone",
    "mobile",
    "contact_preference",
    "languages",
    "source",
    "organisation",
    "job_title",
    "department",
    "since",
)
GIVEN = ("Haruka", "Yuki", "Kenji", "Akira", "Naoko", "Luca", "Giulia", "Marco", "Chiara", "Paolo")
PARTS = "ta na be su zu ki mu ra ka wa to mi ya shi no ri sa ko ma ro ne"


def lay() -> User:
    """The organisations that people work for."""
    nagoya = City.objects.create(name="Nagoya", country="JP", time_zone="Asia/Tokyo")
    made = [
        Organisation(name=f"{word.title()} Institute of {number}", country="JP", kind="company")
        for number, word in enumerate(surnames(ORGANISATIONS, Random("houses")))
    ]
    for each in made:
        each.city = nagoya
        each.refresh_derived()
    Organisation.objects.bulk_create(made)
    return User.objects.create_user("bench@example.org", "bench")


def surnames(count: int, random: Random) -> list[str]:
    parts = PARTS.split()
    return ["".join(random.choices(parts, k=random.randint(3, 5))) for _number in range(count)]


def content(count: int, seed: str) -> bytes:
    """A file of so many people, nine in ten with an organisation."""
    random = Random(seed)
    houses = list(Organisation.objects.order_by("pk").values_list("name", flat=True))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for number, family in enumerate(surnames(count, random)):
        given = random.choice(GIVEN)
        house = random.choice(houses) if number % 10 else ""
        host = house.partition(" ")[0] or "home"
        writer.writerow(
            [
                given,
                family.title(),
                "",
                "",
                random.choice(["Dr", "Prof.", "", ""]),
                f"{given}.{family}.{number}@{host}.example".lower(),
                f"+81 3 {random.randint(3000, 6999)} {random.randint(1000, 9999)}",
                f"+81 90 {random.randint(1000, 9999)} {random.randint(1000, 9999)}",
                random.choice(["By e-mail", "Any way", "per telefono"]),
                "ja, en",
                "Fair",
                house,
                random.choice(["Director", "Professor", "Head of research"]) if number % 10 else "",
                "Research" if number % 10 else "",
                "01/04/2024" if number % 10 else "",
            ]
        )
    return out.getvalue().encode()


def take_in(user: User, count: int, seed: str) -> Import:
    """The file as the page of a new import leaves it."""
    source = Import(user=user, subject="people", file_name="people.csv", matched_by="email")
    source.file.save("people.csv", ContentFile(content(count, seed)), save=False)
    with source.file.open("rb") as file:
        source.reading = recognise(file, "people.csv").as_dict()
    source.headings = source.mapping = open_table(source).headings
    source.save()
    return source


class Timed(dict[str, float]):
    """Seconds by the clock and of the process's own time."""

    def run(self, name: str, act: Callable[[], Any]) -> None:
        clock, own = time.perf_counter(), time.process_time()
        act()
        self[name] = time.perf_counter() - clock
        self[f"{name} cpu"] = time.process_time() - own


def product(user: User, count: int, seed: str) -> tuple[Import, Timed]:
    """Check and write a file of so many people."""
    source, timed = take_in(user, count, seed), Timed()
    timed.run("check", lambda: checking.check(source))
    refused = source.rows.filter(act="reject").first()
    assert source.counts == {"create": count}, refused and refused.problems
    source.rows.update(choice="take")
    timed.run("write", lambda: writing.write(source, user))
    return source, timed


def bare(count: int) -> Timed:
    """The same people and affiliations, as they are stored, put into the emptied tables."""
    kept = []
    for model in (Person, Affiliation):
        name = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {name} ORDER BY id")
            columns = [each[0] for each in cursor.description]
            kept.append((name, columns, cursor.fetchall()))
    empty()
    assert len(kept[0][2]) == count
    timed = Timed()
    timed.run("bare", lambda: put_back(kept))
    return timed


def put_back(kept: list[tuple[str, list[str], list[Any]]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for name, columns, rows in kept:
            named = ", ".join(columns)
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {name} ({named}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {name} ({named}) VALUES ({marks})", rows)


def empty() -> None:
    """No people, as before."""
    for model in (PersonPair, PersonKey, Affiliation, Person):
        model.objects.all()._raw_delete("default")
    Affiliation.history.all()._raw_delete("default")
    Person.history.all()._raw_delete("default")
    # What was deleted stays in the indexes behind search for a while, and slows the next round.
    rebuild(connection, Person._meta.db_table)


def grown(user: User, count: int) -> float:
    """The megabytes that this process grew by at most while a file of so many people came in."""
    source = take_in(user, count, f"memory{count}")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    checking.check(source)
    source.rows.update(choice="take")
    writing.write(source, user)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def grown_apart(count: int) -> str:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.importing", "--memory", str(count)]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return f"{float(found.stdout):.0f} MB with {count:,}"


def section(count: int, rounds: list[Timed], memory: list[str]) -> list[str]:
    """What was measured, as Markdown."""
    middle = {name: median(each[name] for each in rounds) for name in rounds[0]}
    engine = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    how = "COPY FROM" if connection.vendor == "postgresql" else "executemany"
    grew = f"The process grew by {', '.join(memory)} people. " if memory else ""
    whole, own = middle["check"] + middle["write"], middle["check cpu"] + middle["write cpu"]
    rows = [
        ["check", f"{middle['check']:.1f}", f"{middle['check cpu']:.1f}"],
        ["write", f"{middle['write']:.1f}", f"{middle['write cpu']:.1f}"],
        ["both", f"{whole:.1f}", f"{own:.1f}"],
        [f"bare rows by {how}", f"{middle['bare']:.2f}", f"{middle['bare cpu']:.2f}"],
    ]
    return [
        f"## A file of {count:,} people, on {engine}",
        "",
        "Nine in ten with an organisation that is there already. Checking is validation, "
        "organisations by name and likely duplicates; writing is history, search index, blocking "
        "keys and affiliations, in one transaction. Bare are the same rows put into the same "
        "tables, with their indexes and without anything else.",
        "",
        *table(["", "seconds", "of the process"], rows),
        "",
        f"{count / whole:,.0f} people a second, {whole / middle['bare']:.0f} times as long as the "
        f"bare rows. {grew}"
        f"{os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}. Medians of {len(rounds)} rounds.",
        "",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--memory", type=int, help="only say how the process grows with so many")
    chosen = parser.parse_args()
    settings = connection.settings_dict
    kept = settings["NAME"]
    settings["TEST"]["NAME"] = f"{kept}-bench-{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        user, rounds = lay(), []
        product(user, 100, "warm")
        empty()
        if chosen.memory:
            print(grown(user, chosen.memory))
            return
        for number in range(chosen.rounds):
            source, timed = product(user, chosen.people, f"round{number}")
            timed.update(bare(chosen.people))
            empty()
            source.file.delete(save=False)
            rounds.append(timed)
        sizes = () if chosen.no_memory else (FEW, *(times * chosen.people for times in GROWN))
        print("\n".join(section(chosen.people, rounds, [grown_apart(size) for size in sizes])))
    finally:
        connection.creation.destroy_test_db(kept, verbosity=0)


if __name__ == "__main__":
    main()
