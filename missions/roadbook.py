"""The programme as it travels: by local day, whom we meet, who of us goes, whom to call."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils import timezone

from missions.delegation import Delegation, by_day
from missions.models import Attendance, Delegate, Meeting, Mission
from partners.models import Affiliation, Organisation, Person

MAP = "https://www.openstreetmap.org/search?"


@dataclass(frozen=True)
class Someone:
    """A person on the page: for whom they speak, as what, how to address and to call them."""

    person: Person
    organisation: str
    job_title: str = ""

    @property
    def address(self) -> str:
        """“Ms Tanabe”; a form in another script stands alone: we don’t know where it goes."""
        form = self.person.form_of_address
        return f"{form} {self.person.family_name}".strip() if form and form.isascii() else form

    @property
    def phones(self) -> list[tuple[str, str]]:
        """As typed and in international form; none of who asked not to be called."""
        person = self.person
        ways = Person.ContactPreference
        if person.is_archived or person.contact_preference in (ways.NONE, ways.EMAIL):
            return []
        pairs = [
            (person.mobile, person.mobile_international),
            (person.phone, person.phone_international),
        ]
        return [pair for pair in pairs if pair[0]]


@dataclass
class Appointment:
    """A meeting and its people: those expected of the delegation, others of ours, theirs."""

    meeting: Meeting
    expected: list[Delegate]
    ours: list[Someone]
    theirs: list[Someone]
    # The named delegates expected who are not among those who took part.
    absent: list[Delegate] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it is, on one line."""
        return ", ".join(filter(None, [self.meeting.place, str(self.meeting.where or "")]))

    @property
    def link(self) -> str:
        """Where the address leads: a map, or the call itself where the place is a link."""
        place = self.meeting.place
        if place.startswith(("https://", "http://")):
            return place
        return MAP + urlencode({"query": self.address}) if place else ""


@dataclass
class Day:
    """A local day; `zone` is that of its first meeting, by whose clock it may be today."""

    on: date | None
    zone: str
    appointments: list[Appointment]

    @property
    def is_today(self) -> bool:
        return self.on == self.today_there

    @property
    def today_there(self) -> date:
        return timezone.localdate(timezone=ZoneInfo(self.zone))


class Roadbook:
    """A mission's programme with everyone in it, in a constant number of queries."""

    def __init__(self, mission: Mission, reader: Any) -> None:
        self.mission = mission
        posts = Affiliation.objects.current()
        people = (
            Attendance.objects.select_related("person", "organisation")
            .prefetch_related(Prefetch("person__affiliations", posts, to_attr="current"))
            .order_by("pk")
        )
        meetings = (
            Meeting.objects.filter(mission=mission)
            .for_programme()
            .select_related("city", "stop__city")
            .prefetch_related("organisations", Prefetch("attendances", people))
        )
        delegates = mission.delegates.select_related("organisation", "person").order_by("pk")
        shown = [meeting.conceal_from(reader) for meeting in meetings]
        self.delegation = Delegation(delegates, shown)
        self.days = [
            Day(day.on, day.meetings[0].time_zone, [self.appointment(one) for one in day.meetings])
            for day in by_day(shown)
        ]

    @property
    def delegates(self) -> list[Delegate]:
        """Who goes along: not those who declined."""
        everyone = self.delegation.delegates
        return [one for one in everyone if one.status != Delegate.Status.DECLINED]

    @property
    def contacts(self) -> list[Someone]:
        """The named ones of the delegation, with their phones."""
        return [Someone(one.person, one.organisation.name) for one in self.delegates if one.person]

    @property
    def next_day(self) -> Day | None:
        """Today, else the next day there is something on; nothing once it is over."""
        return next((day for day in self.days if day.on and day.on >= day.today_there), None)

    def appointment(self, meeting: Meeting) -> Appointment:
        expected = self.delegation.expected(meeting)
        ids = {one.person_id for one in expected}
        rows = list(meeting.attendances.all())
        present = {row.person_id for row in rows}
        others = [row for row in rows if row.person_id not in ids]
        ours = [row for row in others if is_ours(row)]
        return Appointment(
            meeting,
            expected,
            [someone(row) for row in ours],
            [someone(row) for row in others if row not in ours],
            [one for one in expected if one.person_id and one.person_id not in present],
        )


def is_ours(row: Attendance) -> bool:
    """Whether somebody came with us: for an organisation of our side, or as one of our staff."""
    if row.organisation:
        return row.organisation.side == Organisation.Side.HOME
    return row.person.user_id is not None


def someone(row: Attendance) -> Someone:
    """Who took part, with the title they have at the organisation they spoke for."""
    current: list[Affiliation] = row.person.current  # type: ignore[attr-defined]
    titles = [one.job_title for one in current if one.organisation_id == row.organisation_id]
    name = row.organisation.name if row.organisation else ""
    return Someone(row.person, name, next(iter(titles), ""))
