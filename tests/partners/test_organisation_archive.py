"""Putting a partner away, and bringing it back."""

import pytest

from partners.models import Organisation
from tests.factories import make_followup, make_meeting, make_organisation, make_person

pytestmark = pytest.mark.django_db


def test_it_says_in_numbers_what_stays(officer_client):
    jfc = make_organisation()
    make_person(organisation=jfc)
    make_meeting([jfc])
    make_meeting([jfc])
    make_followup(jfc)
    html = officer_client.get(f"/partners/{jfc.pk}/archive/").content.decode()
    assert "1 person who works there stays" in html
    assert "2 meetings keep naming it." in html
    assert "1 open follow-up stays open." in html


def test_archived_it_keeps_who_when_and_why_and_can_be_undone(officer_client, officer):
    jfc = make_organisation()
    url = f"/partners/{jfc.pk}/archive/"
    html = officer_client.post(url, {"why": "Closed in 2024"}, follow=True).content.decode()
    jfc.refresh_from_db()
    assert (jfc.archived_by, jfc.archived_why) == (officer, "Closed in 2024")
    assert jfc not in Organisation.objects.active()
    assert "Undo" in html
    officer_client.post(f"/partners/{jfc.pk}/restore/")
    jfc.refresh_from_db()
    assert not jfc.is_archived
    assert jfc in Organisation.objects.active()


@pytest.mark.parametrize("why", ["", "x" * 400, "a\0b"])
def test_a_reason_is_asked_for(officer_client, why):
    jfc = make_organisation()
    answer = officer_client.post(f"/partners/{jfc.pk}/archive/", {"why": why})
    assert answer.status_code == 200
    jfc.refresh_from_db()
    assert not jfc.is_archived


def test_archiving_twice_keeps_the_first_reason(officer_client, steward_client):
    jfc = make_organisation()
    officer_client.post(f"/partners/{jfc.pk}/archive/", {"why": "Closed"})
    steward_client.post(f"/partners/{jfc.pk}/archive/", {"why": "Other"})
    jfc.refresh_from_db()
    assert (jfc.archived_why, jfc.version) == ("Closed", 2)


def test_a_link_restores_nothing(officer_client, officer):
    jfc = make_organisation()
    jfc.archive(officer)
    assert officer_client.get(f"/partners/{jfc.pk}/restore/").status_code == 405


def test_a_reader_archives_and_restores_none(reader_client):
    jfc = make_organisation()
    for act in ("archive", "restore"):
        assert reader_client.post(f"/partners/{jfc.pk}/{act}/", {"why": "x"}).status_code == 403
