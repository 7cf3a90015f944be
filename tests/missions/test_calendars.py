"""Meetings as iCalendar, read back by a calendar's own parser."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from crm.models import User
from missions.calendars import meetings_of_delegate, meetings_of_user, zone
from missions.delegation import itinerary
from missions.models import Meeting
from tests.factories import (
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_private_link,
)
from tests.journeys import Journey

pytestmark = pytest.mark.django_db


def read(response: Any) -> dict[str, Any]:
    """The events of a calendar by their title."""
    assert response.status_code == 200
    made = Calendar.from_ical(response.content)
    assert not made.get_missing_tzids()
    return {str(one["summary"]): one for one in made.events}


def of(client: Client, meeting: Meeting) -> Any:
    """The one event of a meeting's own calendar."""
    return next(iter(read(client.get(f"/meetings/{meeting.pk}.ics")).values()))


def feed(link: Any, client: Client | None = None) -> Any:
    return (client or Client()).get(reverse("missions:calendar-feed", args=[link.token]))


def meet(**fields: Any) -> Meeting:
    return make_meeting(**{"title": "Talk", "local_date": date(2027, 3, 8), **fields})


def test_the_programme_is_a_calendar_of_its_dated_meetings(
    reader_client: Client, journey: Journey
) -> None:
    response = reader_client.get(f"/missions/{journey.mission.pk}/programme.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "spring-mission-to-japan.ics" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-cache"
    events = read(response)
    assert set(events) == {
        "Welcome by the Ambassador",
        "How small firms are financed",
        "Round table with the federation",
        "Visit to the Garage",
        "Confidential meeting",
    }
    assert events["Welcome by the Ambassador"]["location"] == "Mita 2-5-4, Minato, Tokyo, Japan"
    assert "日本政策金融公庫" in events["How small firms are financed"]["description"]
    made = Calendar.from_ical(response.content)
    assert made["x-wr-calname"] == made["name"] == "Spring mission to Japan"
    assert made.decoded("refresh-interval") == timedelta(hours=1)


def test_an_hour_of_the_night_the_clocks_change_is_the_right_instant(
    officer_client: Client,
) -> None:
    """Rome springs forward on 28 March 2027; Tokyo never does."""
    rome = meet(local_date=date(2027, 3, 28), local_time=time(3, 30), time_zone="Europe/Rome")
    tokyo = meet(local_date=date(2027, 3, 28), local_time=time(10), time_zone="Asia/Tokyo")
    assert of(officer_client, rome).start.astimezone(UTC) == datetime(
        2027, 3, 28, 1, 30, tzinfo=UTC
    )
    assert of(officer_client, tokyo).start.astimezone(UTC) == datetime(
        2027, 3, 28, 1, 0, tzinfo=UTC
    )
    assert of(officer_client, tokyo)["dtstart"].params["TZID"] == "Asia/Tokyo"
    before = meet(
        local_date=date(2027, 3, 28),
        local_time=time(1, 30),
        time_zone="Europe/Rome",
        duration=90,
    )
    assert of(officer_client, before).end == datetime(2027, 3, 28, 2, 0, tzinfo=UTC)


def test_of_two_equal_hours_the_calendar_has_the_one_that_was_meant(
    officer_client: Client,
) -> None:
    night = {"local_date": date(2026, 10, 25), "local_time": time(2, 30)}
    first = meet(time_zone="Europe/Rome", fold=0, **night)
    second = meet(time_zone="Europe/Rome", fold=1, **night)
    assert of(officer_client, first).start.astimezone(UTC) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )
    assert of(officer_client, second).start.astimezone(UTC) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


def test_clocks_go_forward_at_an_hour_of_the_clock_before() -> None:
    written = zone("Europe/Rome", 2026, 2029).to_ical().decode()
    assert "DTSTART:20260329T020000\r\nRDATE:20270328T020000,20280326T020000" in written
    assert "DTSTART:20261025T030000\r\nRDATE:20271031T030000,20281029T030000" in written


def test_a_rescheduled_meeting_keeps_its_uid_and_its_sequence_grows(
    officer_client: Client,
) -> None:
    meeting = meet(local_time=time(10), time_zone="Asia/Tokyo", status="planned")
    first = of(officer_client, meeting)
    meeting.local_time = time(15)
    meeting.save()
    second = of(officer_client, meeting)
    assert first["uid"] == second["uid"] == f"{meeting.key}@ponti"
    assert second["sequence"] > first["sequence"]
    assert second["last-modified"].dt >= first["last-modified"].dt
    assert second.start.hour == 15


