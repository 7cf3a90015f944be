"""Who goes where: everyone everywhere, but for what they miss."""

from datetime import date, time
from typing import Any

import pytest

from missions.delegation import Delegation, by_day, expected, expected_of, itinerary
from missions.models import Delegate, Meeting
from tests.factories import make_delegate, make_meeting
from tests.journeys import Journey


def names(delegates: list[Delegate]) -> list[str]:
    return [str(one.person or one.organisation) for one in delegates]


def headings(meetings: list[Meeting]) -> list[str]:
    return [one.heading for one in meetings]


def test_everyone_goes_everywhere_but_to_what_they_miss(journey: Journey) -> None:
    delegation = Delegation.of(journey.mission)
    assert names(delegation.expected(journey.meetings[0])) == [
        "Giulia Parodi",
        "Istituto Italiano di Tecnologia",
        "Aiko Morelli",
    ]
    assert "Conclusions" not in headings(delegation.itinerary(journey.delegates[2]))
    assert len(delegation.itinerary(journey.delegates[0])) == 6


def test_who_declined_goes_nowhere(journey: Journey) -> None:
    head = journey.delegates[0]
    head.status = Delegate.Status.DECLINED
    head.save()
    assert itinerary(head) == []
    assert "Giulia Parodi" not in names(expected(journey.meetings[1]))


def test_a_cancelled_meeting_is_nobodys(journey: Journey) -> None:
    welcome = journey.meetings[0]
    welcome.status = Meeting.Status.CANCELLED
    welcome.save()
    assert expected(welcome) == []
    assert welcome not in itinerary(journey.delegates[0])


def test_a_meeting_of_no_mission_expects_nobody(journey: Journey) -> None:
    assert expected(make_meeting(status=Meeting.Status.PLANNED)) == []


def test_who_goes_everywhere_misses_nothing(journey: Journey) -> None:
    delegation = Delegation.of(journey.mission)
    programme = delegation.meetings
    assert [delegation.itinerary(one) == programme for one in delegation.delegates] == [
        True,
        False,
        False,
        True,
    ]


def test_the_database_says_the_same_of_who_goes_where(journey: Journey) -> None:
    journey.delegates[3].status = Delegate.Status.DECLINED
    journey.delegates[3].save()
    for delegate in journey.delegates:
        found = expected_of(Delegate.objects.filter(pk=delegate.pk))
        assert set(found) == set(itinerary(delegate))


def test_days_are_those_of_the_place_and_the_undated_come_last(journey: Journey) -> None:
    days = by_day(itinerary(journey.delegates[0]))
    assert [one.on for one in days] == [
        date(2027, 3, 8),
        date(2027, 3, 10),
        date(2027, 3, 12),
        None,
    ]


def test_a_meeting_without_a_time_keeps_its_place_in_its_day(journey: Journey) -> None:
    meetings = [
        Meeting(pk=number, title=title, local_date=date(2027, 3, 8), local_time=at, time_zone=zone)
        for number, title, at, zone in [
            (1, "Late", time(15, 0), "Asia/Tokyo"),
            (2, "After late", None, "Asia/Tokyo"),
            (3, "Early", time(9, 0), "Asia/Tokyo"),
        ]
    ]
    for meeting in meetings:
        meeting.refresh_derived()
    assert headings(by_day(meetings)[0].meetings) == ["Early", "Late", "After late"]


@pytest.mark.parametrize("count", [1, 20])
def test_matching_costs_the_same_for_one_and_twenty(
    journey: Journey, django_assert_num_queries: Any, count: int
) -> None:
    for _number in range(count):
        make_delegate(journey.mission, journey.home["iit"])
        make_meeting([journey.partners["jfc"]], mission=journey.mission)
    with django_assert_num_queries(5):
        delegation = Delegation.of(journey.mission)
        for meeting in delegation.meetings:
            delegation.expected(meeting)
        for delegate in delegation.delegates:
            headings(delegation.itinerary(delegate))
