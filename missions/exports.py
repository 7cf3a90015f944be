"""Missions, meetings, follow-ups and agreements as files: which columns, and for whom.

What was said at a confidential meeting is left out for those who may not read it, as the list
does; the names of people for those who may not export people. Notes are internal: they are in a
file only where somebody ticks them.
"""

from datetime import time
from typing import Any

from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from crm.cells import (
    Joined,
    Labels,
    Written,
    choice_column,
    days,
    first_known,
    local_name,
    numbers,
    record_columns,
    unless,
    yes_or_no,
)
from crm.export_page import Exported
from crm.exports import Column
from crm.models import User
from missions.models import (
    Agreement,
    Attendance,
    FollowUp,
    Meeting,
    Mission,
    Organiser,
    Party,
    Stop,
)
from missions.models.agreements import in_state
from missions.models.meeting_queries import READ_CONFIDENTIAL
from missions.promises import State, house, state
from partners.exports import PERMISSION as EXPORT_PEOPLE
from partners.exports import person_name
from partners.models import Organisation, Sector

PARTY = "organisation__name"


def of_people(reader: User, column: Column) -> list[Column]:
    """A column of people's names, for those who may export people."""
    return [column] if reader.has_perm(EXPORT_PEOPLE) else []


def hours() -> Written:
    """Times of day as 09:30."""
    return Written(lambda at: time.strftime(at, "%H:%M"))


