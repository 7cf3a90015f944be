"""Last contact: the date of the last meeting held, and never the day somebody typed it in."""

from datetime import date

import pytest

from missions.contact import settle_meeting
from missions.models import Attendance
from tests.factories import make_meeting, make_mission, make_organisation, make_person

pytestmark = pytest.mark.django_db

SPRING, AUTUMN = date(2026, 3, 9), date(2026, 10, 5)


@pytest.fixture
def bank(db):
    return make_organisation()


def contact(organisation):
    organisation.refresh_from_db()
    return organisation.last_contact_on, organisation.is_met


def test_there_are_three_states_never_undated_and_dated(bank):
    assert contact(bank) == (None, False)
    make_meeting([bank])
    assert contact(bank) == (None, True)
    make_meeting([bank], local_date=SPRING)
    assert contact(bank) == (SPRING, True)
    make_meeting([bank])
    assert contact(bank) == (SPRING, True)


def test_it_is_the_latest_date_whatever_was_logged_last(bank):
    make_meeting([bank], local_date=AUTUMN)
    make_meeting([bank], local_date=SPRING)
    assert contact(bank) == (AUTUMN, True)


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_only_meetings_held_count(bank, status):
    make_meeting([bank], local_date=SPRING, status=status)
    assert contact(bank) == (None, False)


def test_cancelling_a_held_meeting_takes_the_contact_back(bank):
    make_meeting([bank], local_date=SPRING)
    meeting = make_meeting([bank], local_date=AUTUMN)
    meeting.status = "cancelled"
    meeting.save()
    settle_meeting(meeting)
    assert contact(bank) == (SPRING, True)


def test_an_organisation_taken_off_a_meeting_loses_the_contact(bank):
    meeting = make_meeting([bank], local_date=SPRING)
    meeting.organisations.clear()
    settle_meeting(meeting, before={bank.pk})
    assert contact(bank) == (None, False)


def test_whom_the_other_side_spoke_for_was_met_too(bank):
    meeting = make_meeting([], [make_person(organisation=bank)], local_date=SPRING)
    assert list(meeting.organisations.all()) == [bank]
    assert contact(bank) == (SPRING, True)


def test_our_own_side_is_not_met_by_being_there():
    filse = make_organisation("Filse", side="home", country="IT")
    meeting = make_meeting([], [make_person("Marta", "Ferrando", organisation=filse)])
    assert not meeting.organisations.exists()
    assert contact(filse) == (None, False)


def test_somebody_may_speak_for_another_organisation_that_day(bank):
    fund = make_organisation("Aichi Fund")
    tanabe = make_person(organisation=bank)
    meeting = make_meeting(local_date=SPRING)
    Attendance.objects.create(meeting=meeting, person=tanabe, organisation=fund)
    settle_meeting(meeting)
    assert contact(fund) == (SPRING, True)
    assert contact(bank) == (None, False)


def test_it_does_not_roll_up_to_parents():
    university = make_organisation("Nagoya University", kind="university")
    incubator = make_organisation("Incubator", kind="incubator", parent=university)
    make_meeting([incubator], local_date=SPRING)
    assert contact(university) == (None, False)


def test_a_meeting_of_a_mission_counts_like_any_other(bank):
    make_meeting([bank], mission=make_mission(), local_date=SPRING)
    assert contact(bank) == (SPRING, True)


def test_a_list_sorted_by_contact_reads_latest_undated_never():
    never, undated = make_organisation("Never"), make_organisation("Undated")
    spring, autumn = make_organisation("Spring"), make_organisation("Autumn")
    make_meeting([undated])
    make_meeting([spring], local_date=SPRING)
    make_meeting([autumn], local_date=AUTUMN)
    by_contact = type(never).objects.order_by("contact_order")
    assert list(by_contact) == [autumn, spring, undated, never]
