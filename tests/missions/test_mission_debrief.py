"""The debrief: a mission's meetings as rows, saved in one go."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from missions.models import Attendance, FollowUp, Meeting
from tests.conftest import signed_in
from tests.factories import (
    make_delegate,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_stop,
)
from tests.reading import words


def url(mission):
    return f"/missions/{mission.pk}/debrief/"


def sent(response, **changes):
    """What the browser would send of this page; changes are “m5-outcome” with “__” for “-”."""
    debriefing = response.context["debriefing"]
    found = {"token": response.context["token"], "draft": response.context["draft_key"]}
    for row in debriefing.rows:
        for form in (row.form, row.lines.management_form, *row.lines):
            for bound in form:
                value = bound.value()
                found[bound.html_name] = "" if value is None else value
        found[f"{row.form.prefix}-opened"] = row.form.opened
    return {**found, **changes}


def opened(client, mission):
    response = client.get(url(mission))
    assert response.status_code == 200
    return response


def promise(meeting, number=0, **fields):
    prefix = f"m{meeting.pk}-promises"
    named = {f"{prefix}-{number}-{name}": value for name, value in fields.items()}
    return {f"{prefix}-TOTAL_FORMS": str(number + 1), f"{prefix}-INITIAL_FORMS": "0", **named}


@pytest.fixture
def jfc(db):
    return make_organisation()


@pytest.fixture
def mission(jfc, tokyo):
    """Two meetings waiting for a word, with a delegation of two."""
    mission = make_mission()
    stop = make_stop(mission, tokyo)
    region = make_organisation("Regione Liguria", side="home", country="IT")
    for name in ("Giulia", "Luca"):
        make_delegate(mission, region, person=make_person(name, "Parodi", region))
    garage = make_organisation("Nagoya Innovator’s Garage")
    for title, met in (("Guarantees", jfc), ("Visit", garage)):
        make_meeting([met], mission=mission, stop=stop, title=title, status="planned")
    return mission


@pytest.fixture
def meetings(mission):
    return list(mission.meetings.for_programme())


def test_everything_of_every_meeting_is_saved_in_one_go(
    officer_client, officer, mission, meetings, jfc
):
    first, second = meetings
    answer = officer_client.post(
        url(mission),
        sent(
            opened(officer_client, mission),
            **{f"m{first.pk}-status": "held", f"m{first.pk}-temperature": "3"},
            **{f"m{first.pk}-outcome": "They will sign.", f"m{second.pk}-status": "cancelled"},
            **promise(first, what="Send the terms", due_on="31 January 2030"),
        ),
        follow=True,
    )
    assert "2 meetings saved." in words(answer)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.outcome, first.temperature) == ("held", "They will sign.", 3)
    assert second.status == "cancelled"
    assert {one.person.given_name for one in first.attendances.all()} == {"Giulia", "Luca"}
    assert not second.attendances.exists()
    follow_up = FollowUp.objects.get()
    assert (follow_up.meeting, follow_up.organisation, follow_up.assignee) == (first, jfc, officer)
    assert (follow_up.promised_by, follow_up.due_on) == ("us", date(2030, 1, 31))
    jfc.refresh_from_db()
    assert jfc.is_met


def test_only_what_changed_is_written(officer_client, mission, meetings):
    first, second = meetings
    answer = officer_client.post(
        url(mission), sent(opened(officer_client, mission), **{f"m{first.pk}-status": "held"})
    )
    assert answer["Location"] == url(mission)
    assert Meeting.objects.get(pk=second.pk).version == second.version
    assert Meeting.objects.get(pk=first.pk).version == first.version + 1
    again = officer_client.post(url(mission), sent(opened(officer_client, mission)), follow=True)
    assert "Nothing was changed." in words(again)
    assert Meeting.objects.get(pk=first.pk).version == first.version + 1


def test_one_error_saves_nothing_and_loses_nothing(officer_client, mission, meetings):
    first, second = meetings
    answer = officer_client.post(
        url(mission),
        sent(
            opened(officer_client, mission),
            **{f"m{first.pk}-status": "held", f"m{first.pk}-outcome": "They will sign."},
            **promise(second, what="", due_on="Friday"),
            **{f"m{second.pk}-status": "held"},
        ),
    )
    assert not Meeting.objects.held().exists()
    text = words(answer)
    assert "There is a problem" in text
    assert "They will sign." in text
    assert 'value="Friday"' in answer.content.decode()


def test_a_meeting_in_the_future_can_not_have_been_held(officer_client, mission, meetings):
    first = meetings[0]
    first.local_date = timezone.localdate() + timedelta(days=3)
    first.save()
    answer = officer_client.post(
        url(mission), sent(opened(officer_client, mission), **{f"m{first.pk}-status": "held"})
    )
    assert "It can’t have been held yet" in words(answer)
    assert not Meeting.objects.held().exists()


def test_what_is_written_about_a_planned_meeting_asks_whether_it_was_held(
    officer_client, mission, meetings
):
    page = opened(officer_client, mission)
    changes = {f"m{meetings[0].pk}-outcome": "They will sign."}
    answer = officer_client.post(url(mission), sent(page, **changes))
    assert "Something is written about it: was it held?" in words(answer)


def test_a_colleagues_change_stands_beside_mine_and_the_second_save_goes_through(
    officer_client, steward_client, mission, meetings
):
    first, second = meetings
    page = opened(officer_client, mission)
    theirs = {f"m{first.pk}-status": "held", f"m{first.pk}-outcome": "They hesitate."}
    steward_client.post(url(mission), sent(opened(steward_client, mission), **theirs))
    mine = {f"m{first.pk}-status": "held", f"m{first.pk}-outcome": "They will sign."}
    answer = officer_client.post(
        url(mission), sent(page, **mine, **{f"m{second.pk}-status": "held"})
    )
    text = words(answer)
    assert "Stella Steward saved it" in text
    assert "Theirs: They hesitate." in text
    assert "They will sign." in text
    assert Meeting.objects.held().count() == 1
    officer_client.post(url(mission), sent(answer))
    first.refresh_from_db()
    assert first.outcome == "They will sign."
    assert Meeting.objects.held().count() == 2


def test_a_row_left_alone_never_undoes_what_a_colleague_saved(
    officer_client, steward_client, mission, meetings
):
    first, second = meetings
    page = opened(officer_client, mission)
    theirs = {f"m{first.pk}-status": "held", f"m{first.pk}-outcome": "They hesitate."}
    steward_client.post(url(mission), sent(opened(steward_client, mission), **theirs))
    answer = officer_client.post(url(mission), sent(page, **{f"m{second.pk}-status": "held"}))
    assert answer.status_code == 302
    first.refresh_from_db()
    assert (first.status, first.outcome) == ("held", "They hesitate.")
    assert first.attendances.count() == 2


def test_sent_twice_it_is_saved_once(officer_client, mission, meetings):
    changes = {f"m{meetings[0].pk}-status": "held", **promise(meetings[0], what="Send the terms")}
    data = sent(opened(officer_client, mission), **changes)
    officer_client.post(url(mission), data)
    answer = officer_client.post(url(mission), data, follow=True)
    assert "This had been saved already." in words(answer)
    assert FollowUp.objects.count() == 1


def test_what_was_typed_after_a_sending_whose_answer_was_lost_is_not_lost(
    officer_client, mission, meetings
):
    first, second = meetings
    changes = {f"m{first.pk}-status": "held", **promise(first, what="Send the terms")}
    data = sent(opened(officer_client, mission), **changes)
    officer_client.post(url(mission), data)
    more = {f"m{second.pk}-status": "held", f"m{second.pk}-outcome": "A good hour."}
    answer = officer_client.post(url(mission), {**data, **more})
    assert "What you typed since is not: save again." in words(answer)
    assert "A good hour." in words(answer)
    assert not Meeting.objects.filter(outcome="A good hour.").exists()
    answer = officer_client.post(url(mission), sent(answer), follow=True)
    assert "1 meeting saved." in words(answer)
    assert Meeting.objects.get(pk=second.pk).outcome == "A good hour."
    assert FollowUp.objects.count() == 1


def test_who_attended_is_the_delegation_as_expected_less_whom_one_unticks(
    officer_client, mission, meetings
):
    giulia, luca = (one.person for one in mission.delegates.order_by("pk"))
    mission.delegates.get(person=luca).missed_meetings.add(meetings[1])
    page = opened(officer_client, mission)
    ticked = [row.form["attended"].value() for row in page.context["debriefing"].rows]
    assert ticked == [[str(giulia.pk), str(luca.pk)], [str(giulia.pk)]]
    officer_client.post(
        url(mission),
        sent(
            page,
            **{f"m{meetings[0].pk}-status": "held", f"m{meetings[0].pk}-attended": [str(luca.pk)]},
        ),
    )
    assert [one.person for one in Attendance.objects.all()] == [luca]


def test_people_of_the_partner_are_offered_and_speak_for_it(officer_client, mission, meetings, jfc):
    haruka = make_person(organisation=jfc)
    page = opened(officer_client, mission)
    field = f"m{meetings[0].pk}-attended"
    answer = sent(page, **{f"m{meetings[0].pk}-status": "held"})
    officer_client.post(url(mission), {**answer, field: [*answer[field], str(haruka.pk)]})
    assert Attendance.objects.get(person=haruka).organisation == jfc


def test_whom_a_colleague_added_meanwhile_stays(officer_client, mission, meetings):
    page = opened(officer_client, mission)
    guest = make_person("Kenji", "Suzuki")
    Attendance.objects.create(meeting=meetings[0], person=guest)
    changes = {f"m{meetings[0].pk}-status": "held"}
    officer_client.post(url(mission), sent(page, **changes))
    assert meetings[0].attendances.filter(person=guest).exists()


def test_with_several_partners_one_says_whom_it_was_promised(
    officer_client, mission, meetings, jfc
):
    other = make_organisation("Keidanren")
    meetings[0].organisations.add(other)
    page = opened(officer_client, mission)
    fields = {"what": "Write to them", "counterpart": str(other.pk), "promised_by": "them"}
    officer_client.post(url(mission), sent(page, **promise(meetings[0], **fields)))
    assert FollowUp.objects.get().organisation == other


def test_planned_ones_come_first_and_the_others_folded_under_them(
    officer_client, mission, meetings
):
    make_meeting(mission=mission, title="Cancelled", status="cancelled")
    make_meeting(mission=mission, title="Said", outcome="They agree.")
    make_meeting(mission=mission, title="Far", status="planned", local_date=date(2199, 1, 1))
    page = opened(officer_client, mission)
    groups = page.context["debriefing"].groups
    assert [(one["name"], len(one["rows"])) for one in groups] == [
        ("todo", 2),
        ("ahead", 1),
        ("held", 1),
        ("cancelled", 1),
    ]
    assert "They agree." in words(page)


def test_another_line_and_a_draft_put_back_come_back_unsaved(officer_client, mission, meetings):
    first = meetings[0]
    data = sent(opened(officer_client, mission), **{f"m{first.pk}-outcome": "They will sign."})
    for button in ({"more": f"m{first.pk}-promises"}, {"find": ""}):
        answer = officer_client.post(url(mission), {**data, **button})
        assert "They will sign." in words(answer)
        assert "problem" not in words(answer)
        assert not Meeting.objects.held().exists()


def test_without_scripts_a_wrong_date_is_mended_by_its_button(officer_client, mission, meetings):
    data = sent(opened(officer_client, mission))
    data |= promise(meetings[0], what="Send it", due_on="31 November 2026")
    answer = officer_client.post(url(mission), data)
    assert "November has 30 days." in words(answer)
    mend = f"m{meetings[0].pk}-promises-0-due_on=30 November 2026"
    answer = officer_client.post(url(mission), {**data, "mend": mend})
    assert 'value="30 November 2026"' in answer.content.decode()
    assert not FollowUp.objects.exists()


def test_what_was_written_of_a_meeting_that_left_the_mission_is_told(
    officer_client, mission, meetings
):
    page = opened(officer_client, mission)
    Meeting.objects.filter(pk=meetings[0].pk).update(mission=None, stop=None)
    changes = {f"m{meetings[0].pk}-status": "held", f"m{meetings[0].pk}-outcome": "They will sign."}
    answer = officer_client.post(url(mission), sent(page, **changes))
    assert "A meeting left this mission meanwhile. You had written: “They will sign.”" in words(
        answer
    )


def test_nonsense_is_answered_with_the_form(officer_client, mission, meetings):
    junk = {f"m{meetings[0].pk}-version": "x", f"m{meetings[0].pk}-status": "x", "token": "x"}
    assert officer_client.post(url(mission), junk).status_code == 200
    assert officer_client.post(url(mission), {"token": str(uuid4())}).status_code == 302
    assert officer_client.get("/missions/999/debrief/").status_code == 404


def test_a_mission_without_meetings_says_what_would_fill_it(officer_client):
    assert "The meetings of the mission stand here" in words(opened(officer_client, make_mission()))


def test_a_reader_may_not(reader_client, mission):
    assert reader_client.get(url(mission)).status_code == 403
    assert reader_client.post(url(mission)).status_code == 403


def test_one_meeting_and_twenty_cost_the_same(officer, tokyo, django_assert_max_num_queries):
    client = signed_in(officer)
    mission = make_mission()
    stop = make_stop(mission, tokyo)
    region = make_organisation("Regione Liguria", side="home", country="IT")

    def fill(count):
        for number in range(count):
            partner = make_organisation(f"Partner {number}")
            person = make_person(str(number), "Tanabe", partner)
            make_delegate(mission, region, person=make_person(str(number), "Parodi", region))
            for status in ("planned", "held"):
                meeting = make_meeting(
                    [partner], [person], mission=mission, stop=stop, status=status
                )
                FollowUp.objects.create(organisation=partner, meeting=meeting, what="Write")

    fill(1)
    opened(client, mission)
    with django_assert_max_num_queries(20) as few:
        opened(client, mission)
    fill(20)
    with django_assert_max_num_queries(20) as many:
        opened(client, mission)
    assert len(few) == len(many)
