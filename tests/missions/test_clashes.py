"""What a programme doesn't allow for, and its free time."""

from datetime import date, time

import pytest
from django.utils import timezone, translation

from missions.cautions import Cautions
from missions.clashes import Kind, findings, free_slots
from missions.models import Meeting
from tests.factories import (
    make_city,
    make_delegate,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_stop,
)


@pytest.fixture
def mission(db):
    return make_mission(starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 12))


@pytest.fixture
def stop(mission, tokyo):
    return make_stop(mission, tokyo, starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 8))


def plan(stop, at, title="Talk", on=date(2027, 3, 8), **fields):
    fields.setdefault("status", Meeting.Status.PLANNED)
    fields.setdefault("duration", 60)
    return make_meeting(
        mission=stop.mission,
        stop=stop,
        title=title,
        local_date=on,
        local_time=time.fromisoformat(at) if at else None,
        **fields,
    )


def found(mission, *meetings, stops=(), expected=None):
    return findings(mission, list(stops), list(meetings), expected or {})


def kinds(*args, **kwargs):
    return [one.kind for one in found(*args, **kwargs)]


def test_two_meetings_at_once_clash(mission, stop):
    assert kinds(mission, plan(stop, "10:00"), plan(stop, "10:45")) == [Kind.CLASH]
    assert kinds(mission, plan(stop, "12:00"), plan(stop, "13:00")) == []


def test_a_cancelled_meeting_never_clashes(mission, stop):
    off = plan(stop, "10:00", status=Meeting.Status.CANCELLED)
    assert kinds(mission, off, plan(stop, "10:00")) == []


def test_who_misses_one_of_the_two_is_in_no_clash(mission, stop):
    one, other = plan(stop, "10:00"), plan(stop, "10:30")
    assert kinds(mission, one, other, expected={one.pk: [1], other.pk: [2]}) == []
    (clash,) = found(mission, one, other, expected={one.pk: [1, 2], other.pk: [2, 3]})
    assert clash.delegates == (2,)


def test_a_meeting_without_a_duration_is_taken_to_last_an_hour(mission, stop):
    one = plan(stop, "10:00", "First", duration=None)
    cautions = Cautions(found(mission, one, plan(stop, "10:59", "Second")), [])
    assert "The duration of “First” is not known: an hour is assumed." in cautions.all[0].words
    assert kinds(mission, one, plan(stop, "11:00")) == []


def test_the_same_instant_in_two_zones_clashes_and_the_same_hour_does_not(mission, stop):
    tokyo = plan(stop, "17:00")
    rome = plan(stop, "09:00", time_zone="Europe/Rome")
    assert kinds(mission, tokyo, rome) == [Kind.CLASH]
    assert kinds(mission, tokyo, plan(stop, "17:00", time_zone="Europe/Rome"), stops=[]) == [
        Kind.OUTSIDE_STOP  # 01:00 of the next day in Tokyo
    ]


def test_a_meeting_over_midnight_clashes_with_the_first_of_the_next_day(mission, stop):
    dinner = plan(stop, "23:30", duration=90)
    early = plan(stop, "00:30", on=date(2027, 3, 9), time_zone="Asia/Tokyo")
    assert Kind.CLASH in kinds(mission, dinner, early)


def test_meetings_are_compared_right_on_the_night_when_romes_clocks_change(mission, genoa):
    """28 March 2027: 02:00 becomes 03:00, so that 01:30 and 03:30 are an hour apart."""
    stop = make_stop(make_mission(), genoa)
    one = plan(stop, "01:30", on=date(2027, 3, 28), duration=70)
    assert kinds(stop.mission, one, plan(stop, "03:30", on=date(2027, 3, 28))) == [Kind.CLASH]
    tokyo = plan(stop, "10:30", on=date(2027, 3, 28), time_zone="Asia/Tokyo")
    assert kinds(stop.mission, plan(stop, "03:30", on=date(2027, 3, 28)), tokyo) == [Kind.CLASH]


