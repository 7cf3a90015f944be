"""The debrief in a browser: eight meetings from the keyboard; what was typed outlives a session."""

import re

import pytest
from playwright.sync_api import Page, expect

from missions.models import FollowUp, Meeting, Mission
from tests.browser.conftest import assert_axe_clean, scrolls_sideways, session_cookie
from tests.factories import (
    make_city,
    make_delegate,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_stop,
)

# Whom, what came of it, how warm (times to press “right”), what next, by when.
SAID = [
    ("Embassy of Italy", "They will open doors.", 3, "Thank the Ambassador", "Friday"),
    ("Shibuya Start-up Support", "Two joint projects.", 3, "Send the start-ups", "in 2 weeks"),
    ("Central Japan Economic Federation", "Polite, no more.", 2, "", ""),
    ("Nagoya Innovator’s Garage", "They want laboratories.", 4, "Propose dates", "in 3 days"),
    ("Incubator of Nagoya University", "Students will come.", 3, "Write to the rector", "1/2/2030"),
    ("Japan Finance Corporation", "They will see the draft.", 3, "Send the draft", "next week"),
    ("AIRC Consortium", "Not for now.", 1, "", ""),
    ("Tokyo Metropolitan Institute", "A visit in spring.", 4, "Invite them", "in 2 months"),
]
# Ten minutes for eight meetings leave this many keys, at two a second.
KEYS = 1200


@pytest.fixture
def mission(db: None) -> Mission:
    mission = make_mission()
    stop = make_stop(mission, make_city("Tokyo"))
    region = make_organisation("Regione Liguria", country="IT", side="home")
    make_delegate(mission, region, person=make_person("Giulia", "Parodi", region))
    make_delegate(mission, region, person=make_person("Luca", "Canepa", region))
    for number, (name, *_said) in enumerate(SAID, start=1):
        partner = make_organisation(name)
        make_person("Haruka", "Tanabe", partner)
        make_meeting(
            [partner],
            mission=mission,
            stop=stop,
            position=number,
            title=f"Meeting {number}",
            status="planned",
        )
    return mission


def outcome(page: Page, number: int = 1):
    return page.locator("textarea[name$=-outcome]").nth(number - 1)


def saved(page: Page) -> None:
    page.get_by_role("button", name="Save the debrief").last.click()
    expect(page.locator(".message")).to_contain_text("saved")


def test_eight_meetings_are_debriefed_from_the_keyboard(page_as, mission):
    page = page_as()
    page.goto(f"/missions/{mission.pk}/debrief/")
    page.locator("input[name$=-status]:checked").first.focus()
    keys = 0

    def press(key: str, times: int = 1) -> None:
        nonlocal keys
        keys += times
        for _time in range(times):
            page.keyboard.press(key)

    def type_in(text: str) -> None:
        nonlocal keys
        keys += len(text)
        page.keyboard.type(text)

    for number, (_name, came, warmth, following, due) in enumerate(SAID):
        if number:
            # Past the buttons under the last row to the next one's first choice.
            while not page.evaluate(
                "number => document.activeElement.matches('[name$=-status]') && "
                "document.activeElement.closest('[data-row]') === "
                "document.querySelectorAll('[data-row]')[number]",
                number,
            ):
                press("Tab")
        press("ArrowRight")  # from “Still planned” round to “Held”
        press("Tab")
        press("ArrowRight", warmth)
        press("Tab")
        type_in(came)
        press("Tab", 2)
        type_in(following)
        press("Tab")
        type_in(due)
    press("Control+Enter")
    expect(page.locator(".message")).to_contain_text("8 meetings saved.")
    rows = [(m.outcome, m.temperature) for m in mission.meetings.held().order_by("position")]
    assert rows == [(came, warmth) for _name, came, warmth, *_next in SAID]
    assert FollowUp.objects.exclude(due_on=None).count() == 6
    assert all(meeting.attendances.count() == 2 for meeting in mission.meetings.all())
    assert keys < KEYS, keys


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_it_is_a_card_for_each_meeting(page_as, mission, theme):
    page = page_as(width=390, theme=theme)
    page.goto(f"/missions/{mission.pk}/debrief/")
    page.locator(".attended summary").first.click()
    page.get_by_label("Luca Canepa").first.uncheck()
    expect(page.locator("[data-count=ours]").first).to_contain_text("1/2")
    outcome(page).fill("They agree.")
    expect(page.get_by_role("radio", name="Held").first).to_be_checked()
    page.get_by_role("button", name="Another promise").first.click()
    page.locator("[name$=promises-1-what]").first.fill("Send the list")
    assert not scrolls_sideways(page)
    assert_axe_clean(page)
    saved(page)
    meeting = Meeting.objects.held().get()
    assert [one.person.given_name for one in meeting.attendances.all()] == ["Giulia"]
    assert FollowUp.objects.get().what == "Send the list"


