"""The administration in a real browser: axe, the policy, and its scripts at work."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PageAs, axe_findings, scrolls_sideways
from tests.factories import (
    make_city,
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_sector,
    make_stop,
)

VIOLATION = """
document.addEventListener("securitypolicyviolation", (event) => {
  (window.broken ??= []).push(`${event.violatedDirective} ${event.sourceFile}`);
});
"""


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    tokyo = make_city("Tokyo", native_name="東京")
    jfc = make_organisation(
        "Japan Finance Corporation", tokyo, [make_sector()], native_name="日本政策金融公庫"
    )
    person = make_person(organisation=jfc, native_name="田辺 遥")
    mission = make_mission()
    meeting = make_meeting([jfc], [person], mission=mission, stop=make_stop(mission, tokyo))
    make_followup(jfc, meeting=meeting, person=person)
    return {"organisation": jfc, "person": person, "mission": mission, "meeting": meeting}


def addresses(world: dict[str, Any]) -> list[str]:
    organisation = f"/admin/partners/organisation/{world['organisation'].pk}"
    version = world["organisation"].history.earliest().history_id
    return [
        "/admin/",
        "/admin/partners/",
        "/admin/partners/organisation/",
        "/admin/partners/organisation/add/",
        f"{organisation}/change/",
        f"{organisation}/history/",
        f"{organisation}/history/{version}/",
        f"{organisation}/delete/",
        f"{organisation}/archive/",
        "/admin/partners/person/?q=tanabe",
        "/admin/partners/person/add/?_popup=1",
        "/admin/partners/sector/add/",
        "/admin/missions/meeting/",
        f"/admin/missions/meeting/{world['meeting'].pk}/change/",
        f"/admin/missions/mission/{world['mission'].pk}/change/",
        "/admin/missions/followup/",
        "/admin/crm/user/",
        "/admin/crm/user/add/",
        "/admin/crm/export/",
    ]


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_axe_finds_nothing_in_the_administration(
    page_as: PageAs, world: dict[str, Any], theme: str, width: int
):
    page = page_as("Administrator", "it" if theme == "dark" else "en", theme, width)
    found: list[str] = []
    for address in addresses(world):
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, address
        found += axe_findings(page)
        if scrolls_sideways(page):
            found.append(f"{address} scrolls sideways at {width}")
    assert not found, "\n".join(found)


def test_the_policy_is_kept_on_every_page(page_as: PageAs, world: dict[str, Any]):
    page = page_as("Administrator")
    page.add_init_script(VIOLATION)
    for address in addresses(world):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.broken ?? []") == [], address


def test_a_meeting_is_logged_with_autocomplete_and_a_line_more(
    page_as: PageAs, world: dict[str, Any]
):
    page = page_as("Officer")
    page.add_init_script(VIOLATION)
    page.goto("/admin/missions/meeting/add/")
    page.locator(".field-organisations .select2-selection").click()
    page.keyboard.type("日本政策")
    page.get_by_role("option", name="Japan Finance Corporation").click()
    page.get_by_label("Outcome").fill("They accept the wording.")
    page.locator("#follow_ups-group .add-row a").click()
    page.locator("#id_follow_ups-1-what").fill("Send the list of firms")
    assert page.evaluate("window.broken ?? []") == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#result_list")).to_contain_text("Japan Finance Corporation")
    organisation = world["organisation"]
    assert organisation.follow_ups.filter(what="Send the list of firms").exists()
