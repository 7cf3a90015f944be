"""How far missions are: their meetings and their unnamed places, counted for a few at once."""

from collections.abc import Iterable

from django.db.models import Count

from missions.models import Delegate, Meeting, Mission


def count_parts(missions: Iterable[Mission]) -> None:
    """Set `meeting_count` (cancelled left out) and `unnamed_count` on these, in two queries."""
    rows = list(missions)
    meetings = dict(
        Meeting.objects.filter(mission__in=rows)
        .exclude(status=Meeting.Status.CANCELLED)
        .order_by()
        .values_list("mission")
        .annotate(Count("pk"))
    )
    unnamed = dict(
        Delegate.objects.filter(mission__in=rows, person=None)
        .exclude(status=Delegate.Status.DECLINED)
        .order_by()
        .values_list("mission")
        .annotate(Count("pk"))
    )
    for mission in rows:
        mission.meeting_count = meetings.get(mission.pk, 0)
        mission.unnamed_count = unnamed.get(mission.pk, 0)
