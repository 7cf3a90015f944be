"""The administration: every page of every model opens, to those who may."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from crm.models import Export, User
from crm.versions import conflict
from tests.factories import (
    make_affiliation,
    make_agreement,
    make_checklist,
    make_city,
    make_delegate,
    make_followup,
    make_initiative,
    make_meeting,
    make_membership,
    make_mission,
    make_organisation,
    make_organiser,
    make_person,
    make_sector,
    make_stop,
    make_task,
)

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def address(model: Any, act: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{act}", args=args)


def make_some(numbers: range) -> None:
    """One of every record for each number, linked to one another."""
    for number in numbers:
        city = make_city(f"Nagoya {number}")
        sector = make_sector(f"Robotics {number}")
        owner = User.objects.create_user(f"owner{number}@example.org")
        jfc = make_organisation(
            f"Japan Finance Corporation {number}", city=city, sectors=[sector], owner=owner
        )
        group = make_organisation(f"Round Table {number}")
        make_membership(jfc, group)
        tanabe = make_person(given_name="Haruka", family_name=f"Tanabe {number}")
        make_affiliation(tanabe, jfc)
        mission = make_mission(f"Mission {number}", initiative=make_initiative(f"Expo {number}"))
        stop = make_stop(mission, city, position=number)
        make_organiser(mission, group)
        make_delegate(mission, group, person=tanabe)
        make_checklist(f"Journeys {number}")
        make_task(mission)
        meeting = make_meeting(organisations=[jfc], people=[tanabe], mission=mission, stop=stop)
        make_followup(meeting=meeting, organisation=jfc, person=tanabe, assignee=owner)
        make_agreement(organisations=[jfc], meeting=meeting)
        Export.objects.create(user=owner, subject="people", file_format="csv", row_count=number)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_every_list_costs_the_same_at_one_row_and_at_twenty(
    model: Any,
    administrator_client: Client,
    django_assert_max_num_queries: Any,
) -> None:
    make_some(range(1, 2))
    administrator_client.get(address(model, "changelist"))
    with django_assert_max_num_queries(100) as at_one:
        assert administrator_client.get(address(model, "changelist")).status_code == 200
    make_some(range(2, 21))
    with django_assert_max_num_queries(len(at_one)):
        assert administrator_client.get(address(model, "changelist")).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_every_form_and_history_opens(model: Any, administrator_client: Client) -> None:
    make_some(range(1, 3))
    record = model.objects.order_by("-pk").first()
    if model is not Export:
        assert administrator_client.get(address(model, "add")).status_code == 200
    assert administrator_client.get(address(model, "change", record.pk)).status_code == 200
    assert administrator_client.get(address(model, "history", record.pk)).status_code == 200


def test_a_reader_is_told_that_the_administration_is_closed(reader_client: Client) -> None:
    assert reader_client.get("/admin/", follow=True).status_code == 403


def test_strangers_are_led_to_the_door_of_the_product(client: Client) -> None:
    response = client.get("/admin/login/?next=/admin/partners/person/")
    assert response["Location"] == "/accounts/login/?next=/admin/partners/person/"


def test_nobody_deletes_an_account(administrator_client: Client, officer: User) -> None:
    assert administrator_client.get(address(User, "delete", officer.pk)).status_code == 403
    sent = {"action": "deactivate", "_selected_action": [officer.pk]}
    administrator_client.post(address(User, "changelist"), sent)
    officer.refresh_from_db()
    assert not officer.is_active


def test_a_new_colleague_gets_a_role_and_a_link_to_choose_a_password(
    administrator_client: Client, mailoutbox: Any
) -> None:
    role = Group.objects.get(name="Officer")
    sent = {
        "email": "marta@example.org",
        "name": "Marta Ferrando",
        "groups": [role.pk],
        "time_zone": "Europe/Rome",
    }
    assert administrator_client.post(address(User, "add"), sent).status_code == 302
    marta = User.objects.get(email="marta@example.org")
    assert list(marta.groups.all()) == [role]
    assert not marta.has_usable_password()
    assert mailoutbox[0].to == ["marta@example.org"]


def test_the_record_of_exports_is_read_only(
    manager_client: Client, officer_client: Client, manager: User
) -> None:
    Export.objects.create(user=manager, subject="people", file_format="csv", row_count=3)
    assert manager_client.get(address(Export, "changelist")).status_code == 200
    assert manager_client.get(address(Export, "add")).status_code == 403
    assert officer_client.get(address(Export, "changelist")).status_code == 403


@pytest.mark.parametrize("kept", ["is_active", "is_superuser"])
def test_an_administrator_keeps_their_own_rights(
    administrator: User, administrator_client: Client, kept: str
) -> None:
    data = {"email": administrator.email, "time_zone": "Europe/Rome", kept: "on"}
    administrator_client.post(address(User, "change", administrator.pk), data)
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.is_superuser


def test_every_row_between_two_records_is_called_after_them():
    iit = make_organisation("Istituto Italiano di Tecnologia")
    tanabe = make_person(given_name="Haruka", family_name="Tanabe")
    mission = make_mission()
    meeting = make_meeting(organisations=[iit], people=[tanabe])
    rows = [
        make_membership(iit, make_organisation("RAISE")),
        make_affiliation(tanabe, iit),
        make_organiser(mission, iit),
        make_delegate(mission, iit),
        meeting.attendances.get(),
        make_agreement(organisations=[iit]).parties.get(),
    ]
    assert [str(row) for row in rows] == [
        "Istituto Italiano di Tecnologia, RAISE",
        "Haruka Tanabe, Istituto Italiano di Tecnologia",
        "Istituto Italiano di Tecnologia, Lead",
        "Istituto Italiano di Tecnologia, Member",
        "Haruka Tanabe",
        "Istituto Italiano di Tecnologia",
    ]


def test_roles_and_dates_are_said_in_the_readers_language(admin_client: Client, officer: User):
    User.objects.filter(is_superuser=True).update(language="it")
    User.objects.filter(pk=officer.pk).update(last_login="2026-11-03T10:00Z")
    page = admin_client.get("/admin/crm/user/").text
    assert "Funzionario" in page
    assert "3 novembre 2026" in page


def test_what_was_made_in_one_act_is_nobodys_later_addition():
    mission = make_mission()
    make_organiser(mission, make_organisation("Liguria International"))
    version = mission.version
    mission.aims = "Synergies"
    mission.save()
    found = conflict(mission, version, ["organisers"])
    assert [change.name for change in found.changes] == ["aims"]
    assert not found.parts
