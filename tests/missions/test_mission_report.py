"""The report of a mission: what came of it, in numbers, pictures and words."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.test import Client

from crm.models import User
from missions.models import FollowUp, Meeting, Mission
from missions.reporting import Report
from partners.models import City, Organisation, Person
from tests.factories import (
    make_agreement,
    make_delegate,
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_organiser,
    make_person,
    make_sector,
    make_stop,
)
from tests.journeys import Journey

pytestmark = pytest.mark.django_db
Kind = Organisation.Kind


@pytest.fixture
def mission(tokyo: City, nagoya: City, genoa: City) -> Mission:
    """From Genoa to Tokyo and Nagoya in March 2026."""
    mission = make_mission(aims="Two laboratories.", notes="Never for a board.")
    make_stop(mission, tokyo, 1)
    make_stop(mission, nagoya, 2)
    region = make_organisation("Regione Liguria", genoa, side="home", kind=Kind.AUTHORITY)
    make_organiser(mission, region)
    make_delegate(mission, region)
    return mission


@pytest.fixture
def jfc(tokyo: City) -> Organisation:
    finance = make_sector("Finance")
    return make_organisation("Japan Finance Corporation", tokyo, [make_sector("Loans", finance)])


def meet(mission: Mission, *partners: Organisation, **fields: Any) -> Meeting:
    fields.setdefault("local_date", date(2026, 3, 10))
    fields.setdefault("time_zone", "Asia/Tokyo")
    return make_meeting(partners, mission=mission, stop=mission.stops.first(), **fields)


def reported(client: Client, mission: Mission) -> Report:
    response = client.get(f"/missions/{mission.pk}/report/")
    assert response.status_code == 200
    found: Report = response.context["report"]
    return found


def page(client: Client, mission: Mission) -> str:
    return client.get(f"/missions/{mission.pk}/report/").content.decode()


def test_the_numbers_are_sentences(mission, jfc, reader_client):
    tanabe = make_person(organisation=jfc)
    held = meet(mission, jfc, people=[tanabe])
    meet(mission, status=Meeting.Status.PLANNED)
    meet(mission, status=Meeting.Status.CANCELLED)
    make_followup(jfc, meeting=held, due_on=date(2026, 4, 1))
    make_followup(jfc, meeting=held, done_at=datetime(2026, 3, 12, tzinfo=UTC))
    make_agreement(meeting=held)
    assert reported(reader_client, mission).summary == [
        "1 meeting held in 1 city, with 1 partner and 1 person.",
        "1 meeting is planned.",
        "1 meeting was cancelled.",
        "Met for the first time: 1 partner and 1 person.",
        "2 promises made: 1 kept; 1 late.",
        "1 agreement grew from it.",
    ]


def test_only_whom_a_held_meeting_was_with_was_met(mission, jfc, reader_client):
    meet(mission, jfc, status=Meeting.Status.PLANNED)
    assert reported(reader_client, mission).partners == []
    assert "No meeting was held yet." in page(reader_client, mission)


def test_partners_and_people_met_earlier_elsewhere_are_not_new(mission, jfc, tokyo, reader_client):
    tanabe, suzuki = make_person(organisation=jfc), make_person("Kenji", "Suzuki", jfc)
    garage = make_organisation("Garage", tokyo)
    make_meeting([jfc], [tanabe], local_date=date(2026, 3, 9))
    make_meeting([garage], local_date=date(2026, 3, 11))
    meet(mission, jfc, garage, people=[tanabe, suzuki])
    found = reported(reader_client, mission)
    assert [met.organisation for met in found.first_partners] == [garage]
    assert [met.person for met in found.first_people] == [suzuki]


def test_whoever_was_also_met_on_an_unknown_day_is_not_said_to_be_new(
    mission, jfc, tokyo, reader_client
):
    garage = make_organisation("Garage", tokyo)
    make_meeting([jfc])
    make_meeting([garage], local_date=date(2026, 5, 1))
    meet(mission, jfc)
    meet(mission, garage, local_date=None)
    assert reported(reader_client, mission).first_partners == []


def test_our_own_side_and_the_delegation_are_not_people_met(mission, jfc, genoa, reader_client):
    region = Organisation.objects.get(name="Regione Liguria")
    ours = make_person("Giulia", "Parodi", region)
    advisor = make_person("Marco", "Costa", jfc)
    make_delegate(mission, region, person=advisor)
    meet(mission, jfc, region, people=[ours, advisor])
    found = reported(reader_client, mission)
    assert (found.people, [met.organisation for met in found.partners]) == ([], [jfc])


def test_partners_are_charted_by_kind_and_by_sector_of_the_first_level(
    mission, jfc, tokyo, reader_client
):
    meet(mission, jfc, make_organisation("Garage", tokyo, kind=Kind.INCUBATOR))
    meet(mission, jfc)
    found = reported(reader_client, mission)
    assert [(bar.label, bar.value) for bar in found.kinds] == [
        ("Incubator", 1),
        ("Public finance", 1),
    ]
    assert [(bar.label, bar.value) for bar in found.sectors] == [
        ("Finance", 1),
        ("Sector not known", 1),
    ]


def test_promises_say_what_became_of_them_and_never_why_one_was_dropped(
    mission, jfc, officer, reader_client
):
    held = meet(mission, jfc)
    make_followup(jfc, "Send the terms", meeting=held, promised_by=FollowUp.By.THEM).drop(
        officer, "They have no money"
    )
    shown = page(reader_client, mission)
    assert "Send the terms" in shown
    assert "Dropped" in shown
    assert "They have no money" not in shown


def test_nothing_internal_is_on_it(mission, jfc, officer_client):
    meet(mission, jfc, notes="Ask for the rate.", outcome="A joint fund.")
    shown = page(officer_client, mission)
    assert "A joint fund." in shown
    assert "Ask for the rate." not in shown
    assert "Never for a board." not in shown


def test_a_reader_sees_that_a_confidential_meeting_was_and_not_what_came_of_it(
    mission, jfc, reader_client, officer_client
):
    held = meet(mission, jfc, title="Rates", outcome="Two per cent.", is_confidential=True)
    make_followup(jfc, "Keep it quiet", meeting=held)
    shown = page(reader_client, mission)
    assert "Japan Finance Corporation" in shown
    assert not any(said in shown for said in ("Rates", "Two per cent.", "Keep it quiet"))
    assert "Two per cent." in page(officer_client, mission)


def test_the_days_are_drawn_by_the_local_clock(mission, jfc, reader_client):
    meet(mission, jfc, local_time=time(9, 30), duration=60)
    meet(mission, jfc, local_time=time(10, 0))
    meet(mission, jfc, local_date=date(2026, 3, 12))
    meet(mission, jfc, local_date=None)
    drawn = reader_client.get(f"/missions/{mission.pk}/report/").context["timeline"]
    assert [day.on.day for day in drawn.days] == [10, 11, 12]
    assert [slot.entry.number for slot in drawn.days[0].slots] == [1, 2]
    assert drawn.days[0].slots[0].x != drawn.days[0].slots[1].x
    assert drawn.days[2].untimed_numbers == "3"
    assert [entry.number for entry in drawn.undated] == [4]


def test_the_journey_is_drawn_from_home_and_stop_by_stop(mission, reader_client):
    near, whole = reader_client.get(f"/missions/{mission.pk}/report/").context["maps"]
    assert [(halt.label, halt.number) for halt in near.halts] == [("Tokyo", "1"), ("Nagoya", "2")]
    assert [halt.label for halt in whole.halts] == ["Genoa", "Tokyo", "Nagoya"]
    shown = page(reader_client, mission)
    assert 'aria-label="The journey: Tokyo (stop 1), Nagoya (stop 2)"' in shown


def test_a_mission_with_nothing_in_it_has_a_sane_report(reader_client):
    empty = make_mission("To be planned")
    assert "Nothing is written down of this mission yet." in page(reader_client, empty)


def test_the_whole_journey_is_reported_in_both_languages(
    journey: Journey, officer: User, officer_client: Client
):
    Meeting.objects.filter(pk=journey.meetings[0].pk).update(status=Meeting.Status.HELD)
    assert "1 meeting held" in page(officer_client, journey.mission)
    officer.language = "it"
    officer.save()
    assert page(officer_client, journey.mission)


def test_the_queries_do_not_grow_with_the_meetings(
    mission, tokyo, reader_client, django_assert_max_num_queries
):
    def hold(number: int) -> None:
        partner = make_organisation(f"Partner {number}", tokyo, [make_sector(f"Sector {number}")])
        person: Person = make_person(f"Person {number}", organisation=partner, job_title="Director")
        held = meet(mission, partner, people=[person], outcome="A result.")
        make_followup(partner, meeting=held)
        make_agreement(f"Agreement {number}", [partner], meeting=held)
        make_delegate(mission, partner)

    hold(0)
    with django_assert_max_num_queries(30) as few:
        page(reader_client, mission)
    for number in range(1, 20):
        hold(number)
    with django_assert_max_num_queries(len(few)):
        page(reader_client, mission)


def test_the_journey_is_on_the_mission_s_own_page_too(mission, reader_client):
    shown = reader_client.get(f"/missions/{mission.pk}/").content.decode()
    assert 'aria-label="The journey: Tokyo (stop 1), Nagoya (stop 2)"' in shown
