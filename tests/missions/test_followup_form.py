"""A follow-up is added where it was promised, and changed."""

from datetime import date

from django.contrib.auth.models import Permission

from missions.models import FollowUp
from tests.conftest import signed_in
from tests.factories import (
    make_followup,
    make_meeting,
    make_merge,
    make_mission,
    make_organisation,
    make_user,
)
from tests.reading import words


def entries(response, **changes):
    """What the browser would send of this form."""
    form = response.context["form"]
    sent = {bound.html_name: bound.value() for bound in form}
    sent = {name: getattr(value, "pk", value) for name, value in sent.items()}
    return {name: value for name, value in {**sent, **changes}.items() if value is not None}


def test_at_a_meeting_with_one_organisation_what_is_all_one_types(officer_client, officer):
    partner = make_organisation()
    meeting = make_meeting([partner])
    url = f"/follow-ups/new/?meeting={meeting.pk}"
    sent = entries(officer_client.get(url), what="Send the list", due_on="2027-01-31")
    response = officer_client.post(url, sent)
    follow_up = FollowUp.objects.get()
    assert response["Location"] == f"/meetings/{meeting.pk}/#follow-up-{follow_up.pk}"
    assert (follow_up.meeting, follow_up.organisation, follow_up.assignee, follow_up.due_on) == (
        meeting,
        partner,
        officer,
        date(2027, 1, 31),
    )


def test_at_a_partner_it_needs_no_meeting(officer_client):
    partner = make_organisation()
    url = f"/follow-ups/new/?organisation={partner.pk}"
    officer_client.post(url, entries(officer_client.get(url), what="Call back"))
    follow_up = FollowUp.objects.get()
    assert (follow_up.organisation, follow_up.meeting) == (partner, None)


def test_at_a_mission_one_says_at_which_of_its_meetings(officer_client):
    mission = make_mission()
    meeting = make_meeting([make_organisation()], mission=mission)
    other = make_meeting([make_organisation()])
    url = f"/follow-ups/new/?mission={mission.pk}"
    sent = entries(officer_client.get(url), what="Call back")
    assert "Meeting" in words(officer_client.post(url, {**sent, "meeting": other.pk}))
    assert not FollowUp.objects.exists()
    officer_client.post(url, {**sent, "meeting": meeting.pk})
    assert FollowUp.objects.get().meeting == meeting


def test_with_several_organisations_one_says_with_whom(officer_client):
    meeting = make_meeting([make_organisation("A"), make_organisation("B")])
    url = f"/follow-ups/new/?meeting={meeting.pk}"
    response = officer_client.post(url, entries(officer_client.get(url), what="Call back"))
    assert "Say with whom: choose an organisation." in words(response)
    assert not FollowUp.objects.exists()


def test_sent_twice_it_is_saved_once(officer_client):
    url = f"/follow-ups/new/?organisation={make_organisation().pk}"
    sent = entries(officer_client.get(url), what="Call back")
    officer_client.post(url, sent)
    officer_client.post(url, sent)
    assert FollowUp.objects.count() == 1


def test_addresses_that_make_no_sense_open_an_empty_form(officer_client):
    for query in ("meeting=abc", "organisation=-1", "mission=999999999999999999999", "meeting=٣"):
        response = officer_client.get(f"/follow-ups/new/?{query}")
        assert response.status_code == 200


def test_changing_it_says_what_somebody_else_changed_meanwhile(officer_client):
    follow_up = make_followup(make_organisation(), "Call back")
    url = f"/follow-ups/{follow_up.pk}/"
    opened = entries(officer_client.get(url))
    officer_client.post(url, {**opened, "what": "Call on Monday"})
    response = officer_client.post(url, {**opened, "what": "Write"})
    assert "Somebody saved this meanwhile" in words(response)
    follow_up.refresh_from_db()
    assert follow_up.what == "Call on Monday"


def test_a_reader_may_neither_add_nor_change(reader_client):
    follow_up = make_followup(make_organisation())
    assert reader_client.get("/follow-ups/new/").status_code == 403
    assert reader_client.get(f"/follow-ups/{follow_up.pk}/").status_code == 403


def test_who_may_not_read_a_confidential_meeting_does_not_choose_it(officer_client, db):
    mission = make_mission()
    make_meeting([make_organisation()], mission=mission, title="The offer", is_confidential=True)
    writer = make_user("writer@example.org")
    writer.user_permissions.add(Permission.objects.get(codename="add_followup"))
    url = f"/follow-ups/new/?mission={mission.pk}"
    assert "The offer" in words(officer_client.get(url))
    assert "The offer" not in words(signed_in(writer).get(url))


def test_at_a_partner_that_was_merged_it_is_promised_to_what_it_became(officer_client, steward):
    kept, gone = make_organisation("JFC"), make_organisation("JFC Corp.")
    opened = officer_client.get(f"/follow-ups/new/?organisation={gone.pk}")
    make_merge(steward, kept, gone)
    url = f"/follow-ups/new/?organisation={gone.pk}"
    officer_client.post(url, entries(opened, what="Call back"))
    officer_client.post(url, entries(officer_client.get(url), what="Write"))
    assert {one.organisation for one in FollowUp.objects.all()} == {kept}
