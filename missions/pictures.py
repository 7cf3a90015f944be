"""A mission to look at: its journey on the map, and its days."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from crm.maps import Journey, Point, journey, percent, project
from missions.models import Meeting, Mission, Organiser, Stop
from missions.programme import Entry
from partners.models import City, Organisation

# Of a picture of days: the days drawn one after the other, and at most, and what an hour takes.
IN_A_ROW, MOST_DAYS = 14, 21
HOUR, LEAST = 24.0, 17.0
# The share on the left that the hours are written in, and the row for what has no time.
MARGIN, FOOT = 0.08, 28.0
USUAL = 60


def journey_maps(
    mission: Mission, stops: Sequence[Stop], organisers: Iterable[Organiser]
) -> list[Journey]:
    """The stops on the map, and the way there where home is far; nothing without coordinates."""
    way = [
        (stop.city.local_name, point, number)
        for number, stop in enumerate(stops, start=1)
        if (point := point_of(stop.city))
    ]
    there = journey(way)
    home = home_of(mission, organisers)
    if there is None or home is None or not (start := point_of(home)):
        return [there] if there else []
    whole = journey([(home.local_name, start, None), *way])
    if whole is None or whole.view.width < 2.5 * there.view.width:
        return [whole or there]
    whole.shows_way = True
    return [there, whole]


def home_of(mission: Mission, organisers: Iterable[Organiser]) -> City | None:
    """Where a journey out starts: the city of the first of our own side that organises it."""
    if mission.direction != Mission.Direction.OUTWARD:
        return None
    ours = (one.organisation for one in organisers)
    return next((one.city for one in ours if one.side == Organisation.Side.HOME and one.city), None)


def point_of(city: City) -> Point | None:
    if city.latitude is None or city.longitude is None:
        return None
    return project(city.latitude, city.longitude)


@dataclass
class Slot:
    """A meeting of the picture, by percentages across and pixels down."""

    entry: Entry
    x: str
    width: str
    middle: str
    y: str
    height: str
    text_y: str


@dataclass
class Day:
    """A day of the picture: where it stands, its meetings, and those without a time."""

    on: date
    x: str
    middle: str
    slots: list[Slot] = field(default_factory=list)
    untimed: list[Entry] = field(default_factory=list)

    @property
    def untimed_numbers(self) -> str:
        return ", ".join(str(entry.number) for entry in self.untimed)


@dataclass
class Timeline:
    """The days of a mission, on the local calendar, and the meetings of no day."""

    days: list[Day]
    hours: list[tuple[str, str, str]]
    undated: list[Entry]
    body: float

    @property
    def height(self) -> str:
        return f"{self.body + (FOOT if self.has_untimed else 0):.0f}"

    @property
    def has_untimed(self) -> bool:
        return any(day.untimed for day in self.days)

    @property
    def foot(self) -> str:
        return f"{self.body:.0f}"

    @property
    def foot_words(self) -> str:
        return f"{self.body + 19:.0f}"


def minutes(meeting: Meeting) -> tuple[int, int]:
    """When it starts and ends on its own day, in minutes from midnight; an hour if not known."""
    at = meeting.local_time
    start = at.hour * 60 + at.minute if at else 0
    return start, min(start + (meeting.duration or USUAL), 24 * 60)


def days_of(dated: dict[date, list[Entry]], stops: Sequence[Stop]) -> list[date]:
    """The days drawn: all of the mission while they are few, else those with a meeting."""
    known = {*dated, *(on for stop in stops for on in (stop.starts_on, stop.ends_on) if on)}
    first, last = min(known), max(known)
    span = (last - first).days + 1
    if span <= IN_A_ROW:
        return [first + timedelta(days=number) for number in range(span)]
    return sorted(dated)[:MOST_DAYS]


def timeline(entries: Iterable[Entry], stops: Sequence[Stop] = ()) -> Timeline | None:
    """The picture of the meetings that were not cancelled; nothing where no day is known."""
    dated: defaultdict[date, list[Entry]] = defaultdict(list)
    undated = []
    for entry in entries:
        if entry.meeting.status != Meeting.Status.CANCELLED:
            on = entry.meeting.local_date
            dated[on].append(entry) if on else undated.append(entry)
    if not dated:
        return None
    timed = [one.meeting for rows in dated.values() for one in rows if one.meeting.local_time]
    from_hour = min([9, *(minutes(one)[0] // 60 for one in timed)])
    to_hour = max([18, *(-(-minutes(one)[1] // 60) for one in timed)])
    days = days_of(dated, stops)
    share = (1 - MARGIN) / len(days)
    drawn = [
        Day(on, percent(MARGIN + share * place), percent(MARGIN + share * (place + 0.5)))
        for place, on in enumerate(days)
    ]
    for place, day in enumerate(drawn):
        day.untimed = [one for one in dated[day.on] if not one.meeting.local_time]
        timed_here = [one for one in dated[day.on] if one.meeting.local_time]
        day.slots = slots(timed_here, MARGIN + share * place, share, from_hour)
    hours = [
        (f"{hour:02}", f"{(hour - from_hour) * HOUR:.0f}", f"{(hour - from_hour) * HOUR + 13:.0f}")
        for hour in range(from_hour, to_hour)
    ]
    return Timeline(drawn, hours, undated, (to_hour - from_hour) * HOUR)


def slots(entries: list[Entry], x: float, width: float, from_hour: int) -> list[Slot]:
    """The meetings of one day; those at the same time stand side by side."""
    placed = []
    for group in clusters(sorted(entries, key=lambda one: minutes(one.meeting))):
        share = width * 0.92 / len(group)
        for place, entry in enumerate(group):
            start, end = minutes(entry.meeting)
            top, high = (start / 60 - from_hour) * HOUR, max((end - start) / 60 * HOUR, LEAST)
            left = x + width * 0.04 + share * place
            placed.append(
                Slot(
                    entry,
                    percent(left),
                    percent(share * 0.96),
                    percent(left + share * 0.48),
                    f"{top + 1:.1f}",
                    f"{high - 2:.1f}",
                    f"{top + high / 2 + 4.5:.1f}",
                )
            )
    return placed


def clusters(entries: list[Entry]) -> list[list[Entry]]:
    """Meetings in order of time, grouped where one begins before the last has ended."""
    groups: list[list[Entry]] = []
    until = -1
    for entry in entries:
        start, end = minutes(entry.meeting)
        # A short one is drawn as high as its number.
        end = max(end, start + int(LEAST / HOUR * 60))
        if start < until:
            groups[-1].append(entry)
        else:
            groups.append([entry])
        until = max(until, end)
    return groups
