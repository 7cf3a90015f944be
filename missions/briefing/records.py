"""What a briefing book is made from, fetched in a constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from crm.models import User
from missions.delegation import Delegation
from missions.models import Agreement, Attendance, Delegate, FollowUp, Meeting, Mission, Party, Stop
from partners.models import Affiliation, Membership, Organisation, Person, Sector

# What one page has room for, of each organisation.
MEETINGS_SHOWN, PROMISES_SHOWN, PEOPLE_SHOWN, AGREEMENTS_SHOWN = 3, 6, 3, 4
# In which order the delegation is shown.
ROLES = ["head", "member", "speaker", "organiser", "interpreter"]


@dataclass
class Past:
    """What we share with an organisation: the latest first, and no more than a page has room for.

    `promise_count` counts the open promises, those beyond the page included.
    """

    meetings: list[Meeting] = field(default_factory=list)
    promises: list[FollowUp] = field(default_factory=list)
    promise_count: int = 0
    agreements: list[Agreement] = field(default_factory=list)
    known: list[Affiliation] = field(default_factory=list)


@dataclass
class Records:
    """A mission, its delegation, its meetings that are not cancelled, and what came before them."""

    mission: Mission
    reader: User
    for_delegates: bool
    today: date
    organisers: list[Any]
    stops: list[Stop]
    delegation: Delegation
    meetings: list[Meeting]
    past: dict[int, Past]

    @property
    def delegates(self) -> list[Delegate]:
        """The places that were not declined, the head first."""
        going = [one for one in self.delegation.delegates if one.status != Delegate.Status.DECLINED]
        return sorted(going, key=lambda one: (ROLES.index(one.role), one.person_id is None, one.pk))

    def history(self, organisation: Organisation, meeting: Meeting) -> list[Meeting]:
        """The last meetings held with it before this one."""
        past = self.past.get(organisation.pk, Past())
        before = [
            one
            for one in past.meetings
            if one.pk != meeting.pk
            and (one.mission_id != self.mission.pk or one.age_order >= meeting.age_order)
        ]
        return before[:MEETINGS_SHOWN]


def gather(mission: Mission, reader: User, *, for_delegates: bool) -> Records:
    """Everything, as this reader may see it; for delegates, without what is confidential."""
    today = timezone.localdate()
    eyes: User | AnonymousUser = AnonymousUser() if for_delegates else reader
    meetings = [one.conceal_from(eyes) for one in _meetings(mission)]
    ids = {
        organisation.pk
        for meeting in meetings
        for organisation in meeting.organisations.all()
        if organisation.side == Organisation.Side.PARTNER
    }
    return Records(
        mission=mission,
        reader=reader,
        for_delegates=for_delegates,
        today=today,
        organisers=list(mission.organisers.select_related("organisation__city")),
        stops=list(mission.stops.select_related("city")),
        delegation=Delegation(_delegates(mission, today), meetings),
        meetings=meetings,
        past=_past(ids, eyes, today),
    )


def _posts(today: date) -> Prefetch[Any]:
    """Whom people work for today, the primary first."""
    current = Affiliation.objects.current(today).select_related("organisation")
    return Prefetch("affiliations", current.order_by("-is_primary", "pk"), to_attr="posts")


def _delegates(mission: Mission, today: date) -> QuerySet[Delegate]:
    people = Person.objects.prefetch_related(_posts(today))
    return (
        mission.delegates.select_related("organisation")
        .prefetch_related(Prefetch("person", people))
        .order_by("pk")
    )


def _meetings(mission: Mission) -> QuerySet[Meeting]:
    """In the order of the programme, with whom they are and who takes part."""
    today = timezone.localdate()
    groups = (
        Membership.objects.filter(Q(until=None) | Q(until__gte=today))
        .select_related("group")
        .order_by("group__sort_name", "pk")
    )
    met = Organisation.objects.select_related("city", "parent").prefetch_related(
        Prefetch("sectors", Sector.objects.order_by("position", "name")),
        Prefetch("memberships", groups, to_attr="groups"),
    )
    attendances = (
        Attendance.objects.select_related("organisation")
        .prefetch_related(Prefetch("person", Person.objects.prefetch_related(_posts(today))))
        .order_by("pk")
    )
    return (
        Meeting.objects.filter(mission=mission)
        .exclude(status=Meeting.Status.CANCELLED)
        .for_programme()
        .select_related("city", "stop__city")
        .prefetch_related(
            Prefetch("organisations", met.order_by("sort_name", "pk")),
            Prefetch("attendances", attendances),
        )
    )


def _ranked(rows: Any, order: list[Any], shown: int) -> Any:
    """The first few rows of each organisation, with `rank` and how many there are in all."""
    return rows.annotate(
        rank=Window(RowNumber(), partition_by="organisation_id", order_by=order),
        of_all=Window(Count("pk"), partition_by="organisation_id"),
    ).filter(rank__lte=shown)


def _past(ids: set[int], reader: User | AnonymousUser, today: date) -> dict[int, Past]:
    found: defaultdict[int, Past] = defaultdict(Past)
    _add_meetings(found, ids, reader)
    open_ones = FollowUp.objects.filter(done_at=None, dropped_at=None, organisation__in=ids)
    for promise in _ranked(
        open_ones.visible_to(reader).select_related("person", "assignee"),
        ["due_order", "pk"],
        PROMISES_SHOWN,
    ).order_by("due_order", "pk"):
        past = found[promise.organisation_id]
        past.promises.append(promise)
        past.promise_count = promise.of_all
    in_force = Agreement.objects.in_force(today)
    parties = Party.objects.filter(agreement__in=in_force, organisation__in=ids).select_related(
        "agreement"
    )
    for party in _ranked(parties, ["-agreement__signed_order", "pk"], AGREEMENTS_SHOWN):
        found[party.organisation_id].agreements.append(party.agreement)
    people = (
        Affiliation.objects.current(today)
        .filter(organisation__in=ids, person__archived_at=None)
        .select_related("person")
    )
    for post in _ranked(
        people, ["-is_primary", F("since").desc(nulls_last=True), "pk"], PEOPLE_SHOWN
    ).order_by("rank"):
        found[post.organisation_id].known.append(post)
    return dict(found)


def _add_meetings(found: dict[int, Past], ids: set[int], reader: User | AnonymousUser) -> None:
    """The last meetings held with each, and one more: a page leaves its own out."""
    through: Any = Meeting.organisations.through
    rows = through.objects.filter(organisation__in=ids, meeting__status=Meeting.Status.HELD)
    ranked = _ranked(rows, ["meeting__age_order", "meeting_id"], MEETINGS_SHOWN + 1)
    places = list(ranked.order_by("rank").values_list("organisation_id", "meeting_id"))
    held = (
        Meeting.objects.select_related("city", "stop__city")
        .prefetch_related("organisations", "attendances__person")
        .in_bulk({meeting for _organisation, meeting in places})
    )
    for organisation, meeting in places:
        found[organisation].meetings.append(held[meeting].conceal_from(reader))
