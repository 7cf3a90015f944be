"""Who do we know there: people of ours and of our partners with a tie to organisations.

A path leads from us to an organisation. People of our own side who met it, or worked there, are
one step away; people of our partners, and those at what it belongs to, further. A few queries
whatever the number of organisations, and bounded: of each sort the newest READ rows are read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from missions.models import Attendance, Meeting
from partners.models import Affiliation, Membership, Organisation, Person

READ = 3000
HELD = Meeting.Status.HELD
OURS = Organisation.Side.HOME


@dataclass
class Tie:
    """One sentence: “met”, “former”, “also” (works there too), or by what it belongs to.

    `via` is the organisation in between, `other` a second person or organisation.
    """

    kind: str
    on: date | None = None
    meeting_id: int | None = None
    via: Organisation | None = None
    other: Any = None


@dataclass
class Path:
    """How one person, or one membership, leads to an organisation."""

    organisation: Organisation
    person: Person | None
    steps: int
    ties: list[Tie] = field(default_factory=list)
    works_for: Organisation | None = None
    introducer: Person | None = None
    introduced_on: date | None = None

    @property
    def on(self) -> date | None:
        """The date of the last contact on it."""
        return max((tie.on for tie in self.ties if tie.on), default=None)

    @property
    def rank(self) -> tuple[int, int, str]:
        """The shortest first, then the freshest, those without a date last."""
        name = self.person.sort_name if self.person else ""
        return self.steps, -self.on.toordinal() if self.on else 0, name


@dataclass(frozen=True)
class Known:
    """The paths to an organisation that are shown, and how many more there are."""

    organisation: Organisation
    paths: Sequence[Path]
    more: int


Found = dict[tuple[int, int], list[Tie]]  # the ties of a person (first) to an organisation


def _meetings(ids: Iterable[int]) -> Found:
    """The last meeting held of each person with each organisation."""
    rows = (
        Attendance.objects.filter(
            meeting__status=HELD, meeting__organisations__in=ids, person__archived_at=None
        )
        .order_by("meeting__age_order", "meeting_id", "pk")
        .values_list("person_id", "meeting__organisations", "meeting_id", "meeting__local_date")[
            :READ
        ]
    )
    found: Found = {}
    for person, organisation, meeting, on in rows:
        found.setdefault((person, organisation), [Tie("met", on, meeting)])
    return found


def _posts(ids: Iterable[int], found: Found, today: date) -> None:
    """Former posts there, and posts of our own people who work there too."""
    there = Affiliation.objects.filter(organisation__in=ids, person__archived_at=None)
    ours = Affiliation.objects.current(today).filter(organisation__side=OURS).values("person")
    rows = there.filter(Q(until__lt=today) | Q(person__in=ours))
    for person, organisation, until in rows.order_by("-until", "pk").values_list(
        "person_id", "organisation_id", "until"
    )[:READ]:
        kind = "former" if until and until < today else "also"
        found.setdefault((person, organisation), []).append(
            Tie(kind, until if kind == "former" else None)
        )


def _relatives(
    organisations: Sequence[Organisation], today: date
) -> dict[int, list[tuple[str, Organisation]]]:
    """What each is part of, belongs to or holds: the relation, seen from the other one."""
    ids = [one.pk for one in organisations]
    found: dict[int, list[tuple[str, Organisation]]] = defaultdict(list)
    parents = Organisation.objects.active().in_bulk(
        {one.parent_id for one in organisations} - {None}
    )
    for one in organisations:
        if one.parent_id in parents:
            found[one.pk].append(("parent", parents[one.parent_id]))
    for child in Organisation.objects.active().filter(parent__in=ids)[:READ]:
        found[child.parent_id].append(("unit", child))
    rows = (
        Membership.objects.filter(Q(until=None) | Q(until__gte=today))
        .filter(Q(member__in=ids) | Q(group__in=ids))
        .filter(member__archived_at=None, group__archived_at=None)
        .select_related("member", "group")
    )
    wanted = set(ids)
    for row in rows[:READ]:
        if row.member_id in wanted:
            found[row.member_id].append(("group", row.group))
        if row.group_id in wanted:
            found[row.group_id].append(("member", row.member))
    return found


def _colleagues(
    relatives: dict[int, list[tuple[str, Organisation]]], found: Found, today: date
) -> None:
    """People who work for a relative: ours, and those that somebody met."""
    ids = {via.pk for each in relatives.values() for _relation, via in each}
    met = Attendance.objects.filter(person=OuterRef("person"), meeting__status=HELD)
    rows = (
        Affiliation.objects.current(today)
        .filter(organisation__in=ids, person__archived_at=None)
        .filter(Q(organisation__side=OURS) | Exists(met))
        .order_by("pk")
        .values_list("person_id", "organisation_id")
    )
    at: dict[int, list[int]] = defaultdict(list)
    for person, organisation in rows[:READ]:
        at[organisation].append(person)
    for target, each in relatives.items():
        for relation, via in each:
            for person in at[via.pk]:
                found.setdefault((person, target), []).append(
                    Tie(relation, via.last_contact_on, via=via)
                )


def _memberships(
    organisations: Sequence[Organisation],
    relatives: dict[int, list[tuple[str, Organisation]]],
    today: date,
) -> Iterable[Path]:
    """Groups that one of ours and they belong to, and groups of ours that they belong to."""
    groups = {via.pk for each in relatives.values() for kind, via in each if kind == "group"}
    ours: dict[int, list[Organisation]] = defaultdict(list)
    for row in (
        Membership.objects.filter(Q(until=None) | Q(until__gte=today), group__in=groups)
        .filter(member__side=OURS, member__archived_at=None)
        .select_related("member")[:READ]
    ):
        ours[row.group_id].append(row.member)
    for target in organisations:
        for kind, via in relatives.get(target.pk, ()):
            if kind != "group":
                continue
            if via.side == OURS:
                yield Path(target, None, 2, [Tie("belongs", via.last_contact_on, via=via)])
            for member in ours[via.pk]:
                yield Path(
                    target, None, 2, [Tie("shared", via.last_contact_on, via=via, other=member)]
                )


def _introduce(paths: Iterable[Path]) -> None:
    """Say of the people of partners who of ours met them last."""
    theirs = [path for path in paths if path.person and path.steps > 1 and not _is_ours(path)]
    met = list(
        Attendance.objects.filter(
            person__in={path.person.pk for path in theirs if path.person}, meeting__status=HELD
        )
        .order_by("meeting__age_order", "meeting_id")
        .values_list("person_id", "meeting_id", "meeting__local_date")[:READ]
    )
    with_us: dict[int, Person] = {}
    for attendance in (
        Attendance.objects.filter(meeting__in={meeting for _person, meeting, _on in met})
        .filter(Q(organisation__side=OURS) | Q(person__user__isnull=False))
        .filter(person__archived_at=None)
        .select_related("person")
        .order_by("pk")
    ):
        with_us.setdefault(attendance.meeting_id, attendance.person)
    last: dict[int, tuple[Person, date | None]] = {}
    for person, meeting, on in met:
        if meeting in with_us:
            last.setdefault(person, (with_us[meeting], on))
    for path in theirs:
        if path.person and path.person.pk in last:
            path.introducer, path.introduced_on = last[path.person.pk]


def _is_ours(path: Path) -> bool:
    return bool(
        (path.works_for and path.works_for.side == OURS) or (path.person and path.person.user_id)
    )


def paths_to(organisations: Sequence[Organisation]) -> list[Path]:
    """Every path that was found to these, the shortest and freshest first."""
    today, ids = timezone.localdate(), [one.pk for one in organisations]
    targets = {one.pk: one for one in organisations}
    found = _meetings(ids)
    _posts(ids, found, today)
    relatives = _relatives(organisations, today)
    _colleagues(relatives, found, today)
    people = Person.objects.in_bulk({person for person, _organisation in found})
    posts: dict[int, list[Affiliation]] = defaultdict(list)
    current = Affiliation.objects.current(today).filter(person__in=people)
    for post in current.select_related("organisation"):
        posts[post.person_id].append(post)
    paths = list(_memberships(organisations, relatives, today))
    for (pk, organisation), ties in found.items():
        works_at = [post.organisation for post in posts[pk]]
        of_ours = [one for one in works_at if one.side == OURS]
        is_ours = bool(of_ours or people[pk].user_id)
        if not is_ours and any(one.pk == organisation for one in works_at):
            continue  # their own people are whom one meets, not who knows them
        is_direct = any(tie.kind in {"met", "former", "also"} for tie in ties)
        steps = 1 + (not is_ours) + (not is_direct)
        works_for = next(iter(of_ours or works_at), None)
        paths.append(Path(targets[organisation], people[pk], steps, ties, works_for))
    return sorted(paths, key=lambda path: path.rank)


def _complete(paths: Sequence[Path]) -> None:
    """What only the paths that are shown need: whom they met there, and who introduces them."""
    meetings = {tie.meeting_id for path in paths for tie in path.ties if tie.meeting_id}
    there: dict[tuple[int, int], Person] = {}
    for attendance in (
        Attendance.objects.filter(
            meeting__in=meetings,
            organisation__in={path.organisation.pk for path in paths},
            person__archived_at=None,
        )
        .select_related("person")
        .order_by("pk")
    ):
        key = attendance.meeting_id, attendance.organisation_id or 0
        there.setdefault(key, attendance.person)
    for path in paths:
        for tie in path.ties:
            if tie.meeting_id:
                met = there.get((tie.meeting_id, path.organisation.pk))
                tie.other = met if met and met != path.person else path.organisation
    _introduce(paths)


def acquaintances(organisations: Sequence[Organisation], shown: int = 6) -> list[Known]:
    """For each of these the first paths, and how many more there are."""
    by_target: dict[int, list[Path]] = defaultdict(list)
    for path in paths_to(organisations):
        by_target[path.organisation.pk].append(path)
    known = [
        Known(one, by_target[one.pk][:shown], max(len(by_target[one.pk]) - shown, 0))
        for one in organisations
    ]
    _complete([path for one in known for path in one.paths])
    return known


def nearest_paths(organisations: Sequence[Organisation], shown: int = 20) -> tuple[list[Path], int]:
    """The first paths to any of these, and how many more there are."""
    paths = paths_to(organisations)
    _complete(paths[:shown])
    return paths[:shown], max(len(paths) - shown, 0)
