"""Log a meeting: filled in, one entry is enough, everything or nothing, at the right hour."""

from datetime import date, datetime, time
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from missions.models import Attendance, FollowUp, Meeting
from partners.models import Person
from tests.factories import (
    make_affiliation,
    make_meeting,
    make_merge,
    make_mission,
    make_organisation,
    make_person,
    make_sector,
    make_stop,
)
from tests.missions.meeting_form import LOG, lines, log, newcomer, page

# Filled in


def test_today_now_in_person_and_held_are_there_already(officer_client):
    at = datetime(2026, 11, 20, 16, 7, tzinfo=ZoneInfo("UTC"))
    with patch.object(timezone, "now", return_value=at):
        html = page(officer_client.get(reverse(LOG)))
    assert 'value="20 November 2026"' in html
    assert 'value="17:00"' in html
    assert "Today, 20 November 2026" in html


def test_it_is_filled_in_from_a_partner(officer_client):
    bank = make_organisation()
    html = page(officer_client.get(reverse(LOG), {"organisation": bank.pk}))
    assert f'value="organisation-{bank.pk}" checked' in html


def test_it_is_filled_in_from_a_person_with_whom_they_speak_for(officer_client):
    person = make_person(organisation=make_organisation())
    html = page(officer_client.get(reverse(LOG), {"person": person.pk}))
    assert "Haruka Tanabe spoke for Japan Finance Corporation." in html


def test_from_a_stop_it_is_today_there(officer_client, tokyo):
    stop = make_stop(make_mission(), tokyo)
    at = datetime(2026, 11, 20, 16, 7, tzinfo=ZoneInfo("UTC"))
    with patch.object(timezone, "now", return_value=at):
        html = page(officer_client.get(reverse(LOG), {"stop": stop.pk}))
    assert 'value="21 November 2026"' in html
    assert "01:00" in html


def test_for_a_mission_that_is_over_no_date_is_invented(officer_client):
    html = page(officer_client.get(reverse(LOG), {"mission": make_mission(status="completed").pk}))
    assert "Date unknown" in html


@pytest.mark.parametrize("typed", ["abc", "-1", "999999", "9" * 40, "", "１"])
def test_an_absurd_address_opens_an_empty_form(officer_client, typed):
    for name in ("organisation", "person", "mission", "stop", "meeting"):
        page(officer_client.get(reverse(LOG), {name: typed}))


def test_a_planned_meeting_is_said_to_be_held(officer_client):
    planned = make_meeting([make_organisation()], status="planned")
    answer = officer_client.get(reverse(LOG), {"meeting": planned.pk}, follow=True)
    assert answer.redirect_chain[0][0] == f"/meetings/{planned.pk}/edit/?status=held"
    assert '<option value="held" selected>' in page(answer)


def test_a_reader_may_not(reader_client):
    assert reader_client.get(reverse(LOG)).status_code == 403


# Saved


def test_one_entry_is_enough(officer_client, officer):
    bank = make_organisation()
    log(officer_client, bank)
    meeting = Meeting.objects.get()
    assert list(meeting.organisations.all()) == [bank]
    assert (meeting.local_date, meeting.local_time) == (date(2026, 11, 10), time(10))
    assert (meeting.title, meeting.author) == ("Meeting with Japan Finance Corporation", officer)


def test_the_partner_is_met_on_that_day(officer_client):
    bank = make_organisation()
    log(officer_client, bank)
    bank.refresh_from_db()
    assert bank.last_contact_on == date(2026, 11, 10)


def test_the_title_is_in_the_language_of_its_author(officer_client, officer):
    officer.language = "it"
    officer.save()
    with translation.override("it"):
        log(officer_client, make_organisation(), make_organisation("Nagoya University"))
    assert "Japan Finance Corporation" in Meeting.objects.get().title


def test_a_person_speaks_for_their_primary_organisation(officer_client):
    bank = make_organisation()
    person = make_person(organisation=bank)
    log(officer_client, person)
    assert Attendance.objects.get().organisation == bank
    assert list(Meeting.objects.get().organisations.all()) == [bank]


def test_a_person_may_have_spoken_for_another(officer_client):
    person = make_person(organisation=make_organisation())
    garage = make_organisation("Nagoya Innovator's Garage")
    make_affiliation(person, garage)
    log(officer_client, person, **{f"spoke_for_{person.pk}": str(garage.pk)})
    assert Attendance.objects.get().organisation == garage


def test_our_own_side_is_not_among_those_met(officer_client):
    liguria = make_organisation("Regione Liguria", side="home", country="IT")
    bank = make_organisation()
    log(officer_client, bank, make_person("Alessio", "Piana", organisation=liguria))
    assert list(Meeting.objects.get().organisations.all()) == [bank]


def test_somebody_must_have_been_met(officer_client):
    html = page(log(officer_client))
    assert "Say whom you met: an organisation or a person." in html
    assert not Meeting.objects.exists()


def test_an_archived_partner_is_not_newly_chosen(officer_client, officer):
    bank = make_organisation()
    bank.archive(officer)
    assert "out of use" in page(log(officer_client, bank))


def test_a_choice_that_is_gone_is_said(officer_client):
    assert "not there any more" in page(log(officer_client, "organisation-999"))


