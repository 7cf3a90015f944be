"""Log a meeting: prefilled, three entries, everything or nothing, nothing typed is lost."""

from datetime import date, datetime, time
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from missions.models import Attendance, FollowUp, Meeting, Mission
from partners.models import Organisation, Person
from tests.factories import (
    make_affiliation,
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_sector,
    make_stop,
)

LOG = "missions:meeting-log"


def entries(*who, **others):
    """What the form sends in the usual case."""
    return {
        "token": "6f1f7a0e-6d7b-4a4e-9a53-1d3a4a5b0c11",
        "who": [one if isinstance(one, str) else value(one) for one in who],
        "local_date": "10 November 2026",
        "local_time": "10:00",
        "format": "in-person",
        "status": "held",
        **others,
    }


def value(record):
    return f"{record._meta.model_name}-{record.pk}"


def lines(*promises):
    """Follow-up lines as the form sends them."""
    sent = {"follow_ups-TOTAL_FORMS": str(len(promises)), "follow_ups-INITIAL_FORMS": "0"}
    for number, promise in enumerate(promises):
        for name, text in {"promised_by": "us", **promise}.items():
            sent[f"follow_ups-{number}-{name}"] = text
    return sent


def newcomer(group="people", **answers):
    """One person, or organisation, first met."""
    sent = {f"new_{group}-TOTAL_FORMS": "1", f"new_{group}-INITIAL_FORMS": "0"}
    return sent | {f"new_{group}-0-{name}": text for name, text in answers.items()}


def log(client, *who, **others):
    return client.post(reverse(LOG), entries(*who, **others))


def page(answer):
    assert answer.status_code == 200, answer
    return answer.content.decode()


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


# Those first met


def test_a_person_first_met_is_added_with_what_they_do(officer_client):
    bank = make_organisation()
    yuki = newcomer(
        given_name="Yuki", family_name="Sawatari", native_name="沢渡 由紀", job_title="Secretary"
    )
    log(officer_client, bank, **yuki)
    person = Person.objects.get()
    assert (person.name, person.native_name) == ("Yuki Sawatari", "沢渡 由紀")
    affiliation = person.affiliations.get()
    assert (affiliation.organisation, affiliation.job_title) == (bank, "Secretary")
    assert affiliation.is_primary
    assert person.sort_organisation == bank.sort_name
    assert Attendance.objects.get().organisation == bank


def test_an_organisation_first_met_is_added_and_spoken_for(officer_client):
    met = newcomer("organisations", name="Aichi Robotics", kind="company", country="JP")
    yuki = newcomer(given_name="Yuki", organisation="new-0")
    log(officer_client, **met, **yuki, **lines({"what": "Send the list", "counterpart": "new-0"}))
    aichi = Organisation.objects.get()
    assert (aichi.side, aichi.is_met) == ("partner", True)
    assert Attendance.objects.get().organisation == aichi
    assert FollowUp.objects.get().organisation == aichi
    assert Meeting.objects.get().title == "Meeting with Aichi Robotics"


def test_a_person_of_the_same_name_is_asked_about(officer_client):
    bank = make_organisation()
    make_person("Yuki", "Sawatari")
    yuki = newcomer(given_name="Yuki", family_name="Sawatari")
    html = page(log(officer_client, bank, **yuki))
    assert "Yuki Sawatari is known already" in html
    log(officer_client, bank, **yuki, **{"new_people-0-is_another": "on"})
    assert Person.objects.count() == 2


def test_an_organisation_without_its_country_saves_nothing_and_keeps_all(officer_client):
    bank = make_organisation()
    met = newcomer("organisations", name="Aichi Robotics", kind="company", country="")
    html = page(log(officer_client, bank, outcome="They agreed", **met))
    assert 'value="Aichi Robotics"' in html
    assert "They agreed" in html
    assert not Meeting.objects.exists()
    assert Organisation.objects.count() == 1


# What next


def test_promises_go_to_the_partner_and_to_me(officer_client, officer):
    bank = make_organisation()
    log(
        officer_client,
        bank,
        **lines(
            {"what": "Send the list", "due_on": "1/12/2026", "colleague": str(officer.pk)},
            {"what": "Propose dates", "promised_by": "them"},
            {"what": ""},
        ),
    )
    ours, theirs = FollowUp.objects.order_by("pk")
    assert (ours.organisation, ours.due_on, ours.assignee) == (bank, date(2026, 12, 1), officer)
    assert (theirs.promised_by, theirs.meeting) == ("them", Meeting.objects.get())


