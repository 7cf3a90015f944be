"""Planning a mission: created and changed with its stops and organisers on one form."""

from datetime import date, time
from typing import Any

import pytest

from missions.models import Initiative, Meeting, Mission, Stop
from missions.rescheduling import move_stop
from tests.factories import (
    make_initiative,
    make_meeting,
    make_mission,
    make_organisation,
    make_organiser,
    make_stop,
)
from tests.reading import words

pytestmark = pytest.mark.django_db


def values(form: Any) -> dict[str, Any]:
    found = {bound.html_name: bound.value() for bound in form}
    return {
        name: value for name, value in found.items() if value is not None and value is not False
    }


def opened(client: Any, mission: Mission | None = None) -> dict[str, str]:
    """What a browser sends back of the untouched form, in the order of the page."""
    url = f"/missions/{mission.pk}/edit/" if mission else "/missions/new/"
    context = client.get(url).context
    data = values(context["form"])
    for lines in context["parts"].values():
        data |= values(lines.management_form)
        for line in lines:
            data |= values(line)
    return {name: str(value) for name, value in data.items()}


def sent(client: Any, data: dict[str, str], mission: Mission | None = None) -> Any:
    url = f"/missions/{mission.pk}/edit/" if mission else "/missions/new/"
    return client.post(url, data)


def stop_line(
    at: int, city: Any, starts_on: str = "", ends_on: str = "", pk: Any = ""
) -> dict[str, str]:
    return {
        f"stops-{at}-id": str(pk),
        f"stops-{at}-city": str(city.pk),
        f"stops-{at}-starts_on": starts_on,
        f"stops-{at}-ends_on": ends_on,
        "stops-TOTAL_FORMS": str(at + 1),
    }


@pytest.fixture
def mission(tokyo, nagoya) -> Mission:
    """8 to 12 March 2027: Tokyo, Nagoya, Tokyo again."""
    mission = make_mission(starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 12))
    make_stop(mission, tokyo, 1, starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 10))
    make_stop(mission, nagoya, 2, starts_on=date(2027, 3, 10), ends_on=date(2027, 3, 11))
    make_stop(mission, tokyo, 3, starts_on=date(2027, 3, 12), ends_on=date(2027, 3, 12))
    return mission


def cities(mission: Mission) -> list[str]:
    return [stop.city.name for stop in mission.stops.select_related("city").order_by("position")]


def test_a_mission_is_made_whole_with_stops_organisers_and_a_new_initiative(
    officer_client, tokyo, nagoya
):
    chamber = make_organisation("Italian Chamber of Commerce in Japan", kind="chamber")
    data = (
        opened(officer_client)
        | {"title": "Spring in Japan", "new_initiative": "Expo Osaka 2025"}
        | {"starts_on": "8 March 2027", "ends_on": "12/3/2027"}
        | stop_line(0, tokyo, "8 March 2027", "10 March 2027")
        | stop_line(1, nagoya, "10 March 2027", "12 March 2027")
        | {"organisers-0-organisation": str(chamber.pk), "organisers-0-role": "lead"}
    )
    response = sent(officer_client, data)
    mission = Mission.objects.get()
    assert response["Location"] == mission.get_absolute_url()
    assert (mission.starts_on, mission.ends_on) == (date(2027, 3, 8), date(2027, 3, 12))
    assert cities(mission) == ["Tokyo", "Nagoya"]
    assert mission.organisers.get().role == "lead"
    assert mission.initiative == Initiative.objects.get(name="Expo Osaka 2025")


def test_a_title_is_enough_and_sent_twice_it_makes_one(officer_client):
    data = opened(officer_client) | {"title": "Spring in Japan"}
    first, second = sent(officer_client, data), sent(officer_client, data)
    assert first["Location"] == second["Location"]
    assert Mission.objects.count() == 1
    assert not Stop.objects.exists()


