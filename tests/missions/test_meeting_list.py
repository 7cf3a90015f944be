"""The list of meetings: newest first, narrowed by its address."""

from datetime import date, time, timedelta

import pytest

from missions.models import Meeting
from tests.conftest import signed_in
from tests.factories import (
    make_meeting,
    make_merge,
    make_mission,
    make_organisation,
    make_person,
    make_sector,
    make_stop,
    make_user,
)
from tests.reading import words


def titles(client, query=""):
    response = client.get(f"/meetings/{query}")
    assert response.status_code == 200
    return [meeting.title for meeting in response.context["page"].rows]


def test_the_newest_come_first_and_those_without_a_date_last(reader_client):
    make_meeting(title="Undated")
    make_meeting(title="Morning", local_date=date(2025, 1, 15), local_time=time(9))
    make_meeting(title="Afternoon", local_date=date(2025, 1, 15), local_time=time(15))
    make_meeting(title="Last year", local_date=date(2024, 1, 15))
    assert titles(reader_client) == ["Afternoon", "Morning", "Last year", "Undated"]


def test_each_filter_leaves_what_it_names(reader_client, reader, tokyo, nagoya):
    robotics = make_sector("Robotics")
    arms = make_sector("Arms", parent=robotics)
    mission = make_mission()
    partner, person = make_organisation(), make_person()
    a = make_meeting(
        [partner],
        [person],
        [arms],
        title="A",
        status="planned",
        format="video",
        mission=mission,
        stop=make_stop(mission, tokyo),
        local_date=date(2024, 12, 31),
        author=reader,
    )
    make_meeting(title="B", city=nagoya, local_date=date(2025, 1, 1))
    make_meeting(title="C")
    for query, left in (
        ("?status=planned", ["A"]),
        ("?format=video", ["A"]),
        (f"?mission={mission.pk}", ["A"]),
        ("?mission=none", ["B", "C"]),
        ("?sector=robotics", ["A"]),
        (f"?city={tokyo.pk}", ["A"]),
        (f"?city={nagoya.pk}", ["B"]),
        ("?city=none", ["C"]),
        ("?year=2024", ["A"]),
        ("?year=2025", ["B"]),
        ("?year=none", ["C"]),
        ("?year=2024&year=2025", ["B", "A"]),
        ("?since=2025-01-01", ["B"]),
        ("?until=2024-12-31", ["A"]),
        ("?since=2024-12-31&until=2025-01-01", ["B", "A"]),
        ("?mine=1", ["A"]),
        (f"?organisation={partner.pk}", ["A"]),
        (f"?person={person.pk}", ["A"]),
        ("?status=planned&status=held", ["B", "A", "C"]),
        ("?q=b", ["B"]),
        ("?q=finance+japan", ["A"]),
    ):
        assert titles(reader_client, query) == left, query
    assert a.where == tokyo


def test_mine_are_those_i_logged_and_those_i_took_part_in(reader_client, reader, officer):
    make_meeting(title="Logged", author=reader)
    make_meeting(people=[make_person(user=reader)], title="Attended", author=officer)
    make_meeting(title="Not mine", author=officer)
    assert set(titles(reader_client, "?mine=1")) == {"Logged", "Attended"}
    assert titles(signed_in(officer), "?mine=1") == ["Attended", "Not mine"]


def test_a_count_says_what_one_would_get(reader_client, tokyo):
    mission = make_mission()
    make_meeting(mission=mission, stop=make_stop(mission, tokyo), local_date=date(2025, 1, 1))
    make_meeting(status="planned", city=tokyo)
    panels = {
        panel.name: {option.value: option.count for option in panel.options}
        for panel in reader_client.get("/meetings/?status=held").context["panels"]
    }
    assert panels["status"] == {"planned": 1, "held": 1}
    assert panels["city"] == {str(tokyo.pk): 1}
    assert panels["year"] == {"2025": 1}
    assert panels["mission"] == {str(mission.pk): 1}


