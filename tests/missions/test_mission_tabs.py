"""The links between the pages of one mission."""

from datetime import date

import pytest
from django.test import RequestFactory
from django.urls import reverse

from missions.views import mission_page
from tests.factories import make_mission
from tests.reading import words


def asked(user, path):
    request = RequestFactory().get(path)
    request.user = user
    return request


def test_a_page_that_does_not_exist_has_no_link(reader, monkeypatch):
    mission = make_mission()
    monkeypatch.setattr(
        mission_page,
        "PAGES",
        [("missions:mission-detail", "Workbench"), ("missions:mission-nothing", "Nothing")],
    )
    found = mission_page.tabs(asked(reader, f"/missions/{mission.pk}/"), mission)
    assert found == [(f"/missions/{mission.pk}/", "Workbench", "page")]


def test_a_page_that_stays_closed_to_the_reader_has_no_link(reader, officer, monkeypatch):
    mission = make_mission()
    monkeypatch.setattr(mission_page, "PAGES", [("missions:meeting-update", "Closed to readers")])
    assert not mission_page.tabs(asked(reader, "/"), mission)
    assert mission_page.tabs(asked(officer, "/"), mission)


def test_a_page_below_a_page_marks_it_as_where_one_is(reader, monkeypatch):
    mission = make_mission()
    monkeypatch.setattr(mission_page, "PAGES", [("missions:meeting-detail", "Meeting")])
    (tab,) = mission_page.tabs(asked(reader, f"/meetings/{mission.pk}/more/"), mission)
    assert tab.here == "true"


def test_who_may_change_the_mission_finds_where(officer_client, reader_client):
    address = f"/missions/{make_mission().pk}/"
    assert "Edit all fields" in words(officer_client.get(address))
    assert "Edit all fields" not in words(reader_client.get(address))


@pytest.mark.parametrize(
    "name", ["detail", "delegation", "debrief", "report", "acquaintances", "briefing"]
)
def test_each_page_of_a_mission_has_its_title_and_its_dates_as_heading(officer_client, name):
    mission = make_mission(starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 12))
    page = officer_client.get(reverse(f"missions:mission-{name}", args=[mission.pk]))
    assert f"<h1>{mission.title}</h1>" in page.content.decode()
    assert "8–12 March 2027" in words(page)
