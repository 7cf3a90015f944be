"""The box on top in a browser: suggestions by keyboard, by press, and without scripts."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PageAs, assert_axe_clean
from tests.factories import make_city, make_organisation, make_person


def test_a_slash_arrows_and_enter_open_what_is_suggested(page_as: PageAs):
    nagoya = make_city("Nagoya", native_name="名古屋")
    garage = make_organisation("Nagoya Innovator’s Garage", nagoya)
    page = page_as()
    page.goto("/preferences/")
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Search everything")
    expect(box).to_be_focused()
    page.keyboard.type("nagoya")
    options = page.locator(".suggestions").get_by_role("option")
    expect(options).to_have_count(3)
    expect(box).to_have_attribute("aria-expanded", "true")
    assert_axe_clean(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{page.url.split('/preferences')[0]}{garage.get_absolute_url()}")


def test_enter_without_a_choice_shows_everything_found(page_as: PageAs):
    make_person("Haruka", "Tanabe")
    page = page_as()
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("tanabe")
    expect(page.locator(".suggestions").get_by_role("option")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("“tanabe”")
    expect(page.get_by_role("main").get_by_role("link", name="Haruka Tanabe")).to_be_visible()


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(page_as: PageAs):
    make_person("Haruka", "Tanabe")
    page = page_as()
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("tan")
    expect(page.locator(".suggestions").get_by_role("option")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator("#find")).to_have_value("tan")


def test_what_is_offered_anew_has_nothing_chosen(page_as: PageAs):
    make_person("Haruka", "Tanabe")
    page = page_as()
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("tan")
    box = page.locator("#find")
    options = page.locator(".suggestions").get_by_role("option")
    expect(options).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    with page.expect_response("**/search/suggestions/?q=tana"):
        page.keyboard.type("a")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("“tana”")


def test_on_a_phone_a_suggestion_is_pressed(page_as: PageAs):
    make_person("Haruka", "Tanabe")
    page = page_as(width=390)
    page.goto("/")
    page.locator("#find").tap()
    page.keyboard.type("haruka")
    page.get_by_role("option", name="Haruka Tanabe").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Haruka Tanabe")


def test_the_box_needs_no_script(page_as: PageAs):
    make_person("Haruka", "Tanabe")
    page = page_as(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("searchbox", name="Search everything").fill("haruka")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_role("link", name="Haruka Tanabe")).to_be_visible()
