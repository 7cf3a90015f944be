"""A mission's page as one works on it: by stop, by local day, what to look at, free time."""

from datetime import date, time

from missions.models import Meeting, Mission
from tests.factories import make_meeting, make_mission, make_organisation, make_stop
from tests.reading import words


def page(client, mission, query=""):
    response = client.get(f"/missions/{mission.pk}/{query}")
    assert response.status_code == 200
    return response


def test_things_to_look_at_are_summed_up_each_a_link_and_told_beside_the_meeting(
    officer_client, journey
):
    response = page(officer_client, journey.mission)
    text, html = words(response), response.content.decode()
    assert "3 things to look at" in text
    assert "“Round table with the federation” and “Visit to the Garage” are at the same" in text
    assert "At the same time as “Visit to the Garage”, for the whole delegation." in text
    assert f'href="#meeting-{journey.meetings[3].pk}"' in html
    assert f'id="meeting-{journey.meetings[3].pk}"' in html


def test_by_day_each_day_is_headed_by_its_local_date_and_names_its_stop(reader_client, journey):
    text = words(page(reader_client, journey.mission, "?by=day"))
    assert "Mon 8 March 2027 Tokyo 東京 1 Welcome by the Ambassador" in text
    assert "No date yet Nagoya 5 Laboratories, second talk" in text


def test_the_local_day_counts_even_where_the_reader_is_a_day_behind(reader_client, tokyo):
    mission = make_mission()
    make_meeting(
        mission=mission,
        stop=make_stop(mission, tokyo),
        title="Fish market",
        local_date=date(2027, 3, 29),
        local_time=time(5),
    )
    text = words(page(reader_client, mission, "?by=day"))
    assert "Mon 29 March 2027" in text
    assert "Sun 28 March" not in text
    # Rome's summer time began the night before.
    assert "05:00 Tokyo 22:00 Rome (day before)" in text


def test_clocks_follow_rome_into_summer_time_and_tokyo_stays(reader_client, tokyo):
    mission = make_mission()
    stop = make_stop(mission, tokyo)
    for day in (27, 29):
        make_meeting(mission=mission, stop=stop, local_date=date(2027, 3, day), local_time=time(10))
    text = words(page(reader_client, mission, "?by=day"))
    assert text.index("10:00 Tokyo 02:00 Rome") < text.index("10:00 Tokyo 03:00 Rome")


def test_free_time_leads_to_the_form_filled_in(officer_client, journey):
    response = page(officer_client, journey.mission, "?by=day")
    stop = journey.stops[0]
    assert "Free 10:30–14:00 Tokyo" in words(response)
    query = f"mission={journey.mission.pk}&amp;stop={stop.pk}&amp;date=2027-03-08"
    assert f"{query}&amp;time=11:00&amp;status=planned" in response.content.decode()
    form = officer_client.get(
        f"/meetings/log/?mission={journey.mission.pk}&stop={stop.pk}"
        "&date=2027-03-08&time=11:00&status=planned"
    ).context["form"]
    assert form["status"].value() == Meeting.Status.PLANNED
    assert form["local_date"].value() == date(2027, 3, 8)
    assert form["local_time"].value() == time(11)
    assert form["stop"].value() in {stop, stop.pk}


def test_a_date_that_is_none_is_left_out_of_the_form(officer_client):
    answer = officer_client.get("/meetings/log/?date=2027-02-31&time=99:00&status=planned")
    assert answer.context["form"]["local_date"].value() is None


def test_of_a_mission_that_is_over_there_is_nothing_to_look_at_and_what_came_of_it_goes_first(
    officer_client, tokyo
):
    mission = make_mission(status=Mission.Status.COMPLETED)
    stop = make_stop(mission, tokyo, starts_on=date(2026, 3, 8), ends_on=date(2026, 3, 12))
    make_meeting([make_organisation()], mission=mission, stop=stop, outcome="A laboratory.")
    text = words(page(officer_client, mission))
    assert "to look at" not in text
    assert "Free" not in text
    assert text.index("A laboratory.") < text.index("By stop")


def test_a_reader_moves_nothing(reader_client, journey):
    html = page(reader_client, journey.mission).content.decode()
    assert "Move up" not in html
    assert "/reschedule/" not in html
    assert "Plan a meeting here" not in html


def test_one_meeting_and_twenty_cost_the_same_by_day(
    officer_client, tokyo, django_assert_max_num_queries
):
    def mission_of(count):
        mission = make_mission()
        stop = make_stop(mission, tokyo, starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 9))
        for number in range(count):
            make_meeting(
                [make_organisation(f"Partner {number}")],
                mission=mission,
                stop=stop,
                status=Meeting.Status.PLANNED,
                local_date=date(2027, 3, 8),
                local_time=time(8, number),
            )
        return mission

    one, twenty = mission_of(1), mission_of(20)
    with django_assert_max_num_queries(24) as few:
        page(officer_client, one, "?by=day")
    with django_assert_max_num_queries(24) as many:
        page(officer_client, twenty, "?by=day")
    assert len(few) == len(many)