def test_of_several_partners_one_is_chosen(officer_client):
    bank, garage = make_organisation(), make_organisation("Nagoya Innovator's Garage")
    promise = {"what": "Send the list", "counterpart": str(garage.pk)}
    log(officer_client, bank, garage, **lines(promise))
    assert FollowUp.objects.get().organisation == garage


def test_a_date_that_is_not_is_said_with_a_mend(officer_client):
    wrong = lines({"what": "Send the list", "due_on": "31 November 2026"})
    html = page(log(officer_client, make_organisation(), **wrong))
    assert "November has 30 days." in html
    assert 'value="follow_ups-0-due_on=30 November 2026"' in html
    assert 'value="31 November 2026"' in html
    assert not Meeting.objects.exists()


def test_open_promises_are_shown_and_ticked(officer_client, officer):
    bank = make_organisation()
    promise = make_followup(bank)
    other = make_followup(make_organisation("Another Bank"))
    html = page(officer_client.get(reverse(LOG), {"organisation": bank.pk}))
    assert "Send the list of RAISE start-ups" in html
    log(officer_client, bank, settled=[promise.pk])
    promise.refresh_from_db()
    other.refresh_from_db()
    assert promise.done_by == officer
    assert not other.is_done


def test_the_last_time_is_told(officer_client):
    bank = make_organisation()
    make_meeting([bank], local_date=date(2026, 10, 14), outcome="They accept the wording.")
    html = page(officer_client.get(reverse(LOG), {"organisation": bank.pk}))
    assert "They accept the wording." in html


# Without scripts


def test_find_offers_choices_and_keeps_what_was_typed(officer_client):
    person = make_person("Kenji", "Morikawa")
    html = page(
        log(
            officer_client,
            who__typed="mori",
            find="who",
            outcome="They agreed",
            **lines({"what": "Send the list"}),
        )
    )
    assert f'type="checkbox" name="who" value="person-{person.pk}"' in html
    assert "They agreed" in html
    assert 'value="Send the list"' in html
    assert 'class="error"' not in html


def test_another_line_comes_with_what_was_typed(officer_client):
    html = page(log(officer_client, more="follow_ups", **lines({"what": "Send the list"})))
    assert 'name="follow_ups-1-what"' in html
    assert 'value="Send the list"' in html


def test_text_left_in_the_box_is_not_dropped(officer_client):
    html = page(log(officer_client, make_organisation(), who__typed="nobody known"))
    assert "Nothing is found for “nobody known”" in html
    assert not Meeting.objects.exists()


# Bad input


@pytest.mark.parametrize(
    "bad",
    [
        {"outcome": "a\x00b"},
        {"title": "x" * 300},
        {"duration": "-5"},
        {"time_zone": "Mars/Olympus"},
        {"mission": "abc"},
        {"stop": "9" * 40},
        {"city": "x"},
        {"fold": "7"},
        {"local_time": "25:00"},
        {"follow_ups-TOTAL_FORMS": "many", "follow_ups-INITIAL_FORMS": "0"},
        {"status": "lost"},
        {"local_date": "\x00"},
    ],
)
def test_bad_input_is_answered_in_words(officer_client, bad):
    answer = log(officer_client, make_organisation(), **bad)
    assert answer.status_code in {200, 302}


def test_an_emoji_and_a_right_to_left_mark_are_text(officer_client):
    log(officer_client, make_organisation(), outcome="אבג 👩🏽‍🔬")
    assert Meeting.objects.get().outcome == "אבג 👩🏽‍🔬"


def test_an_old_mission_is_chosen_when_one_comes_from_it(officer_client):
    old = make_mission("Mission to Korea")
    Mission.objects.bulk_create(Mission(title="Mission to Japan") for _ in range(200))
    answer = officer_client.get(f"{reverse(LOG)}?mission={old.pk}")
    assert old in answer.context["form"].fields["mission"].queryset


def test_a_wrong_date_is_the_only_problem_named(officer_client):
    garage = make_organisation("Garage")
    answer = log(officer_client, garage, local_date="", local_time="10:00")
    assert answer.context["form"].errors == {"local_date": ["A time needs a date."]}
    answer = log(officer_client, garage, local_date="22 November 2046")
    assert list(answer.context["form"].errors) == ["local_date"]


@pytest.mark.parametrize("name", ["mission", "stop", "who", "sectors", "city"])
@pytest.mark.parametrize("value", ["²", "9" * 19, "--5"])
def test_an_id_that_no_record_can_have_is_refused(officer_client, name, value):
    assert officer_client.post("/meetings/log/", {name: value}).status_code == 200
    assert not Meeting.objects.exists()
