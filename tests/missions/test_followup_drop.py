"""A promise that will not be kept is dropped with a reason, and can be opened again."""

from datetime import date

import pytest

from missions.models import FollowUp
from tests.factories import make_followup, make_meeting, make_organisation
from tests.reading import words


@pytest.fixture
def follow_up(db):
    return make_followup(make_organisation(), due_on=date(2020, 1, 1))


def drop(client, follow_up, **data):
    return client.post(f"/follow-ups/{follow_up.pk}/drop/", {"why": "No money", **data})


def test_it_keeps_who_when_and_why_and_leads_back(officer_client, officer, follow_up):
    response = drop(officer_client, follow_up, next="/?x=1")
    assert (response.status_code, response["Location"]) == (302, "/?x=1")
    follow_up.refresh_from_db()
    assert (follow_up.is_dropped, follow_up.dropped_by, follow_up.dropped_why) == (
        True,
        officer,
        "No money",
    )


def test_without_a_reason_it_asks_for_one(officer_client, follow_up):
    response = drop(officer_client, follow_up, why=" ")
    assert "Say why in a few words" in words(response)
    assert FollowUp.objects.get().is_open


def test_the_message_offers_to_undo_it(officer_client, follow_up):
    drop(officer_client, follow_up, next="/")
    html = officer_client.get("/").content.decode()
    assert f'action="/follow-ups/{follow_up.pk}/reopen/"' in html
    officer_client.post(f"/follow-ups/{follow_up.pk}/reopen/")
    follow_up.refresh_from_db()
    assert (follow_up.is_open, follow_up.dropped_why) == (True, "")


def test_what_was_done_meanwhile_stays_done(officer_client, officer, follow_up):
    follow_up.mark_done(officer)
    drop(officer_client, follow_up)
    follow_up.refresh_from_db()
    assert follow_up.is_done
    assert not follow_up.is_dropped


def test_it_shows_with_its_reason_on_the_timeline_and_not_among_the_open(
    officer_client, officer, follow_up
):
    follow_up.drop(officer, "The fund was closed")
    response = officer_client.get(f"/partners/{follow_up.organisation_id}/")
    assert response.context["promises"]["count"] == 0
    assert "Dropped by us Send the list of RAISE start-ups The fund was closed" in words(response)


def test_dropped_promises_are_not_offered_when_the_meeting_is_changed(officer_client, officer):
    partner = make_organisation()
    meeting = make_meeting([partner])
    make_followup(partner, "Given up", meeting=meeting).drop(officer, "No")
    follow_ups = officer_client.get(f"/meetings/{meeting.pk}/edit/").context["parts"]["follow_ups"]
    assert [line.instance.what for line in follow_ups] == []


def test_the_form_says_that_dropping_stands_for_deleting(officer_client, follow_up):
    text = words(officer_client.get(f"/follow-ups/{follow_up.pk}/"))
    assert "Promises are not deleted" in text
    assert "Drop this promise" in text


def test_a_reader_may_not(reader_client, follow_up):
    assert drop(reader_client, follow_up).status_code == 403
    assert FollowUp.objects.get().is_open