def test_the_whole_of_it(officer_client, tokyo):
    mission = make_mission()
    stop, robotics = make_stop(mission, tokyo), make_sector()
    log(
        officer_client, make_organisation(), mission=mission.pk, stop=stop.pk, place="Room 4",
        sectors=[robotics.pk], purpose="Guarantees", notes="Quiet", outcome="Agreed\r\nall",
        is_confidential="on", duration="45",
    )  # fmt: skip
    meeting = Meeting.objects.get()
    assert (meeting.mission, meeting.stop, meeting.time_zone) == (mission, stop, "Asia/Tokyo")
    assert (meeting.place, meeting.outcome, meeting.duration) == ("Room 4", "Agreed\nall", 45)
    assert list(meeting.sectors.all()) == [robotics]
    assert meeting.is_confidential
    assert meeting.position == 1


def test_saved_it_leads_back_to_where_one_was(officer_client):
    bank = make_organisation()
    answer = log(officer_client, bank, next=bank.get_absolute_url())
    assert answer.url == bank.get_absolute_url()


def test_another_site_is_no_way_back(officer_client):
    answer = log(officer_client, make_organisation(), next="https://example.com/")
    assert answer.url == Meeting.objects.get().get_absolute_url()


def test_another_can_be_logged_at_once_in_the_same_mission(officer_client):
    mission = make_mission()
    answer = log(officer_client, make_organisation(), mission=mission.pk, another="1")
    assert answer.url == f"/meetings/log/?mission={mission.pk}"


def test_sent_twice_it_is_saved_once(officer_client):
    bank = make_organisation()
    sent = newcomer(given_name="Yuki") | lines({"what": "Send the list"})
    first, second = (log(officer_client, bank, **sent) for _time in range(2))
    assert first.url == second.url
    assert Meeting.objects.count() == Person.objects.count() == FollowUp.objects.count() == 1


# When


def test_the_date_may_be_unknown(officer_client):
    log(officer_client, make_organisation(), is_date_unknown="on", local_date="31 November")
    meeting = Meeting.objects.get()
    assert (meeting.local_date, meeting.local_time) == (None, None)


def test_the_city_gives_the_zone(officer_client, tokyo):
    log(officer_client, make_organisation(), city=tokyo.pk)
    assert Meeting.objects.get().time_zone == "Asia/Tokyo"


def test_a_zone_chosen_comes_before_the_city(officer_client, tokyo):
    log(officer_client, make_organisation(), city=tokyo.pk, time_zone="Europe/London")
    assert Meeting.objects.get().time_zone == "Europe/London"


def test_without_a_place_the_zone_is_the_author_s(officer_client, officer):
    log(officer_client, make_organisation())
    assert Meeting.objects.get().time_zone == officer.time_zone


def test_an_hour_that_does_not_exist_is_refused(officer_client):
    html = page(
        log(officer_client, make_organisation(), local_date="29 March 2026", local_time="02:30")
    )
    assert "jump over 02:30" in html
    assert 'value="29 March 2026"' in html


def test_an_hour_that_exists_twice_is_asked_about(officer_client):
    twice = {"local_date": "25 October 2026", "local_time": "02:30"}
    bank = make_organisation()
    html = page(log(officer_client, bank, **twice))
    assert "say which one it was" in html
    assert html.count('name="fold"') == 2
    log(officer_client, bank, **twice, fold="1")
    assert str(Meeting.objects.get().starts_at) == "2026-10-25 01:30:00+00:00"


@pytest.mark.parametrize(("typed", "at"), [("25 November 2099", ""), ("21 November 2026", "23:59")])
def test_what_lies_ahead_was_not_held(officer_client, typed, at):
    now = datetime(2026, 11, 21, 12, tzinfo=ZoneInfo("UTC"))
    with patch.object(timezone, "now", return_value=now):
        html = page(log(officer_client, make_organisation(), local_date=typed, local_time=at))
    assert html.count("is it planned?") == 2  # in the summary and next to the field
    assert 'name="mend" value="status=planned"' in html


def test_a_mend_is_put_in_and_nothing_is_saved_yet(officer_client):
    bank = make_organisation()
    html = page(log(officer_client, bank, local_date="25 May 2099", mend="status=planned"))
    assert '<option value="planned" selected>' in html
    assert 'value="25 May 2099"' in html
    assert not Meeting.objects.exists()


def test_a_stop_belongs_to_its_mission(officer_client, tokyo):
    other = make_stop(make_mission("Mission to Korea"), tokyo)
    html = page(log(officer_client, make_organisation(), mission=make_mission().pk, stop=other.pk))
    assert "This stop belongs to another mission." in html


@pytest.mark.parametrize("says", ["spoke for", "met"])
def test_what_was_merged_while_the_form_was_open_is_what_it_became(officer_client, steward, says):
    kept, gone = make_organisation("Japan Finance Corporation"), make_organisation("JFC Corp.")
    person = make_person(organisation=gone)
    make_merge(steward, kept, gone)
    if says == "met":
        log(officer_client, gone)
    else:
        log(officer_client, person, **{f"spoke_for_{person.pk}": str(gone.pk)})
        assert Attendance.objects.get().organisation == kept
    assert list(Meeting.objects.get().organisations.all()) == [kept]
    kept.refresh_from_db()
    assert kept.last_contact_on == date(2026, 11, 10)
