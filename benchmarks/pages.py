"""Pages of the product beside the same rows as a bare Django view, and as raw SQL."""

import time
from dataclasses import dataclass, field

from django.core.cache import caches
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.models import User
from missions.models import Meeting
from partners.models import City, Organisation, Person


@dataclass
class Pair:
    """A page of the product, and the address of the same rows in `benchmarks.bare`."""

    name: str
    product: str
    bare: str
    statements: list[str] = field(default_factory=list)


def pairs() -> list[Pair]:
    """The pages measured, on the records that this database has."""
    nagoya = City.objects.get(country="JP", name="Nagoya").pk
    active = Organisation.objects.active().order_by("sort_name", "pk")
    deep = active[active.count() // 2]
    met = Organisation.objects.annotate(count=Count("meetings")).filter(count=8).first()
    partner = (met or deep).pk
    return [
        Pair("partners", "/partners/", "/bare/partners/"),
        Pair(
            "partners, filtered",
            "/partners/?country=JP&tier=1",
            "/bare/partners/?country=JP&tier=1",
        ),
        Pair(
            "partners, searched",
            "/partners/?q=hydrogen",
            "/bare/partners/?q=hydrogen",
        ),
        Pair(
            "partners, by last contact",
            "/partners/?sort=contact",
            "/bare/partners/?order=contact_order,sort_name,pk",
        ),
        Pair(
            "partners, half-way down",
            f"/partners/?after={deep.pk}",
            f"/bare/partners/?from={deep.sort_name}",
        ),
        Pair("a city", f"/partners/cities/{nagoya}/", f"/bare/partners/?city={nagoya}"),
        Pair("a partner", f"/partners/{partner}/", f"/bare/partners/{partner}/"),
        Pair("people", "/people/", "/bare/people/"),
        Pair("people in a city", f"/people/?city={nagoya}", f"/bare/people/?city={nagoya}"),
        Pair("meetings", "/meetings/", "/bare/meetings/"),
    ]


class Pages:
    """Asks for pages as a signed-in manager."""

    def __init__(self) -> None:
        user = User.objects.filter(email="bench@example.org").first()
        self.client = Client()
        self.client.force_login(
            user or User.objects.create_superuser("bench@example.org", None, name="Bench")
        )
        self.pairs = []
        for pair in pairs():
            if self.client.get(pair.product).status_code == 404:
                continue
            with CaptureQueriesContext(connection) as context:
                self.ask(pair.bare)
            pair.statements = [
                query["sql"]
                for query in context.captured_queries
                if '"partners_' in query["sql"] or '"missions_' in query["sql"]
            ]
            self.pairs.append(pair)

    def ask(self, address: str) -> bytes:
        response = self.client.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        return response.content

    def sizes(self) -> dict[str, dict[str, int]]:
        """How many queries each page takes, with counts kept and counted anew; and its bytes."""
        found = {}
        for pair in self.pairs:
            caches["counts"].clear()
            row = {}
            for name, address in (
                ("cold", pair.product),
                ("warm", pair.product),
                ("bare", pair.bare),
            ):
                with CaptureQueriesContext(connection) as context:
                    row[f"{name} bytes"] = len(self.ask(address))
                row[name] = len(context.captured_queries)
            found[pair.name] = row
        return found

    def round(self) -> dict[str, dict[str, float]]:
        """Seconds for one of each, one after the other."""
        found = {}
        for pair in self.pairs:
            caches["counts"].clear()
            found[pair.name] = {
                "cold": self._timed(pair.product),
                "warm": self._timed(pair.product),
                "bare": self._timed(pair.bare),
                "sql": self._timed_sql(pair.statements),
            }
        return found

    def _timed(self, address: str) -> float:
        started = time.perf_counter()
        self.ask(address)
        return time.perf_counter() - started

    def _timed_sql(self, statements: list[str]) -> float:
        started = time.perf_counter()
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()
        return time.perf_counter() - started


def facts() -> dict[str, int]:
    """How much there is."""
    return {
        "organisations": Organisation.objects.count(),
        "people": Person.objects.count(),
        "meetings": Meeting.objects.count(),
    }
