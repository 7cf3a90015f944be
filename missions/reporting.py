"""The report of a mission: what came of it, read in as many queries for one meeting as for sixty.

It is made for a board: no notes, and nothing of a confidential meeting that its reader may not
know. What was met for the first time is told by the dates of the meetings held: somebody who was
also met on a day that nobody knows is not said to be new.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max, Prefetch, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.charts import Bar, Segment, bars, stack
from crm.models import User
from missions.models import (
    Agreement,
    Attendance,
    Delegate,
    FollowUp,
    Meeting,
    Mission,
    Organiser,
    Stop,
)
from missions.programme import Entry, Section, programme
from missions.promises import Reckoning, State, reckon, state_of
from partners.models import Affiliation, Organisation, Person, Sector

HELD = Meeting.Status.HELD
PARTNER = Organisation.Side.PARTNER
TONES = {State.KEPT: "done", State.LATE: "late", State.OPEN: "open", State.DROPPED: "dropped"}


@dataclass(frozen=True)
class Met:
    """A partner met, and whether never before."""

    organisation: Organisation
    is_first: bool


@dataclass(frozen=True)
class PersonMet:
    """A person of the other side, for whom they spoke, and whether they were never met before."""

    person: Person
    organisation: Organisation | None
    job_title: str
    is_first: bool


@dataclass(frozen=True)
class Promise:
    """A promise, and what became of it."""

    follow_up: FollowUp
    state: State

    @property
    def tone(self) -> str:
        return TONES[self.state]


@dataclass
class Report:
    """All that the page and the file say."""

    mission: Mission
    stops: list[Stop]
    sections: list[Section]
    organisers: list[Organiser]
    delegates: list[Delegate]
    partners: list[Met]
    people: list[PersonMet]
    promises: list[Promise]
    agreements: list[Agreement] = field(default_factory=list)

    @cached_property
    def entries(self) -> list[Entry]:
        return [entry for section in self.sections for entry in section.entries]

    def with_status(self, status: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.meeting.status == status]

    @cached_property
    def held(self) -> list[Entry]:
        return self.with_status(HELD)

    @cached_property
    def outcomes(self) -> list[Entry]:
        return [entry for entry in self.held if entry.meeting.outcome]

    @property
    def first_partners(self) -> list[Met]:
        return [met for met in self.partners if met.is_first]

    @property
    def first_people(self) -> list[PersonMet]:
        return [met for met in self.people if met.is_first]

    @property
    def ours(self) -> list[Promise]:
        return [one for one in self.promises if one.follow_up.promised_by == FollowUp.By.US]

    @property
    def theirs(self) -> list[Promise]:
        return [one for one in self.promises if one.follow_up.promised_by == FollowUp.By.THEM]

    @cached_property
    def reckoning(self) -> Reckoning:
        counts = Counter((one.follow_up.promised_by, one.state.value) for one in self.promises)
        return reckon((by, state, count) for (by, state), count in counts.items())

    @property
    def kinds(self) -> list[Bar]:
        """Whom we met by kind, the most first."""
        counts = Counter(str(met.organisation.get_kind_display()) for met in self.partners)
        return bars(counts.most_common())

    @property
    def sectors(self) -> list[Bar]:
        """Whom we met by sector of the first level, each partner once in each of its own."""
        counts: Counter[str] = Counter()
        unknown = 0
        for met in self.partners:
            tops = {sector.parent or sector for sector in met.organisation.sectors.all()}
            counts.update(sector.local_name for sector in tops)
            unknown += not tops
        return bars([*counts.most_common(), (_("Sector not known"), unknown)])

    @property
    def stacks(self) -> list[tuple[str, list[Segment]]]:
        """What became of the promises of each side."""
        sides = [(_("By us"), self.reckoning.us), (_("By them"), self.reckoning.them)]
        return [
            (
                label,
                stack((state.label, getattr(tally, state.value), TONES[state]) for state in TONES),
            )
            for label, tally in sides
            if tally.count
        ]

    @property
    def summary(self) -> list[str]:
        """The numbers, as sentences."""
        return [*self._meetings(), *self._first_met(), *self._promised(), *self._agreed()]

    def _meetings(self) -> Iterable[str]:
        held, number = len(self.held), len(self.partners)
        cities = {where.pk for entry in self.held if (where := entry.meeting.where)}
        said = {
            "meetings": ngettext("%(count)d meeting held", "%(count)d meetings held", held)
            % {"count": held},
            "cities": ngettext("%(count)d city", "%(count)d cities", len(cities))
            % {"count": len(cities)},
            "partners": partners_said(number),
            "people": people_said(len(self.people)),
        }
        if held and cities and self.people:
            yield _("%(meetings)s in %(cities)s, with %(partners)s and %(people)s.") % said
        elif held and cities:
            yield _("%(meetings)s in %(cities)s, with %(partners)s.") % said
        elif held and self.people:
            yield _("%(meetings)s, with %(partners)s and %(people)s.") % said
        elif held:
            yield _("%(meetings)s, with %(partners)s.") % said
        elif self.entries:
            yield _("No meeting was held yet.")
        if planned := len(self.with_status(Meeting.Status.PLANNED)):
            text = ngettext(
                "%(count)d meeting is planned.", "%(count)d meetings are planned.", planned
            )
            yield text % {"count": planned}
        if cancelled := len(self.with_status(Meeting.Status.CANCELLED)):
            text = ngettext(
                "%(count)d meeting was cancelled.", "%(count)d meetings were cancelled.", cancelled
            )
            yield text % {"count": cancelled}

    def _first_met(self) -> Iterable[str]:
        partners, people = len(self.first_partners), len(self.first_people)
        said = {"partners": partners_said(partners), "people": people_said(people)}
        if partners and people:
            yield _("Met for the first time: %(partners)s and %(people)s.") % said
        elif partners:
            yield _("Met for the first time: %(partners)s.") % said
        elif people:
            yield _("Met for the first time: %(people)s.") % said

    def _promised(self) -> Iterable[str]:
        if number := len(self.promises):
            whole = ngettext("%(count)d promise made", "%(count)d promises made", number)
            states = Counter(one.state for one in self.promises)
            parts = [f"{states[state]} {state.label.lower()}" for state in TONES if states[state]]
            yield f"{whole % {'count': number}}: {'; '.join(parts)}."

    def _agreed(self) -> Iterable[str]:
        if number := len(self.agreements):
            text = ngettext(
                "%(count)d agreement grew from it.", "%(count)d agreements grew from it.", number
            )
            yield text % {"count": number}


def partners_said(number: int) -> str:
    return ngettext("%(count)d partner", "%(count)d partners", number) % {"count": number}


def people_said(number: int) -> str:
    return ngettext("%(count)d person", "%(count)d people", number) % {"count": number}


def report(mission: Mission, reader: User | AnonymousUser) -> Report:
    """The report of a mission as this reader may know it."""
    stops = list(mission.stops.select_related("city"))
    meetings = [meeting.conceal_from(reader) for meeting in meetings_of(mission)]
    held = [meeting for meeting in meetings if meeting.status == HELD]
    follow_ups = FollowUp.objects.filter(meeting__mission=mission).visible_to(reader)
    delegates = list(mission.delegates.select_related("organisation", "person").order_by("pk"))
    agreements = Agreement.objects.filter(meeting__mission=mission)
    return Report(
        mission=mission,
        stops=stops,
        sections=programme(stops, meetings),
        organisers=list(mission.organisers.select_related("organisation__city")),
        delegates=delegates,
        partners=partners_met(mission, held),
        people=people_met(mission, held, {one.person_id for one in delegates}),
        promises=[
            Promise(one, state_of(one))
            for one in follow_ups.for_list().order_by("promised_by", "due_order", "pk")
        ],
        agreements=list(agreements.for_list().order_by("signed_order", "pk")),
    )


def meetings_of(mission: Mission) -> Iterable[Meeting]:
    """In the order of the programme, with whom they were and who took part."""
    sectors = Prefetch("sectors", Sector.objects.select_related("parent"))
    met = Organisation.objects.select_related("parent").prefetch_related(sectors)
    attendances = Attendance.objects.select_related("person", "organisation").order_by("pk")
    return (
        Meeting.objects.filter(mission=mission)
        .for_programme()
        .select_related("city", "stop__city")
        .prefetch_related(Prefetch("organisations", met), Prefetch("attendances", attendances))
    )


def partners_met(mission: Mission, held: list[Meeting]) -> list[Met]:
    """The other side's organisations among those met, in the order of the programme."""
    found = {
        one.pk: one
        for meeting in held
        for one in meeting.organisations.all()
        if one.side == PARTNER
    }
    through = Meeting.organisations.through.objects.filter(organisation__in=found)
    first = first_met(mission, through, "organisation_id")
    return [Met(one, pk in first) for pk, one in found.items()]


