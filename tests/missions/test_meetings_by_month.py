"""Meetings held in each of the last months: a picture above the list, of what the list finds."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from missions.models import Meeting
from tests.factories import make_meeting, make_mission

pytestmark = pytest.mark.django_db
URL = "/meetings/"


def months(client: Client, query: str = "") -> dict[str, int]:
    chart = client.get(f"{URL}?{query}").context["months"]
    return {column.label: column.value for column in chart.columns if column.value}


def test_only_meetings_held_on_a_known_day_are_counted(reader_client):
    make_meeting(local_date=date(2025, 3, 1))
    make_meeting(local_date=date(2025, 3, 31))
    make_meeting(local_date=date(2025, 4, 1))
    make_meeting(local_date=date(2025, 3, 5), status=Meeting.Status.CANCELLED)
    make_meeting()
    assert months(reader_client, "until=2025-12-31") == {"March 2025": 2, "April 2025": 1}


def test_the_picture_follows_the_filters_of_the_list(reader_client):
    mission = make_mission()
    make_meeting(local_date=date(2025, 3, 1), mission=mission)
    make_meeting(local_date=date(2025, 3, 1))
    assert months(reader_client, f"mission={mission.pk}&until=2025-12-31") == {"March 2025": 1}
    assert months(reader_client, "status=planned&until=2025-12-31") == {}


def test_each_month_leads_to_a_list_of_as_many_meetings(reader_client):
    make_meeting(local_date=date(2025, 3, 1))
    make_meeting(local_date=date(2025, 3, 31))
    make_meeting(local_date=date(2025, 3, 15), status=Meeting.Status.CANCELLED)
    chart = reader_client.get(f"{URL}?year=2025&until=2025-12-31").context["months"]
    drawn = next(column for column in chart.columns if column.value)
    assert reader_client.get(URL + drawn.url).context["filterset"].found == drawn.value == 2


def test_two_years_are_drawn_up_to_this_month(reader_client):
    today = timezone.localdate()
    make_meeting(local_date=today)
    make_meeting(local_date=today - timedelta(days=800))
    chart = reader_client.get(URL).context["months"]
    assert (len(chart.columns), chart.total, chart.columns[-1].value) == (24, 1, 1)


def test_it_is_readable_as_a_table(reader_client):
    make_meeting(local_date=timezone.localdate())
    assert b"Meetings held in each month" in reader_client.get(URL).content
    assert b"As a table" in reader_client.get(URL).content
