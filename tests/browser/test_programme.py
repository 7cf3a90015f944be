"""The programme on the road: small, printed, read without a network, gone after signing out."""

from datetime import date, time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from missions.models import Meeting
from tests.browser.conftest import PageAs, assert_axe_clean
from tests.factories import make_meeting, make_person
from tests.journeys import Journey, make_journey

BUDGET = 100_000  # bytes over the wire, everything that the page loads


@pytest.fixture
def journey(db: None) -> Journey:
    return make_journey()


@pytest.fixture
def programme(journey: Journey) -> str:
    return f"/missions/{journey.mission.pk}/programme/"


def open_and_keep(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text("Saved on this device, last updated")).to_be_visible()


def test_thirty_meetings_weigh_under_100_kb_even_uncompressed(
    page_as: PageAs, journey: Journey, programme: str
) -> None:
    partner = journey.partners["jfc"]
    for count in range(24):
        person = make_person(
            "Haruka", f"Tanabe{count}", partner, "Director", phone="+81 3 5253 1111"
        )
        make_meeting(
            [partner],
            [person],
            mission=journey.mission,
            stop=journey.stops[0],
            status="planned",
            title=f"Financing of small firms, talk {count}",
            local_date=date(2027, 3, 8 + count % 5),
            local_time=time(8 + count % 10),
            purpose="A joint guarantee fund for firms that work on both sides.",
        )
    page = page_as(width=390)
    sizes: dict[str, int] = {}

    def weigh(response: Any) -> None:
        head = "".join(f"{name}: {value}\r\n" for name, value in response.headers.items())
        sizes[response.url] = sizes.get(response.url, 0) + len(response.body()) + len(head)

    page.context.on("response", weigh)
    open_and_keep(page, programme)
    expect(page.get_by_role("listitem").filter(has=page.get_by_role("heading"))).to_have_count(30)
    assert sum(sizes.values()) < BUDGET, sizes
    print(sizes)


def test_it_stays_readable_without_a_network_and_on_reload(
    page_as: PageAs, journey: Journey, programme: str
) -> None:
    page = page_as(width=390)
    open_and_keep(page, programme)
    expect(page.get_by_text("You’re offline.")).to_be_hidden()
    Meeting.objects.filter(pk=journey.meetings[0].pk).update(title="Changed meanwhile")
    page.context.set_offline(True)
    expect(page.get_by_text("You’re offline.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Welcome by the Ambassador")).to_be_visible()
    expect(page.get_by_text("You’re offline.")).to_be_visible()
    expect(page.get_by_text("Saved on this device, last updated")).to_be_visible()
    colour = page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize")
    assert colour == "26px"  # its style is there too
    assert_axe_clean(page)
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_role("heading", name="Changed meanwhile")).to_be_visible()


def test_after_signing_out_nothing_of_it_is_left_on_the_device(
    page_as: PageAs, programme: str
) -> None:
    page = page_as()
    open_and_keep(page, programme)
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")
    page.wait_for_function("async () => (await caches.keys()).length === 0")
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(programme)


def test_whoever_may_no_longer_see_it_loses_what_was_kept(page_as: PageAs, programme: str) -> None:
    page = page_as()
    open_and_keep(page, programme)
    page.context.clear_cookies()
    page.goto(programme)
    expect(page).to_have_title("Sign in · Ponti")
    page.wait_for_function("async () => (await caches.keys()).length === 0")


def test_it_prints_on_a4_without_what_is_for_the_screen(page_as: PageAs, programme: str) -> None:
    page = page_as()
    open_and_keep(page, programme)
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Workbench")).to_be_hidden()
    expect(page.get_by_role("link", name="It was held").first).to_be_hidden()
    expect(page.get_by_role("heading", name="Welcome by the Ambassador")).to_be_visible()


def test_the_day_that_it_is_there_is_marked_on_the_device(
    page_as: PageAs, journey: Journey, programme: str
) -> None:
    page = page_as()
    page.clock.set_fixed_time("2027-03-07T23:30:00Z")  # the 8th in Tokyo
    page.goto(programme)
    expect(page.locator("#day-2027-03-08").get_by_text("Today")).to_be_visible()
    page.get_by_role("link", name="Today").click()
    expect(page).to_have_url(f"{page.url.split('#')[0]}#day-2027-03-08")
