"""A new mission from an old one: its stops, places and checklist, and nothing personal."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from crm.models import User
from missions.models import Delegate, Meeting, Mission, Organiser, Stop, Task


@dataclass
class Copying:
    """What `user` would take over from `mission`, counted; `into()` does it."""

    mission: Mission
    user: User

    @cached_property
    def stops(self) -> list[Stop]:
        return list(self.mission.stops.select_related("city").order_by("position", "pk"))

    @cached_property
    def organisers(self) -> list[Organiser]:
        return [one for one in self._with_organisation(self.mission.organisers) if self._may(one)]

    @cached_property
    def places(self) -> list[Delegate]:
        return [one for one in self._with_organisation(self.mission.delegates) if self._may(one)]

    @cached_property
    def tasks(self) -> list[Task]:
        return list(self.mission.tasks.order_by("pk"))

    @cached_property
    def encounters(self) -> list[tuple[Meeting, list[Any]]]:
        """The organisations to meet, at each stop once: a meeting that stands for it, and whom.

        Cancelled meetings are left out, and confidential ones that the user may not read.
        """
        found: dict[tuple[int | None, frozenset[int]], tuple[Meeting, list[Any]]] = {}
        meetings = self.mission.meetings.exclude(status=Meeting.Status.CANCELLED)
        meetings = meetings.readable_by(self.user)
        for meeting in meetings.for_programme().prefetch_related("organisations"):
            met = [one for one in meeting.organisations.all() if not one.is_archived]
            if met:
                key = meeting.stop_id, frozenset(one.pk for one in met)
                found.setdefault(key, (meeting, met))
        return list(found.values())

    @cached_property
    def named_count(self) -> int:
        """People who hold a place: they don't come along."""
        return sum(place.person_id is not None for place in self.mission.delegates.all())

    @cached_property
    def meeting_count(self) -> int:
        return int(self.mission.meetings.count())

    @cached_property
    def archived_count(self) -> int:
        """Organisers and places that are left out, their organisation being archived."""
        every = [
            *self._with_organisation(self.mission.organisers),
            *self._with_organisation(self.mission.delegates),
        ]
        return sum(not self._may(one) for one in every)

    @cached_property
    def first_day(self) -> date | None:
        """The day that dates are shifted from: the start, else the first day of a stop."""
        days = [on for stop in self.stops for on in (stop.starts_on, stop.ends_on) if on]
        return self.mission.starts_on or min(days, default=None)

    def _with_organisation(self, parts: Any) -> Any:
        return parts.select_related("organisation").order_by("pk")

    def _may(self, part: Any) -> bool:
        return not part.organisation.is_archived

    def into(self, copy: Mission, with_organisations: bool = False) -> None:
        """Fill `copy`, unsaved, with its title and start: one act, inside a transaction."""
        start = copy.starts_on
        shift = start - self.first_day if start and self.first_day else None

        def shifted(on: date | None) -> date | None:
            return on + shift if on and shift is not None else None

        copy.direction, copy.initiative = self.mission.direction, self.mission.initiative
        copy.status = Mission.Status.PLANNED
        copy.ends_on = shifted(self.mission.ends_on)
        copy.save()
        stops: dict[int | None, Stop | None] = {None: None}
        for position, stop in enumerate(self.stops, start=1):
            stops[stop.pk] = Stop.objects.create(
                mission=copy,
                city=stop.city,
                position=position,
                starts_on=shifted(stop.starts_on),
                ends_on=shifted(stop.ends_on),
            )
        for organiser in self.organisers:
            Organiser.objects.create(
                mission=copy, organisation=organiser.organisation, role=organiser.role
            )
        for place in self.places:
            Delegate.objects.create(mission=copy, organisation=place.organisation, role=place.role)
        for task in self.tasks:
            Task.objects.create(mission=copy, what=task.what, due_on=shifted(task.due_on))
        if with_organisations:
            self._plan_encounters(copy, stops)

    def _plan_encounters(self, copy: Mission, stops: dict[int | None, Stop | None]) -> None:
        """Planned and without a date: nobody was met yet, so no last contact changes."""
        for meeting, organisations in self.encounters:
            planned = Meeting.objects.create(
                mission=copy,
                stop=stops[meeting.stop_id],
                status=Meeting.Status.PLANNED,
                is_confidential=meeting.is_confidential,
                author=self.user,
            )
            planned.organisations.add(*organisations)
