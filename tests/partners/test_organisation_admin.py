"""Organisations in the administration: found, archived, restored; deleted by one role alone."""

import pytest
from django.test import Client

from crm.models import User
from missions.models import Meeting
from partners.models import Membership
from tests.factories import (
    make_affiliation,
    make_city,
    make_meeting,
    make_merge,
    make_organisation,
    make_person,
    make_sector,
)

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


def test_a_slip_is_forgiven_and_said(officer_client: Client):
    make_organisation("Nagoya University")
    page = officer_client.get(LIST, {"q": "univresity"})
    assert [each.name for each in page.context["cl"].result_list] == ["Nagoya University"]
    assert "Nothing is called exactly that: these are similar." in page.text
    source = {"app_label": "partners", "model_name": "organisation", "field_name": "parent"}
    offered = officer_client.get("/admin/autocomplete/", {**source, "term": "univresity"}).json()
    assert [each["text"] for each in offered["results"]] == ["Nagoya University · Japan"]


def test_what_was_merged_while_a_form_was_open_is_chosen_as_what_it_became(
    officer_client: Client, steward: User
):
    kept, gone, group = (make_organisation(name) for name in ("JFC", "JFC Corp.", "RAISE"))
    make_merge(steward, kept, gone)
    officer_client.post("/admin/partners/membership/add/", {"member": gone.pk, "group": group.pk})
    assert Membership.objects.get().member == kept


def test_a_version_restored_links_what_was_merged_since_as_what_it_became(
    officer_client: Client, steward: User
):
    kept, gone = make_organisation("JFC"), make_organisation("JFC Corp.")
    post = make_affiliation(make_person(), gone, job_title="Director")
    first = post.history.latest()
    make_merge(steward, kept, gone)
    post.refresh_from_db()
    post.job_title = "Adviser"
    post.save()
    address = f"/admin/partners/affiliation/{post.pk}/history/{first.history_id}/"
    assert "JFC Corp." not in officer_client.get(address).text
    officer_client.post(address)
    post.refresh_from_db()
    assert (post.job_title, post.organisation) == ("Director", kept)


def test_meetings_are_not_found_by_an_organisation_that_was_deleted(administrator_client: Client):
    jfc = make_organisation()
    make_meeting([jfc], title="Talk")
    administrator_client.post(f"{LIST}{jfc.pk}/delete/", {"post": "yes"})
    assert not Meeting.objects.matching("finance").exists()
    assert Meeting.objects.matching("talk").exists()
