"""The second story: down to a partner by city and by sector, in both languages and themes."""

import pytest
from playwright.sync_api import expect

from partners.models import Organisation
from tests.browser.conftest import PageAs, assert_axe_clean, scrolls_sideways
from tests.factories import make_city, make_meeting, make_organisation, make_sector

WORDS = {
    "en": {"city": "By city", "sector": "By sector", "found": "1 partner", "met": "unknown"},
    "it": {"city": "Per città", "sector": "Per settore", "found": "1 partner", "met": "ignota"},
}


@pytest.fixture
def federation(db: None) -> Organisation:
    nagoya = make_city("Nagoya", native_name="名古屋")
    research = make_sector("Research and innovation", name_it="Ricerca e innovazione")
    academia = make_sector("Academia and industry", research, name_it="Università e imprese")
    federation = make_organisation(
        "Central Japan Economic Federation",
        nagoya,
        [academia],
        kind="federation",
        native_name="中部経済連合会",
    )
    make_meeting([federation], title="Discussion with the federation", local_date=None)
    make_organisation("Japan Finance Corporation", make_city("Tokyo"))
    return federation


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("it", "dark")])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_partner_is_reached_by_its_city(page_as: PageAs, federation, language, theme, width):
    page, words = page_as("Reader", language, theme, width), WORDS[language]
    page.goto("/partners/")
    page.get_by_role("link", name=words["city"], exact=True).click()
    page.wait_for_url("**/cities/")
    page.get_by_role("link", name="Nagoya").first.click()
    page.wait_for_url("**/cities/*/")
    page.get_by_role("link", name="Central Japan Economic Federation").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("中部経済連合会")
    expect(page.locator("main")).to_contain_text("Discussion with the federation")
    expect(page.locator("main")).to_contain_text(words["met"])
    assert not scrolls_sideways(page)
    assert_axe_clean(page)


@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("it", "light")])
def test_a_partner_is_reached_by_its_sector(page_as: PageAs, federation, language, theme):
    page, words = page_as("Reader", language, theme), WORDS[language]
    page.goto("/partners/")
    page.get_by_role("link", name=words["sector"], exact=True).click()
    page.wait_for_url("**/sectors/")
    sector = {"en": "Research and innovation", "it": "Ricerca e innovazione"}[language]
    page.get_by_role("link", name=sector).first.click()
    page.wait_for_url("**/sectors/*/")
    page.get_by_role("link", name="Central Japan Economic Federation").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Central Japan")


def test_a_facet_narrows_and_the_back_button_widens(page_as: PageAs, federation):
    page = page_as("Reader")
    page.goto("/partners/")
    expect(page.locator("main")).to_contain_text("2 partners")
    page.locator("#facets").get_by_role("link", name="Nagoya").click()
    expect(page.locator("main")).to_contain_text("1 partner")
    assert "city=" in page.url
    page.go_back()
    expect(page.locator("main")).to_contain_text("2 partners")
