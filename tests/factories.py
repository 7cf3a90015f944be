"""Records for the tests: plain functions, literal and believable; say what matters to the test."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group

from crm.models import Import, ImportRow, User
from crm.roles import sync_roles
from missions.contact import settle_meeting
from missions.models import (
    Agreement,
    Attendance,
    Checklist,
    ChecklistStep,
    Delegate,
    FollowUp,
    Initiative,
    Meeting,
    Mission,
    Organiser,
    Party,
    PrivateLink,
    Stop,
    Task,
)
from partners.merging.joining import Wish, join
from partners.models import Affiliation, City, Membership, Merge, Organisation, Person, Sector

PASSWORD = "correct horse battery staple"


def make_user(email: str = "rossi@example.org", role: str | None = None, **fields: Any) -> User:
    """A user who signs in with PASSWORD; `role` is one of Reader, Officer, Steward, Manager."""
    user = User.objects.create_user(email, fields.pop("password", PASSWORD), **fields)
    if role:
        if not Group.objects.filter(name=role).exists():
            sync_roles()
        user.groups.add(Group.objects.get(name=role))
    return user


def make_city(name: str = "Nagoya", country: str = "JP", **fields: Any) -> City:
    fields.setdefault("time_zone", {"JP": "Asia/Tokyo", "IT": "Europe/Rome"}.get(country, "UTC"))
    return City.objects.create(name=name, country=country, **fields)


def make_sector(name: str = "Robotics", parent: Sector | None = None, **fields: Any) -> Sector:
    fields.setdefault("slug", name.lower().replace(" ", "-"))
    fields.setdefault("name_it", name)
    return Sector.objects.create(name=name, parent=parent, **fields)


def make_organisation(
    name: str = "Japan Finance Corporation",
    city: City | None = None,
    sectors: Iterable[Sector] = (),
    **fields: Any,
) -> Organisation:
    """A partner, public finance, in the city's country or Japan."""
    fields.setdefault("country", city.country if city else "JP")
    fields.setdefault("kind", Organisation.Kind.FINANCE)
    organisation = Organisation.objects.create(name=name, city=city, **fields)
    if sectors:
        organisation.sectors.set(sectors)
        organisation.settle_sectors()
    return organisation


def make_person(
    given_name: str = "Haruka",
    family_name: str = "Tanabe",
    organisation: Organisation | None = None,
    job_title: str = "",
    **fields: Any,
) -> Person:
    """A person; with an organisation, this is their primary affiliation."""
    person = Person.objects.create(given_name=given_name, family_name=family_name, **fields)
    if organisation:
        make_affiliation(person, organisation, job_title=job_title, is_primary=True)
    return person


def make_affiliation(person: Person, organisation: Organisation, **fields: Any) -> Affiliation:
    affiliation = Affiliation.objects.create(person=person, organisation=organisation, **fields)
    person.settle_affiliations()
    affiliation.refresh_from_db()
    return affiliation


def make_membership(member: Organisation, group: Organisation, **fields: Any) -> Membership:
    return Membership.objects.create(member=member, group=group, **fields)


def make_initiative(name: str = "Expo Osaka 2025", **fields: Any) -> Initiative:
    return Initiative.objects.create(name=name, **fields)


def make_mission(title: str = "Mission to Japan", **fields: Any) -> Mission:
    return Mission.objects.create(title=title, **fields)


def make_stop(mission: Mission, city: City, position: int = 1, **fields: Any) -> Stop:
    return Stop.objects.create(mission=mission, city=city, position=position, **fields)


def make_delegate(mission: Mission, organisation: Organisation, **fields: Any) -> Delegate:
    return Delegate.objects.create(mission=mission, organisation=organisation, **fields)


def make_organiser(mission: Mission, organisation: Organisation, **fields: Any) -> Organiser:
    fields.setdefault("role", Organiser.Role.LEAD)
    return Organiser.objects.create(mission=mission, organisation=organisation, **fields)


def make_checklist(
    name: str = "Journeys abroad", steps: Iterable[tuple[str, int | None]] = (("Visas", 60),)
) -> Checklist:
    """A template; each step is what, and the days before the start."""
    checklist = Checklist.objects.create(name=name)
    for what, days_before in steps:
        ChecklistStep.objects.create(checklist=checklist, what=what, days_before=days_before)
    return checklist


def make_task(mission: Mission, what: str = "Book the interpreter", **fields: Any) -> Task:
    return Task.objects.create(mission=mission, what=what, **fields)


def make_private_link(**fields: Any) -> PrivateLink:
    """The private address of `user=` or of `delegate=`."""
    return PrivateLink.objects.create(**fields)


def make_meeting(
    organisations: Iterable[Organisation] = (),
    people: Iterable[Person] = (),
    sectors: Iterable[Sector] = (),
    **fields: Any,
) -> Meeting:
    """A meeting held, without a date unless one is given (local_date, local_time, time_zone)."""
    meeting = Meeting.objects.create(**fields)
    meeting.organisations.set(organisations)
    meeting.sectors.set(sectors)
    for person in people:
        Attendance.objects.create(meeting=meeting, person=person)
    settle_meeting(meeting)
    return Meeting.objects.get(pk=meeting.pk)


def make_followup(
    organisation: Organisation, what: str = "Send the list of RAISE start-ups", **fields: Any
) -> FollowUp:
    return FollowUp.objects.create(organisation=organisation, what=what, **fields)


def make_agreement(
    title: str = "Memorandum on robotics",
    organisations: Iterable[Organisation] = (),
    **fields: Any,
) -> Agreement:
    agreement = Agreement.objects.create(title=title, **fields)
    for organisation in organisations:
        Party.objects.create(agreement=agreement, organisation=organisation)
    return agreement


def make_import(user: User, subject: str = "people", **fields: Any) -> Import:
    """A file of two columns that was checked; its rows are made by make_import_row."""
    fields.setdefault("state", Import.State.CHECKED)
    fields.setdefault("file_name", "People of Nagoya.csv")
    fields.setdefault("headings", ["Family name", "E-mail"])
    fields.setdefault("mapping", ["family_name", "email"])
    fields.setdefault("reading", {"format": "csv", "encoding": "utf-8-sig", "delimiter": ","})
    return Import.objects.create(user=user, subject=subject, **fields)


def make_import_row(source: Import, number: int = 2, **fields: Any) -> ImportRow:
    """A row that would make a person, unless its `act` says otherwise."""
    fields.setdefault("act", ImportRow.Act.CREATE)
    fields.setdefault("cells", ["Tanabe", "h.tanabe@example.org"])
    fields.setdefault("label", "Haruka Tanabe")
    return ImportRow.objects.create(source=source, number=number, **fields)


def make_merge(user: User, survivor: Organisation | Person, *others: Any, **picks: str) -> Merge:
    """These become the survivor; `picks` say whose field is taken, by its id."""
    wish = Wish(survivor.pk, [one.pk for one in others], picks=picks)
    return join(type(survivor), wish, user)
