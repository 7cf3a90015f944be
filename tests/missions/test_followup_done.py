"""One click marks a follow-up done; one more takes it back."""

from datetime import date

import pytest

from missions.models import FollowUp
from tests.factories import make_followup, make_meeting, make_organisation
from tests.reading import words


@pytest.fixture
def follow_up(db):
    return make_followup(make_organisation(), due_on=date(2020, 1, 1))


def click(client, follow_up, act="done", **data):
    return client.post(f"/follow-ups/{follow_up.pk}/{act}/", data)


def test_done_is_kept_with_who_and_when_and_leads_back(officer_client, officer, follow_up):
    response = click(officer_client, follow_up, next="/?x=1")
    assert (response.status_code, response["Location"]) == (302, "/?x=1")
    follow_up.refresh_from_db()
    assert follow_up.is_done
    assert follow_up.done_by == officer


def test_clicking_twice_changes_nothing_more(officer_client, steward_client, follow_up):
    click(officer_client, follow_up)
    before = FollowUp.objects.values().get()
    click(steward_client, follow_up)
    assert FollowUp.objects.values().get() == before


def test_the_message_offers_to_undo_it(officer_client, follow_up):
    click(officer_client, follow_up, next="/")
    html = officer_client.get("/").content.decode()
    assert f'action="/follow-ups/{follow_up.pk}/reopen/"' in html
    assert "Done: Send the list of RAISE start-ups" in html
    click(officer_client, follow_up, "reopen")
    follow_up.refresh_from_db()
    assert (follow_up.done_at, follow_up.done_by) == (None, None)


def test_reopening_what_is_open_changes_nothing(officer_client, follow_up):
    click(officer_client, follow_up, "reopen")
    assert FollowUp.objects.get().version == follow_up.version


def test_with_htmx_only_the_row_comes_back(officer_client, follow_up):
    response = officer_client.post(
        f"/follow-ups/{follow_up.pk}/done/", {"next": "/"}, headers={"HX-Request": "true"}
    )
    html = response.content.decode()
    assert html.lstrip().startswith(f'<li id="follow-up-{follow_up.pk}"')
    assert "Undo" in words(response)
    assert f'action="/follow-ups/{follow_up.pk}/reopen/"' in html


def test_it_never_leads_to_another_site(officer_client, follow_up):
    response = click(officer_client, follow_up, next="https://evil.example/")
    assert "evil" not in response["Location"]


def test_a_reader_may_not(reader_client, follow_up):
    assert click(reader_client, follow_up).status_code == 403
    assert not FollowUp.objects.get().is_done


def test_a_link_alone_does_nothing(officer_client, follow_up):
    assert officer_client.get(f"/follow-ups/{follow_up.pk}/done/").status_code == 405


def test_a_follow_up_that_is_not_there_is_not_found(officer_client, db):
    assert officer_client.post("/follow-ups/999/done/").status_code == 404


def test_what_was_promised_in_confidence_is_found_by_those_who_may_know(
    officer_client, officer, follow_up
):
    secret = make_meeting(is_confidential=True)
    FollowUp.objects.update(meeting=secret)
    assert click(officer_client, follow_up).status_code == 302
