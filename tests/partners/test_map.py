"""The map: the partners of the directory, by city."""

import re

import pytest
from django.test import Client

from partners.models import City, Organisation
from tests.factories import make_city, make_organisation

pytestmark = pytest.mark.django_db
URL = "/map/"


@pytest.fixture
def partners(tokyo: City, nagoya: City, genoa: City) -> list[Organisation]:
    """Two in Tokyo, one in Nagoya, one at home, one in a city without coordinates, one in none."""
    return [
        make_organisation("Japan Finance Corporation", tokyo, tier=1),
        make_organisation("Shibuya Start-up Support", tokyo),
        make_organisation("Nagoya University", nagoya, tier=1),
        make_organisation("Filse", genoa, side="home"),
        make_organisation("Kansai Robotics", make_city("Ama")),
        make_organisation("AIRC Consortium"),
    ]


def circles(client: Client, query: str = "") -> dict[str, int]:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    return {circle.label: circle.count for circle in response.context["map"].circles}


def test_the_map_shows_the_partners_that_the_list_would(partners, reader_client):
    assert circles(reader_client) == {"Tokyo": 2, "Genoa": 1, "Nagoya": 1}
    assert circles(reader_client, "tier=1&side=partner") == {"Tokyo": 1, "Nagoya": 1}
    assert circles(reader_client, "q=start-up") == {"Tokyo": 1}


def test_a_circle_leads_to_a_list_of_as_many_partners(partners, reader_client):
    drawn = reader_client.get(f"{URL}?tier=1&tier=none&whole=1").context["map"].circles
    for circle in drawn:
        assert reader_client.get(circle.url).context["filterset"].found == circle.count
        assert not reader_client.get(circle.url).context["filterset"].ignored


def test_what_has_no_place_is_counted_in_words(partners, reader_client):
    page = reader_client.get(URL).content.decode()
    assert "1 partner has no city" in page
    assert "1 partner is in a city whose coordinates are not known" in page


def test_the_list_and_the_map_lead_to_each_other_with_what_was_chosen(partners, reader_client):
    assert 'href="/map/?country=JP"' in reader_client.get("/partners/?country=JP").content.decode()
    page = reader_client.get(f"{URL}?country=JP&whole=1").content.decode()
    assert 'href="/partners/?country=JP"' in page


def test_a_country_of_the_outlines_leads_to_the_map_of_it_alone(partners, reader_client):
    found = {one.outline: one for one in reader_client.get(URL).context["map"].countries}
    assert (found["JPN"].count, found["JPN"].url) == (3, "?country=JP")
    assert circles(reader_client, "country=JP") == {"Tokyo": 2, "Nagoya": 1}


def test_geometry_is_written_with_points_in_italian_too(partners, reader, reader_client):
    reader.language = "it"
    reader.save()
    page = reader_client.get(URL).content.decode()
    assert re.search(r'<circle class="city" cx="\d+\.\d+%" cy="\d+\.\d+%" r="\d+\.\d"', page)
    assert not re.search(r' (cx|cy|r|x|y|viewBox)="[\d ]*\d,\d', page)


def test_the_map_is_among_the_partners_on_the_side(reader_client):
    assert '<a href="/partners/" aria-current="page">' in reader_client.get(URL).content.decode()


def test_a_city_named_with_markup_stays_words(reader_client):
    make_organisation("A", make_city("<b>Ama</b>", latitude=1, longitude=1))
    assert b"<b>Ama</b>" not in reader_client.get(URL).content


def test_the_queries_do_not_grow_with_the_cities(reader_client, django_assert_max_num_queries):
    def make(number: int) -> None:
        city = make_city(f"City {number}", latitude=number, longitude=number)
        make_organisation(f"Partner {number}", city)

    make(1)
    with django_assert_max_num_queries(25) as few:
        reader_client.get(URL)
    for number in range(2, 21):
        make(number)
    with django_assert_max_num_queries(len(few)):
        assert len(circles(reader_client)) == 20
