"""The first story: a meeting is logged on a phone, and shows on the partner’s timeline."""

import re

import pytest
from playwright.sync_api import Page, expect

from missions.models import FollowUp, Meeting
from partners.models import Organisation, Person
from tests.browser.conftest import assert_axe_clean, scrolls_sideways
from tests.factories import make_followup, make_meeting, make_organisation, make_person

PHONE = 390
DUE = {"en": "1 December", "it": "1 dicembre"}


@pytest.fixture
def bank() -> Organisation:
    bank = make_organisation(native_name="日本政策金融公庫")
    make_person("Kenji", "Morikawa", bank, "Deputy manager", native_name="森川 健司")
    return bank


def whom(page: Page):
    return page.locator("#id_who")


def pick(page: Page, typed: str, option: str) -> None:
    """Types into the box and takes the option that says so."""
    whom(page).press_sequentially(typed)
    page.locator("[role=option]").filter(has_text=option).first.click()


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("it", "dark")])
def test_a_meeting_is_logged_on_a_phone(page_as, bank, language, theme):
    page = page_as(language=language, theme=theme, width=PHONE)
    page.goto(bank.get_absolute_url())
    page.keyboard.press("n")
    expect(page.locator(".token")).to_contain_text(["Japan Finance Corporation"])

    pick(page, "mori", "Morikawa")
    pick(page, "Yuki Sawatari", "Yuki Sawatari")
    page.locator("[name^=new_people][name$=-job_title]").fill("Secretary")
    page.locator("[name^=new_people][name$=-job_title]").press("Enter")
    expect(page.locator(".token")).to_contain_text(
        ["Japan Finance Corporation", "Kenji Morikawa", "Yuki Sawatari"]
    )
    page.locator("#id_outcome").fill("They will sign the annex.")
    page.locator("[name=follow_ups-0-what]").fill("Send the list of firms")
    page.locator("[name=follow_ups-0-due_on]").fill(DUE[language])
    assert not scrolls_sideways(page)
    assert_axe_clean(page)
    page.locator("[data-save]").click()

    page.wait_for_url(re.compile(re.escape(bank.get_absolute_url()) + "$"))
    expect(page.locator("main")).to_contain_text("They will sign the annex.")
    expect(page.locator("main")).to_contain_text("Send the list of firms")
    meeting = Meeting.objects.get()
    assert {one.name for one in meeting.people.all()} == {"Kenji Morikawa", "Yuki Sawatari"}
    assert Person.objects.working_for([bank.pk]).filter(given_name="Yuki").exists()
    due_on = FollowUp.objects.get().due_on
    assert due_on is not None
    assert (due_on.month, due_on.day) == (12, 1)


def test_the_box_is_driven_from_the_keyboard(page_as, bank):
    page = page_as()
    page.goto("/meetings/log/")
    box = whom(page)
    expect(box).to_be_focused()
    box.press_sequentially("mor")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("combo-list"))
    expect(page.get_by_role("status").filter(has_text="found")).to_have_count(1)
    box.press("Enter")
    expect(page.locator(".token")).to_contain_text(["Kenji Morikawa"])
    box.press_sequentially("jap")
    expect(page.locator("[role=option]").first).to_contain_text("Japan Finance")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("Escape")
    expect(box).to_have_value("")
    box.press("Backspace")
    expect(page.locator(".token")).to_have_count(0)


def test_what_is_open_with_them_appears_and_is_ticked(page_as, bank):
    promise = make_followup(bank)
    make_meeting([bank], outcome="They accept the wording.")
    page = page_as()
    page.goto("/meetings/log/")
    pick(page, "japan", "Japan Finance")
    expect(page.locator("#log-rail")).to_contain_text("They accept the wording.")
    page.get_by_label("Send the list of RAISE start-ups").check()
    page.locator("[data-save]").click()
    page.wait_for_url(re.compile(r"/meetings/\d+/$"))
    promise.refresh_from_db()
    assert promise.is_done


def test_a_wrong_date_is_mended_in_place(page_as, bank):
    page = page_as(width=PHONE)
    page.goto(f"/meetings/log/?organisation={bank.pk}")
    page.locator("[name=follow_ups-0-what]").fill("Send the list")
    page.locator("[name=follow_ups-0-due_on]").fill("31 November 2026")
    page.get_by_role("button", name="Another promise").click()
    page.locator("[name=follow_ups-1-what]").fill("Propose dates")
    page.locator("[data-save]").click()
    expect(page.locator("#id_follow_ups-0-due_on_error")).to_contain_text("November has 30 days.")
    assert_axe_clean(page)
    page.get_by_role("button", name="30 November 2026").click()
    expect(page.locator("#id_follow_ups-0-due_on_error")).to_have_count(0)
    page.locator("[data-save]").click()
    page.wait_for_url(re.compile(r"/partners/"))
    assert [one.what for one in FollowUp.objects.order_by("pk")] == [
        "Send the list",
        "Propose dates",
    ]


def test_without_scripts_find_offers_the_choices(page_as, bank):
    page = page_as(width=PHONE, java_script_enabled=False)
    page.goto("/meetings/log/")
    page.get_by_label("Outcome").fill("They agree.")
    whom(page).fill("japan")
    page.locator("button[name=find][value=who]").click()
    page.locator(f"[name=who][value=organisation-{bank.pk}]").check()
    whom(page).fill("森川")
    page.locator("button[name=find][value=who]").click()
    page.locator("[name=who][value^=person]").check()
    whom(page).fill("")
    page.get_by_text("Add a new person").click()
    page.get_by_label("Given name").fill("Yuki")
    page.get_by_role("button", name="Another promise").click()
    page.locator("[name=follow_ups-1-what]").fill("Send the list")
    assert not scrolls_sideways(page)
    page.locator("[data-save]").click()
    page.wait_for_url(re.compile(r"/meetings/\d+/$"))
    meeting = Meeting.objects.get()
    assert meeting.outcome == "They agree."
    assert list(meeting.organisations.all()) == [bank]
    assert meeting.people.count() == 2
    assert FollowUp.objects.get().what == "Send the list"


def test_who_looks_like_somebody_we_know_is_said_under_what_is_typed(page_as, bank):
    page = page_as(width=PHONE)
    page.goto("/meetings/log/")
    pick(page, "Morikawa Kenji", "new person")
    hint = page.locator("[data-panel^=new_people] .alike-typed")
    expect(hint).to_contain_text("This looks like one that we have")
    expect(hint).to_contain_text("Kenji Morikawa")
    assert_axe_clean(page)
