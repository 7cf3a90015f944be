"""Last contact: derived from the meetings held, stored on the organisation."""

from collections.abc import Collection, Iterable, Iterator

from django.db import transaction
from django.db.models import Count, Exists, Max, Model, OuterRef, Q

from missions.models import Attendance, Meeting
from missions.models.meeting_queries import MeetingQuerySet
from partners.models import Organisation

HELD = Q(meetings__status=Meeting.Status.HELD)
COLUMNS = ["last_contact_on", "is_met", "contact_order"]


def stale_contacts(
    organisation_ids: Collection[int] | None = None,
) -> Iterator[list[Organisation]]:
    """Batches of the organisations (all, or these) whose last contact is out of date.

    They come mended in memory and unsaved; one batch at a time is in memory.
    """
    rows = Organisation.objects.all()
    if organisation_ids is not None:
        rows = rows.filter(pk__in=organisation_ids)
    rows = rows.annotate(
        latest_on=Max("meetings__local_date", filter=HELD),
        held_count=Count("meetings", filter=HELD),
    )
    for batch in rows.batches():
        found = []
        for organisation in batch:
            before = [getattr(organisation, column) for column in COLUMNS]
            organisation.set_last_contact(organisation.latest_on, organisation.held_count > 0)
            if before != [getattr(organisation, column) for column in COLUMNS]:
                found.append(organisation)
        if found:
            yield found


def refresh_last_contact(organisation_ids: Collection[int] | None = None) -> int:
    """Bring the last contact of these organisations, or of all, up to date; how many were not.

    Called after every way of writing meetings and whom they were with. The rows are locked
    first, so that of two meetings saved at once the second sees the first.
    """
    count = 0
    with transaction.atomic():
        if organisation_ids is not None:
            rows = Organisation.objects.filter(pk__in=organisation_ids).order_by("pk")
            list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
        for found in stale_contacts(organisation_ids):
            Organisation.objects.bulk_update(found, COLUMNS)
            count += len(found)
    return count


def unsettled_meetings() -> MeetingQuerySet:
    """Meetings where somebody spoke for a partner that is not among the organisations met."""
    listed = Meeting.organisations.through.objects.filter(
        meeting=OuterRef("meeting"), organisation=OuterRef("organisation")
    )
    spoken_for = Attendance.objects.filter(organisation__side=Organisation.Side.PARTNER)
    left_out = spoken_for.exclude(Exists(listed))
    meetings: MeetingQuerySet = Meeting.objects.filter(pk__in=left_out.values("meeting"))
    return meetings


def settle_meetings(meetings: Iterable[Meeting], before: Collection[int] = ()) -> None:
    """Let the organisations met include those spoken for, and refresh every last contact.

    What the meetings are found by is brought up to date too. `before` holds the ids of the
    organisations met before the change.
    """
    by_id = {one.pk: one for one in meetings}
    through = Meeting.organisations.through.objects.filter(meeting__in=by_id)
    met = set(through.values_list("meeting_id", "organisation_id"))
    spoken_for = Attendance.objects.filter(
        meeting__in=by_id, organisation__side=Organisation.Side.PARTNER
    ).order_by("pk")
    missing = set(spoken_for.values_list("meeting_id", "organisation_id")) - met
    for meeting, organisation in sorted(missing):
        by_id[meeting].organisations.add(organisation)
    Meeting.objects.filter(pk__in=by_id).refresh_derived()
    refresh_last_contact({*before, *(organisation for _meeting, organisation in met | missing)})


def settle_meeting(meeting: Meeting, before: Collection[int] = ()) -> None:
    """The same for one."""
    settle_meetings([meeting], before)


def settle_merged(model: type[Model], ids: Collection[int]) -> list[Model]:
    """After organisations or people became one, or were told apart: whom we met, and when.

    Gives the rows that were added so that those spoken for are among those met.
    """
    through = Meeting.organisations.through
    part = "organisation" if model is Organisation else "person"
    unsettled = unsettled_meetings().filter(**{f"attendances__{part}__in": ids}).distinct()
    meetings = list(unsettled)
    known = set(through.objects.filter(meeting__in=meetings).values_list("pk", flat=True))
    if meetings:
        settle_meetings(meetings)
    if model is Organisation:
        refresh_last_contact(ids)
    return [*through.objects.filter(meeting__in=meetings).exclude(pk__in=known)]
