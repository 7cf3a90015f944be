"""The cities in use, by country."""

import pytest

from tests.factories import make_city, make_meeting, make_organisation, make_person

pytestmark = pytest.mark.django_db
URL = "/partners/cities/"


@pytest.fixture
def directory(nagoya, tokyo, genoa):
    university = make_organisation("Nagoya University", nagoya)
    make_organisation("Garage", nagoya)
    make_organisation("Filse", genoa, side="home")
    make_person("Haruka", "Tanabe", university)
    make_meeting([university], city=nagoya, time_zone="Asia/Tokyo")
    return university


def entries(client, query=""):
    return {
        entry["item"].name: (entry["partners"], entry["people"], entry["meetings"])
        for _, group in client.get(f"{URL}?{query}").context["countries"]
        for entry in group
    }


def test_only_cities_in_use_are_listed_with_their_counts(directory, reader_client):
    assert entries(reader_client) == {"Genoa": (1, 0, 0), "Nagoya": (2, 1, 1)}


def test_cities_stand_under_their_country_with_their_native_name(directory, reader_client):
    response = reader_client.get(URL)
    assert [country.code for country, _ in response.context["countries"]] == ["IT", "JP"]
    assert "2 partners" in response.content.decode()


def test_a_city_is_found_by_any_spelling_or_by_its_country(directory, reader_client):
    assert list(entries(reader_client, "q=genova")) == ["Genoa"]
    assert list(entries(reader_client, "q=名古屋")) == ["Nagoya"]
    assert list(entries(reader_client, "q=japan")) == ["Nagoya"]
    assert "No city in use is called that." in reader_client.get(f"{URL}?q=%00x").content.decode()


def test_archived_partners_are_not_counted(directory, reader_client):
    directory.archive(None)
    assert entries(reader_client)["Nagoya"][0] == 1


def test_the_index_costs_the_same_at_1_city_and_at_20(reader_client, django_assert_max_num_queries):
    def fill(number):
        for place in range(number):
            make_organisation(f"P {number} {place}", make_city(f"City {number} {place}", "IT"))

    fill(1)
    with django_assert_max_num_queries(20) as one:
        reader_client.get(URL)
    fill(19)
    with django_assert_max_num_queries(20) as many:
        reader_client.get(URL)
    assert len(one) == len(many)
