"""The whole delegation attended: everyone named who was expected at a meeting is put down."""

from collections.abc import Collection
from dataclasses import dataclass, field

from missions.contact import settle_meeting
from missions.delegation import expected
from missions.models import Attendance, Delegate, Meeting


@dataclass
class Attended:
    """What the act did: whom it put down, and the places that have no name to put down."""

    added: list[Attendance] = field(default_factory=list)
    unnamed: list[Delegate] = field(default_factory=list)


def named(delegates: Collection[Delegate]) -> list[Delegate]:
    """The places that a person fills."""
    return [one for one in delegates if one.person_id]


def attend(meeting: Meeting) -> Attended:
    """Put down every named delegate expected, as speaking for whom their place is held.

    Who is down already stays as they are; doing it twice adds nobody. Called inside a
    transaction, with the meeting locked.
    """
    places = expected(meeting)
    done = Attended(unnamed=[one for one in places if one.person_id is None])
    present = set(meeting.attendances.values_list("person_id", flat=True))
    before = list(meeting.organisations.values_list("pk", flat=True))
    for place in named(places):
        if place.person_id not in present:
            done.added.append(
                Attendance.objects.create(
                    meeting=meeting, person_id=place.person_id, organisation=place.organisation
                )
            )
    if done.added:
        meeting.save(update_fields=["version"])
        settle_meeting(meeting, before=before)
    return done


def take_back(meeting: Meeting, attendance_ids: Collection[int]) -> int:
    """Undo it: take these off again; how many were still there. In a transaction, as above."""
    before = list(meeting.organisations.values_list("pk", flat=True))
    rows = list(meeting.attendances.filter(pk__in=attendance_ids))
    for row in rows:
        row.delete()
    if rows:
        meeting.save(update_fields=["version"])
        settle_meeting(meeting, before=before)
    return len(rows)


def absent_from(meeting: Meeting, present: Collection[int]) -> list[Delegate]:
    """The named delegates expected who are not among these people, by their ids."""
    return [one for one in named(expected(meeting)) if one.person_id not in present]