def test_the_date_line_makes_no_clash_and_hides_none(db):
    stop = make_stop(
        make_mission(),
        make_city("Auckland", "NZ", time_zone="Pacific/Auckland"),
        starts_on=date(2027, 3, 9),
        ends_on=date(2027, 3, 9),
    )
    auckland = plan(stop, "10:00", on=date(2027, 3, 9))
    honolulu = plan(stop, "11:00", on=date(2027, 3, 8), time_zone="Pacific/Honolulu")
    assert kinds(stop.mission, auckland, honolulu) == [Kind.CLASH]
    same_words = plan(stop, "10:00", on=date(2027, 3, 8), time_zone="Pacific/Honolulu")
    assert kinds(stop.mission, plan(stop, "08:00", on=date(2027, 3, 9)), same_words) == []


@pytest.mark.parametrize(
    ("fields", "more", "wanted"),
    [
        ({"place": "Mita 2-5"}, {"place": "Otemachi 1"}, [Kind.RUSH]),
        ({"place": "Mita 2-5"}, {"place": "mita  2-5"}, []),
        ({"place": "Mita 2-5"}, {}, []),
        ({"place": "Mita 2-5", "format": "video"}, {"place": "Otemachi 1"}, []),
    ],
)
def test_less_than_half_an_hour_between_two_places_is_too_little(
    mission, stop, fields, more, wanted
):
    one, other = plan(stop, "10:00", **fields), plan(stop, "11:20", **more)
    assert kinds(mission, one, other) == wanted
    assert kinds(mission, one, plan(stop, "11:30", **more)) == []


def test_two_cities_are_two_places(mission, stop, nagoya):
    (rush,) = found(mission, plan(stop, "10:00"), plan(stop, "11:15", city=nagoya))
    assert (rush.kind, rush.minutes) == (Kind.RUSH, 15)


def test_a_meeting_outside_the_days_of_its_stop_or_of_the_mission_is_found(mission, stop):
    assert kinds(mission, plan(stop, "", on=date(2027, 3, 9))) == [Kind.OUTSIDE_STOP]
    without_stop = make_meeting(mission=mission, local_date=date(2027, 3, 13))
    assert kinds(mission, without_stop) == [Kind.OUTSIDE_MISSION]
    assert kinds(mission, make_meeting(mission=mission)) == []


def test_the_day_that_counts_is_the_day_at_the_stop(mission, stop):
    """23:30 of 7 March in Rome is the morning of the 8th in Tokyo."""
    early = plan(stop, "23:30", on=date(2027, 3, 7), time_zone="Europe/Rome")
    assert kinds(mission, early) == []


def test_stops_overlap_but_for_the_day_of_the_journey(mission, tokyo, nagoya):
    one = make_stop(mission, tokyo, 1, starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 10))
    journey = make_stop(mission, nagoya, 2, starts_on=date(2027, 3, 10), ends_on=date(2027, 3, 11))
    over = make_stop(mission, nagoya, 2, starts_on=date(2027, 3, 9), ends_on=date(2027, 3, 11))
    assert Kind.OVERLAP not in kinds(mission, stops=[one, journey])
    assert Kind.OVERLAP in kinds(mission, stops=[one, over])


def test_stops_out_of_the_order_of_their_dates_are_found(mission, tokyo, nagoya):
    late = make_stop(mission, tokyo, 1, starts_on=date(2027, 3, 10))
    unknown = make_stop(mission, tokyo, 2)
    early = make_stop(mission, nagoya, 3, starts_on=date(2027, 3, 8))
    assert Kind.ORDER in kinds(mission, stops=[late, unknown, early])
    assert Kind.ORDER not in kinds(mission, stops=[early, unknown, late])


def test_days_without_meetings_are_one_gap_where_they_are_in_a_row(mission, tokyo):
    stop = make_stop(mission, tokyo, starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 12))
    off = plan(stop, "10:00", on=date(2027, 3, 12), status=Meeting.Status.CANCELLED)
    gaps = found(mission, plan(stop, "", on=date(2027, 3, 10)), off, stops=[stop])
    assert [(one.first.day, one.last.day) for one in gaps] == [(8, 9), (11, 12)]


