"""Log a meeting: those first met, what was promised, without scripts, and bad input."""

from datetime import date

import pytest
from django.urls import reverse

from missions.models import Attendance, FollowUp, Meeting, Mission
from partners.models import Organisation, Person
from tests.factories import (
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
)
from tests.missions.meeting_form import LOG, lines, log, newcomer, page

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


def test_a_person_whose_names_are_swapped_is_asked_about(officer_client):
    bank = make_organisation()
    make_person("Yuki", "Sawatari")
    html = page(log(officer_client, bank, **newcomer(given_name="Sawatari", family_name="Yuki")))
    assert "Yuki Sawatari is known already" in html
    assert not Meeting.objects.exists()


def test_an_organisation_that_looks_like_one_we_have_is_asked_about(officer_client):
    make_organisation("Aichi Robotics")
    met = newcomer("organisations", name="Aichi Robotics K.K.", kind="company", country="JP")
    html = page(log(officer_client, **met))
    assert "Aichi Robotics is known already: choose it above" in html
    assert 'name="new_organisations-0-is_another"' in html
    log(officer_client, **met, **{"new_organisations-0-is_another": "on"})
    assert Organisation.objects.count() == 2


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
