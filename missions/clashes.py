"""What a programme doesn't allow for: clashes, meetings out of their days, empty days, free time.

Pure functions over a mission's stops and meetings, fetched with their cities and organisations.
Instants are compared, so that two zones are one clock; a day is the local day of the stop. A
cancelled meeting is nowhere.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from missions.models import Meeting, Mission, Stop
from partners.models import City

# How long a meeting is taken to be where nobody said.
ASSUMED = timedelta(minutes=60)
# What it takes to get from one place to another.
WAY = timedelta(minutes=30)
OPENS, CLOSES = time(9), time(18)
SLOT = timedelta(minutes=60)
# A stop of more days than these has a wrong date, which the page says otherwise.
LONGEST = 100

Expected = Mapping[int, Collection[int]]


class Kind(StrEnum):
    """What there is to look at."""

    CLASH = "clash"
    RUSH = "rush"
    OUTSIDE_STOP = "outside-stop"
    OUTSIDE_MISSION = "outside-mission"
    OVERLAP = "overlap"
    ORDER = "order"
    GAP = "gap"


@dataclass(frozen=True)
class Finding:
    """One thing to look at, with what it takes to say it in words (see missions.cautions)."""

    kind: Kind
    meetings: tuple[Meeting, ...] = ()
    stops: tuple[Stop, ...] = ()
    # Of a clash or a rush: who is expected at both, and how long there is between the two.
    delegates: tuple[int, ...] = ()
    minutes: int = 0
    # Of a gap: the days without a meeting.
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Slot:
    """Free time in a place within working hours; the times are those of the place."""

    stop: Stop
    starts: datetime
    ends: datetime
    # When a meeting could start: after the way from the meeting before, where there is one.
    proposed: datetime

    @property
    def day(self) -> date:
        return self.starts.date()

    # What the tag `clocks` reads.

    @property
    def starts_at(self) -> datetime:
        return self.starts

    @property
    def time_zone(self) -> str:
        return str(self.stop.city.time_zone)

    @property
    def where(self) -> City:
        return self.stop.city


def end_of(meeting: Meeting) -> datetime | None:
    """The instant it ends, an hour after it starts where its duration is not known."""
    if meeting.starts_at is None:
        return None
    return meeting.ends_at or meeting.starts_at + ASSUMED


def standing(meetings: Iterable[Meeting]) -> list[Meeting]:
    """Those that were not cancelled."""
    return [one for one in meetings if one.status != Meeting.Status.CANCELLED]


def day_at(meeting: Meeting, stop: Stop) -> date | None:
    """The day of a meeting on the calendar of a stop; where its time is unknown, as it says."""
    if meeting.starts_at is None:
        return meeting.local_date
    return meeting.starts_at.astimezone(ZoneInfo(stop.city.time_zone)).date()


def days_of(stop: Stop) -> tuple[date, date] | None:
    """The first and the last day of a stop; one day where only one is known."""
    first, last = stop.starts_on or stop.ends_on, stop.ends_on or stop.starts_on
    return (first, last) if first and last else None


def each_day(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, at most LONGEST of them."""
    for number in range(min((last - first).days + 1, LONGEST)):
        yield first + timedelta(days=number)


def are_apart(one: Meeting, other: Meeting) -> bool:
    """Whether it is known that there is a way to go between two meetings."""
    distant = {Meeting.Format.VIDEO, Meeting.Format.PHONE}
    if {one.format, other.format} & distant:
        return False
    here, there = one.where, other.where
    if here and there and here.pk != there.pk:
        return True
    places = [" ".join(place.split()).casefold() for place in (one.place, other.place)]
    return bool(all(places) and places[0] != places[1])


