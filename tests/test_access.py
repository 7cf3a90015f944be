"""Every URL × every role: an address that is not in access_table.py fails the suite."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from crm.models import Export
from missions.models import Attendance, Party
from partners.models import Organisation, Person
from tests import factories
from tests.access_table import (
    ADMIN,
    ADMIN_PAGES,
    ADMINISTRATORS,
    ELSEWHERE,
    NOBODY,
    PAGES,
    ROLES,
    UNDELETABLE,
)
from tests.factories import make_user

# What Django's admin and simple-history give every model.
USUAL = {"changelist", "add", "change", "delete", "history", "simple_history"}


def names(resolver: Any, prefix: str = "") -> Iterator[str]:
    """The name of every address, with its namespace; those without a name only redirect."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and entry.name:
            yield prefix + entry.name


def usual_admin_names() -> set[str]:
    return {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{act}"
        for model in admin.site._registry
        for act in USUAL
    }


def test_every_address_is_in_the_table():
    found = set(names(get_resolver())) - usual_admin_names() - ELSEWHERE
    assert found - PAGES.keys() - ADMIN_PAGES.keys() == set(), "add these to the table"
    assert (PAGES.keys() | ADMIN_PAGES.keys()) - found == set(), "these are no longer addresses"


def test_every_model_in_the_admin_is_in_the_table():
    assert {model._meta.label_lower for model in admin.site._registry} == ADMIN.keys()


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """One record of every noun, by the word that begins the names of its addresses."""
    city, sector = factories.make_city(), factories.make_sector()
    organisation = factories.make_organisation(city=city, sectors=[sector])
    person = factories.make_person(organisation=organisation, photo="people/a.jpg")
    person.photo.storage.save("people/a.jpg", ContentFile(b"JPEG"))
    mission = factories.make_mission(initiative=factories.make_initiative())
    raise_system = factories.make_organisation("RAISE", side="home", country="IT")
    meeting = factories.make_meeting(
        [organisation], [person], mission=mission, local_date=date(2026, 3, 9)
    )
    agreement = factories.make_agreement(organisations=[organisation], document="agreements/a.pdf")
    agreement.document.storage.save("agreements/a.pdf", ContentFile(b"%PDF-"))
    user = make_user("colleague@example.org", "Officer")
    return {
        "city": city,
        "sector": sector,
        "organisation": organisation,
        "merge": factories.make_merge(user, person, factories.make_person("Hana")),
        "membership": factories.make_membership(organisation, raise_system),
        "person": person,
        "affiliation": person.affiliations.get(),
        "initiative": mission.initiative,
        "mission": mission,
        "delegation": mission,
        "programme": mission,
        "organiser": factories.make_organiser(mission, raise_system),
        "stop": factories.make_stop(mission, city),
        "delegate": factories.make_delegate(mission, raise_system),
        "checklist": (checklist := factories.make_checklist()),
        "checkliststep": checklist.steps.get(),
        "task": factories.make_task(mission),
        "meeting": meeting,
        "attendance": Attendance.objects.get(),
        "followup": factories.make_followup(organisation, meeting=meeting),
        "agreement": agreement,
        "party": Party.objects.get(),
        "user": user,
        "import": factories.make_import(user),
        "export": Export.objects.create(
            user=user, subject="people", file_format="csv", row_count=1
        ),
    }


@pytest.fixture
def clients(
    reader_client: Client,
    officer_client: Client,
    steward_client: Client,
    manager_client: Client,
    administrator_client: Client,
) -> dict[str, Client]:
    everyone = (
        Client(),
        reader_client,
        officer_client,
        steward_client,
        manager_client,
        administrator_client,
    )
    return dict(zip(ROLES, everyone, strict=True))


def address(name: str, world: dict[str, Any]) -> str:
    """The address of a page of the noun that its name begins with."""
    word = name.split(":")[-1]
    record = world.get(word.split("-")[0]) or world.get(word.split("_")[min(1, word.count("_"))])
    for arguments in (
        {},
        {"pk": getattr(record, "pk", 0)},
        {"slug": getattr(record, "slug", "")},
        {"mission_pk": world["mission"].pk},
        {"mission_pk": world["mission"].pk, "pk": getattr(record, "pk", 0)},
        {"organisation": 0},
        {"id": world["user"].pk},
        {"app_label": "partners"},
        {"subject": "people", "file_format": "csv"},
        {"uidb36": "1", "key": "set-password"},
    ):
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(f"tell address() how to reverse {name}")


def opens_for(clients: dict[str, Client], method: str, url: str, data: Any = None) -> set[str]:
    """The roles that the address opens for; what each did is undone before the next."""
    opened = set()
    for role, client in clients.items():
        with transaction.atomic():
            answer = getattr(client, method)(url, data or {}, follow=True)
            if answer.streaming:
                list(answer)  # a file that nobody read would stay open
            transaction.set_rollback(True)
        assert answer.status_code not in {404, 405, 500}, f"{role}: {answer.status_code}"
        last = answer.redirect_chain[-1][0] if answer.redirect_chain else ""
        sent_to_the_door = last.startswith(reverse("account_login")) and (
            url == "/" or not last.endswith("?next=/")  # sent Home first, and the door guards Home
        )
        if role != "anonymous":
            assert not sent_to_the_door, f"{role} is sent to sign in again"
        if answer.status_code != 403 and not sent_to_the_door:
            opened.add(role)
    return opened


@pytest.mark.parametrize("name", PAGES | ADMIN_PAGES)
def test_a_page_opens_for_those_the_table_names(name, world, clients):
    method, wanted = (PAGES | ADMIN_PAGES)[name]
    if name.endswith("restore"):
        noun = Organisation if "organisation" in name else Person
        noun.objects.get(pk=world[noun._meta.model_name].pk).archive(by=None)
    assert opens_for(clients, method, address(name, world)) == wanted


@pytest.mark.parametrize("label", ADMIN)
def test_a_model_of_the_admin_opens_for_those_the_table_names(label, world, clients):
    seen, written = ADMIN[label]
    record = world[label.split(".")[1]]
    deleted = ADMINISTRATORS - (ADMINISTRATORS if label in UNDELETABLE else NOBODY)
    for act, wanted in (
        ("changelist", seen),
        ("add", written),
        ("change", seen),
        ("history", seen),
        ("delete", deleted),
    ):
        arguments = [record.pk] if act in {"change", "history", "delete"} else []
        url = reverse(f"admin:{label.replace('.', '_')}_{act}", args=arguments)
        assert opens_for(clients, "get", url) == wanted, act


@pytest.mark.parametrize("label", ADMIN)
def test_a_change_is_saved_only_by_those_who_may_write(label, world, clients):
    """Whoever only views gets a page without a form, and a form sent anyway is refused."""
    seen, written = ADMIN[label]
    record = world[label.split(".")[1]]
    url = reverse(f"admin:{label.replace('.', '_')}_change", args=[record.pk])
    refused = {role for role in seen - written if clients[role].post(url, {}).status_code == 403}
    assert refused == seen - written
