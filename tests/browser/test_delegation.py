"""The delegation in a browser: changed in place, somebody new named, ticks that don't matter."""

import re

import pytest
from playwright.sync_api import expect

from missions.models import Delegate
from tests.browser.conftest import PageAs
from tests.factories import make_user
from tests.journeys import Journey, make_journey


@pytest.fixture
def trip(db: None) -> Journey:
    return make_journey(make_user("planner@example.org", "Officer"))


def test_a_status_is_changed_where_it_stands(page_as: PageAs, trip: Journey):
    page = page_as("Officer")
    page.goto(f"/missions/{trip.mission.pk}/delegation/")
    place = trip.delegates[2]
    page.get_by_label("Status of Istituto Italiano di Tecnologia").select_option("confirmed")
    expect(page.locator("#messages")).to_contain_text("Member, Confirmed.")
    expect(page.locator("#delegation-counts")).to_contain_text("4 confirmed")
    # The row that came back carries the new version: it can be changed again at once.
    page.get_by_label("Role of Istituto Italiano di Tecnologia").select_option("speaker")
    expect(page.locator("#messages")).to_contain_text("Speaker, Confirmed.")
    place.refresh_from_db()
    assert (place.role, place.status) == ("speaker", "confirmed")


def test_people_of_the_organisation_are_offered_before_one_types(page_as: PageAs, trip: Journey):
    page = page_as("Officer")
    page.goto(f"/missions/{trip.mission.pk}/delegation/{trip.delegates[2].pk}/edit/")
    page.get_by_role("combobox", name="Person").focus()
    expect(page.get_by_role("option", name="Luca Canepa")).to_be_visible()
    page.get_by_role("button", name="Remove Istituto Italiano di Tecnologia").click()
    page.get_by_role("combobox", name="Place held for").fill("regione")
    page.get_by_role("option", name="Regione Liguria").click()
    page.get_by_role("combobox", name="Person").focus()
    expect(page.get_by_role("option", name="Giulia Parodi")).to_be_visible()


def test_somebody_new_is_named_from_the_box(page_as: PageAs, trip: Journey):
    page = page_as("Officer")
    place = trip.delegates[2]
    page.goto(f"/missions/{trip.mission.pk}/delegation/{place.pk}/edit/")
    page.get_by_role("combobox", name="Person").fill("Anna Ferro")
    page.get_by_role("option", name="Add “Anna Ferro” as a new person").click()
    expect(page.get_by_label("Family name")).to_have_value("Ferro")
    page.get_by_label("Job title").fill("Engineer")
    page.get_by_role("main").get_by_role("button", name="Save").last.click()
    expect(page.locator(f"#place-{place.pk}")).to_contain_text("Anna Ferro")
    assert str(Delegate.objects.get(pk=place.pk).person) == "Anna Ferro"


def test_without_the_tick_of_a_stop_those_of_its_meetings_fade(page_as: PageAs, trip: Journey):
    page = page_as("Officer")
    page.goto(f"/missions/{trip.mission.pk}/delegation/where/")
    faded = page.locator("td", has=page.get_by_label("Giulia Parodi goes to Visit to the Garage"))
    page.get_by_label("Giulia Parodi goes to 2. Nagoya").uncheck()
    expect(faded).to_have_class(re.compile("moot"))
    page.get_by_label("Giulia Parodi goes to 2. Nagoya").press("Space")
    expect(faded).not_to_have_class(re.compile("moot"))


def test_on_a_phone_one_delegate_at_a_time(page_as: PageAs, trip: Journey):
    page = page_as("Officer", width=390)
    page.goto(f"/missions/{trip.mission.pk}/delegation/where/")
    page.get_by_role("link", name="Giulia Parodi").click()
    page.get_by_label("Giulia Parodi goes to Round table").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("Saved: 1 change.")
