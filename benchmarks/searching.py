"""Search among 100,000 organisations: `python -m benchmarks.searching`, a part of `make bench`.

Says, as a section of docs/benchmarks.md, what the few best, a page of the list and the bounded
count take for each query, beside a bare one: fifty organisations by name through a cursor. The two
are asked in turn, round after round; a figure is the median of the rounds' ratios. Uses a database
of its own, made for the run and dropped again.
"""

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()

from django.db import connection

from benchmarks.generate import Generator
from benchmarks.report import table
from crm.combos import nearest
from crm.counts import BOUND
from crm.search import matching, nearby
from partners.models import Organisation

ORGANISATIONS, ROUNDS = 100_000, 11
QUERIES = {
    "word begun": "citt",
    "mid-word": "vator",
    "two characters": "東京",
    "four characters": "政策金融",
    "two words": "nagoya incubator",
    "every third": "japan",
    "every eighth": "university",
    "a sector and a city": "robotics nagoya",
    "one slip": "univresity",
    "nothing": "zzyzx",
}
BARE = (
    "SELECT id, name FROM partners_organisation WHERE archived_at IS NULL"
    " ORDER BY sort_name, id LIMIT 50"
)


def bare() -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE)
        cursor.fetchall()


def asked(typed: str) -> dict[str, Callable[[], Any]]:
    """What is done with what is typed: the few best, a page of the list, the bounded count."""
    rows = Organisation.objects.active()
    return {
        "best": lambda: nearest(rows, typed, 5),
        "listed": lambda: list(nearby(rows, typed)[0].order_by("sort_name", "pk")[:50]),
        "counted": lambda: matching(rows, typed).order_by()[: BOUND + 1].count(),
    }


def timed(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def measured(rounds: int) -> tuple[dict[tuple[str, str], float], float]:
    """The median ratio of each act for each query to the bare one, and that one's milliseconds."""
    acts = {
        (said, name): act for said, typed in QUERIES.items() for name, act in asked(typed).items()
    }
    ratios: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    alone = []
    for number in range(rounds + 1):
        for key, act in acts.items():
            bare_time, own_time = timed(bare), timed(act)
            if number:  # The first round pays for what is loaded once.
                alone.append(bare_time)
                ratios[key].append(own_time / bare_time)
    return {key: median(values) for key, values in ratios.items()}, median(alone)


def section(rounds: int) -> list[str]:
    """The figures of the organisations that are there, as lines of Markdown."""
    ratios, alone = measured(rounds)
    engine = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    lines = [
        f"## Search, on {engine}",
        "",
        f"Among {Organisation.objects.count():,} organisations, times as long as fifty of them by "
        f"name through a cursor ({alone:.2f} ms): the five best while one types, a page of fifty "
        f"by name, and how many there are, counted up to {BOUND:,}. Asked in turn with the bare "
        f"query, medians of {rounds} rounds; load average at the end {os.getloadavg()[0]:.1f}.",
        "",
    ]
    rows = []
    for said, typed in QUERIES.items():
        found = nearby(Organisation.objects.active(), typed)[0].order_by().count()
        shown = (f"{ratios[said, name]:.1f}" for name in ("best", "listed", "counted"))
        rows.append([f"{said}: {typed}", f"{found:,}", *shown])
    return [*lines, *table(["typed", "found", "five best", "list", "count"], rows)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.searching", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--organisations", type=int, default=ORGANISATIONS)
    chosen = parser.parse_args()
    settings = connection.settings_dict
    settings["TEST"]["NAME"] = f"{settings['NAME']}-bench-search-{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        Generator(chosen.organisations, is_alone=True).run_organisations()
        print("\n".join(section(chosen.rounds)))
    finally:
        connection.creation.destroy_test_db(settings["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