def test_an_initiative_typed_that_is_there_already_is_that_one(officer_client):
    expo = make_initiative("Expo Osaka 2025")
    sent(
        officer_client,
        opened(officer_client) | {"title": "Japan", "new_initiative": "expo osaka 2025"},
    )
    assert Mission.objects.get().initiative == expo


def test_dates_the_wrong_way_round_are_refused_next_to_the_field(officer_client):
    data = opened(officer_client) | {
        "title": "Japan",
        "starts_on": "12 March 2027",
        "ends_on": "8 March 2027",
    }
    form = sent(officer_client, data).context["form"]
    assert form.errors == {"ends_on": ["The mission ends before it starts."]}


def test_saving_unchanged_makes_no_version_and_no_history(officer_client, mission):
    kept = (Mission.history.count(), Stop.history.count())
    assert sent(officer_client, opened(officer_client, mission), mission).status_code == 302
    mission.refresh_from_db()
    assert mission.version == 1
    assert (Mission.history.count(), Stop.history.count()) == kept


def test_the_order_of_the_stops_is_that_of_the_lines(officer_client, mission):
    data = opened(officer_client, mission)
    first = {name: data.pop(name) for name in list(data) if name.startswith("stops-0-")}
    assert sent(officer_client, data | first, mission).status_code == 302
    assert cities(mission) == ["Nagoya", "Tokyo", "Tokyo"]
    mission.refresh_from_db()
    assert mission.version == 2


def test_without_scripts_a_button_moves_a_line_and_saves_nothing(officer_client, mission):
    data = opened(officer_client, mission) | {"title": "Half typed", "move": "stops-1-up"}
    context = sent(officer_client, data, mission).context
    assert next(line["city"].value() for line in context["parts"]["stops"]) == str(
        mission.stops.get(position=2).city_id
    )
    assert context["form"]["title"].value() == "Half typed"
    assert cities(mission) == ["Tokyo", "Nagoya", "Tokyo"]


def test_two_stops_may_share_the_day_of_the_journey_between_them(officer_client, mission):
    data = opened(officer_client, mission) | {"title": "A new title"}
    assert sent(officer_client, data, mission).status_code == 302


def test_overlapping_stops_are_asked_about_once_since_a_delegation_may_part_ways(
    officer_client, mission
):
    data = opened(officer_client, mission) | {"stops-1-starts_on": "9 March 2027"}
    response = sent(officer_client, data, mission)
    assert "Its days overlap with Tokyo, 8–10 March 2027." in words(response)
    assert mission.stops.get(position=2).starts_on == date(2027, 3, 10)
    assert sent(officer_client, data | {"anyway": "1"}, mission).status_code == 302
    assert mission.stops.get(position=2).starts_on == date(2027, 3, 9)


def test_a_stop_outside_the_missions_days_is_refused_with_the_offer_to_make_it_longer(
    officer_client, mission
):
    data = opened(officer_client, mission) | {"stops-2-ends_on": "14 March 2027"}
    response = sent(officer_client, data, mission)
    assert "The mission ends on 12 March 2027." in words(response)
    html = response.content.decode()
    assert 'value="ends_on=14 March 2027"' in html
    mended = sent(officer_client, data | {"mend": "ends_on=14 March 2027"}, mission)
    assert mended.context["form"]["ends_on"].value() == "14 March 2027"
    assert sent(officer_client, data | {"ends_on": "14 March 2027"}, mission).status_code == 302


