"""What the daily e-mail says: what a user has today, has promised and should not lose sight of.

Everything is told as of a day given, never as of the clock: a run may be made up for later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import User
from crm.templatetags.ponti import day, late, reader_locale, zone_city
from crm.when import distance
from missions.models import Agreement, FollowUp, Meeting, Mission, Task
from missions.models.agreements import ALARMS
from missions.reminders import agreements_of, meetings_of
from partners.models import Organisation

SHOWN = 10
COMING = 7  # days ahead in which promises and tasks are told of
STOPPED = (Mission.Status.COMPLETED, Mission.Status.CANCELLED)


@dataclass(frozen=True)
class Line:
    """One thing: its name, what there is to say of it, and where it is."""

    text: str
    detail: str
    path: str


@dataclass(frozen=True)
class Section:
    """Things of one kind; `more` of them are found at `path`. `told` is for the subject."""

    title: str
    lines: list[Line]
    told: str
    more: int = 0
    path: str = ""


@dataclass(frozen=True)
class Morning:
    """Whose day it is: the user, the day on their own clock, and the first day made up for."""

    user: User
    now: datetime
    since: date

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)


def single(text: str) -> str:
    """On one line, whatever was typed."""
    return " ".join(text.split())


def joined(*parts: str) -> str:
    return ", ".join(filter(None, map(single, parts)))


def away(on: date, today: date) -> str:
    """“22 November 2026, in 9 days”."""
    return joined(day(on), distance((on - today).days, reader_locale()))


def section(
    title: str,
    rows: "QuerySet[Any]",
    line: Callable[[Any], Line],
    told: Callable[[int], str],
    path: str = "",
) -> Section | None:
    """The first rows, and how many there are beyond; nothing where there are none."""
    found = list(rows[: SHOWN + 1])
    if not found:
        return None
    count = len(found) if len(found) <= SHOWN else rows.order_by().count()
    lines = [line(row) for row in found[:SHOWN]]
    return Section(title, lines, told(count), count - len(lines), path)


def sections(morning: Morning) -> list[Section]:
    """All that there is to say, what the user may see of it, the most urgent first."""
    told = [
        *meetings(morning),
        *follow_ups(morning),
        tasks(morning),
        alarms(morning),
        dormant(morning),
        quiet(morning),
    ]
    return [one for one in told if one]


def in_clocks(meeting: Meeting) -> str:
    """“10:00 Tokyo · 02:00 Rome”; the day, where it is another one here."""
    if meeting.starts_at is None:
        return _("time not known")
    there = meeting.starts_at.astimezone(ZoneInfo(meeting.time_zone))
    here = meeting.starts_at.astimezone(timezone.get_current_timezone())
    first = f"{there:%H:%M} {zone_city(meeting.time_zone)}"
    if there.utcoffset() == here.utcoffset():
        return first
    apart = (here.date() - there.date()).days
    note = _("day after") if apart > 0 else _("day before") if apart < 0 else ""
    second = f"{here:%H:%M} {zone_city(str(here.tzinfo))}"
    return f"{first} · {second} ({note})" if note else f"{first} · {second}"


def meetings(morning: Morning) -> list[Section | None]:
    """Today's that are not over, and tomorrow's first."""
    user, today = morning.user, morning.today
    if not user.has_perm("missions.view_meeting"):
        return []

    def line(meeting: Meeting) -> Line:
        meeting.conceal_from(user)
        place = str(meeting.where) if meeting.where else ""
        return Line(
            single(meeting.heading),
            joined(in_clocks(meeting), meeting.place, place),
            meeting.get_absolute_url(),
        )

    ahead = Q(starts_at__gte=morning.now - timedelta(hours=1)) | Q(starts_at=None)
    mine = Meeting.objects.upcoming(today).filter(meetings_of(user)).for_list()
    tomorrow = mine.filter(local_date=today + timedelta(days=1))
    path = f"{reverse('missions:meeting-list')}?mine=1&status=planned"
    return [
        section(
            _("My meetings today"),
            mine.filter(ahead, local_date=today),
            line,
            lambda count: (
                ngettext("%(count)d meeting today", "%(count)d meetings today", count)
                % {"count": count}
            ),
            path,
        ),
        section(
            _("First thing tomorrow"),
            tomorrow.filter(pk__in=tomorrow.values("pk")[:1]),
            line,
            lambda _count: _("a meeting tomorrow"),
        ),
    ]


def follow_ups(morning: Morning) -> list[Section | None]:
    """My promises: the late ones, and those due this week."""
    user, today = morning.user, morning.today
    if not user.has_perm("missions.view_followup"):
        return []
    mine = FollowUp.objects.open().visible_to(user).filter(assignee=user).for_list()
    path = reverse("missions:followup-list")

    def overdue(row: FollowUp) -> Line:
        by = late((today - row.due_on).days) if row.due_on else ""
        return Line(single(row.what), joined(row.organisation.name, by), row.get_absolute_url())

    def coming(row: FollowUp) -> Line:
        due = away(row.due_on, today) if row.due_on else ""
        return Line(single(row.what), joined(row.organisation.name, due), row.get_absolute_url())

    return [
        section(
            _("Follow-ups overdue"),
            mine.filter(due_order__lt=today),
            overdue,
            lambda count: (
                ngettext("%(count)d follow-up overdue", "%(count)d follow-ups overdue", count)
                % {"count": count}
            ),
            path,
        ),
        section(
            _("Follow-ups of the next seven days"),
            mine.filter(due_order__range=(today, today + timedelta(days=COMING))),
            coming,
            lambda count: (
                ngettext("%(count)d follow-up coming", "%(count)d follow-ups coming", count)
                % {"count": count}
            ),
            path,
        ),
    ]


def tasks(morning: Morning) -> Section | None:
    """My lines of the checklists of missions, late or due this week."""
    user, today = morning.user, morning.today
    if not user.has_perm("missions.view_task"):
        return None
    mine = Task.objects.open().filter(assignee=user, due_on__lte=today + timedelta(days=COMING))

    def line(row: Task) -> Line:
        due = late((today - row.due_on).days) or away(row.due_on, today) if row.due_on else ""
        return Line(single(row.what), joined(row.mission.title, due), row.get_absolute_url())

    return section(
        _("Tasks of missions"),
        mine.exclude(mission__status__in=STOPPED).select_related("mission"),
        line,
        lambda count: ngettext("%(count)d task", "%(count)d tasks", count) % {"count": count},
    )


def alarms(morning: Morning) -> Section | None:
    """Agreements that came to be 90, 30 or 7 days from their end since the last e-mail."""
    user, today = morning.user, morning.today
    if not user.has_perm("missions.view_agreement"):
        return None

    def line(row: Agreement) -> Line:
        left = (row.in_force_until - today).days if row.in_force_until else 0
        level = next((one for one in ALARMS if left <= one), ALARMS[-1])
        words = (
            _("Ended")
            if left < 0
            else ngettext("Within %(days)d day", "Within %(days)d days", level) % {"days": level}
        )
        ends = away(row.in_force_until, today) if row.in_force_until else ""
        return Line(single(row.title), f"{words}: {ends}", row.get_absolute_url())

    return section(
        _("Agreements about to expire"),
        agreements_of(user).alarming(morning.since, today),
        line,
        lambda count: (
            ngettext(
                "%(count)d agreement about to expire",
                "%(count)d agreements about to expire",
                count,
            )
            % {"count": count}
        ),
        f"{reverse('missions:agreement-list')}?expiring=1",
    )


def dormant(morning: Morning) -> Section | None:
    """Agreements that fell asleep since the last e-mail."""
    user, today = morning.user, morning.today
    if not user.has_perm("missions.view_agreement"):
        return None
    before = Agreement.objects.dormant(morning.since - timedelta(days=1)).order_by().values("pk")

    def line(row: Agreement) -> Line:
        since = day(row.starts_on)
        return Line(
            single(row.title), _("In force since %(day)s") % {"day": since}, row.get_absolute_url()
        )

    return section(
        _("In force, but nothing happened for a year"),
        agreements_of(user).dormant(today).exclude(pk__in=before),
        line,
        lambda count: (
            ngettext("%(count)d agreement asleep", "%(count)d agreements asleep", count)
            % {"count": count}
        ),
        f"{reverse('missions:agreement-list')}?dormant=1",
    )


def quiet(morning: Morning) -> Section | None:
    """My partners without contact for longer than their tier bears, the highest tier first."""
    user, today = morning.user, morning.today
    if not user.has_perm("partners.view_organisation"):
        return None
    mine = Organisation.objects.active().partners().filter(owner=user).gone_quiet(today)

    def line(row: Organisation) -> Line:
        if row.last_contact_on:
            last = _("last contact %(day)s") % {"day": away(row.last_contact_on, today)}
        else:
            last = _("met, date unknown") if row.is_met else _("never met")
        tier = row.get_tier_display() if row.tier else _("No tier")
        return Line(single(row.name), f"{tier}: {last}", row.get_absolute_url())

    return section(
        _("My partners gone quiet"),
        mine.order_by("tier_order", "-contact_order", "pk"),
        line,
        lambda count: (
            ngettext("%(count)d partner gone quiet", "%(count)d partners gone quiet", count)
            % {"count": count}
        ),
        f"{reverse('partners:organisation-list')}?owner={user.pk}&sort=contact",
    )
