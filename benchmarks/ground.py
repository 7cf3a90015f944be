"""What made-up records lean on: cities, sectors, owners, phone numbers, and folded words."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from django.utils import timezone

from benchmarks import words
from crm.models import User
from crm.text import folded, international_phone
from partners.models import City, Organisation, Sector


class Made(NamedTuple):
    """An organisation while its row waits for its last contact."""

    id: int
    name: str
    native: str
    sort_name: str
    kind: str
    place: words.Place
    city: City
    has_city: bool
    people: list[int]


def key_of(text: str) -> str:
    """`crm.text.sort_key` of text that is folded already."""
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())[:200]


class Ground:
    """Finds in the database what is there already, and makes the rest."""

    def __init__(
        self,
        organisations: int,
        seed: str = "ponti",
        today: date | None = None,
        is_alone: bool = False,
    ) -> None:
        self.count = organisations
        self.is_alone = is_alone
        self.today = today or timezone.localdate()
        self.random = Random(f"{seed} {Organisation.objects.count()}")
        self.folded: dict[str, str] = {}
        self.cities: dict[tuple[str, str], City] = {}
        self.sectors: list[int] = []
        self.owners: list[int] = []
        self.phones: dict[str, list[tuple[str, str]]] = {}

    def lay(self) -> None:
        """Everything that the records stand on."""
        self.cities = {(place.country, place.name): self._city(place) for place in words.PLACES}
        self.sectors = self._sectors()
        self.owners = self._owners()
        self.phones = {code: self._phones(code) for code in words.DIALLING}

    def _city(self, place: words.Place) -> City:
        found = City.objects.filter(country=place.country, name=place.name).first()
        return found or City.objects.create(
            country=place.country,
            name=place.name,
            name_it=place.name_it,
            native_name=place.native,
            time_zone=place.zone,
            population=place.weight * 10_000,
        )

    def _sectors(self) -> list[int]:
        """The ids of the sectors of the second level, made where the database has too few."""
        ids = list(Sector.objects.exclude(parent=None).values_list("pk", flat=True))
        if len(ids) >= len(words.FIELDS):
            return ids
        for place, (name, _, slug) in enumerate(words.FIELDS):
            top, _is_new = Sector.objects.get_or_create(
                slug=f"field-{place // 6 + 1}",
                defaults={"name": f"Field {place // 6 + 1}", "name_it": f"Campo {place // 6 + 1}"},
            )
            sector, _is_new = Sector.objects.get_or_create(
                slug=slug, defaults={"name": name, "name_it": name, "parent": top}
            )
            ids.append(sector.pk)
        return ids

    def _owners(self) -> list[int]:
        ids = list(User.objects.filter(is_active=True).values_list("pk", flat=True))
        for number in range(len(ids), 8):
            email = f"officer{number}@example.net"
            ids.append(User.objects.create_user(email, None, name=f"Officer {number}").pk)
        return ids

    def _phones(self, country: str) -> list[tuple[str, str]]:
        """Numbers of a country: as typed, and in international form."""
        typed = (
            f"+{words.DIALLING[country]} {self.random.randint(2, 9)}"
            f"{self.random.randint(1, 9)} {self.random.randint(1000, 9999)} "
            f"{self.random.randint(1000, 9999)}"
            for _ in range(300)
        )
        return [(number, international_phone(number)) for number in typed]

    def _fold(self, text: str) -> str:
        """`folded()`, remembered."""
        if text not in self.folded:
            self.folded[text] = folded(text)
        return self.folded[text]

    def _day(self, days: int) -> date:
        return self.today - timedelta(days=days)
