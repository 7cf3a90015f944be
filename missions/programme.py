"""A mission's programme: its meetings by stop, numbered across the mission."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils import timezone

from missions.models import Meeting, Stop


@dataclass(frozen=True)
class Entry:
    """A meeting and its number in the mission, so that one without a time keeps its place."""

    number: int
    meeting: Meeting


@dataclass
class Section:
    """The meetings of one stop; of none where `stop` is None."""

    stop: Stop | None
    number: int = 0
    entries: list[Entry] = field(default_factory=list)

    @property
    def stop_id(self) -> int | None:
        return self.stop.pk if self.stop else None

    @property
    def meetings_with_time(self) -> int:
        return sum(entry.meeting.starts_at is not None for entry in self.entries)

    @property
    def is_without_times(self) -> bool:
        return bool(self.entries) and not self.meetings_with_time

    @property
    def is_partly_timed(self) -> bool:
        return 0 < self.meetings_with_time < len(self.entries)


def programme(stops: Iterable[Stop], meetings: Iterable[Meeting]) -> list[Section]:
    """A section for each stop in order, then one for the meetings without a stop, if any.

    `meetings` come in the order of `MeetingQuerySet.for_programme()`.
    """
    by_stop: defaultdict[int | None, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        by_stop[meeting.stop_id].append(meeting)
    sections = [Section(stop, position) for position, stop in enumerate(stops, start=1)]
    if None in by_stop:
        sections.append(Section(None))
    number = 0
    for section in sections:
        for meeting in by_stop[section.stop.pk if section.stop else None]:
            number += 1
            section.entries.append(Entry(number, meeting))
    return sections


def is_ahead(meeting: Meeting) -> bool:
    """Whether it can't have been held yet: by its instant, else by the day of the place."""
    if meeting.starts_at:
        return meeting.starts_at > timezone.now()
    if not meeting.local_date:
        return False
    return meeting.local_date > timezone.localdate(timezone=ZoneInfo(meeting.time_zone))
