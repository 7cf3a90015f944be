"""Last contact: derived from the meetings held, stored on the organisation."""

from collections.abc import Collection

from django.db.models import Count, Max, Q

from missions.models import Meeting
from partners.models import Organisation

HELD = Q(meetings__status=Meeting.Status.HELD)


def refresh_last_contact(organisation_ids: Collection[int]) -> None:
    """Bring the last contact of these organisations up to date.

    Called after every way of writing meetings and whom they were with.
    """
    for organisation in Organisation.objects.filter(pk__in=organisation_ids).annotate(
        latest_on=Max("meetings__local_date", filter=HELD),
        held_count=Count("meetings", filter=HELD),
    ):
        stored = (organisation.last_contact_on, organisation.is_met)
        derived = (organisation.latest_on, organisation.held_count > 0)
        if stored != derived:
            organisation.set_last_contact(*derived)
            Organisation.objects.filter(pk=organisation.pk).update(
                last_contact_on=organisation.last_contact_on,
                is_met=organisation.is_met,
                contact_order=organisation.contact_order,
            )


def settle_meeting(meeting: Meeting, before: Collection[int] = ()) -> None:
    """Let the organisations met include those spoken for, and refresh every last contact.

    `before` holds the ids of the organisations met before the change.
    """
    spoken_for = meeting.attendances.filter(
        organisation__side=Organisation.Side.PARTNER
    ).values_list("organisation_id", flat=True)
    met = set(meeting.organisations.values_list("pk", flat=True))
    if missing := set(spoken_for) - met:
        meeting.organisations.add(*missing)
    refresh_last_contact({*before, *met, *missing})
