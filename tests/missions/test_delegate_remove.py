"""A place is taken out after its consequences are said in numbers, and put back."""

import re

from django.test import Client

from missions.models import Attendance, Delegate
from tests.factories import make_delegate, make_private_link
from tests.journeys import Journey
from tests.missions.test_mission_delegation import url
from tests.reading import words


def remove(client: Client, journey: Journey, place: Delegate) -> str:
    """Removes it; gives the address that undoes it."""
    response = client.post(url(journey, f"{place.pk}/remove/"), follow=True)
    found = re.search(
        r'action="(/missions/\d+/delegation/restore/\d+/)"', response.content.decode()
    )
    assert found
    return found[1]


def test_it_says_in_numbers_what_stays_and_what_goes(officer_client: Client, journey: Journey):
    head = journey.delegates[0]
    Attendance.objects.create(meeting=journey.meetings[0], person=journey.people["head"])
    make_private_link(delegate=head)
    said = words(officer_client.get(url(journey, f"{head.pk}/remove/")))
    assert "attended 1 meeting of this mission: that stays" in said
    assert "no longer expected at 6 planned meetings" in said
    assert "private page and calendar stops working" in said


def test_the_attendance_of_who_is_removed_stays(officer_client: Client, journey: Journey):
    head = journey.delegates[0]
    Attendance.objects.create(meeting=journey.meetings[0], person=journey.people["head"])
    remove(officer_client, journey, head)
    assert not Delegate.objects.filter(pk=head.pk).exists()
    assert Attendance.objects.filter(person=journey.people["head"]).exists()


def test_undoing_brings_the_place_back_with_where_it_went(officer_client: Client, journey: Journey):
    engineer, rest = journey.delegates[1:3]
    for place in (engineer, rest):
        undo = remove(officer_client, journey, place)
        officer_client.post(undo)
    engineer.refresh_from_db()
    assert engineer.person == journey.people["engineer"]
    assert list(engineer.missed_meetings.all()) == [journey.meetings[0]]
    assert list(rest.missed_stops.all()) == [journey.stops[2]]


def test_undoing_twice_is_undoing_once(officer_client: Client, journey: Journey):
    undo = remove(officer_client, journey, journey.delegates[0])
    officer_client.post(undo)
    officer_client.post(undo)
    assert Delegate.objects.count() == 4


def test_who_has_a_place_again_is_not_put_back_beside_it(officer_client: Client, journey: Journey):
    undo = remove(officer_client, journey, journey.delegates[0])
    make_delegate(journey.mission, journey.home["iit"], person=journey.people["head"])
    response = officer_client.post(undo, follow=True)
    assert "has a place in the delegation already" in words(response)


def test_a_reader_neither_removes_nor_restores(
    reader_client: Client, officer_client: Client, journey: Journey
):
    place = journey.delegates[0]
    assert reader_client.post(url(journey, f"{place.pk}/remove/")).status_code == 403
    undo = remove(officer_client, journey, place)
    assert reader_client.post(undo).status_code == 403
