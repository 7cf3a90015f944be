"""Meetings as iCalendar (RFC 5545 and 7986): of a mission, of a user, of a delegate, or one.

The instants are the local time of the place with its zone, written out as VTIMEZONE. An event
keeps its UID for good, and SEQUENCE grows with the meeting's version, so that a program that
subscribes moves it where it was rescheduled and takes it off where it was cancelled. A meeting
without a date can't stand in a calendar; one without a time is the whole day, and tentative.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vDuration, vText

import crm
from crm.models import User
from crm.text import one_line, without_controls
from missions.delegation import expected_of
from missions.models import Attendance, Delegate, Meeting

PRODUCT = f"-//Ponti//Ponti {crm.__version__}//EN"
USUAL_MINUTES = 60
REFRESHED_EVERY = timedelta(hours=1)
DAYS_BACK = 90

# The absolute address of a meeting's page, or nothing where the reader has no account.
Address = Callable[[Meeting], str]
# The meeting without what its reader may not know.
Known = Callable[[Meeting], Meeting]


def no_address(meeting: Meeting) -> str:
    """For those who can't sign in."""
    return ""


def for_calendar(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Those with a date, the earliest first, with where they are and with whom."""
    return (
        meetings.filter(local_date__isnull=False)
        .order_by("local_date", "local_time", "pk")
        .select_related("mission", "city", "stop__city")
        .prefetch_related("organisations")
    )


def meetings_of_user(user: User, today: date | None = None) -> QuerySet[Meeting]:
    """What a user attends, goes to with a delegation, logged, or what a partner of theirs is at.

    From 90 days ago on. One set of ids, so that each half is read from its index.
    """
    since = (today or timezone.localdate()) - timedelta(days=DAYS_BACK)
    met: QuerySet[Any] = Meeting.organisations.through.objects.filter(
        meeting__local_date__gte=since
    )
    attended = Attendance.objects.filter(meeting__local_date__gte=since)
    expected = expected_of(Delegate.objects.filter(person__user=user))
    mine = (
        attended.filter(person__user=user).order_by().values("meeting_id"),
        Meeting.objects.filter(author=user, local_date__gte=since).order_by().values("pk"),
        met.filter(organisation__owner=user).values("meeting_id"),
        expected.filter(local_date__gte=since).order_by().values("pk"),
    )
    return Meeting.objects.filter(pk__in=mine[0].union(*mine[1:]))


def meetings_of_delegate(delegate: Delegate) -> QuerySet[Meeting]:
    """A delegate's own itinerary, with what of it was cancelled."""
    return expected_of(Delegate.objects.filter(pk=delegate.pk))


def known_to(user: Any) -> Known:
    """As the user's permissions have it."""
    return lambda meeting: meeting.conceal_from(user)


def as_delegates_know(meeting: Meeting) -> Meeting:
    """As their private page says it: of a confidential one when, where and with whom.

    An instance that went through here is for showing, never for saving.
    """
    if meeting.is_confidential:
        meeting.title = meeting.purpose = meeting.notes = meeting.outcome = ""
    return meeting


def calendar(
    name: str, meetings: QuerySet[Meeting], known: Known, address: Address = no_address
) -> bytes:
    """The meetings as a file of one calendar, each as its reader may know it."""
    shown = [known(meeting) for meeting in for_calendar(meetings)]
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", PRODUCT)
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    for heading in ("name", "x-wr-calname"):
        made.add(heading, vText(one_line(name)))
    made.add("refresh-interval", vDuration(REFRESHED_EVERY), {"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESHED_EVERY))
    for meeting in shown:
        made.add_component(event(meeting, address(meeting)))
    add_zones(made, [meeting.local_date for meeting in shown])
    written: bytes = made.to_ical()
    return written


def event(meeting: Meeting, url: str = "") -> Event:
    """A meeting with a date as an event; of one concealed from its reader only when and the city.

    Its stamp is the last change, not this moment: what did not change reads the same.
    """
    made = Event()
    made.add("uid", f"{meeting.key}@ponti")
    made.add("dtstamp", meeting.updated_at.astimezone(dt.UTC))
    made.add("last-modified", meeting.updated_at.astimezone(dt.UTC))
    made.add("created", meeting.created_at.astimezone(dt.UTC))
    made.add("sequence", meeting.version)
    made.add("status", status(meeting))
    made.add("summary", one_line(summary(meeting)))
    if start := meeting.local_start:
        if start.fold:  # the second of two equal readings: a local time would mean the first
            start = start.astimezone(dt.UTC)
        made.add("dtstart", start)
        length = timedelta(minutes=meeting.duration or USUAL_MINUTES)
        made.add("dtend", (start.astimezone(dt.UTC) + length).astimezone(start.tzinfo))
    elif meeting.local_date:
        made.add("dtstart", meeting.local_date)
        made.add("dtend", meeting.local_date + timedelta(days=1))
    if meeting.starts_at is None or meeting.status == Meeting.Status.CANCELLED:
        made.add("transp", "TRANSPARENT")
    if meeting.is_confidential:
        made.add("class", "PRIVATE")
    if place := location(meeting):
        made.add("location", one_line(place))
    if words := description(meeting):
        made.add("description", without_controls(words))
    if url:
        made.add("url", url)
    return made


def status(meeting: Meeting) -> str:
    if meeting.status == Meeting.Status.CANCELLED:
        return "CANCELLED"
    is_open = meeting.status == Meeting.Status.PLANNED and meeting.starts_at is None
    return "TENTATIVE" if is_open else "CONFIRMED"


def summary(meeting: Meeting) -> str:
    if meeting.is_concealed:
        return _("Confidential meeting")
    return meeting.heading


def location(meeting: Meeting) -> str:
    return ", ".join(filter(None, [meeting.place, str(meeting.where or "")]))


def description(meeting: Meeting) -> str:
    """With whom and what for; what was said stays here."""
    if meeting.is_concealed:
        return ""
    met = "\n".join(f"{one.name} {one.native_name}".strip() for one in meeting.organisations.all())
    mission = _("Mission: %(title)s") % {"title": meeting.mission} if meeting.mission else ""
    return "\n\n".join(filter(None, [met, meeting.purpose.strip(), mission]))


def add_zones(made: Calendar, days: Iterable[date | None]) -> None:
    """Write out the zones that the calendar names, for the years that it spans."""
    years = [day.year for day in days if day]
    if years:
        for name in sorted(made.get_missing_tzids()):
            made.subcomponents.insert(0, zone(name, min(years) - 1, max(years) + 2))


@lru_cache(maxsize=500)
def zone(name: str, first_year: int, last_year: int) -> Timezone:
    """The clocks of a zone between two New Years, as VTIMEZONE.

    Clocks that go forward do so at an hour of the clock before (RFC 5545, 3.6.5): 02:00 in Rome,
    where the library writes the hour of the clock after.
    """
    made = Timezone.from_tzid(
        name, first_date=date(first_year, 1, 1), last_date=date(last_year, 1, 1)
    )
    for change in made.subcomponents:
        forward = change.TZOFFSETTO - change.TZOFFSETFROM
        if forward > timedelta():
            change.DTSTART -= forward
            if others := change.pop("rdate", None):
                change.add("rdate", [one.dt - forward for one in others.dts])
    return made