def expect_drafts(page: Page, count: int) -> None:
    page.wait_for_function(
        "n => Object.keys(localStorage).filter(k => k.startsWith('ponti')).length === n", arg=count
    )


def test_what_was_typed_outlives_the_session_and_is_forgotten_once_saved(
    page_as, mission, live_server
):
    page = page_as()
    address = f"/missions/{mission.pk}/debrief/"
    page.goto(address)
    outcome(page).fill("They will sign.\nSoon.")
    page.get_by_role("button", name="Another promise").first.click()
    page.locator("[name$=promises-1-what]").first.fill("Send the list")
    expect(page.locator("[data-part=draft-state]")).to_contain_text("Kept in this browser")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save the debrief").last.click()
    page.wait_for_url(re.compile("/accounts/login/"))
    page.context.add_cookies([session_cookie("Officer", "en", "light", live_server.url)])
    page.goto(address)
    expect(page.locator("[data-part=offer]")).to_contain_text("You had typed something here")
    assert_axe_clean(page)
    page.get_by_role("button", name="Put it back").click()
    expect(outcome(page)).to_have_value("They will sign.\nSoon.")
    expect(page.locator("[name$=promises-1-what]").first).to_have_value("Send the list")
    assert not Meeting.objects.held().exists()
    saved(page)
    assert Meeting.objects.held().get().outcome == "They will sign.\nSoon."
    expect_drafts(page, 0)
    page.goto(address)
    expect(page.locator("[data-part=offer]")).to_be_hidden()


def test_a_reload_offers_what_was_typed_and_discarding_forgets_it(page_as, mission):
    page = page_as()
    page.goto(f"/missions/{mission.pk}/debrief/")
    outcome(page).fill("They will sign.")
    expect(page.locator("[data-part=draft-state]")).to_contain_text("Kept in this browser")
    page.reload()
    expect(outcome(page)).to_have_value("")
    page.get_by_role("button", name="Discard it").click()
    expect_drafts(page, 0)
    page.reload()
    expect(page.locator("[data-part=offer]")).to_be_hidden()


def test_a_draft_shows_to_nobody_else_and_is_gone_after_signing_out(page_as, mission, live_server):
    page = page_as()
    address = f"/missions/{mission.pk}/debrief/"
    page.goto(address)
    outcome(page).fill("They will sign.")
    expect(page.locator("[data-part=draft-state]")).to_contain_text("Kept in this browser")
    page.context.add_cookies([session_cookie("Steward", "en", "light", live_server.url)])
    page.goto(address)
    expect(page.locator("[data-part=offer]")).to_be_hidden()
    expect_drafts(page, 1)
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    expect_drafts(page, 0)


def test_a_meeting_being_logged_is_kept_too(page_as, db, live_server):
    make_organisation()
    page = page_as()
    page.goto("/meetings/log/")
    page.locator("#id_who").press_sequentially("japan")
    page.locator("[role=option]").filter(has_text="Japan Finance").first.click()
    page.locator("#id_outcome").fill("They will sign.")
    expect(page.locator("[data-part=draft-state]")).to_contain_text("Kept in this browser")
    page.context.clear_cookies(name="sessionid")
    page.locator("[data-save]").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    page.context.add_cookies([session_cookie("Officer", "en", "light", live_server.url)])
    page.goto("/meetings/log/")
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#id_outcome")).to_have_value("They will sign.")
    expect(page.locator(".token")).to_contain_text(["Japan Finance Corporation"])
    page.locator("[data-save]").click()
    page.wait_for_url(re.compile(r"/meetings/\d+/$"))
    expect_drafts(page, 0)
    assert Meeting.objects.get().outcome == "They will sign."
