"""Meetings: the local time of the place, and the instant it stands for."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from missions.models import Meeting
from tests.factories import make_meeting, make_mission, make_organisation, make_stop, make_user

pytestmark = pytest.mark.django_db

DAY, TEN = date(2026, 3, 9), time(10, 0)


def refused(**fields):
    with pytest.raises(ValidationError) as refusal:
        Meeting(**fields).full_clean()
    return {field: messages[0] for field, messages in refusal.value.message_dict.items()}


def test_a_stop_of_another_mission_is_refused(tokyo):
    stop = make_stop(make_mission("Mission to Korea"), tokyo)
    assert refused(mission=make_mission(), stop=stop)["stop"] == (
        "This stop belongs to another mission."
    )
    assert refused(stop=stop)["stop"] == "Choose the mission that this stop belongs to."
    with pytest.raises(IntegrityError, match="stop_needs_mission"), transaction.atomic():
        make_meeting(stop=stop)


def test_a_time_without_a_date_and_an_absurd_year_are_refused():
    assert "local_date" in refused(local_time=TEN, time_zone="Asia/Tokyo")
    for year in (1, 1899, 2200, 9999):
        said = refused(
            status="planned",
            local_date=date(year, 1, 1),
            local_time=time(0, 30),
            time_zone="Asia/Tokyo",
        )
        assert said == {"local_date": "Check the year: it is between 1900 and 2199."}


def test_it_was_not_held_in_the_future_but_tomorrow_may_be_today_elsewhere():
    assert "is it planned" in refused(local_date=date(2099, 1, 1))["local_date"]


def test_an_hour_that_the_clocks_jump_over_is_refused():
    said = refused(local_date=date(2026, 3, 29), local_time=time(2, 30), time_zone="Europe/Rome")
    assert said["local_time"] == (
        "That night the clocks in Europe/Rome jump over 02:30: choose another time."
    )


def test_an_hour_that_the_clocks_show_twice_is_asked_about():
    twice: dict[str, Any] = {
        "local_date": date(2025, 10, 26),
        "local_time": time(2, 30),
        "time_zone": "Europe/Rome",
    }
    assert "say which one" in refused(**twice)["fold"]
    before, after = make_meeting(fold=0, **twice), make_meeting(fold=1, **twice)
    assert before.starts_at == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert after.starts_at == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


def test_the_zone_is_the_chosen_one_else_the_citys_the_stops_the_authors(tokyo, genoa):
    mission = make_mission()
    stop = make_stop(mission, tokyo)
    author = make_user(time_zone="Europe/London")
    there: dict[str, Any] = {"mission": mission, "stop": stop, "author": author}
    assert make_meeting(time_zone="Asia/Seoul", city=genoa, **there).time_zone == "Asia/Seoul"
    assert make_meeting(city=genoa, **there).time_zone == "Europe/Rome"
    assert make_meeting(**there).time_zone == "Asia/Tokyo"
    assert make_meeting(author=author).time_zone == "Europe/London"


def test_changing_the_zone_keeps_the_time_on_the_wall():
    meeting = make_meeting(local_date=DAY, local_time=TEN, time_zone="Asia/Tokyo")
    assert meeting.starts_at == datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
    meeting.time_zone = "Europe/Rome"
    meeting.save()
    assert meeting.local_time == TEN
    assert meeting.starts_at == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def test_the_instant_follows_romes_summer_time_and_tokyo_has_none():
    instants = [
        make_meeting(local_date=day, local_time=TEN, time_zone=zone).starts_at
        for zone in ("Asia/Tokyo", "Europe/Rome")
        for day in (date(2026, 3, 28), date(2026, 3, 29))
    ]
    assert [instant.hour for instant in instants if instant] == [1, 1, 9, 8]


def test_a_meeting_without_a_time_has_a_day_and_no_instant():
    meeting = make_meeting(local_date=DAY)
    assert meeting.starts_at is None
    assert meeting.local_start is None


def test_the_newest_comes_first_by_the_local_day_and_the_undated_last():
    undated = make_meeting(title="undated")
    morning = make_meeting(local_date=DAY, local_time=TEN, time_zone="Asia/Tokyo")
    day_only = make_meeting(local_date=DAY)
    older = make_meeting(local_date=date(2025, 3, 9))
    assert list(Meeting.objects.newest_first()) == [morning, day_only, older, undated]


def test_in_a_mission_the_order_is_by_stop_and_position_not_by_time(tokyo, nagoya):
    mission = make_mission()
    first, second = make_stop(mission, tokyo, 1), make_stop(mission, nagoya, 2)
    late = make_meeting(mission=mission, stop=second, position=1, local_date=DAY)
    untimed = make_meeting(mission=mission, stop=first, position=2)
    early = make_meeting(mission=mission, stop=first, position=1, local_date=DAY)
    loose = make_meeting(mission=mission)
    assert list(mission.meetings.for_programme()) == [early, untimed, late, loose]


def test_its_heading_is_its_title_else_whom_we_met():
    bank = make_organisation()
    assert make_meeting([bank]).heading == "Japan Finance Corporation"
    assert make_meeting([bank], title="First reading").heading == "First reading"


def test_at_a_stop_it_comes_after_the_meetings_there(tokyo):
    mission = make_mission()
    stop = make_stop(mission, tokyo)
    make_meeting(mission=mission, stop=stop, position=4)
    assert make_meeting(mission=mission, stop=stop).position == 5


def test_two_stops_of_one_position_keep_their_meetings_together(tokyo, nagoya):
    mission = make_mission()
    first, second = make_stop(mission, tokyo), make_stop(mission, nagoya)
    embassy = make_meeting(mission=mission, stop=first)
    incubator = make_meeting(mission=mission, stop=second)
    shibuya = make_meeting(mission=mission, stop=first)
    assert list(Meeting.objects.for_programme()) == [embassy, shibuya, incubator]


def test_a_stop_with_meetings_stays_with_its_mission(tokyo):
    mission = make_mission()
    stop = make_stop(mission, tokyo)
    make_meeting(mission=mission, stop=stop)
    stop.mission = make_mission("Mission to Korea")
    with pytest.raises(ValidationError):
        stop.full_clean()
