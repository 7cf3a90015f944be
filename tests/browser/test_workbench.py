"""A programme put in order on its page: by keyboard, by dragging, in place, and back again."""

import re

import pytest
from playwright.sync_api import Page, expect

from missions.models import Meeting
from tests.browser.conftest import PageAs, assert_axe_clean, scrolls_sideways
from tests.journeys import Journey, make_journey


@pytest.fixture
def journey(db: None) -> Journey:
    return make_journey()


def order(journey: Journey, stop: int) -> list[str]:
    rows = Meeting.objects.filter(stop=journey.stops[stop]).order_by("position", "pk")
    return list(rows.values_list("title", flat=True))


def opened(page: Page, journey: Journey) -> Page:
    page.goto(f"/missions/{journey.mission.pk}/")
    return page


def test_a_meeting_moves_by_keyboard_keeps_the_focus_and_moves_back(page_as: PageAs, journey):
    page = opened(page_as("Officer"), journey)
    meeting = journey.meetings[2]
    page.locator(f"#meeting-{meeting.pk}-down").focus()
    page.keyboard.press("Enter")
    status = page.locator("#messages")
    expect(status).to_contain_text("was moved: number 2 of 3, Nagoya.")
    expect(page.locator(f"#meeting-{meeting.pk}-down")).to_be_focused()
    assert order(journey, 1)[:2] == ["Visit to the Garage", "Round table with the federation"]
    status.get_by_role("button", name="Undo").click()
    expect(page.locator("#messages")).to_contain_text("Undone: everything is where it was.")
    assert order(journey, 1)[:2] == ["Round table with the federation", "Visit to the Garage"]


def test_a_meeting_is_dragged_to_another_stop_and_back(page_as: PageAs, journey):
    page = opened(page_as("Officer"), journey)
    dragged, under = journey.meetings[4], journey.meetings[5]
    grip = page.locator(f"#meeting-{dragged.pk} [data-grip]")
    grip.scroll_into_view_if_needed()
    grip.hover()
    page.mouse.down()
    box = page.locator(f"#meeting-{under.pk}").bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 4, steps=6)
    page.mouse.up()
    expect(page.locator("#messages")).to_contain_text("number 1 of 2, Tokyo.")
    assert order(journey, 2) == ["Laboratories, second talk", "Conclusions"]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#messages")).to_contain_text("Undone")
    assert order(journey, 2) == ["Conclusions"]


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_a_clash_is_mended_in_place(page_as: PageAs, journey, theme, width):
    page = opened(page_as("Officer", theme=theme, width=width), journey)
    meeting = journey.meetings[3]
    expect(page.locator("#look")).to_have_text(re.compile("3 things"))
    page.locator(f"#meeting-{meeting.pk}").hover()
    page.locator(f"#meeting-{meeting.pk}-when").click()
    page.get_by_label("Time", exact=True).fill("15:00")
    assert_axe_clean(page)
    assert not scrolls_sideways(page)
    page.locator(".reschedule").get_by_role("button", name="Save").click()
    expect(page.locator("#look")).to_have_text(re.compile("2 things"))
    expect(page.locator(f"#meeting-{meeting.pk}")).to_contain_text("15:00")
    # Further down the message stays in sight above what is read, as the head of the page does.
    page.evaluate("scrollTo(0, 0)")
    assert_axe_clean(page)


@pytest.mark.parametrize(("theme", "width"), [("dark", 1280), ("light", 390)])
def test_the_days_are_clean_and_lead_to_the_form(page_as: PageAs, journey, theme, width):
    page = page_as("Officer", theme=theme, width=width)
    page.goto(f"/missions/{journey.mission.pk}/?by=day")
    assert_axe_clean(page)
    assert not scrolls_sideways(page)
    page.get_by_role("link", name="Plan a meeting here").first.click()
    expect(page.get_by_label("Time", exact=True)).to_have_value("11:00")


def test_without_scripts_the_buttons_and_the_form_do_the_same(page_as: PageAs, journey):
    page = opened(page_as("Officer", java_script_enabled=False), journey)
    meeting = journey.meetings[2]
    page.locator(f"#meeting-{meeting.pk}").hover()
    page.locator(f"#meeting-{meeting.pk}-down").click()
    expect(page.locator("#messages")).to_contain_text("number 2 of 3")
    page.locator(f"#meeting-{meeting.pk}").hover()
    page.locator(f"#meeting-{meeting.pk}-when").click()
    page.get_by_label("Time", exact=True).fill("16:00")
    page.get_by_role("button", name="Save").last.click()
    expect(page.locator("#messages")).to_contain_text("was rescheduled.")
