"""Coverage: each cell says how many partners there are, and whether it has gone cold."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.models import User
from partners.coverage import ROWS, Cell
from partners.models import City, Organisation
from tests.factories import make_city, make_meeting, make_organisation, make_sector

pytestmark = pytest.mark.django_db
URL = "/coverage/"
Kind = Organisation.Kind


def days_ago(days: int) -> Any:
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def partners(tokyo: City, nagoya: City, genoa: City, officer: User) -> dict[str, Organisation]:
    """Tokyo has three, Nagoya one; one is without a city, one at home, one was put away."""
    research = make_sector("Research")
    startups, robotics = make_sector("Start-ups", research), make_sector("Robotics", research)
    finance = make_sector("Finance")
    found = [
        make_organisation("JFC", tokyo, [finance], tier=1, owner=officer),
        make_organisation("Institute", tokyo, [robotics, startups], kind=Kind.RESEARCH, tier=2),
        make_organisation("Shibuya", tokyo, [startups, finance], kind=Kind.INCUBATOR),
        make_organisation("Garage", nagoya, [research], kind=Kind.INCUBATOR),
        make_organisation("AIRC", None, [robotics], kind=Kind.CONSORTIUM),
        make_organisation("IIT", genoa, [robotics], side="home", kind=Kind.RESEARCH),
        make_organisation("Gone", nagoya, [finance]),
    ]
    found[-1].archive(by=None)
    return {one.name: one for one in found}


def cells(client: Client, query: str = "") -> dict[tuple[str, str], Cell]:
    """The cells that are not empty, by city and column; the totals as “all”."""
    grid = client.get(f"{URL}?{query}").context["grid"]
    found: dict[tuple[str, str], Cell] = {}
    for row in grid.rows:
        city = row.city.name if row.city else "none"
        found[city, "all"] = row.whole
        found |= {(city, heading.label): cell for heading, cell in row.cells if cell.count}
    return found


def numbers(client: Client, query: str = "") -> dict[tuple[str, str], int]:
    return {place: cell.count for place, cell in cells(client, query).items()}


def test_partners_are_counted_by_city_and_sector_once_under_the_first_level(
    partners, reader_client
):
    assert numbers(reader_client) == {
        ("Tokyo", "all"): 3,
        ("Tokyo", "Research"): 2,
        ("Tokyo", "Finance"): 2,
        ("Nagoya", "all"): 1,
        ("Nagoya", "Research"): 1,
        ("none", "all"): 1,
        ("none", "Research"): 1,
    }


def test_partners_are_counted_by_kind_when_asked(partners, reader_client):
    found = numbers(reader_client, "by=kind")
    assert (found["Tokyo", "Incubator"], found["Nagoya", "Incubator"]) == (1, 1)


@pytest.mark.parametrize("query", ["", "by=kind", "country=JP", "tier=1&tier=none&by=kind"])
def test_every_cell_opens_a_list_of_as_many_partners(partners, reader_client, query):
    grid = reader_client.get(f"{URL}?{query}").context["grid"]
    places = [row.whole for row in grid.rows]
    places += [cell for row in grid.rows for _heading, cell in row.cells if cell.count]
    for place in places:
        filterset = reader_client.get(place.url).context["filterset"]
        assert (filterset.found, filterset.ignored) == (place.count, []), place.url
    for heading in grid.headings:
        if heading.url:
            shown = reader_client.get(heading.url).context["filterset"].found_text
            assert shown == heading.number


def test_a_cell_is_cold_where_nobody_was_met_within_what_their_tier_bears(partners, reader_client):
    make_meeting([partners["JFC"]], local_date=days_ago(100))
    make_meeting([partners["Garage"]], local_date=days_ago(100))
    found = cells(reader_client)
    assert found["Tokyo", "Finance"].is_cold  # 90 days for the first tier; Shibuya never
    assert found["Tokyo", "Finance"].last_contact_on == days_ago(100)
    assert not found["Nagoya", "Research"].is_cold  # a year for those without a tier
    make_meeting([partners["Shibuya"]], local_date=days_ago(200))
    assert not cells(reader_client)["Tokyo", "Finance"].is_cold


def test_a_cell_says_whether_it_was_met_without_a_date_or_never(partners, reader_client):
    make_meeting([partners["Garage"]])
    found = cells(reader_client)
    garage, airc = found["Nagoya", "Research"], found["none", "Research"]
    assert (garage.is_met, garage.last_contact_on, garage.is_cold) == (True, None, True)
    assert (airc.is_met, airc.is_cold) == (False, True)


def test_country_tier_and_owner_narrow_the_grid(partners, officer, reader_client):
    make_organisation("INRIA", make_city("Paris", "FR"))
    assert ("Paris", "all") not in numbers(reader_client, "country=JP")
    assert numbers(reader_client, f"owner={officer.pk}") == {
        ("Tokyo", "all"): 1,
        ("Tokyo", "Finance"): 1,
    }
    assert numbers(reader_client, "tier=2") == {("Tokyo", "all"): 1, ("Tokyo", "Research"): 1}


def test_what_makes_no_sense_in_the_address_is_said_and_left_out(partners, reader_client):
    page = reader_client.get(f"{URL}?by=weather&country=XX&page=2")
    assert page.status_code == 200
    assert {"by=weather", "country=XX", "page=2"} <= set(page.context["filterset"].ignored)


def test_the_cities_with_most_partners_come_first_and_the_rest_is_counted(reader_client):
    for number in range(ROWS + 2):
        make_organisation("A", make_city(f"City {number}"))
    make_organisation("B", City.objects.get(name="City 31"))
    grid = reader_client.get(URL).context["grid"]
    assert (grid.rows[0].city.name, len(grid.rows), grid.more) == ("City 31", ROWS, 2)
    assert b"2 more cities have fewer partners" in reader_client.get(URL).content


def test_an_empty_grid_says_what_would_fill_it(reader_client):
    assert b"The grid fills as soon as there is a partner" in reader_client.get(URL).content


def test_the_queries_do_not_grow_with_the_partners(reader_client, django_assert_max_num_queries):
    sector = make_sector()
    make_organisation("A", make_city(), [sector])
    with django_assert_max_num_queries(20) as few:
        reader_client.get(URL)
    for number in range(20):
        make_organisation("B", make_city(f"City {number}"), [sector])
    with django_assert_max_num_queries(len(few)):
        reader_client.get(URL)
