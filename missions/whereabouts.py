"""Who goes to which stop and meeting, as a grid of ticks that is saved in one go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import QueryDict

from missions.delegation import Delegation, meetings_of
from missions.models import Delegate, Meeting, Mission, Stop


@dataclass(frozen=True)
class Cell:
    """One tick: whether a delegate goes to a stop or a meeting."""

    delegate: Delegate
    name: str
    value: str
    is_ticked: bool
    is_moot: bool = False


@dataclass
class Line:
    """A stop or a meeting, and who goes there."""

    stop: Stop | None
    meeting: Meeting | None
    cells: list[Cell] = field(default_factory=list)
    going: int = 0

    @property
    def value(self) -> str:
        """“s5” for a stop, “m7” for a meeting."""
        return f"s{self.stop.pk}" if self.stop else f"m{self.meeting.pk if self.meeting else 0}"

    @property
    def stop_value(self) -> str:
        """The value of the stop that a meeting is of."""
        stop = self.meeting.stop_id if self.meeting else None
        return f"s{stop}" if stop else ""

    def conceal(self, reader: Any) -> "Line":
        """Without what its reader may not know of the meeting."""
        if self.meeting:
            self.meeting.conceal_from(reader)
        return self


class Grid:
    """The ticks of some delegates (of all who have not declined, where none are named).

    A form that is sent carries for each delegate what they missed when it was opened, so that
    only what was really changed is written: what others changed meanwhile stays.
    """

    def __init__(self, mission: Mission, only: int | None = None) -> None:
        going = mission.delegates.exclude(status=Delegate.Status.DECLINED)
        everyone = list(
            going.select_related("organisation", "person").order_by(
                "organisation__sort_name", "organisation_id", "pk"
            )
        )
        self.everyone = everyone
        self.delegates = [one for one in everyone if only in (None, one.pk)]
        self.shown = {one.pk for one in self.delegates}
        self.stops = list(mission.stops.select_related("city"))
        meetings = meetings_of(mission)
        self.meetings = [one for one in meetings if one.status != Meeting.Status.CANCELLED]
        self.delegation = Delegation(everyone, self.meetings)

    def missed(self, delegate: Delegate) -> set[str]:
        """What they miss, as values."""
        stops = self.delegation.missed_stops.get(delegate.pk, set())
        meetings = self.delegation.missed_meetings.get(delegate.pk, set())
        return {*(f"s{pk}" for pk in stops), *(f"m{pk}" for pk in meetings)}

    @property
    def lines(self) -> list[Line]:
        """Each stop and its meetings, in order; then the meetings without a stop."""
        found: list[Line] = []
        for stop in [*self.stops, None]:
            if stop:
                found.append(self.line(stop, None))
            own = [one for one in self.meetings if one.stop_id == (stop.pk if stop else None)]
            found += [self.line(None, one) for one in own]
        return found

    def line(self, stop: Stop | None, meeting: Meeting | None) -> Line:
        line = Line(stop, meeting)
        for one in self.everyone:
            missed_stops = self.delegation.missed_stops.get(one.pk, ())
            is_moot = bool(meeting and meeting.stop_id in missed_stops)
            is_ticked = line.value not in self.missed(one)
            line.going += is_ticked and not is_moot
            if one.pk in self.shown:
                line.cells.append(Cell(one, f"goes-{one.pk}", line.value, is_ticked, is_moot))
        return line

    @property
    def summaries(self) -> list[tuple[Delegate, int]]:
        """Each delegate and how many meetings they go to."""
        return [(one, len(self.delegation.itinerary(one))) for one in self.delegates]

    @property
    def offered(self) -> str:
        """Every stop and meeting that the form asks about."""
        values = [*(f"s{one.pk}" for one in self.stops), *(f"m{one.pk}" for one in self.meetings)]
        return " ".join(values)

    @property
    def opened(self) -> list[tuple[str, str]]:
        """For each delegate the field that says what they missed when the form was opened."""
        return [(f"was-{one.pk}", " ".join(sorted(self.missed(one)))) for one in self.delegates]


@dataclass(frozen=True)
class Outcome:
    """What saving came to."""

    changes: int
    is_merged: bool


def save_grid(mission: Mission, data: QueryDict) -> Outcome:
    """Write the ticks that were changed on a form; others' changes since it was opened stay."""
    changes, is_merged = 0, False
    with transaction.atomic():
        rows: Iterable[Any] = mission.delegates.select_for_update(of=("self",)).order_by("pk")
        list(rows)
        grid = Grid(mission)
        known = set(grid.offered.split())
        offered = known & set(data.get("offered", "").split())
        for delegate in grid.delegates:
            if f"was-{delegate.pk}" not in data:
                continue
            was = set(data.get(f"was-{delegate.pk}", "").split()) & offered
            now = offered - set(data.getlist(f"goes-{delegate.pk}"))
            before = grid.missed(delegate)
            is_merged |= before & offered != was
            after = (before | (now - was)) - (was - now)
            if after != before:
                changes += len(after ^ before)
                write(delegate, after - before, before - after)
    return Outcome(changes, is_merged)


def write(delegate: Delegate, missed: set[str], joined: set[str]) -> None:
    """Let the delegate miss more, and go along again elsewhere; the place’s version grows."""
    delegate.save()
    delegate.missed_stops.add(*ids(missed, "s"))
    delegate.missed_stops.remove(*ids(joined, "s"))
    delegate.missed_meetings.add(*ids(missed, "m"))
    delegate.missed_meetings.remove(*ids(joined, "m"))


def ids(values: Iterable[str], kind: str) -> Sequence[int]:
    """The ids in values of one kind."""
    return [int(value[1:]) for value in values if value[0] == kind]
