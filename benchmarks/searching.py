"""What search takes on the database of DATABASE_URL: `python -m benchmarks.searching`.

Fill it first, with `python -m benchmarks.generate --organisations 100000`. Each query is asked in
turn with a bare one, fifty organisations by name through a cursor, round after round; a figure is
the median of the rounds, and the ratio that of the medians.
"""

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

from crm.combos import nearest
from crm.counts import BOUND
from crm.search import matching, nearby
from partners.models import Organisation

ROUNDS = 11
QUERIES = {
    "word begun": "citt",
    "mid-word": "vator",
    "two characters": "東京",
    "four characters": "政策金融",
    "two words": "nagoya incubator",
    "every third": "japan",
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


def measured() -> tuple[dict[tuple[str, str], float], float]:
    """The median milliseconds of each act for each query, and of the bare one."""
    acts = {
        (said, name): act for said, typed in QUERIES.items() for name, act in asked(typed).items()
    }
    taken: defaultdict[Any, list[float]] = defaultdict(list)
    for number in range(ROUNDS + 1):
        for key, act in acts.items():
            pair = timed(bare), timed(act)
            if number:  # The first round pays for what is loaded once.
                taken["bare"].append(pair[0])
                taken[key].append(pair[1])
    middle = {key: median(values) for key, values in taken.items()}
    return middle, middle.pop("bare")


def markdown() -> str:
    """The figures as a table."""
    taken, bare_taken = measured()
    lines = [
        "| query | typed | found | five best, ms | × bare | list, ms | × bare | count, ms |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for said, typed in QUERIES.items():
        best, listed, counted = (taken[said, name] for name in ("best", "listed", "counted"))
        found = nearby(Organisation.objects.active(), typed)[0].order_by().count()
        lines.append(
            f"| {said} | {typed} | {found:,} | {best:.1f} | {best / bare_taken:.1f} |"
            f" {listed:.1f} | {listed / bare_taken:.1f} | {counted:.1f} |"
        )
    size = Organisation.objects.count()
    where = f"{connection.vendor}, {size:,} organisations, load {os.getloadavg()[0]:.1f}"
    return "\n".join([f"{where}; the bare query takes {bare_taken:.1f} ms.", "", *lines, ""])


if __name__ == "__main__":
    print(markdown())