def hours(slots):
    return [
        (f"{one.starts:%d %H:%M}", f"{one.ends:%H:%M}", f"{one.proposed:%H:%M}") for one in slots
    ]


def test_free_time_is_what_meetings_leave_of_the_working_hours_there(stop):
    meetings = [
        plan(stop, "08:30"),
        plan(stop, "11:00", duration=None),
        plan(stop, "12:30", duration=150),
        plan(stop, "16:00", status=Meeting.Status.CANCELLED),
    ]
    assert hours(free_slots([stop], meetings)) == [
        ("08 09:30", "11:00", "10:00"),
        ("08 15:00", "18:00", "15:30"),
    ]


def test_a_meeting_on_another_clock_takes_its_own_instant(stop):
    call = plan(stop, "03:00", time_zone="Europe/Rome")  # 11:00 in Tokyo
    assert hours(free_slots([stop], [call])) == [
        ("08 09:00", "11:00", "09:00"),
        ("08 12:00", "18:00", "12:30"),
    ]


def test_working_hours_stay_the_same_when_the_clocks_change(db, genoa):
    stop = make_stop(make_mission(), genoa, starts_on=date(2027, 3, 27), ends_on=date(2027, 3, 28))
    assert hours(free_slots([stop], [])) == [
        ("27 09:00", "18:00", "09:00"),
        ("28 09:00", "18:00", "09:00"),
    ]


def test_no_time_is_free_in_the_past(stop):
    assert free_slots([stop], [], since=date(2027, 3, 9)) == []


def test_who_is_in_a_clash_is_told_by_name_and_an_unnamed_place_by_its_representatives(
    mission, stop
):
    filse = make_organisation("Filse", side="home")
    delegates = [
        make_delegate(mission, filse, person=make_person("Ada", "Bianchi")),
        make_delegate(mission, filse),
        make_delegate(mission, filse, person=make_person("Luca", "Canepa")),
    ]
    one, other = plan(stop, "10:00", "Garage"), plan(stop, "10:30", "Embassy")
    ada, representatives, luca = (place.pk for place in delegates)
    clash = found(
        mission,
        one,
        other,
        expected={one.pk: [ada, representatives], other.pk: [ada, representatives, luca]},
    )
    cautions = Cautions(clash, delegates)
    assert cautions.all[0].words == (
        "“Garage” and “Embassy” are at the same time, "
        "for Ada Bianchi and the representatives of Filse."
    )
    assert cautions.by_meeting[one.pk] == [
        "At the same time as “Embassy”, for Ada Bianchi and the representatives of Filse."
    ]


def test_every_sentence_can_be_said(mission, stop, nagoya):
    late = make_stop(mission, nagoya, 2, starts_on=date(2027, 3, 7), ends_on=date(2027, 3, 9))
    meetings = [
        plan(stop, "10:00", "First"),
        plan(stop, "11:10", "Second", city=nagoya),
        plan(stop, "12:10", "Third"),
        plan(stop, "", "Fourth", on=date(2027, 3, 9)),
        make_meeting(mission=mission, title="Fifth", local_date=date(2027, 3, 20)),
    ]
    with translation.override("en"), timezone.override("Europe/Rome"):
        cautions = Cautions(found(mission, *meetings, stops=[stop, late]), [])
        assert [one.words for one in cautions.all] == [
            "Only 10 minutes to go from “First” to “Second”, for the whole delegation.",
            "No time to go from “Second” to “Third”, for the whole delegation.",
            "“Fourth”: On Tue 9 March 2027 the mission is not at this stop: Tokyo (8 March 2027).",
            "“Fifth”: Sat 20 March 2027 is outside the days of the mission: 8–12 March 2027.",
            "The stops overlap: Nagoya (7–9 March 2027) and Tokyo (8 March 2027).",
            "Nagoya (7–9 March 2027) comes after Tokyo (8 March 2027): "
            "move one of them, or change its days.",
            "No meetings in Nagoya yet: 7 March 2027.",
        ]