def test_a_stop_with_meetings_goes_only_once_they_have_another(officer_client, mission, genoa):
    nagoya = mission.stops.get(position=2)
    for at in (None, time(10)):
        make_meeting(
            [make_organisation()],
            mission=mission,
            stop=nagoya,
            status="planned",
            local_date=date(2027, 3, 10),
            local_time=at,
        )
    data = opened(officer_client, mission) | {"stops-1-DELETE": "on"}
    response = sent(officer_client, data, mission)
    assert "2 meetings are at this stop: say where they go, or keep the stop." in words(response)
    assert Stop.objects.filter(pk=nagoya.pk).exists()

    data |= stop_line(3, genoa, "11 March 2027", "12 March 2027") | {"stops-1-heir": "3"}
    assert sent(officer_client, data | {"anyway": "1"}, mission).status_code == 302
    assert cities(mission) == ["Tokyo", "Tokyo", "Genoa"]
    moved = Meeting.objects.filter(stop__city=genoa).order_by("position")
    assert [one.position for one in moved] == [1, 2]
    assert {one.time_zone for one in moved} == {"Europe/Rome"}  # the hour is that of the place
    assert moved[1].local_time == time(10)


def test_an_organiser_is_named_once(officer_client, mission):
    chamber = make_organisation("Chamber")
    make_organiser(mission, chamber)
    data = opened(officer_client, mission) | {
        "organisers-1-id": "",
        "organisers-1-organisation": str(chamber.pk),
        "organisers-1-role": "lead",
        "organisers-TOTAL_FORMS": "2",
    }
    assert "It organises this mission already." in words(sent(officer_client, data, mission))


def test_two_organisers_can_change_places(officer_client, mission):
    chamber, agency = make_organisation("Chamber"), make_organisation("Agency")
    make_organiser(mission, chamber, role="lead")
    make_organiser(mission, agency, role="collaborating")
    data = opened(officer_client, mission) | {
        "organisers-0-organisation": str(agency.pk),
        "organisers-1-organisation": str(chamber.pk),
    }
    assert sent(officer_client, data, mission).status_code == 302
    assert mission.organisers.get(role="lead").organisation == agency


def test_who_saves_second_is_told_of_the_stops_of_the_first(
    officer_client, steward_client, mission, genoa
):
    mine, theirs = opened(officer_client, mission), opened(steward_client, mission)
    theirs |= stop_line(3, genoa, "12 March 2027", "12 March 2027") | {"anyway": "1"}
    assert sent(steward_client, theirs, mission).status_code == 302
    response = sent(officer_client, mine | {"aims": "To learn"}, mission)
    assert "Stella Steward saved it on" in words(response)
    assert "added: Genoa" in words(response)
    assert response.context["form"]["aims"].value() == "To learn"


def test_stops_moved_on_the_workbench_meanwhile_are_not_put_back_unseen(officer_client, mission):
    data = opened(officer_client, mission) | {"aims": "To learn"}
    nagoya = mission.stops.get(position=2)
    move_stop(nagoya, -1, nagoya.version)
    assert "Somebody saved this meanwhile" in words(sent(officer_client, data, mission))
    assert cities(mission) == ["Nagoya", "Tokyo", "Tokyo"]


def test_new_stops_sent_twice_are_saved_once(officer_client, tokyo, nagoya):
    mission = make_mission()
    data = opened(officer_client, mission)
    for at, city in enumerate((tokyo, nagoya, tokyo)):
        data |= stop_line(at, city)
    assert sent(officer_client, data, mission).status_code == 302
    assert sent(officer_client, data, mission).status_code == 302
    assert cities(mission) == ["Tokyo", "Nagoya", "Tokyo"]


def test_the_form_asks_as_much_of_the_database_for_twenty_stops_as_for_one(
    officer_client, tokyo, django_assert_max_num_queries
):
    counts = []
    for number in (1, 20):
        mission = make_mission()
        for at in range(number):
            make_stop(mission, tokyo, at + 1)
            make_organiser(mission, make_organisation(f"Chamber {number} {at}"))
        with django_assert_max_num_queries(60) as queries:
            assert officer_client.get(f"/missions/{mission.pk}/edit/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_list_offers_a_new_mission_to_those_who_may(officer_client, reader_client):
    assert "/missions/new/" in officer_client.get("/missions/").content.decode()
    assert "/missions/new/" not in reader_client.get("/missions/").content.decode()