def test_a_cancelled_meeting_says_so_that_programs_take_it_off(officer_client: Client) -> None:
    meeting = meet(status="cancelled")
    assert of(officer_client, meeting)["status"] == "CANCELLED"


def test_a_day_without_an_hour_is_the_whole_day_and_tentative(officer_client: Client) -> None:
    event = of(officer_client, meet(status="planned"))
    assert (event.start, event.end) == (date(2027, 3, 8), date(2027, 3, 9))
    assert event["status"] == "TENTATIVE"
    assert event["transp"] == "TRANSPARENT"


def test_a_meeting_lasts_an_hour_unless_it_says_otherwise(officer_client: Client) -> None:
    when = {"local_time": time(10), "time_zone": "Asia/Tokyo", "status": "planned"}
    assert of(officer_client, meet(**when)).duration == timedelta(hours=1)
    assert of(officer_client, meet(duration=25, **when)).duration == timedelta(minutes=25)
    assert of(officer_client, meet(**when))["status"] == "CONFIRMED"


def test_a_meeting_without_a_date_has_no_calendar(officer_client: Client) -> None:
    assert officer_client.get(f"/meetings/{make_meeting().pk}.ics").status_code == 404


def test_commas_breaks_and_emoji_come_back_as_they_were(officer_client: Client) -> None:
    purpose = "Rates; terms, and\\or\nguarantees 🤝\x07 <b>now</b>"
    meeting = meet(title="Talk, two;\r\nBEGIN:VEVENT 🍣", purpose=purpose)
    event = of(officer_client, meeting)
    assert event["summary"] == "Talk, two; BEGIN:VEVENT 🍣"
    assert purpose.replace("\x07", "") in event["description"]


def test_long_lines_are_folded_without_breaking_a_character(officer_client: Client) -> None:
    purpose = "中部経済連合会" * 40
    response = officer_client.get(f"/meetings/{meet(purpose=purpose).pk}.ics")
    lines = response.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() or line == b"" for line in lines)
    assert purpose in read(response)["Talk"]["description"]


def test_a_confidential_meeting_is_only_a_time_and_a_city_to_who_may_not_read_it(
    reader_client: Client, officer_client: Client, journey: Journey
) -> None:
    secret = journey.meetings[5]
    secret.place, secret.purpose = "Room 9", "The rate"
    secret.save()
    for client, title in ((reader_client, "Confidential meeting"), (officer_client, "Conclusions")):
        event = of(client, secret)
        assert event["class"] == "PRIVATE"
        assert event["summary"] == title
    event = of(reader_client, secret)
    assert event["location"] == "Tokyo, Japan"
    assert "description" not in event
    assert "Ask for the rate" not in str(of(officer_client, secret))


def test_a_users_feed_has_what_they_attend_log_own_or_go_to(
    officer: User, journey: Journey
) -> None:
    partner = make_organisation("Kyoto Chamber", owner=officer)
    person = make_person("Olga", "Officer", user=officer)
    meet(title="Owned", organisations=[partner])
    meet(title="Attended", people=[person])
    meet(title="Logged", author=officer)
    meet(title="Somebody else’s")
    meet(title="Long ago", author=officer, local_date=date(2020, 1, 1))
    other = make_mission("Autumn")
    other.delegates.create(organisation=partner, person=person)
    meet(title="With the delegation", mission=other)
    link = make_private_link(user=officer)
    events = read(feed(link))
    assert {"Owned", "Attended", "Logged", "With the delegation"} <= set(events)
    assert not {"Somebody else’s", "Long ago"} & set(events)
    assert events["Owned"]["url"].startswith("http://testserver/meetings/")
    link.refresh_from_db()
    assert link.opened_on


def test_a_delegates_feed_is_their_itinerary_with_what_was_cancelled(journey: Journey) -> None:
    for delegate in journey.delegates:
        assert set(meetings_of_delegate(delegate)) == set(itinerary(delegate))
    engineer = journey.delegates[1]
    cancelled = journey.meetings[1]
    cancelled.status = Meeting.Status.CANCELLED
    cancelled.save()
    events = read(feed(make_private_link(delegate=engineer)))
    assert "Welcome by the Ambassador" not in events
    assert events["How small firms are financed"]["status"] == "CANCELLED"
    assert not any("url" in one for one in events.values())
    engineer.status = "declined"
    engineer.save()
    assert not list(meetings_of_delegate(engineer))


