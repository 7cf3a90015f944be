"""What a delegate from outside is shown on their private page, and nothing else.

The page is made of what is here: internal notes, outcomes, histories and what is said at
confidential meetings never reach its template.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import segno
from django.db.models import Prefetch, QuerySet

from missions.delegation import LocalDay, by_day, itinerary
from missions.models import Attendance, Delegate, Meeting
from partners.models import Affiliation, Organisation, Person


@dataclass(frozen=True)
class Met:
    """Somebody whom we meet: their names, and how to address them."""

    person: Person
    job_title: str
    organisation: str

    @property
    def address(self) -> str:
        """“Ms Tanabe”; a form in another script stands alone, where it belongs is not ours."""
        form = self.person.form_of_address
        return f"{form} {self.person.family_name}".strip() if form.isascii() else form


@dataclass(frozen=True)
class Contact:
    """A place in the delegation, and how to reach who fills it."""

    name: str
    organisation: str
    role: str
    person: Person | None = None
    email: str = ""
    phones: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Appointment:
    """A meeting as a delegate from outside may know it."""

    meeting: Meeting
    organisations: list[Organisation]
    people: list[Met]
    is_confidential: bool


@dataclass(frozen=True)
class Day:
    """The appointments of one local day."""

    day: LocalDay
    appointments: list[Appointment]


def private_days(delegate: Delegate) -> list[Day]:
    """Their own meetings by local day, stripped of all that is internal."""
    people = people_met(delegate)
    return [
        Day(day, [appointment(meeting, people.get(meeting.pk, [])) for meeting in day.meetings])
        for day in by_day(itinerary(delegate))
    ]


def appointment(meeting: Meeting, people: list[Met]) -> Appointment:
    """The meeting without what is internal; of a confidential one when, where and with whom."""
    meeting.is_concealed = True  # for showing, never for saving
    meeting.notes = meeting.outcome = ""
    if meeting.is_confidential:
        meeting.title = meeting.purpose = ""
        people = []
    return Appointment(meeting, list(meeting.organisations.all()), people, meeting.is_confidential)


def people_met(delegate: Delegate) -> dict[int, list[Met]]:
    """Who is expected on the other side, by the id of the meeting."""
    posts = Affiliation.objects.current()
    going = Delegate.objects.filter(mission=delegate.mission_id).exclude(person=None)
    rows: QuerySet[Attendance] = (
        Attendance.objects.filter(meeting__mission=delegate.mission_id)
        .exclude(meeting__is_confidential=True)
        .exclude(person__in=going.values("person"))
        .exclude(organisation__side=Organisation.Side.HOME)
        .filter(person__user=None)
        .select_related("person", "organisation")
        .prefetch_related(Prefetch("person__affiliations", posts, to_attr="current"))
    )
    found: dict[int, list[Met]] = {}
    for row in rows:
        held: list[Affiliation] = getattr(row.person, "current", [])
        titles = [one.job_title for one in held if one.organisation_id == row.organisation_id]
        met = Met(
            row.person,
            next(iter(titles), ""),
            row.organisation.name if row.organisation else "",
        )
        found.setdefault(row.meeting_id, []).append(met)
    return found


def contacts(delegate: Delegate) -> list[Contact]:
    """The delegation but for who declined, its head first; how to reach who may be contacted."""
    going = Delegate.objects.filter(mission=delegate.mission_id).exclude(
        status=Delegate.Status.DECLINED
    )
    rows = going.select_related("organisation", "person").order_by(
        "organisation__sort_name", "organisation_id", "pk"
    )
    head_first = sorted(rows, key=lambda one: one.role != Delegate.Role.HEAD)
    return [contact_of(one) for one in head_first]


def contact_of(place: Delegate) -> Contact:
    """One place; a person's way of being contacted decides what is shown of them."""
    role = "" if place.role == Delegate.Role.MEMBER else place.get_role_display()
    person = place.person
    if person is None:
        return Contact("", place.organisation.name, role)
    ways = Person.ContactPreference
    may_mail = person.contact_preference in (ways.ANY, ways.EMAIL) and not person.is_archived
    may_call = person.contact_preference in (ways.ANY, ways.PHONE) and not person.is_archived
    phones = [
        (person.mobile, person.mobile_international),
        (person.phone, person.phone_international),
    ]
    return Contact(
        person.name,
        place.organisation.name,
        role,
        person,
        person.email if may_mail else "",
        [one for one in phones if one[0]] if may_call else [],
    )


@dataclass(frozen=True)
class Code:
    """A QR code as one path, to be drawn in squares of 1; `size` counts the quiet zone."""

    path: str
    size: int


def code_for(address: str) -> Code:
    """The QR code of an address."""
    quiet = 4
    matrix = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    squares: Iterable[str] = (
        f"M{x + quiet} {y + quiet}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    return Code("".join(squares), len(matrix) + 2 * quiet)
