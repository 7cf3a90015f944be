"""The page of an agreement, and its document."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from tests.factories import make_agreement, make_meeting, make_organisation
from tests.reading import words


def page(client, agreement):
    response = client.get(f"/agreements/{agreement.pk}/")
    assert response.status_code == 200
    return response


def test_parties_stand_on_their_side_with_number_dates_and_the_meeting_it_grew_from(reader_client):
    ours = make_organisation("Liguria International", side="home")
    theirs = make_organisation("Japan Finance Corporation")
    agreement = make_agreement(
        "Letter of intent",
        [theirs, ours],
        protocol_number="LI 2025/118",
        signed_on=date(2025, 1, 15),
        status="signed",
        meeting=make_meeting([theirs], title="Guarantees"),
    )
    text = words(page(reader_client, agreement))
    assert text.index("Our side") < text.index("Liguria International") < text.index("Their side")
    assert text.index("Their side") < text.index("Japan Finance Corporation")
    for said in ("LI 2025/118", "15 January 2025", "Guarantees"):
        assert said in text


@pytest.mark.parametrize(
    ("days", "said", "is_warm"),
    [
        (37, "Ends in 37 days", True),
        (1, "Ends in 1 day", True),
        (0, "Ends today", True),
        (90, "Ends in 90 days", True),
        (91, ">until 21 February 2027<", False),
        (-1, "Ended on", False),
    ],
)
def test_its_end_is_warm_only_when_it_is_near(reader_client, days, said, is_warm):
    end = timezone.localdate() + timedelta(days=days)
    agreement = make_agreement(status="signed", in_force_until=end)
    html = page(reader_client, agreement).content.decode()
    lead = html[html.index('class="head-lead') : html.index('class="actions')]
    assert said in lead
    assert ('class="late"' in lead) is is_warm


def test_its_state_is_said_with_what_renews_it(reader_client, officer_client):
    old = make_agreement("Old", status="signed", signed_on=date(2020, 1, 1))
    assert "In force" in words(page(reader_client, old))
    renewal = make_agreement("New", renews=old)
    assert "Renewed by New Draft" in words(page(reader_client, old))
    assert "Renew " in words(page(officer_client, old)).split("Parties")[0]
    renewal.status = "signed"
    renewal.save()
    text = words(page(officer_client, old))
    assert "Memorandum Renewed" in text
    assert "Renew " not in text.split("Parties")[0]
    text = words(page(reader_client, renewal))
    assert "Renews Old" in text
    assert "Signed Date not known" in text


def test_an_agreement_asleep_says_so(reader_client):
    signed_on = timezone.localdate() - timedelta(days=400)
    partner = make_organisation()
    agreement = make_agreement(organisations=[partner], status="signed", signed_on=signed_on)
    assert "nothing happened in the last twelve months" in words(page(reader_client, agreement))
    make_meeting([partner], local_date=timezone.localdate())
    assert "nothing happened" not in words(page(reader_client, agreement))


def test_a_meeting_and_a_partner_lead_to_a_new_agreement(officer_client, reader_client):
    partner = make_organisation()
    meeting = make_meeting([partner])
    for url, link in (
        (meeting.get_absolute_url(), f"/agreements/new/?meeting={meeting.pk}"),
        (partner.get_absolute_url(), f"/agreements/new/?organisation={partner.pk}"),
    ):
        assert link in officer_client.get(url).content.decode()
        assert link not in reader_client.get(url).content.decode()


def test_a_draft_does_not_end(reader_client):
    end = timezone.localdate() + timedelta(days=5)
    assert "Ends in" not in words(page(reader_client, make_agreement(in_force_until=end)))


def test_the_title_of_a_confidential_meeting_is_kept(reader_client):
    meeting = make_meeting([make_organisation("Garage")], title="Secret", is_confidential=True)
    text = words(page(reader_client, make_agreement(meeting=meeting)))
    assert "Secret" not in text
    assert "Garage" in text


def with_document(name="letter 趣意書.html", content=b"<script>alert(1)</script>"):
    agreement = make_agreement()
    agreement.document.save(name, ContentFile(content))
    return agreement


def test_the_document_is_saved_never_shown_in_place(reader_client):
    response = reader_client.get(f"/agreements/{with_document().pk}/document/")
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_document_is_for_those_who_may_see_the_agreement(officer):
    url = f"/agreements/{with_document().pk}/document/"
    assert Client().get(url).status_code == 302
    officer.groups.clear()
    stranger = Client()
    stranger.force_login(officer)
    assert stranger.get(url).status_code == 403


def test_a_document_that_is_missing_is_not_found(reader_client):
    assert reader_client.get(f"/agreements/{make_agreement().pk}/document/").status_code == 404
    agreement = with_document()
    agreement.document.storage.delete(agreement.document.name)
    assert reader_client.get(f"/agreements/{agreement.pk}/document/").status_code == 404


def test_twenty_parties_cost_as_much_as_one(reader_client, django_assert_max_num_queries):
    one = make_agreement(organisations=[make_organisation()], meeting=make_meeting())
    twenty = make_agreement(
        organisations=[make_organisation(f"Party {n}") for n in range(20)], meeting=make_meeting()
    )
    with django_assert_max_num_queries(12) as few:
        page(reader_client, one)
    with django_assert_max_num_queries(12) as many:
        page(reader_client, twenty)
    assert len(few) == len(many)


def test_the_administration_leads_to_the_document_by_its_agreement(officer_client):
    agreement = with_document()
    html = officer_client.get(f"/admin/missions/agreement/{agreement.pk}/change/").content.decode()
    assert f'<a href="/agreements/{agreement.pk}/document/">' in html
