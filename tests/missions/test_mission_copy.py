"""A new mission from an old one: the frame comes along, the people don't."""

from datetime import date

import pytest
from django.utils import timezone

from missions.models import Delegate, Meeting, Mission, Task
from tests.factories import make_mission, make_organisation, make_organiser, make_stop
from tests.reading import words

pytestmark = pytest.mark.django_db


def copied(client, mission, again=False, **data):
    url = f"/missions/{mission.pk}/copy/"
    token = client.get(url).context["form"].initial["token"]
    data = {"token": str(token), "title": "Autumn mission", "starts_on": "11 October 2027"} | data
    client.post(url, data)
    if again:
        client.post(url, data)
    return Mission.objects.exclude(pk=mission.pk).get()


def test_stops_organisers_places_and_checklist_come_along_with_their_dates_shifted(
    officer_client, journey
):
    Task.objects.update(done_at=timezone.now())
    copy = copied(officer_client, journey.mission)
    assert copy.status == "planned"
    assert (copy.starts_on, copy.ends_on) == (date(2027, 10, 11), date(2027, 10, 15))
    assert [
        (stop.city.name, stop.starts_on.day, stop.ends_on.day)
        for stop in copy.stops.select_related("city").order_by("position")
    ] == [("Tokyo", 11, 12), ("Nagoya", 13, 14), ("Tokyo", 15, 15)]
    assert copy.organisers.get().organisation == journey.home["region"]
    tasks = {task.what: task for task in copy.tasks.all()}
    assert tasks["Book the interpreter"].due_on == date(2027, 9, 6)
    assert tasks["Letters of invitation"].due_on is None
    assert not any(task.is_done or task.assignee_id for task in tasks.values())


def test_nothing_personal_is_carried_over(officer_client, journey):
    copy = copied(officer_client, journey.mission)
    places = list(copy.delegates.order_by("pk"))
    assert [place.role for place in places] == ["head", "member", "member", "interpreter"]
    assert {place.status for place in places} == {Delegate.Status.INVITED}
    assert not any(place.person_id for place in places)
    assert (copy.aims, copy.emergency, copy.notes) == ("", "", "")
    assert not copy.meetings.exists()


def test_the_organisations_to_meet_come_along_where_asked_and_nothing_that_was_said(
    officer_client, journey
):
    copy = copied(officer_client, journey.mission, with_organisations="on")
    meetings = list(copy.meetings.for_programme().prefetch_related("organisations"))
    assert [
        (meeting.stop.position, meeting.organisations.all()[0].name)
        for meeting in Meeting.objects.filter(mission=copy)
        .for_programme()
        .select_related("stop")
        .prefetch_related("organisations")
    ] == [
        (1, "Embassy of Italy in Japan"),
        (1, "Japan Finance Corporation"),
        (2, "Central Japan Economic Federation"),
        (2, "Nagoya Innovator’s Garage"),  # met twice there: to be met once
        (3, "Japan Finance Corporation"),
    ]
    for meeting in meetings:
        assert (meeting.status, meeting.local_date) == ("planned", None)
        assert meeting.title + meeting.purpose + meeting.notes + meeting.outcome == ""
        assert meeting.time_zone == "Asia/Tokyo"


def test_the_page_says_in_numbers_what_comes_along_and_what_not(officer_client, journey):
    text = words(officer_client.get(f"/missions/{journey.mission.pk}/copy/"))
    for said in (
        "3 stops",
        "1 organiser",
        "4 places in the delegation, unnamed and invited",
        "2 tasks of the checklist",
        "5 planned meetings without a date",
        "3 names in the delegation",
        "6 meetings, with their purposes, notes and outcomes",
    ):
        assert said in text


def test_sent_twice_it_makes_one(officer_client, journey):
    assert copied(officer_client, journey.mission, again=True).stops.count() == 3


def test_a_mission_without_dates_keeps_the_order_of_its_stops_and_no_dates(
    officer_client, tokyo, nagoya
):
    mission = make_mission()
    make_stop(mission, nagoya, 1)
    make_stop(mission, tokyo, 2)
    copy = copied(officer_client, mission)
    assert copy.starts_on == date(2027, 10, 11)
    assert [stop.city.name for stop in copy.stops.select_related("city").order_by("position")] == [
        "Nagoya",
        "Tokyo",
    ]
    assert not copy.stops.exclude(starts_on=None, ends_on=None).exists()


def test_with_an_unknown_start_nothing_has_a_date(officer_client, journey):
    copy = copied(officer_client, journey.mission, starts_on="")
    assert (copy.starts_on, copy.ends_on) == (None, None)
    assert not copy.stops.exclude(starts_on=None).exists()


def test_an_archived_organisation_is_not_chosen_again(officer_client, officer):
    mission = make_mission()
    make_organiser(mission, closed := make_organisation("Closed agency"))
    closed.archive(officer, "closed in 2025")
    page = officer_client.get(f"/missions/{mission.pk}/copy/")
    assert "1 organiser or place of an archived organisation" in words(page)
    assert not copied(officer_client, mission).organisers.exists()
