"""A mission's page as one works on it: its programme, what to look at, and the free time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from django.utils import timezone

from missions.cautions import Caution, Cautions
from missions.clashes import Kind, Slot, days_of, each_day, findings, free_slots
from missions.delegation import Delegation, by_day
from missions.models import Delegate, Meeting, Mission, Stop
from missions.programme import Entry, Section, programme


class By(StrEnum):
    """How the programme is divided: ?by=."""

    STOP = "stop"
    DAY = "day"


@dataclass(frozen=True)
class Line:
    """One line of a day: a meeting, or the free time between two."""

    entry: Entry | None = None
    slot: Slot | None = None


@dataclass
class Day:
    """A day on the calendar of the place: where the mission is, its meetings and its free time."""

    on: date
    stops: list[Stop] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)

    @property
    def lines(self) -> Iterator[Line]:
        """Meetings in order, with the free time where it falls; that of another stop at the end."""
        waiting = list(self.slots)
        for entry in self.entries:
            starts_at = entry.meeting.starts_at
            while starts_at and waiting and waiting[0].starts < starts_at:
                yield Line(slot=waiting.pop(0))
            yield Line(entry=entry)
        for slot in waiting:
            yield Line(slot=slot)

    @property
    def is_elsewhere_too(self) -> bool:
        """Whether its meetings have to say in which city they are."""
        places = {entry.meeting.where for entry in self.entries} | {one.city for one in self.stops}
        return len(places) > 1


class Workbench:
    """What the page shows of a mission, from its stops, meetings and delegates.

    They come in their order: stops by position, meetings as `for_programme()` has them, both with
    their cities, and organisations prefetched.
    """

    def __init__(
        self,
        mission: Mission,
        stops: Iterable[Stop],
        meetings: Iterable[Meeting],
        delegates: Iterable[Delegate],
        by: By = By.STOP,
    ) -> None:
        self.mission, self.by = mission, by
        self.stops, self.meetings, self.delegates = list(stops), list(meetings), list(delegates)
        for meeting in self.meetings:
            meeting.mission = mission

    @property
    def is_planning(self) -> bool:
        """Whether there is still something to plan: what is to come goes first."""
        return self.mission.status in {Mission.Status.PLANNED, Mission.Status.UNDER_WAY}

    @cached_property
    def sections(self) -> list[Section]:
        return programme(self.stops, self.meetings)

    @cached_property
    def entries(self) -> dict[int, Entry]:
        """Each meeting with its number, by its id."""
        return {one.meeting.pk: one for section in self.sections for one in section.entries}

    @cached_property
    def cautions(self) -> Cautions:
        """What there is to look at; of a mission that is over, nothing."""
        if not self.is_planning:
            return Cautions((), self.delegates)
        delegation = Delegation(self.delegates, self.meetings)
        expected = (
            {one.pk: [each.pk for each in delegation.expected(one)] for one in self.meetings}
            if self.delegates
            else {}
        )
        found = findings(self.mission, self.stops, self.meetings, expected, timezone.localdate())
        return Cautions(found, self.delegates)

    @cached_property
    def to_look_at(self) -> list[Caution]:
        """The summary on top; by day, an empty day is found under its date."""
        cautions = self.cautions.all
        if self.by == By.DAY:
            for place, one in enumerate(self.cautions.findings):
                if one.kind == Kind.GAP and one.first:
                    day = f"#day-{one.first:%Y-%m-%d}"
                    cautions[place] = replace(cautions[place], anchor=day)
        return cautions

    @cached_property
    def beside_meetings(self) -> Mapping[int, list[str]]:
        return self.cautions.by_meeting

    @cached_property
    def beside_stops(self) -> Mapping[int, list[Caution]]:
        return self.cautions.by_stop

    @cached_property
    def slots(self) -> list[Slot]:
        """Free time from today on; of a mission that is over, none."""
        if not self.is_planning:
            return []
        return free_slots(self.stops, self.meetings, timezone.localdate())

    @cached_property
    def slots_by_stop(self) -> dict[int, list[tuple[date, list[Slot]]]]:
        """The free time of each stop, by its id: a day and its slots."""
        rows: defaultdict[int, list[Slot]] = defaultdict(list)
        for slot in self.slots:
            rows[slot.stop.pk].append(slot)
        return {
            pk: [(on, list(group)) for on, group in groupby(slots, key=lambda one: one.day)]
            for pk, slots in rows.items()
        }

    @cached_property
    def days(self) -> list[Day]:
        """Every day with a stop or a meeting, in order."""
        found: dict[date, Day] = {}
        for stop in self.stops:
            for on in each_day(*span) if (span := days_of(stop)) else ():
                found.setdefault(on, Day(on)).stops.append(stop)
        for local in by_day(self.meetings):
            if local.on is not None:
                day = found.setdefault(local.on, Day(local.on))
                day.entries = [self.entries[one.pk] for one in local.meetings]
        for slot in self.slots:
            found[slot.day].slots.append(slot)
        for day in found.values():
            day.slots.sort(key=lambda one: one.starts)
        return [found[on] for on in sorted(found)]

    @cached_property
    def undated(self) -> list[Section]:
        """The meetings without a date, under their stop."""
        found: list[Section] = []
        for section in self.sections:
            entries = [one for one in section.entries if one.meeting.local_date is None]
            if entries:
                found.append(Section(section.stop, section.number, entries))
        return found

    @cached_property
    def outcomes(self) -> Sequence[Entry]:
        """The meetings of which something came, in the order of the programme."""
        return [one for one in self.entries.values() if one.meeting.outcome]
