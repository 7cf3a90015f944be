"""The list of missions."""

from datetime import date

from tests.factories import (
    make_delegate,
    make_initiative,
    make_meeting,
    make_mission,
    make_organisation,
    make_stop,
)
from tests.reading import words


def titles(client, query=""):
    response = client.get(f"/missions/{query}")
    assert response.status_code == 200
    return [mission.title for mission in response.context["page"].rows]


def test_the_newest_come_first_and_those_without_dates_last(reader_client):
    make_mission("Undated")
    make_mission("Old", starts_on=date(2020, 1, 1))
    make_mission("New", starts_on=date(2027, 1, 1))
    assert titles(reader_client) == ["New", "Old", "Undated"]
    assert "3 missions" in words(reader_client.get("/missions/"))


def test_each_filter_leaves_what_it_names(reader_client):
    expo = make_initiative()
    make_mission("A", status="completed", initiative=expo, starts_on=date(2024, 5, 1))
    make_mission("B", direction="inward")
    for query, left in (
        ("?status=completed", ["A"]),
        (f"?initiative={expo.pk}", ["A"]),
        ("?initiative=none", ["B"]),
        ("?year=2024", ["A"]),
        ("?year=none", ["B"]),
        ("?direction=inward", ["B"]),
        ("?q=a", ["A"]),
    ):
        assert titles(reader_client, query) == left, query


def test_a_row_says_where_when_and_how_much(reader_client, tokyo, nagoya):
    mission = make_mission(starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 12))
    for position, city in enumerate((tokyo, nagoya, tokyo)):
        make_stop(mission, city, position)
    make_meeting(mission=mission)
    make_meeting(mission=mission, status="cancelled")
    make_delegate(mission, make_organisation())
    text = words(reader_client.get("/missions/"))
    assert "Tokyo → Nagoya → Tokyo. 8–12 March 2027. 1 meeting, 1 place" in text


def test_an_empty_list_says_what_would_fill_it(reader_client):
    text = words(reader_client.get("/missions/"))
    assert "Journeys out and delegations received gather here" in text


def test_addresses_that_make_no_sense_give_a_sane_page(reader_client):
    make_mission("A")
    for query in ("?status=x&initiative=abc&year=zz&sort=drop&page=-1", "?after=999", "?page=77"):
        assert titles(reader_client, query) == ["A"]


def test_the_order_is_not_in_the_address_unless_asked_for(reader_client):
    make_mission("Undated", status="completed")
    make_mission("New", starts_on=date(2027, 1, 1), status="completed")
    assert titles(reader_client, "?sort=start") == ["Undated", "New"]
    filterset = reader_client.get("/missions/?status=completed").context["filterset"]
    assert filterset.query() == "?status=completed"


def test_one_row_and_twenty_cost_the_same(reader_client, tokyo, django_assert_max_num_queries):
    def fill(count):
        for number in range(count):
            mission = make_mission(initiative=make_initiative(f"Initiative {number}"))
            make_stop(mission, tokyo)
            make_meeting(mission=mission)
            make_delegate(mission, make_organisation())

    fill(2)
    with django_assert_max_num_queries(14) as few:
        titles(reader_client)
    fill(20)
    with django_assert_max_num_queries(14) as many:
        titles(reader_client)
    assert len(few) == len(many)
