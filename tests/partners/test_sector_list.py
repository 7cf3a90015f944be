"""The tree of sectors with its counts, and a page for one."""

import pytest

from tests.factories import make_meeting, make_organisation, make_person, make_sector

pytestmark = pytest.mark.django_db
URL = "/partners/sectors/"


@pytest.fixture
def tree(nagoya):
    research = make_sector("Research")
    startups = make_sector("Start-ups", research)
    robotics = make_sector("Robotics", research)
    both = make_organisation("Nagoya University", nagoya, [startups, robotics, research])
    make_organisation("Garage", nagoya, [startups])
    make_person("Haruka", "Tanabe", both)
    make_meeting([both], sectors=[robotics], title="Robots at sea", time_zone="Asia/Tokyo")
    return both


def test_a_sector_counts_what_lies_below_it_once_each(tree, reader_client):
    (research,) = reader_client.get(URL).context["entries"]
    assert (research["partners"], research["people"], research["meetings"]) == (2, 1, 1)
    assert {child["item"].slug: child["partners"] for child in research["below"]} == {
        "start-ups": 2,
        "robotics": 1,
    }


def test_a_retired_sector_shows_only_while_something_carries_it(tree, reader_client):
    make_sector("Steam", is_retired=True)
    assert "Steam" not in reader_client.get(URL).content.decode()


def test_the_names_are_in_the_reader_s_language(tree, reader, reader_client):
    make_sector("Finance", name_it="Finanza")
    reader.language = "it"
    reader.save()
    assert "Finanza" in reader_client.get(URL).content.decode()


def test_a_sector_shows_the_partners_people_and_meetings_below_it_too(tree, reader_client):
    content = reader_client.get(f"{URL}research/").content.decode()
    for shown in ["Nagoya University", "Garage", "Haruka Tanabe", "Robots at sea", "Start-ups"]:
        assert shown in content
    content = reader_client.get(f"{URL}robotics/").content.decode()
    assert "Garage" not in content
    assert 'href="/partners/sectors/research/"' in content


def test_an_unknown_sector_is_not_found(reader_client):
    assert reader_client.get(f"{URL}alchemy/").status_code == 404


def test_the_index_costs_the_same_at_1_sector_and_at_20(
    reader_client, django_assert_max_num_queries
):
    def fill(number):
        for place in range(number):
            above = make_sector(f"Above {number} {place}")
            make_organisation(
                f"P {number} {place}", None, [make_sector(f"S {number} {place}", above)]
            )

    fill(1)
    with django_assert_max_num_queries(20) as one:
        reader_client.get(URL)
    fill(19)
    with django_assert_max_num_queries(20) as many:
        reader_client.get(URL)
    assert len(one) == len(many)
