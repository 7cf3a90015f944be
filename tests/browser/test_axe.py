"""axe finds nothing on any page, in both themes and on a phone; nothing scrolls sideways."""

from datetime import date, time
from typing import Any

import pytest
from django.urls import reverse

from tests.browser.conftest import PageAs, axe_findings, scrolls_sideways
from tests.factories import (
    make_affiliation,
    make_agreement,
    make_checklist,
    make_city,
    make_delegate,
    make_followup,
    make_meeting,
    make_membership,
    make_merge,
    make_mission,
    make_organisation,
    make_organiser,
    make_person,
    make_private_link,
    make_sector,
    make_stop,
    make_task,
    make_user,
)

THEMES_AND_WIDTHS = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]

STRANGERS = [
    "/accounts/login/",
    "/accounts/login/?next=/partners/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-wrong/",
    "/accounts/inactive/",
    "/accounts/signup/",
    "/nowhere/",
]


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """One of everything, with the longest names and every state that a list shows."""
    tokyo = make_city(
        "Tokyo", native_name="東京", population=9_733_276, latitude=35.69, longitude=139.69
    )
    technology = make_sector("Technology", name_it="Tecnologia")
    robotics = make_sector("Marine robotics", technology, name_it="Robotica marina")
    jfc = make_organisation(
        "Tokyo Metropolitan Industrial Technology Research Institute",
        tokyo,
        [robotics, technology],
        native_name="東京都立産業技術研究センター",
        kind="research",
        tier=1,
    )
    filse = make_organisation("Filse", country="IT", side="home")
    make_membership(jfc, filse)
    person = make_person("Haruka", "Tanabe", native_name="田辺 遥", email="h.tanabe@example.org")
    make_affiliation(person, jfc, job_title="Director, International Cooperation")
    make_organisation(jfc.name.upper(), tokyo, kind="research")
    make_person("Tanabe", "Haruka", native_name="田辺 遥", email="h.tanabe@example.org")
    mission = make_mission()
    stop = make_stop(mission, tokyo)
    make_organiser(mission, filse)
    delegate = make_delegate(mission, filse)
    link = make_private_link(delegate=delegate)
    meeting = make_meeting(
        [jfc], [person], [robotics], title="Guarantees", mission=mission, stop=stop
    )
    make_meeting([jfc], local_date=date(2026, 3, 9), local_time=time(17), time_zone="Asia/Tokyo")
    make_task(mission, due_on=date(2026, 1, 31))
    make_task(mission, "Visas")
    followup = make_followup(jfc, meeting=meeting, due_on=date(2026, 1, 31))
    agreement = make_agreement(organisations=[jfc, filse])
    return {
        "city": tokyo.pk,
        "sector": robotics.slug,
        "organisation": jfc.pk,
        "person": person.pk,
        "mission": mission.pk,
        "on_mission": (mission.pk,),
        "place": (mission.pk, delegate.pk),
        "token": link.token,
        "meeting": meeting.pk,
        "followup": followup.pk,
        "agreement": agreement.pk,
        "checklist": make_checklist().pk,
        "merge": make_merge(make_user(), jfc, make_organisation("TIRI", tokyo, email="a@b.it")).pk,
        "twin": make_organisation("TIRI Tokyo", tokyo, tier=2).pk,
        "more": [make_organisation(f"TIRI {nth}", tokyo, tier=nth).pk for nth in (1, 2, 3)],
    }


