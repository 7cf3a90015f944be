"""The contact list: one row a person, narrowed by whom they work for now."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from partners.models import City, Person
from tests.factories import make_affiliation, make_city, make_organisation, make_person, make_sector

pytestmark = pytest.mark.django_db
URL = "/people/"


def listed(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    return [str(person) for person in response.context["page"].rows]


@pytest.fixture
def people(nagoya: City, tokyo: City) -> dict[str, Person]:
    """Haruka works in Tokyo and in Nagoya; Yuki used to be in Tokyo; Marta is nowhere."""
    robotics = make_sector("Robotics")
    bank = make_organisation("Japan Finance Corporation", tokyo, tier=1)
    university = make_organisation("Nagoya University", nagoya, [robotics], kind="university")
    haruka = make_person(
        "Haruka",
        "Tanabe",
        bank,
        "Director",
        native_name="田辺 遥",
        email="tanabe@example.org",
        phone="+81 3 5253 1111",
    )
    make_affiliation(haruka, university)
    yuki = make_person("Yuki", "Sato", university, "Researcher")
    ended = timezone.localdate() - timedelta(days=1)
    make_affiliation(yuki, bank, until=ended)
    marta = make_person("Marta", "Ferrando", contact_preference="none", email="marta@example.org")
    return {"haruka": haruka, "yuki": yuki, "marta": marta}


def test_a_row_shows_the_primary_affiliation_and_how_to_reach_them(people, reader_client):
    content = reader_client.get(f"{URL}?q=tanabe").content.decode()
    for shown in [
        "Haruka Tanabe",
        "田辺 遥",
        "Director",
        "Japan Finance Corporation",
        "Tokyo",
        "tanabe@example.org",
        "+81 3 5253 1111",
        "1 person<",
    ]:
        assert shown in content


def test_facets_match_any_current_affiliation(people, nagoya, tokyo, reader_client):
    assert listed(reader_client, f"city={nagoya.pk}") == ["Yuki Sato", "Haruka Tanabe"]
    assert listed(reader_client, f"city={tokyo.pk}") == ["Haruka Tanabe"]


def test_all_that_was_chosen_is_true_of_one_organisation(people, tokyo, reader_client):
    assert listed(reader_client, "sector=robotics&tier=none") == ["Yuki Sato", "Haruka Tanabe"]
    assert listed(reader_client, f"sector=robotics&city={tokyo.pk}") == []


@pytest.mark.parametrize("query", ["", "country=JP", "tier=1", "q=sato", "kind=university"])
def test_a_count_says_how_many_people_one_would_get(people, reader_client, query):
    panels = reader_client.get(f"{URL}?{query}").context["panels"]
    assert panels
    for panel in panels:
        for option in panel.options:
            other = QueryDict(query, mutable=True)
            other.setlist(panel.name, [option.value])
            assert option.count == len(listed(reader_client, other.urlencode())), option


def test_a_count_follows_a_person_who_moves(people, reader_client):
    def university():
        panels = reader_client.get(URL).context["panels"]
        kind = next(panel for panel in panels if panel.name == "kind")
        return next(option.count for option in kind.options if option.value == "university")

    assert university() == 2
    post = people["haruka"].affiliations.get(organisation__name="Nagoya University")
    post.until = timezone.localdate() - timedelta(days=1)
    post.save()
    assert university() == 1


def test_people_are_sorted_by_family_name_or_by_organisation(people, reader_client):
    assert listed(reader_client) == ["Marta Ferrando", "Yuki Sato", "Haruka Tanabe"]
    assert listed(reader_client, "sort=organisation") == [
        "Haruka Tanabe",
        "Yuki Sato",
        "Marta Ferrando",
    ]


def test_who_asked_not_to_be_contacted_is_marked(people, reader_client):
    assert "Not to be contacted" in reader_client.get(f"{URL}?q=marta").content.decode()
    assert "mailto:marta@example.org" not in reader_client.get(URL).content.decode()
    assert "Not to be contacted" not in reader_client.get(f"{URL}?q=sato").content.decode()


def test_archived_people_are_listed_only_when_asked_for(people, reader_client):
    people["yuki"].archive(None)
    assert "Yuki Sato" not in listed(reader_client)
    assert "Yuki Sato" in listed(reader_client, "archived=1")


def test_absurd_filters_leave_the_whole_list(people, reader_client):
    assert len(listed(reader_client, "city=abc&page=-1&sort=drop&q=%00&after=x")) == 3


def test_export_takes_the_filter_along_and_is_offered_to_those_who_may(
    people, reader_client, officer_client
):
    content = officer_client.get(f"{URL}?country=JP&page=1").content.decode()
    assert 'href="/people/export/?country=JP"' in content
    assert "Export 2" in content
    assert "/people/export/" not in reader_client.get(URL).content.decode()


def test_an_empty_contact_list_says_what_would_fill_it(officer_client):
    content = officer_client.get(URL).content.decode()
    assert "The people we meet gather here" in content
    assert 'href="/people/new/"' in content


def test_the_list_costs_the_same_at_1_row_and_at_20(reader_client, django_assert_max_num_queries):
    def fill(number: int) -> None:
        for place in range(number):
            city = make_city(f"City {number} {place}", "IT")
            partner = make_organisation(f"Partner {number} {place}", city)
            make_person("Anna", f"Rossi {number} {place}", partner, "Director")

    fill(1)
    with django_assert_max_num_queries(20) as one:
        reader_client.get(URL)
    fill(19)
    caches["counts"].clear()
    with django_assert_max_num_queries(20) as many:
        reader_client.get(URL)
    assert len(one) == len(many)
