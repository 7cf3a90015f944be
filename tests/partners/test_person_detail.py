"""The page of a person."""

from datetime import UTC, date, datetime

import pytest

from partners.models import Person
from tests.factories import (
    make_affiliation,
    make_followup,
    make_meeting,
    make_organisation,
    make_person,
)

pytestmark = pytest.mark.django_db


def test_names_in_both_scripts_and_how_to_address_them(reader_client):
    haruka = make_person(
        native_name="田辺 遥",
        native_reading="たなべ はるか",
        name_order="family",
        form_of_address="様",
        source="A business card",
    )
    html = reader_client.get(f"/people/{haruka.pk}/").content.decode()
    for words in ("Tanabe Haruka", "田辺 遥", "たなべ はるか", "様", "A business card"):
        assert words in html


def test_phone_and_e_mail_are_links_in_international_form(reader_client):
    haruka = make_person(
        organisation=make_organisation(), phone="03-5253-1111", email="h@jfc.example"
    )
    haruka.save()
    html = reader_client.get(f"/people/{haruka.pk}/").content.decode()
    assert '<a href="tel:+81352531111">+81 3 5253 1111</a>' in html
    assert '<a href="mailto:h@jfc.example">h@jfc.example</a>' in html


def test_a_wish_not_to_be_contacted_is_marked(reader_client):
    haruka = make_person(contact_preference="none")
    html = reader_client.get(f"/people/{haruka.pk}/").content.decode()
    assert "Asked not to be contacted" in html


def test_current_work_comes_before_former(reader_client):
    haruka = make_person(organisation=make_organisation(), job_title="Director")
    make_affiliation(
        haruka, make_organisation("Bank of Japan"), since=date(2020, 4, 1), until=date(2024, 3, 31)
    )
    html = reader_client.get(f"/people/{haruka.pk}/").content.decode()
    works = html[html.index('id="affiliations"') :]
    assert works.index("Japan Finance Corporation") < works.index("Bank of Japan")
    assert "Until March 2024" in works


def test_their_meetings_and_promises_make_one_timeline(reader_client):
    haruka = make_person(organisation=(jfc := make_organisation()))
    make_meeting([jfc], [haruka], title="First meeting", local_date=date(2026, 1, 5))
    make_meeting([jfc], title="Without her", local_date=date(2026, 1, 6))
    make_followup(jfc, "Annex sent", person=haruka, done_at=datetime(2026, 2, 1, tzinfo=UTC))
    html = reader_client.get(f"/people/{haruka.pk}/").content.decode()
    assert html.index("Annex sent") < html.index("First meeting")
    assert "Without her" not in html


def test_what_was_said_in_confidence_stays_there(reader_client):
    haruka = make_person(organisation=(jfc := make_organisation()))
    make_meeting([jfc], [haruka], title="The merger", is_confidential=True)
    html = reader_client.get(f"/people/{haruka.pk}/").content.decode()
    assert "Confidential meeting" in html
    assert "The merger" not in html


def test_the_page_asks_as_much_of_the_database_for_twenty_parts_as_for_one(
    officer_client, django_assert_max_num_queries
):
    counts = []
    for number in (1, 20):
        person = make_person(f"Given{number}")
        for each in range(number):
            bank = make_organisation(f"Bank {number} {each}")
            make_affiliation(person, bank)
            make_meeting([bank], [person], local_date=date(2026, 1, 1 + each))
            make_followup(bank, "Open", person=person)
            make_followup(bank, "Done", person=person, done_at=datetime(2026, 2, 1, tzinfo=UTC))
        with django_assert_max_num_queries(40) as queries:
            assert officer_client.get(f"/people/{person.pk}/").status_code == 200
        counts.append(len(queries))
    assert counts[1] - counts[0] <= 1, "a list that is cut short is counted"


def test_archived_they_leave_the_lists_and_can_be_restored(officer_client, officer):
    haruka = make_person()
    make_meeting(people=[haruka])
    url = f"/people/{haruka.pk}/archive/"
    assert "1 meeting keeps naming them." in officer_client.get(url).content.decode()
    html = officer_client.post(url, {"why": "Retired"}, follow=True).content.decode()
    assert "Retired" in html
    assert not Person.objects.active().exists()
    officer_client.post(f"/people/{haruka.pk}/restore/")
    assert Person.objects.active().exists()


def test_a_reader_archives_and_restores_nobody(reader_client):
    haruka = make_person()
    for act in ("archive", "restore"):
        assert reader_client.post(f"/people/{haruka.pk}/{act}/", {"why": "x"}).status_code == 403
