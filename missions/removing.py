"""Taking a place out of a delegation, and putting it back."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from missions.delegation import itinerary
from missions.models import Attendance, Delegate, Meeting, Stop
from missions.rescheduling import lock


@dataclass(frozen=True)
class Consequences:
    """What taking a place out means, in numbers."""

    attended: int
    expected: int
    has_page: bool


def consequences(delegate: Delegate) -> Consequences:
    """Meetings of the mission that they attended (which stays) and are still expected at."""
    attended = (
        Attendance.objects.filter(
            person=delegate.person_id, meeting__mission=delegate.mission_id
        ).count()
        if delegate.person_id
        else 0
    )
    planned = [one for one in itinerary(delegate) if one.status == Meeting.Status.PLANNED]
    return Consequences(
        attended, len(planned), delegate.private_links.filter(revoked_at=None).exists()
    )


def remove(delegate: Delegate) -> int:
    """Take the place out with its private page; gives the row of history to restore it from."""
    pk = delegate.pk
    with transaction.atomic():
        delegate.delete()
        return int(Delegate.history.filter(id=pk, history_type="-").latest("history_id").pk)


class NotRestored(Exception):
    """Why a place can't be put back: a sentence for the reader."""


def restore(row: Any) -> Delegate:
    """The place as it was when it was removed, and where it was going; without its private page.

    Raises NotRestored where the person has a place again. Restored twice it is restored once.
    """
    with transaction.atomic():
        lock(row.mission_id)
        if found := Delegate.objects.filter(pk=row.id).first():
            return found
        others = Delegate.objects.filter(mission=row.mission_id, person=row.person_id)
        if row.person_id and others.exists():
            raise NotRestored(_("This person has a place in the delegation already."))
        delegate: Delegate = row.instance
        delegate.version = row.version + 1
        delegate.save(force_insert=True)
        last = Delegate.history.filter(id=row.id, history_id__lt=row.pk).exclude(history_type="-")
        if before := last.order_by("-history_id").first():
            stops = before.missed_stops.values_list("stop_id", flat=True)
            meetings = before.missed_meetings.values_list("meeting_id", flat=True)
            delegate.missed_stops.set(
                Stop.objects.filter(mission=row.mission_id, pk__in=list(stops))
            )
            own = Meeting.objects.filter(mission=row.mission_id, pk__in=list(meetings))
            delegate.missed_meetings.set(own)
    return delegate
