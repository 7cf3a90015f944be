"""Organisations in the administration: found, archived, restored; deleted by one role alone."""

import pytest
from django.test import Client

from crm.models import User
from tests.factories import make_city, make_organisation, make_person, make_sector

pytestmark = pytest.mark.django_db
LIST = "/admin/partners/organisation/"


@pytest.mark.parametrize("typed", ["genova", "Genoa", "ジェノヴァ", "istitúto"])
def test_found_in_either_script_whatever_the_accents(officer_client: Client, typed: str):
    genoa = make_city("Genoa", "IT", name_it="Genova", native_name="ジェノヴァ")
    make_organisation("Istituto Italiano di Tecnologia", genoa)
    make_organisation("Nagoya University")
    names = [each.name for each in officer_client.get(LIST, {"q": typed}).context["cl"].result_list]
    assert names == ["Istituto Italiano di Tecnologia"]


def test_the_archived_are_listed_when_asked_for(officer_client: Client, officer: User):
    make_organisation("Closed Office").archive(by=officer, why="Closed")
    assert "Closed Office" not in officer_client.get(LIST).text
    assert "Closed Office" in officer_client.get(LIST, {"archived": "1"}).text


def test_archiving_asks_why_and_restoring_undoes_it(officer_client: Client, officer: User):
    jfc = make_organisation()
    address = f"{LIST}{jfc.pk}/archive/"
    assert "Why" in officer_client.get(address).text
    officer_client.post(address, {"why": "Merged into another"})
    jfc.refresh_from_db()
    assert (jfc.is_archived, jfc.archived_why, jfc.archived_by) == (
        True,
        "Merged into another",
        officer,
    )
    officer_client.post(f"{LIST}{jfc.pk}/restore/")
    jfc.refresh_from_db()
    assert not jfc.is_archived


def test_archiving_many_from_the_list(officer_client: Client):
    pks = [make_organisation(name).pk for name in ("First", "Second")]
    sent = {"action": "archive_selected", "_selected_action": pks}
    assert "2 records leave lists" in officer_client.post(LIST, sent).text
    officer_client.post(LIST, {**sent, "archive": "yes", "why": "Closed"})
    assert officer_client.get(LIST).context["cl"].result_count == 0


def test_only_an_administrator_deletes(
    officer_client: Client, steward_client: Client, administrator_client: Client
):
    jfc = make_organisation()
    address = f"{LIST}{jfc.pk}/delete/"
    for client in (officer_client, steward_client):
        assert client.get(address).status_code == 403
        assert "delete_selected" not in client.get(LIST).text
        assert "/delete/" not in client.get(f"{LIST}{jfc.pk}/change/").text
    assert administrator_client.get(address).status_code == 200


def test_autocomplete_offers_what_can_be_newly_chosen(officer_client: Client, officer: User):
    make_organisation("Old Robotics").archive(by=officer)
    make_organisation("New Robotics")
    make_sector("Robotics", is_retired=True)
    source = {"app_label": "partners", "model_name": "organisation", "term": "robotics"}
    parents = officer_client.get("/admin/autocomplete/", {**source, "field_name": "parent"}).json()
    assert [each["text"] for each in parents["results"]] == ["New Robotics · Japan"]
    sectors = officer_client.get("/admin/autocomplete/", {**source, "field_name": "sectors"}).json()
    assert sectors["results"] == []


def test_an_officer_names_a_colleague_as_owner_without_seeing_accounts(
    officer_client: Client, officer: User
):
    source = {"app_label": "partners", "model_name": "organisation", "field_name": "owner"}
    offered = officer_client.get("/admin/autocomplete/", {**source, "term": "olga"}).json()
    assert [each["text"] for each in offered["results"]] == ["Olga Officer"]
    assert officer_client.get("/admin/crm/user/").status_code == 403


def test_the_page_and_all_fields_are_twins(officer_client: Client):
    jfc = make_organisation()
    change = f"{LIST}{jfc.pk}/change/"
    assert f'href="{jfc.get_absolute_url()}"' in officer_client.get(change).text
    assert f'href="{change}"' in officer_client.get(jfc.get_absolute_url()).text


def test_people_added_here_work_here(officer_client: Client):
    jfc = make_organisation()
    tanabe = make_person()
    sent = {
        "version": jfc.version,
        "name": jfc.name,
        "kind": "finance",
        "country": "JP",
        "side": "partner",
        "affiliations-TOTAL_FORMS": "1",
        "affiliations-INITIAL_FORMS": "0",
        "affiliations-0-person": tanabe.pk,
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
        "members-TOTAL_FORMS": "0",
        "members-INITIAL_FORMS": "0",
    }
    response = officer_client.post(f"{LIST}{jfc.pk}/change/", sent)
    assert response.status_code == 302, response.context["errors"]
    tanabe.refresh_from_db()
    assert tanabe.sort_organisation == "japan finance corporation"


def test_a_reason_that_is_too_long_archives_nothing(officer_client: Client):
    jfc = make_organisation()
    url = f"/admin/partners/organisation/{jfc.pk}/archive/"
    answer = officer_client.post(url, {"why": "Closed. " * 50})
    jfc.refresh_from_db()
    assert "at most 300 characters" in answer.content.decode()
    assert not jfc.is_archived
