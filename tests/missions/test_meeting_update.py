"""Editing a meeting: the same form, and two people at once lose nothing."""

from datetime import date, time

import pytest
from django.urls import reverse

from missions.models import Attendance, FollowUp, Meeting
from tests.factories import (
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_stop,
)
from tests.missions.meeting_form import lines, page, value


@pytest.fixture
def bank(db):
    return make_organisation()


@pytest.fixture
def meeting(bank, officer):
    return make_meeting(
        [bank],
        [make_person(organisation=bank)],
        title="Guarantees",
        local_date=date(2026, 10, 14),
        local_time=time(10),
        time_zone="Asia/Tokyo",
        author=officer,
    )


def sent(meeting, **others):
    """The form as it was opened, with changes."""
    who = [
        *(value(one) for one in meeting.organisations.all()),
        *(value(one.person) for one in meeting.attendances.select_related("person")),
    ]
    return {
        "version": meeting.version,
        "who": who,
        "who_opened": who,
        "title": meeting.title,
        "local_date": "14 October 2026",
        "local_time": "10:00",
        "time_zone": "Asia/Tokyo",
        "format": meeting.format,
        "status": meeting.status,
        **others,
    }


def edit(client, meeting, **others):
    url = reverse("missions:meeting-update", args=[meeting.pk])
    return client.post(url, sent(meeting, **others))


def test_it_opens_with_what_is_known(officer_client, meeting):
    html = page(officer_client.get(reverse("missions:meeting-update", args=[meeting.pk])))
    assert 'value="14 October 2026"' in html
    assert "Haruka Tanabe spoke for Japan Finance Corporation." in html


def test_a_change_is_saved_and_the_version_grows(officer_client, meeting):
    answer = edit(officer_client, meeting, outcome="They accept.")
    assert answer.url == meeting.get_absolute_url()
    before, meeting = meeting.version, Meeting.objects.get()
    assert (meeting.outcome, meeting.local_time, meeting.time_zone) == (
        "They accept.",
        time(10),
        "Asia/Tokyo",
    )
    assert meeting.version > before


def test_another_zone_keeps_the_hour_on_the_wall(officer_client, meeting):
    edit(officer_client, meeting, time_zone="Europe/Rome")
    assert Meeting.objects.get().local_time == time(10)


def test_whoever_is_taken_out_was_not_there(officer_client, meeting, bank):
    edit(officer_client, meeting, who=[value(bank)])
    assert not Attendance.objects.exists()


def test_the_partner_taken_out_was_not_met(officer_client, meeting, bank):
    edit(officer_client, meeting, who=[value(make_organisation("Nagoya University"))])
    bank.refresh_from_db()
    assert not bank.is_met


def test_an_archived_partner_stays(officer_client, officer, meeting, bank):
    bank.archive(officer)
    edit(officer_client, meeting, outcome="They accept.")
    assert list(Meeting.objects.get().organisations.all()) == [bank]


def test_a_planned_meeting_becomes_one_held(officer_client, meeting, bank):
    Meeting.objects.update(status="planned")
    edit(officer_client, meeting, status="held")
    bank.refresh_from_db()
    assert bank.last_contact_on == date(2026, 10, 14)


def test_its_promises_are_changed_in_place(officer_client, meeting, bank):
    promise = make_followup(bank, meeting=meeting)
    line = {"id": str(promise.pk), "what": "Send the list twice", "counterpart": str(bank.pk)}
    edit(officer_client, meeting, **lines(line))
    assert [one.what for one in FollowUp.objects.all()] == ["Send the list twice"]


def test_a_promise_left_out_is_not_lost(officer_client, meeting, bank):
    make_followup(bank, meeting=meeting)
    edit(officer_client, meeting, outcome="They accept.")
    assert FollowUp.objects.count() == 1


def test_two_people_at_once_are_told_and_lose_nothing(officer_client, meeting):
    theirs = Meeting.objects.get()
    theirs.outcome = "Theirs"
    theirs.save()
    html = page(edit(officer_client, meeting, notes="Mine"))
    assert "Somebody saved this meanwhile" in html
    assert "Theirs" in html
    assert "Mine" in html
    assert Meeting.objects.get().notes == ""


def test_whoever_a_colleague_added_meanwhile_stays(officer_client, meeting):
    form = sent(meeting, outcome="They accept.")
    kenji = make_person("Kenji", "Morikawa")
    Attendance.objects.create(meeting=meeting, person=kenji)
    officer_client.post(reverse("missions:meeting-update", args=[meeting.pk]), form)
    assert Attendance.objects.filter(person=kenji).exists()


def test_whom_a_colleague_said_they_spoke_for_stays(officer_client, meeting):
    form = sent(meeting, outcome="They accept.")
    kenji = make_person("Kenji", "Morikawa", organisation=make_organisation("Nagoya University"))
    jetro = make_organisation("JETRO")
    Attendance.objects.create(meeting=meeting, person=kenji, organisation=jetro)
    officer_client.post(reverse("missions:meeting-update", args=[meeting.pk]), form)
    assert Attendance.objects.get(person=kenji).organisation == jetro


def test_a_promise_done_meanwhile_is_not_made_again(officer_client, officer, meeting, bank):
    promise = make_followup(bank, meeting=meeting)
    line = {"id": str(promise.pk), "what": promise.what, "counterpart": str(bank.pk)}
    form = sent(meeting, outcome="They accept.", **lines(line))
    promise.mark_done(officer)
    officer_client.post(reverse("missions:meeting-update", args=[meeting.pk]), form)
    assert [one.is_done for one in FollowUp.objects.all()] == [True]


def test_a_promise_ticked_and_done_meanwhile_does_not_stop_the_form(
    officer_client, officer, meeting, bank
):
    promise = make_followup(bank)
    promise.mark_done(officer)
    edit(officer_client, meeting, outcome="They accept.", settled=[str(promise.pk)])
    assert Meeting.objects.get().outcome == "They accept."


def test_a_meeting_without_author_or_place_keeps_its_zone(officer_client, officer, meeting):
    Meeting.objects.update(author=None)
    officer.time_zone = "Asia/Tokyo"
    officer.save()
    url = reverse("missions:meeting-update", args=[meeting.pk])
    zone = officer_client.get(url).context["form"]["time_zone"].value()
    edit(officer_client, meeting, outcome="They accept.", time_zone=zone)
    assert Meeting.objects.get().time_zone == "Asia/Tokyo"


def test_at_another_stop_it_comes_last(officer_client, meeting, bank, tokyo, nagoya):
    mission = make_mission()
    first, second = make_stop(mission, tokyo), make_stop(mission, nagoya, 2)
    make_meeting([bank], mission=mission, stop=second)
    Meeting.objects.filter(pk=meeting.pk).update(mission=mission, stop=first, position=1)
    edit(officer_client, meeting, mission=mission.pk, stop=second.pk)
    assert Meeting.objects.for_programme().last() == meeting


def test_opened_and_saved_unchanged_it_stays_as_it_was(officer_client, meeting):
    edit(officer_client, meeting)
    assert Meeting.objects.get().version == meeting.version


def test_a_reader_may_not(reader_client, meeting):
    assert edit(reader_client, meeting).status_code == 403