# Every page of the product: its URL name, and what of the world its address names.
PAGES = [
    ("home", None),
    ("preferences", None),
    ("account_change_password", None),
    ("account_logout", None),
    ("search", None),
    ("export-list", None),
    ("partners:organisation-duplicates", None),
    ("partners:person-duplicates", None),
    ("view-list", None),
    ("import-list", None),
    ("import-create", None),
    ("partners:organisation-list", None),
    ("partners:city-list", None),
    ("partners:city-detail", "city"),
    ("partners:sector-list", None),
    ("partners:sector-detail", "sector"),
    ("partners:map", None),
    ("partners:coverage", None),
    ("partners:person-list", None),
    ("partners:person-export", None),
    ("partners:organisation-export", None),
    ("missions:mission-export", None),
    ("missions:meeting-export", None),
    ("missions:followup-export", None),
    ("missions:agreement-export", None),
    ("partners:organisation-create", None),
    ("partners:organisation-detail", "organisation"),
    ("partners:organisation-update", "organisation"),
    ("partners:organisation-merge", "organisation"),
    ("partners:merge-list", None),
    ("partners:merge-detail", "merge"),
    ("partners:organisation-archive", "organisation"),
    ("partners:person-create", None),
    ("partners:person-detail", "person"),
    ("partners:person-update", "person"),
    ("partners:person-archive", "person"),
    ("missions:mission-list", None),
    ("missions:meeting-list", None),
    ("missions:followup-list", None),
    ("missions:agreement-list", None),
    ("missions:mission-create", None),
    ("missions:mission-update", "mission"),
    ("missions:mission-copy", "mission"),
    ("missions:mission-acquaintances", "mission"),
    ("missions:city-acquaintances", "city"),
    ("missions:task-create", "mission"),
    ("missions:checklist-apply", "mission"),
    ("missions:checklist-list", None),
    ("missions:checklist-create", None),
    ("missions:checklist-update", "checklist"),
    ("missions:mission-detail", "mission"),
    ("missions:mission-programme", "mission"),
    ("missions:mission-report", "mission"),
    ("missions:mission-briefing", "mission"),
    ("missions:mission-delegation", "mission"),
    ("missions:mission-whereabouts", "mission"),
    ("missions:delegate-detail", "place"),
    ("missions:delegate-create", "on_mission"),
    ("missions:delegate-update", "place"),
    ("missions:delegate-remove", "place"),
    ("missions:delegate-link", "place"),
    ("missions:delegate-page", "token"),
    ("missions:mission-debrief", "mission"),
    ("missions:meeting-detail", "meeting"),
    ("missions:meeting-log", None),
    ("missions:meeting-update", "meeting"),
    ("missions:meeting-reschedule", "meeting"),
    ("missions:agreement-detail", "agreement"),
    ("missions:agreement-create", None),
    ("missions:agreement-update", "agreement"),
    ("missions:followup-create", None),
    ("missions:followup-update", "followup"),
    ("missions:followup-drop", "followup"),
]

# The admin: of each model the list, the form for a new one, one that is there and its history.
MODELS = {
    "partners_organisation": "organisation",
    "partners_person": "person",
    "partners_city": "city",
    "partners_sector": None,
    "missions_mission": "mission",
    "missions_meeting": "meeting",
    "missions_followup": "followup",
    "missions_agreement": "agreement",
    "crm_user": None,
    "crm_export": None,
}


def named(world: dict[str, Any], what: str | None) -> list[Any]:
    """What of the world an address names, one thing or several."""
    found = world[what] if what else []
    return [*found] if isinstance(found, tuple | list) else [found]


def findings(page: Any, addresses: list[str], width: int) -> list[str]:
    found: list[str] = []
    for address in addresses:
        page.goto(address)
        found += axe_findings(page)
        if width < 600 and scrolls_sideways(page):
            found.append(f"{address} scrolls sideways at {width}")
    return found


@pytest.mark.parametrize(("theme", "width"), THEMES_AND_WIDTHS)
def test_the_pages_before_signing_in(page_as: PageAs, theme: str, width: int):
    page = page_as(None, theme=theme, width=width)
    assert not findings(page, STRANGERS, width)


@pytest.mark.parametrize(("theme", "width"), THEMES_AND_WIDTHS)
def test_the_pages(page_as: PageAs, world: dict[str, Any], theme: str, width: int):
    language = "it" if theme == "dark" else "en"
    page = page_as("Administrator", language, theme, width)
    addresses = [reverse(name, args=named(world, what)) for name, what in PAGES]
    addresses += [f"{reverse('search')}?q={q}" for q in ("tokyo", "guarantees&kind=meetings", "qx")]
    merging = reverse("partners:organisation-merge", args=[world["organisation"]])
    addresses.append(f"{merging}?with={world['twin']}")
    addresses.append("&with=".join([f"{merging}?with={world['twin']}", *map(str, world["more"])]))
    assert not findings(page, addresses, width)


@pytest.mark.parametrize(("theme", "width"), [("dark", 1280), ("light", 390)])
def test_the_admin(page_as: PageAs, world: dict[str, Any], theme: str, width: int):
    language = "en" if theme == "dark" else "it"
    page = page_as("Administrator", language, theme, width)
    addresses = [reverse("admin:index")]
    for model, what in MODELS.items():
        addresses.append(reverse(f"admin:{model}_changelist"))
        if model != "crm_export":
            addresses.append(reverse(f"admin:{model}_add"))
        if what:
            addresses += [
                reverse(f"admin:{model}_{page}", args=[world[what]])
                for page in ("change", "history")
            ]
    assert not findings(page, addresses, width)