def mission_columns(reader: User) -> list[Column]:
    """One row a mission; the people of its delegation are not in it."""
    stops = Stop.objects.filter(mission=OuterRef("pk")).order_by("position", "pk")
    organisers = Organiser.objects.filter(mission=OuterRef("pk")).order_by("-role", "pk")
    meetings = (
        Meeting.objects.filter(mission=OuterRef("pk"))
        .exclude(status=Meeting.Status.CANCELLED)
        .order_by()
        .values("mission")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return [
        Column("title", _("Title"), "title", width=40),
        choice_column("status", _("Status"), Mission.Status),
        choice_column("direction", _("Direction"), Mission.Direction),
        Column("initiative", _("Initiative"), first_known("initiative__name"), width=24),
        Column("starts_on", _("Starts on"), "starts_on", labels=days, width=12),
        Column("ends_on", _("Ends on"), "ends_on", labels=days, width=12),
        Column("cities", _("Cities"), Joined(stops, local_name("city__")), width=30),
        Column("organisers", _("Organisers"), Joined(organisers, "organisation__name"), width=40),
        Column("aims", _("Aims"), "aims", width=50),
        Column(
            "meetings",
            _("Meetings"),
            Coalesce(Subquery(meetings), 0),
            labels=numbers,
            width=10,
        ),
        Column("notes", _("Notes"), "notes", width=40, is_usual=False),
        *record_columns(),
    ]


def meeting_columns(reader: User) -> list[Column]:
    """One row a meeting, in the place's own time."""
    may_read = reader.has_perm(READ_CONFIDENTIAL)

    def said(path: str) -> Any:
        return path if may_read else unless(Q(is_confidential=True), path)

    met = Organisation.objects.filter(meetings=OuterRef("pk")).order_by("sort_name", "pk")
    present = Attendance.objects.filter(meeting=OuterRef("pk")).order_by("pk")
    sectors = Sector.objects.filter(meetings=OuterRef("pk"))
    return [
        Column("date", _("Date"), "local_date", labels=days, width=12),
        Column("time", _("Time"), "local_time", labels=hours, width=8),
        Column("time_zone", _("Time zone"), "time_zone", width=16),
        Column("duration", _("Duration in minutes"), "duration", labels=numbers, width=10),
        Column("title", _("Title"), said("title"), width=36),
        Column("organisations", _("Organisations met"), Joined(met, "name"), width=40),
        *of_people(
            reader,
            Column("people", _("People"), Joined(present, person_name("person__")), width=40),
        ),
        choice_column("status", _("Status"), Meeting.Status),
        choice_column("format", _("Format"), Meeting.Format),
        Column("mission", _("Mission"), first_known("mission__title"), width=36),
        Column("stop", _("Stop"), local_name("stop__city__"), width=14),
        Column("city", _("City"), local_name("city__"), width=14),
        Column("place", _("Place"), said("place"), width=24),
        Column("sectors", _("Sectors"), Joined(sectors, local_name()), width=30),
        Column("purpose", _("Purpose"), said("purpose"), width=40),
        Column("outcome", _("Outcome"), said("outcome"), width=50),
        Column(
            "temperature",
            _("Temperature"),
            "temperature" if may_read else Case(When(is_confidential=False, then="temperature")),
            labels=lambda: Labels(Meeting.Temperature.choices),
            width=12,
        ),
        Column("confidential", _("Confidential"), "is_confidential", labels=yes_or_no, width=12),
        Column("notes", _("Internal notes"), said("notes"), width=50, is_usual=False),
        *record_columns(),
    ]


def follow_up_columns(reader: User) -> list[Column]:
    """One row a promise."""
    return [
        Column("what", _("What"), "what", width=50),
        choice_column("promised_by", _("Promised"), FollowUp.By, width=12),
        Column("organisation", _("Organisation"), "organisation__name", width=36),
        *of_people(reader, Column("person", _("Person"), person_name("person__"), width=24)),
        Column("assignee", _("Seen to by"), first_known("assignee__email"), width=26),
        Column("due_on", _("Due"), "due_on", labels=days, width=12),
        Column("state", _("What became of it"), state(), labels=lambda: Labels(State.choices)),
        Column("done_on", _("Done on"), TruncDate("done_at", tzinfo=house()), labels=days),
        Column("dropped_why", _("Why dropped"), "dropped_why", width=30),
        Column(
            "meeting_date",
            _("Date of the meeting"),
            "meeting__local_date",
            labels=days,
            width=12,
        ),
        Column("meeting", _("Meeting"), first_known("meeting__title"), width=30),
        Column("mission", _("Mission"), first_known("meeting__mission__title"), width=36),
        *record_columns(),
    ]


def agreement_columns(reader: User) -> list[Column]:
    """One row an agreement, with the state it is in today."""
    today = timezone.localdate()
    parties = Party.objects.filter(agreement=OuterRef("pk")).order_by("pk")
    home = Q(organisation__side=Organisation.Side.HOME)
    became = Case(*(When(in_state(one, today), then=Value(one.value)) for one in Agreement.State))
    return [
        Column("title", _("Title"), "title", width=40),
        choice_column("kind", _("Kind"), Agreement.Kind),
        choice_column("status", _("Status"), Agreement.Status),
        Column("state", _("State"), became, labels=lambda: Labels(Agreement.State.choices)),
        Column("protocol_number", _("Protocol number"), "protocol_number", width=18),
        Column("parties_ours", _("Our side"), Joined(parties.filter(home), PARTY), width=40),
        Column("parties_theirs", _("Their side"), Joined(parties.exclude(home), PARTY), width=40),
        Column("signed_on", _("Signed on"), "signed_on", labels=days, width=12),
        Column("in_force_from", _("In force from"), "in_force_from", labels=days, width=12),
        Column(
            "in_force_until",
            _("In force until"),
            "in_force_until",
            labels=days,
            width=12,
        ),
        Column("renews", _("Renews"), first_known("renews__title"), width=30),
        Column("notes", _("Notes"), "notes", width=40, is_usual=False),
        *record_columns(),
    ]


MISSIONS = Exported(
    title=_("Missions"),
    heading=_("Export missions"),
    everything=_("Every mission"),
    counted=ngettext_lazy("%(number)s mission", "%(number)s missions", "count"),
    columns=mission_columns,
    list_url_name="missions:mission-list",
    export_url_name="missions:mission-export",
)
MEETINGS = Exported(
    title=_("Meetings"),
    heading=_("Export meetings"),
    everything=_("Every meeting"),
    counted=ngettext_lazy("%(number)s meeting", "%(number)s meetings", "count"),
    columns=meeting_columns,
    list_url_name="missions:meeting-list",
    export_url_name="missions:meeting-export",
)
FOLLOW_UPS = Exported(
    title=_("Follow-ups"),
    heading=_("Export follow-ups"),
    everything=_("Every follow-up"),
    counted=ngettext_lazy("%(number)s follow-up", "%(number)s follow-ups", "count"),
    columns=follow_up_columns,
    list_url_name="missions:followup-list",
    export_url_name="missions:followup-export",
)
AGREEMENTS = Exported(
    title=_("Agreements"),
    heading=_("Export agreements"),
    everything=_("Every agreement"),
    counted=ngettext_lazy("%(number)s agreement", "%(number)s agreements", "count"),
    columns=agreement_columns,
    list_url_name="missions:agreement-list",
    export_url_name="missions:agreement-export",
)