def test_a_delegates_feed_says_of_a_confidential_meeting_what_their_page_says(
    journey: Journey,
) -> None:
    secret = journey.meetings[5]
    secret.place, secret.purpose = "Room 9", "The rate"
    secret.save()
    events = read(feed(make_private_link(delegate=journey.delegates[1])))
    event = events["Japan Finance Corporation"]
    assert event["class"] == "PRIVATE"
    assert event["location"] == "Room 9, Tokyo, Japan"
    assert "日本政策金融公庫" in event["description"]
    assert "rate" not in event["description"]
    assert "Conclusions" not in events


def test_a_meeting_that_left_the_mission_leaves_the_feed(journey: Journey) -> None:
    link = make_private_link(delegate=journey.delegates[0])
    before = feed(link)
    meeting = journey.meetings[1]
    Meeting.objects.filter(pk=meeting.pk).update(mission=None, stop=None)
    answer = Client().get(
        reverse("missions:calendar-feed", args=[link.token]),
        headers={"If-None-Match": before["ETag"], "If-Modified-Since": before["Last-Modified"]},
    )
    assert "How small firms are financed" not in read(answer)


def test_what_did_not_change_is_not_sent_again(journey: Journey) -> None:
    link = make_private_link(delegate=journey.delegates[0])
    first = feed(link)
    assert first["Last-Modified"]
    again = Client().get(
        reverse("missions:calendar-feed", args=[link.token]),
        headers={"If-None-Match": first["ETag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_revoked_link_and_one_of_somebody_who_left_are_gone(officer: User) -> None:
    link = make_private_link(user=officer)
    officer.is_active = False
    officer.save()
    assert feed(link).status_code == 410
    officer.is_active = True
    officer.save()
    link.revoke(officer)
    assert feed(link).status_code == 410
    assert "revoked" in feed(link).content.decode()


def test_the_feed_of_who_may_see_meetings_no_more_is_empty(officer: User) -> None:
    meet(author=officer)
    link = make_private_link(user=officer)
    assert len(read(feed(link))) == 1
    officer.groups.clear()
    assert read(feed(link)) == {}


def test_what_no_token_can_be_opens_nothing() -> None:
    for address in ("/calendar/%00.ics", "/d/%00/", "/d/東京/"):
        assert Client().get(address).status_code == 404


def test_whoever_tries_tokens_is_told_to_wait(officer: User) -> None:
    link = make_private_link(user=officer)
    answers = [Client().get(f"/calendar/wrong{count}.ics").status_code for count in range(32)]
    assert answers[:30] == [404] * 30
    assert answers[-1] == 429
    assert feed(link).status_code == 200


def test_the_number_of_queries_does_not_grow(
    officer: User, django_assert_max_num_queries: Any
) -> None:
    link = make_private_link(user=officer)
    feed(link)

    def cost() -> int:
        with django_assert_max_num_queries(20) as counted:
            assert feed(link).status_code == 200
        return len(counted)

    partner = make_organisation(owner=officer)
    meet(organisations=[partner], mission=make_mission())
    one = cost()
    for _each in range(19):
        meet(organisations=[partner], mission=make_mission())
    assert cost() == one
    assert meetings_of_user(officer).count() == 20


def test_ones_own_feed_is_made_renewed_and_revoked(reader: User, reader_client: Client) -> None:
    assert "Make a private address" in reader_client.get("/preferences/").content.decode()
    reader_client.post("/calendar/renew/")
    first = reader.private_links.in_force().get()
    page = reader_client.get("/preferences/").content.decode()
    assert f"http://testserver/calendar/{first.token}.ics" in page
    assert f"webcal://testserver/calendar/{first.token}.ics" in page
    reader_client.post("/calendar/renew/")
    second = reader.private_links.in_force().get()
    assert second.token != first.token
    assert (feed(first).status_code, feed(second).status_code) == (410, 200)
    reader_client.post("/calendar/revoke/")
    assert feed(second).status_code == 410
    assert not reader.private_links.in_force()
