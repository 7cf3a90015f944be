"""People in the administration: where they work, and exporting them."""

import pytest
from django.test import Client

from crm.models import Export
from partners.models import Person
from tests.factories import make_affiliation, make_organisation, make_person

pytestmark = pytest.mark.django_db


def test_ticking_primary_takes_it_from_the_one_that_had_it(officer_client: Client):
    tanabe = make_person(organisation=make_organisation())
    old = tanabe.affiliations.get()
    new = make_affiliation(tanabe, make_organisation("Nagoya University"))
    sent = {
        "version": new.version,
        "person": tanabe.pk,
        "organisation": new.organisation_id,
        "is_primary": "on",
    }
    address = f"/admin/partners/affiliation/{new.pk}/change/"
    assert officer_client.post(address, sent).status_code == 302
    old.refresh_from_db()
    tanabe.refresh_from_db()
    assert not old.is_primary
    assert tanabe.sort_organisation == "nagoya university"


def test_the_first_affiliation_of_a_new_person_is_primary(officer_client: Client):
    jfc = make_organisation()
    sent = {
        "given_name": "Haruka",
        "family_name": "Tanabe",
        "name_order": "given",
        "contact_preference": "any",
        "affiliations-TOTAL_FORMS": "1",
        "affiliations-INITIAL_FORMS": "0",
        "affiliations-0-organisation": jfc.pk,
        "affiliations-0-job_title": "Director",
    }
    assert officer_client.post("/admin/partners/person/add/", sent).status_code == 302
    assert Person.objects.get().affiliations.get().is_primary


def test_exporting_the_chosen_asks_how_sends_the_file_and_keeps_the_record(
    officer_client: Client,
):
    tanabe = make_person()
    make_person("Kenji", "Morikawa")
    sent = {"action": "export_selected", "_selected_action": [tanabe.pk]}
    asked = officer_client.post("/admin/partners/person/", sent)
    assert asked.status_code == 200
    response = officer_client.post("/admin/partners/person/", {**sent, "format": "csv"})
    text = b"".join(response).decode()
    assert "Tanabe" in text
    assert "Morikawa" not in text
    export = Export.objects.get()
    assert export.row_count == 1
    assert b"".join(officer_client.get(export.address)).decode() == text


def test_a_person_who_works_nowhere_is_listed(officer_client):
    make_person("Yuki", "Sawatari")
    html = officer_client.get("/admin/partners/person/").content.decode()
    assert "Yuki Sawatari" in html


def test_an_officer_takes_a_mistaken_affiliation_off(officer_client: Client):
    person = make_person(organisation=make_organisation("Japan Finance Corporation"))
    page = officer_client.get(f"/admin/partners/person/{person.pk}/change/").text
    assert 'name="affiliations-0-DELETE"' in page


def test_adding_one_that_looks_like_another_says_so(officer_client: Client):
    known = make_person("Marco", "Rossi", email="m.rossi@raise.example")
    sent = {
        "given_name": "Marco",
        "family_name": "Rossi",
        "email": "m.rossi@raise.example",
        "name_order": "given",
        "contact_preference": "any",
        "affiliations-TOTAL_FORMS": "0",
        "affiliations-INITIAL_FORMS": "0",
    }
    html = officer_client.post("/admin/partners/person/add/", sent, follow=True).content.decode()
    assert f'looks like <a href="/people/{known.pk}/">Marco Rossi</a>: the same e-mail' in html
