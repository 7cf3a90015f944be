"""Made-up organisations, twice the people, three times the meetings.

`python -m benchmarks.generate --organisations 1000` adds them to the database of DATABASE_URL.

Names are real-looking and in both scripts; countries, cities, kinds, tiers and contact are as
uneven as in life. The same seed on the same database gives the same rows. What is derived and
stored is written as the product would (a test compares). No history is written.
"""

import argparse
import os
import re
import time as clock
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()

from django.db import connection, transaction
from django.utils import timezone

from benchmarks import words
from benchmarks.ground import Ground, Made, key_of
from benchmarks.tables import Table, unhindered, write_found_by
from crm.text import LAST, folded
from missions.models import Attendance, FollowUp, Meeting, Mission, Stop
from partners.models import Affiliation, City, Organisation, Person, Sector

ATTENDANCE_OF = (1, 1, 1, 2, 2, 3)


class Generator(Ground):
    """Fills the database that Django is connected to."""

    def run(self, say: Callable[[str], object] = str) -> None:
        """Everything, in one transaction."""
        started = clock.perf_counter()
        with transaction.atomic(), unhindered(self.is_alone):
            self.lay()
            organisations = self._organisations()
            say(f"{len(organisations)} organisations named")
            people = self._people(organisations)
            say(f"{people} people")
            meetings, last_contact = self._meetings(organisations)
            say(f"{meetings} meetings")
            self._write_organisations(organisations, last_contact)
            for model in (City, Sector, Organisation, Person, Mission, Meeting, FollowUp):
                write_found_by(model)
                say(f"{model._meta.verbose_name_plural} indexed")
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")
        say(f"done in {clock.perf_counter() - started:.0f} s")

    def run_organisations(self) -> None:
        """Organisations alone, whom nobody has met."""
        with transaction.atomic(), unhindered(self.is_alone):
            self.lay()
            self._write_organisations(self._organisations(), {})
            for model in (City, Sector, Organisation):
                write_found_by(model)
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")

    # Organisations

    def _organisations(self) -> list[Made]:
        """All of them named, none written."""
        random = self.random
        table = Table(Organisation, random)
        weights = [place.weight for place in words.PLACES]
        kinds = [kind[3] for kind in words.KINDS]
        made = []
        for number in range(table.first, table.first + self.count):
            place = random.choices(words.PLACES, weights)[0]
            kind, latin, native, _ = random.choices(words.KINDS, kinds)[0]
            field, native_field, _slug = random.choice(words.FIELDS)
            family = random.choice(words.NAMES.get(place.country, words.ENGLISH).family)
            name = latin.format(city=place.name, field=field, family=family[0])
            if random.random() < 0.4:
                name = f"{name} {random.randint(2, 99)}"
            written = (
                native.format(city=place.native, field=native_field, family=family[1])
                if place.country == "JP"
                else ""
            )
            made.append(
                Made(
                    number,
                    name,
                    written,
                    key_of(folded(name)),
                    kind,
                    place,
                    self.cities[place.country, place.name],
                    random.random() < 0.96,
                    [],
                )
            )
        return made

    def _write_organisations(self, made: list[Made], last_contact: dict[int, date | None]) -> None:
        random = self.random
        table = Table(
            Organisation,
            random,
            *("name", "native_name", "kind", "side", "country", "city_id", "tier", "owner_id"),
            *("website", "phone", "phone_international", "sort_name", "sort_city"),
            *("last_contact_on", "is_met", "contact_order", "tier_order"),
            notes="Made up by the benchmarks.",
        )
        links = Table(Organisation.sectors.through, random, "organisation_id", "sector_id")
        for one in made:
            city = one.city if one.has_city else None
            tier = random.choices([1, 2, 3, None], [3, 12, 25, 60])[0]
            on, is_met = last_contact.get(one.id), one.id in last_contact
            typed, international = random.choice(self.phones[one.place.country])
            domain = f"partner{one.id}.example.org" if random.random() < 0.7 else ""
            table.add(
                one.name,
                one.native,
                one.kind,
                "home" if one.place.country == "IT" and random.random() < 0.2 else "partner",
                one.place.country,
                city.pk if city else None,
                tier,
                random.choice(self.owners) if random.random() < 0.6 else None,
                f"https://www.{domain}/" if domain else "",
                typed,
                international,
                one.sort_name,
                city.sort_name if city else LAST,
                on,
                is_met,
                -on.toordinal() if on else 0 if is_met else 1,
                tier or 9,
            )
            for sector in random.sample(self.sectors, random.choice((0, 1, 1, 1, 2, 3))):
                links.add(one.id, sector)
        table.close()
        links.close()

    # People

    def _people(self, organisations: list[Made]) -> int:
        """Twice as many people, most in a few large organisations; how many."""
        random = self.random
        table = Table(
            Person,
            random,
            *("given_name", "family_name", "native_name", "native_reading", "name_order"),
            *("form_of_address", "languages", "email", "phone", "mobile", "contact_preference"),
            *("source", "phone_international", "mobile_international"),
            *("sort_name", "sort_organisation"),
        )
        posts = Table(
            Affiliation,
            random,
            *("person_id", "organisation_id", "job_title", "department"),
            *("since", "until", "is_primary"),
        )
        for place in range(2 * self.count):
            one = organisations[
                place if place < self.count else int(self.count * random.random() ** 1.7)
            ]
            one.people.append(self._person(table, place, one, posts, organisations))
        table.close()
        posts.close()
        return 2 * self.count

    def _person(
        self, table: Table, place: int, one: Made, posts: Table, organisations: list[Made]
    ) -> int:
        random = self.random
        names = words.NAMES.get(one.place.country, words.ENGLISH)
        family, given = random.choice(names.family), random.choice(names.given)
        native = f"{family[1]} {given[1]}" if family[1] else ""
        reading = f"{family[2]} {given[2]}" if family[2] else ""
        email = f"{self._ascii(given[0])}.{self._ascii(family[0])}.{place}@example.org"
        phone = random.choice(self.phones[one.place.country]) if random.random() < 0.8 else ("", "")
        mobile = (
            random.choice(self.phones[one.place.country]) if random.random() < 0.3 else ("", "")
        )
        is_placed = random.random() < 0.97
        second = random.choice(organisations) if is_placed and random.random() < 0.08 else None
        current = [one, second] if second else [one] if is_placed else []
        number = table.add(
            given[0],
            family[0],
            native,
            reading,
            "family" if names.family_first else "given",
            random.choice(("", "", "", "Dr", "Prof.")),
            names.languages,
            email,
            phone[0],
            mobile[0],
            random.choices(("any", "email", "phone", "none"), (80, 12, 5, 3))[0],
            random.choice(words.SOURCES),
            phone[1],
            mobile[1],
            key_of(self._fold(f"{family[0]} {given[0]}")),
            one.sort_name if is_placed else LAST,
        )
        self._posts(posts, number, current, organisations)
        return number

    def _posts(
        self, posts: Table, person: int, current: list[Made], organisations: list[Made]
    ) -> None:
        random = self.random
        for place, one in enumerate(current):
            posts.add(
                person,
                one.id,
                random.choice(words.JOBS),
                random.choice(words.DEPARTMENTS),
                self._day(random.randint(30, 4000)) if random.random() < 0.6 else None,
                None,
                place == 0,
            )
        if random.random() < 0.12:
            since = random.randint(2000, 6000)
            left = self._day(since - random.randint(200, 1900))
            before = random.choice(organisations).id
            posts.add(person, before, random.choice(words.JOBS), "", self._day(since), left, False)

    def _ascii(self, name: str) -> str:
        return re.sub(r"[^a-z]", "", self._fold(name)) or "name"

    # Meetings

    def _missions(self) -> dict[str, list[tuple[int, dict[int, int]]]]:
        """Of each country, its missions: the id, and the stop in each city."""
        random = self.random
        missions = Table(Mission, random, "title", "status", "starts_on", "ends_on", "aims")
        stops = Table(Stop, random, "mission_id", "city_id", "position")
        found: dict[str, list[tuple[int, dict[int, int]]]] = {}
        places: dict[str, list[words.Place]] = {}
        for place in words.PLACES:
            places.setdefault(place.country, []).append(place)
        for number in range(max(3, self.count // 200)):
            country = random.choice(list(places))
            days = random.randint(-120, 2200)
            mission = missions.add(
                f"Mission {number + 1} to {places[country][0].name}",
                "planned" if days < 0 else "completed",
                self._day(days),
                self._day(days - 5),
                random.choice(words.PURPOSES),
            )
            cities = random.sample(places[country], min(3, len(places[country])))
            of_city = {
                (city := self.cities[country, place.name].pk): stops.add(mission, city, position)
                for position, place in enumerate(cities, 1)
            }
            found.setdefault(country, []).append((mission, of_city))
        missions.close()
        stops.close()
        return found

    def _meetings(self, organisations: list[Made]) -> tuple[int, dict[int, date | None]]:
        """How many meetings, and of each organisation met the last contact's date."""
        random = self.random
        missions = self._missions()
        meetings = Table(
            Meeting,
            random,
            *("status", "format", "mission_id", "stop_id", "position", "local_date", "local_time"),
            *("time_zone", "duration", "starts_at", "age_order", "city_id", "purpose", "outcome"),
            *("is_confidential", "author_id"),
        )
        met = Table(Meeting.organisations.through, random, "meeting_id", "organisation_id")
        about = Table(Meeting.sectors.through, random, "meeting_id", "sector_id")
        attendances = Table(Attendance, random, "meeting_id", "person_id", "organisation_id")
        promises = Table(
            FollowUp,
            random,
            *("promised_by", "what", "meeting_id", "organisation_id", "assignee_id", "due_on"),
            *("done_at", "done_by_id"),
        )
        ever_met = random.sample(organisations, max(1, int(self.count * 0.8)))
        last: dict[int, date | None] = {}
        for _ in range(3 * self.count):
            one = ever_met[int(len(ever_met) * random.random() ** 2)]
            number, status, day = self._meeting(meetings, one, missions)
            whom = [one]
            if random.random() < 0.12 and (other := random.choice(ever_met)) is not one:
                whom.append(other)
            for organisation in whom:
                met.add(number, organisation.id)
                if status == "held":
                    before = last.get(organisation.id)
                    last[organisation.id] = max(filter(None, (before, day)), default=None)
                count = min(random.choice(ATTENDANCE_OF), len(organisation.people))
                for person in random.sample(organisation.people, count):
                    attendances.add(number, person, organisation.id)
            if random.random() < 0.5:
                about.add(number, random.choice(self.sectors))
            if random.random() < 0.17:
                self._promise(promises, number, one.id)
        for table in (meetings, met, about, attendances, promises):
            table.close()
        return 3 * self.count, last

    def _meeting(
        self, table: Table, one: Made, missions: dict[str, list[tuple[int, dict[int, int]]]]
    ) -> tuple[int, str, date | None]:
        random = self.random
        status = random.choices(("held", "planned", "cancelled"), (86, 9, 5))[0]
        days = random.randint(-150, -1) if status == "planned" else int(random.expovariate(1 / 600))
        day = self._day(days) if random.random() < 0.95 else None
        at = (
            time(random.randint(8, 18), random.choice((0, 15, 30)))
            if random.random() < 0.7
            else None
        )
        at = at if day else None
        zone = one.city.time_zone
        mission: int | None = None
        stops: dict[int, int] = {}
        if random.random() < 0.5 and (there := missions.get(one.place.country)):
            mission, stops = random.choice(there)
        minutes = at.hour * 60 + at.minute if at else 0
        number = table.add(
            status,
            random.choices(("in-person", "site-visit", "video", "phone", "event"), (5, 2, 4, 1, 1))[
                0
            ],
            mission,
            stops.get(one.city.pk),
            random.randint(0, 8),
            day,
            at,
            zone,
            random.choice((None, 30, 60, 90)),
            datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC) if day and at else None,
            -(day.toordinal() * 1440 + minutes) if day else 1,
            one.city.pk,
            random.choice(words.PURPOSES),
            random.choice(words.OUTCOMES) if status == "held" else "",
            random.random() < 0.03,
            random.choice(self.owners),
        )
        return number, status, day

    def _promise(self, table: Table, meeting: int, organisation: int) -> None:
        random = self.random
        is_done = random.random() < 0.7
        who = random.choice(self.owners)
        table.add(
            random.choice(("us", "us", "them")),
            random.choice(words.PROMISES),
            meeting,
            organisation,
            who,
            self._day(random.randint(-60, 700)) if random.random() < 0.8 else None,
            timezone.now() - timedelta(days=random.randint(1, 700)) if is_done else None,
            who if is_done else None,
        )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("--organisations", type=int, default=1000, help="how many (1000)")
    parser.add_argument("--seed", default="ponti")
    chosen: Any = parser.parse_args(arguments)
    Generator(chosen.organisations, chosen.seed).run(say=print)


if __name__ == "__main__":
    main()
