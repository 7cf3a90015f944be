"""Who goes where: which delegates a meeting expects, and a delegate's own meetings.

Everyone who has not declined goes everywhere, but to the stops and meetings they miss; a cancelled
meeting is nobody's. An unnamed place is expected like a named one: it means representatives.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Self

from django.db.models import QuerySet

from missions.models import Delegate, Meeting, Mission


class Delegation:
    """The places of one or more missions and their meetings, matched in two queries.

    Both come in the order given, with whatever they were fetched with.
    """

    def __init__(self, delegates: Iterable[Delegate], meetings: Iterable[Meeting]) -> None:
        self.delegates, self.meetings = list(delegates), list(meetings)

    @classmethod
    def of(cls, mission: Mission) -> Self:
        """The whole delegation of a mission and its programme, in five queries."""
        delegates = mission.delegates.select_related("organisation", "person").order_by("pk")
        return cls(delegates, meetings_of(mission))

    @cached_property
    def missed_stops(self) -> dict[int, set[int]]:
        """The ids of the stops that a delegate, by id, is left out of."""
        return self._missed(Delegate.missed_stops.through, "stop_id")

    @cached_property
    def missed_meetings(self) -> dict[int, set[int]]:
        """The ids of the meetings that a delegate, by id, is left out of one by one."""
        return self._missed(Delegate.missed_meetings.through, "meeting_id")

    def _missed(self, through: Any, column: str) -> dict[int, set[int]]:
        found: defaultdict[int, set[int]] = defaultdict(set)
        for delegate, missed in through.objects.filter(delegate__in=self.delegates).values_list(
            "delegate_id", column
        ):
            found[delegate].add(missed)
        return dict(found)

    def is_expected(self, delegate: Delegate, meeting: Meeting) -> bool:
        """Whether this delegate goes to this meeting."""
        return (
            meeting.mission_id == delegate.mission_id
            and meeting.status != Meeting.Status.CANCELLED
            and delegate.status != Delegate.Status.DECLINED
            and meeting.stop_id not in self.missed_stops.get(delegate.pk, ())
            and meeting.pk not in self.missed_meetings.get(delegate.pk, ())
        )

    def expected(self, meeting: Meeting) -> list[Delegate]:
        """Who goes to this meeting."""
        return [one for one in self.delegates if self.is_expected(one, meeting)]

    def itinerary(self, delegate: Delegate) -> list[Meeting]:
        """Where this delegate goes."""
        return [one for one in self.meetings if self.is_expected(delegate, one)]


def meetings_of(mission: Mission) -> Iterable[Meeting]:
    """A mission's meetings in the order of its programme, with where they are and with whom."""
    return (
        Meeting.objects.filter(mission=mission)
        .for_programme()
        .select_related("city", "stop__city")
        .prefetch_related("organisations")
    )


def expected(meeting: Meeting) -> list[Delegate]:
    """Who goes to one meeting, in three queries; nobody where it belongs to no mission."""
    delegates = Delegate.objects.filter(mission=meeting.mission_id).exclude(mission=None)
    rows = delegates.select_related("organisation", "person").order_by("pk")
    return Delegation(rows, [meeting]).expected(meeting)


def itinerary(delegate: Delegate) -> list[Meeting]:
    """A delegate's own meetings in the order of the programme, in a constant number of queries."""
    return Delegation([delegate], meetings_of(delegate.mission)).itinerary(delegate)


def expected_of(places: QuerySet[Delegate]) -> QuerySet[Meeting]:
    """`Delegation.is_expected()` in the database: the meetings that these delegates go to.

    The cancelled ones among them are included: calendars that have one must be told.
    """
    going = places.exclude(status=Delegate.Status.DECLINED).order_by()
    stops = Delegate.missed_stops.through.objects.filter(delegate__in=going)
    meetings = Delegate.missed_meetings.through.objects.filter(delegate__in=going)
    found: QuerySet[Meeting] = (
        Meeting.objects.filter(mission__in=going.values("mission"))
        .exclude(stop__in=stops.values("stop"))
        .exclude(pk__in=meetings.values("meeting"))
    )
    return found


@dataclass
class LocalDay:
    """The meetings of one day on the calendar of the place; of none yet where `on` is None."""

    on: date | None
    meetings: list[Meeting] = field(default_factory=list)


def by_day(meetings: Iterable[Meeting]) -> list[LocalDay]:
    """Grouped by local day, the earliest first and those without a date last.

    Within a day by the instant, so that two zones are in order; one without a time comes after
    the meeting that it follows in the programme.
    """
    days: dict[date | None, LocalDay] = {}
    for meeting in meetings:
        days.setdefault(meeting.local_date, LocalDay(meeting.local_date)).meetings.append(meeting)
    for one in days.values():
        timed = sorted(
            (meeting for meeting in one.meetings if meeting.starts_at),
            key=lambda meeting: (meeting.starts_at, meeting.pk),
        )
        before: Meeting | None = None
        for meeting in one.meetings:
            if meeting.starts_at is None:
                timed.insert(timed.index(before) + 1 if before else 0, meeting)
            before = meeting
        one.meetings = timed
    return sorted(days.values(), key=lambda each: (each.on is None, each.on or date.max))