def clashes(meetings: Iterable[Meeting], expected: Expected) -> Iterator[Finding]:
    """Two meetings at once, or too near each other, for somebody who is expected at both.

    `expected` holds the ids of the delegates of each meeting by its id. Where a mission has no
    delegates it is empty, and whoever goes is taken to go everywhere.
    """
    timed = sorted(
        ((one.starts_at, one.pk, one) for one in standing(meetings) if one.starts_at),
        key=lambda row: row[:2],
    )
    for number, (_start, _pk, one) in enumerate(timed):
        ends = end_of(one)
        for start, _other_pk, other in timed[number + 1 :]:
            if ends is None or start >= ends + WAY:
                break
            both = set(expected.get(one.pk, ())) & set(expected.get(other.pk, ()))
            if expected and not both:
                continue
            if start < ends:
                yield Finding(Kind.CLASH, (one, other), delegates=tuple(sorted(both)))
            elif are_apart(one, other):
                minutes = int((start - ends).total_seconds() // 60)
                yield Finding(
                    Kind.RUSH, (one, other), delegates=tuple(sorted(both)), minutes=minutes
                )


def out_of_days(mission: Mission, meetings: Iterable[Meeting]) -> Iterator[Finding]:
    """Meetings on a day when the mission is not at their stop, or not on its way at all."""
    for meeting in standing(meetings):
        stop = meeting.stop
        on = day_at(meeting, stop) if stop else meeting.local_date
        if on is None:
            continue
        if stop and is_outside(on, stop.starts_on, stop.ends_on):
            yield Finding(Kind.OUTSIDE_STOP, (meeting,), (stop,))
        elif is_outside(on, mission.starts_on, mission.ends_on):
            yield Finding(Kind.OUTSIDE_MISSION, (meeting,))


def is_outside(on: date, first: date | None, last: date | None) -> bool:
    """Whether a day is before the first or after the last, where they are known."""
    return bool((first and on < first) or (last and on > last))


def overlaps(stops: Iterable[Stop]) -> Iterator[Finding]:
    """Two stops on the same days; the day of the journey from one to the other is of both."""
    dated = sorted(
        ((*days, stop.position, stop.pk, stop) for stop in stops if (days := days_of(stop))),
        key=lambda row: row[:4],
    )
    for number, (_first, last, _position, _pk, one) in enumerate(dated):
        for first, _last, _other_position, _other_pk, other in dated[number + 1 :]:
            if first < last:
                yield Finding(Kind.OVERLAP, stops=(one, other))


def disorder(stops: Iterable[Stop]) -> Iterator[Finding]:
    """A stop that comes before the one in front of it, `stops` being in their order."""
    dated = [(days[0], stop) for stop in stops if (days := days_of(stop))]
    for (before, one), (after, other) in pairwise(dated):
        if after < before:
            yield Finding(Kind.ORDER, stops=(one, other))


def gaps(
    stops: Iterable[Stop], meetings: Iterable[Meeting], since: date | None = None
) -> Iterator[Finding]:
    """Days of a stop without any meeting, from `since` on; those in a row are one."""
    going = standing(meetings)
    for stop in stops:
        busy = {day_at(meeting, stop) for meeting in going}
        row: list[date] = []
        for on in each_day(*days) if (days := days_of(stop)) else ():
            if on in busy or (since and on < since):
                yield from gap(stop, row)
                row = []
            else:
                row.append(on)
        yield from gap(stop, row)


def gap(stop: Stop, row: Sequence[date]) -> Iterator[Finding]:
    """The days in a row as one thing to look at; of none, nothing."""
    if row:
        yield Finding(Kind.GAP, stops=(stop,), first=row[0], last=row[-1])


def findings(
    mission: Mission,
    stops: Sequence[Stop],
    meetings: Sequence[Meeting],
    expected: Expected,
    since: date | None = None,
) -> list[Finding]:
    """All there is to look at, what is wrong first and the days without meetings last."""
    return [
        *clashes(meetings, expected),
        *out_of_days(mission, meetings),
        *overlaps(stops),
        *disorder(stops),
        *gaps(stops, meetings, since),
    ]


def local_instant(on: date, at: time, zone: str) -> datetime:
    """The instant of a working hour, which no clock jumps over or shows twice."""
    return datetime.combine(on, at, ZoneInfo(zone)).astimezone(UTC)


def free_slots(
    stops: Iterable[Stop], meetings: Iterable[Meeting], since: date | None = None
) -> list[Slot]:
    """Free time of an hour or more on each day of each stop, from `since` on.

    A meeting of anybody's takes its time; one without a time takes none.
    """
    taken = [
        (one.starts_at, end) for one in standing(meetings) if one.starts_at and (end := end_of(one))
    ]
    found: list[Slot] = []
    seen: defaultdict[int, set[date]] = defaultdict(set)
    for stop in stops:
        for on in each_day(*days) if (days := days_of(stop)) else ():
            # On the day of a journey between two stays in one city the time is free once.
            if (since and on < since) or on in seen[stop.city_id]:
                continue
            seen[stop.city_id].add(on)
            found += slots_of(stop, on, taken)
    return found


def slots_of(stop: Stop, on: date, taken: Iterable[tuple[datetime, datetime]]) -> Iterator[Slot]:
    """The free time of one day at one stop, `taken` being the instants that are not free."""
    zone = ZoneInfo(stop.city.time_zone)
    at, closes = (local_instant(on, each, stop.city.time_zone) for each in (OPENS, CLOSES))
    is_after_meeting = False
    for start, end in [*sorted(taken), (closes, closes)]:
        until = min(start, closes)
        if until - at >= SLOT:
            late = at + WAY if is_after_meeting and until - at >= SLOT + WAY else at
            yield Slot(stop, *(each.astimezone(zone) for each in (at, until, late)))
        if end > at:
            at, is_after_meeting = end, True
        if at >= closes:
            return