def test_what_is_counted_for_one_reader_is_not_shown_to_another(reader_client, officer):
    make_meeting(author=officer)
    assert titles(signed_in(officer), "?mine=1") == [""]
    assert "0 meetings" in words(reader_client.get("/meetings/?mine=1"))
    assert "1 meeting" in words(signed_in(officer).get("/meetings/?mine=1"))


def test_conditions_show_as_chips_that_can_be_taken_away(reader_client):
    partner = make_organisation("Garage")
    make_meeting([partner])
    response = reader_client.get(f"/meetings/?organisation={partner.pk}&since=2020-01-01&mine=1")
    chips = {str(chip.name): (chip.value, chip.url) for chip in response.context["filterset"].chips}
    assert chips["With"] == ("Garage", "?since=2020-01-01&mine=1")
    assert chips["Mine"][1] == f"?since=2020-01-01&organisation={partner.pk}"


def test_an_empty_list_says_what_would_fill_it(reader_client):
    assert "Every encounter with a partner gathers here" in words(reader_client.get("/meetings/"))
    text = words(reader_client.get("/meetings/?status=planned"))
    assert "No meeting has all that was chosen." in text


@pytest.mark.parametrize(
    "query",
    [
        "?status=drop&city=abc&mission=-1&sector=%27&year=99999&format=%00",
        "?since=yesterday&until=2025-02-30&mine=maybe&organisation=9999999999999999999999&person=x",
        "?page=-1&sort=drop&after=zzz",
        "?page=999999&after=1&before=2",
        "?year=0001&since=0001-01-01&until=9999-12-31",
        "?q=%00%F0%9F%98%80" + "x" * 400,
        "?year=٢٠٢٥&city=٣",
    ],
)
def test_addresses_that_make_no_sense_give_a_sane_page(reader_client, query):
    make_meeting(local_date=date(2025, 1, 1))
    assert reader_client.get(f"/meetings/{query}").status_code == 200


def test_pages_of_fifty_follow_each_other_without_a_gap(reader_client):
    for number in range(120):
        make_meeting(title=str(number), local_date=date(2020, 1, 1) + timedelta(days=number // 3))
    seen = titles(reader_client) + titles(reader_client, "?page=2")
    last = Meeting.objects.get(title=seen[-1])
    seen += titles(reader_client, f"?after={last.pk}")
    assert len(seen) == 120
    assert len(set(seen)) == 120


def test_confidential_titles_are_neither_shown_nor_searched(reader_client, officer_client):
    make_meeting([make_organisation("Garage")], title="Secret", is_confidential=True)
    assert "Secret" not in words(reader_client.get("/meetings/"))
    assert titles(reader_client, "?q=secret") == []
    assert titles(reader_client, "?q=garage") == [""]
    assert titles(officer_client, "?q=secret") == ["Secret"]


def test_one_row_and_fifty_cost_the_same(db, tokyo, django_assert_max_num_queries):
    client = signed_in(make_user(role="Officer"))

    def fill(count):
        for number in range(count):
            mission = make_mission(f"Mission {number}")
            partners = [make_organisation(f"Partner {number}-{n}") for n in range(2)]
            make_meeting(partners, mission=mission, stop=make_stop(mission, tokyo))

    fill(1)
    titles(client)
    fill(1)
    with django_assert_max_num_queries(16) as few:
        titles(client)
    fill(48)
    with django_assert_max_num_queries(16) as many:
        titles(client)
    assert len(few) == len(many)


def test_an_address_that_names_what_was_merged_shows_what_it_became(officer_client, steward):
    kept, gone = make_organisation("JFC"), make_organisation("JFC Corp.")
    one, two = make_person(), make_person("Hana")
    make_meeting([gone], [two], title="Talk")
    make_merge(steward, kept, gone)
    make_merge(steward, one, two)
    for query in (f"?organisation={gone.pk}", f"?person={two.pk}"):
        assert titles(officer_client, query) == ["Talk"]