def people_met(mission: Mission, held: list[Meeting], delegates: set[Any]) -> list[PersonMet]:
    """Who took part for the other side, in the order of the programme."""
    found: dict[int, Attendance] = {}
    for meeting in held:
        for one in meeting.attendances.all():
            is_theirs = one.organisation is not None and one.organisation.side == PARTNER
            if is_theirs and one.person_id not in delegates:
                found.setdefault(one.person_id, one)
    first = first_met(mission, Attendance.objects.filter(person__in=found), "person_id")
    posts = {
        (post.person_id, post.organisation_id): post.job_title
        for post in Affiliation.objects.filter(person__in=found).order_by("is_primary", "pk")
    }
    return [
        PersonMet(
            one.person, one.organisation, posts.get((pk, one.organisation_id), ""), pk in first
        )
        for pk, one in found.items()
    ]


def first_met(mission: Mission, rows: Any, column: str) -> set[int]:
    """The ids in `column` whose first meeting held was in this mission, of rows with a meeting.

    `age_order` grows as a meeting grows old, and is greatest where its date is not known.
    """
    within = Q(meeting__mission=mission)
    ages = (
        rows.filter(meeting__status=HELD)
        .order_by()
        .values_list(column)
        .annotate(
            ours=Max("meeting__age_order", filter=within & Q(meeting__local_date__isnull=False)),
            others=Max("meeting__age_order", filter=~within),
        )
    )
    return {
        pk for pk, ours, others in ages if others is None or (ours is not None and ours > others)
    }
