"""What search finds: each kind, who may see it, the best first, and how it is suggested."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.models import User
from crm.search import best, likest, matching, slipped
from crm.templatetags.ponti import day
from missions.models import Agreement, FollowUp, Meeting, Mission
from missions.models.meeting_queries import READ_CONFIDENTIAL
from missions.tallies import count_parts
from partners.models import City, Organisation, Person, Sector


class Asked(NamedTuple):
    """What is looked for, and by whom; `is_similar` forgives a slip in each of the longer words."""

    typed: str
    reader: User
    with_archived: bool = False
    is_similar: bool = False


class Kind(NamedTuple):
    """A noun that can be found: who may see it, the rows they may see, and what a row needs more.

    A suggestion of it says `one`, and its `detail`: where it is, or whom it concerns. `list` is
    the whole list; `create` the page that adds one, for those who have the permission.
    """

    name: str
    label: str | Promise
    one: str | Promise
    icon: str
    permission: str
    list_url_name: str
    rows: Callable[[Asked], QuerySet[Any]]
    detail: Callable[[Any], str]
    complete: Callable[[list[Any], Asked], None] = lambda _rows, _asked: None
    create_label: str | Promise = ""
    create_url_name: str = ""
    create_permission: str = ""


def organisations(asked: Asked) -> QuerySet[Any]:
    rows = Organisation.objects.for_list().filter(merged_into=None)
    return rows if asked.with_archived else rows.active()


def people(asked: Asked) -> QuerySet[Any]:
    rows = Person.objects.for_list().filter(merged_into=None)
    return rows if asked.with_archived else rows.active()


def conceal(rows: list[Any], asked: Asked) -> None:
    for meeting in rows:
        meeting.conceal_from(asked.reader)


def count_partners(rows: list[Any], asked: Asked) -> None:
    """How many partners are in each of these cities, as `partner_count`."""
    held = Organisation.objects.active().filter(city__in=rows).order_by()
    counts = dict(held.values_list("city").annotate(Count("pk")))
    for city in rows:
        city.partner_count = counts.get(city.pk, 0)


def when_and_whom(meeting: Any) -> str:
    """“20 May 2026, Japan Finance Corporation”."""
    whom = [organisation.name for organisation in meeting.organisations.all()]
    when = day(meeting.local_date) or str(_("Date not known"))
    return ", ".join([when, *whom] if meeting.title else [when])


def work_of(person: Any) -> str:
    """“Director, Japan Finance Corporation”."""
    post = person.post
    return ", ".join(filter(None, [post.job_title, post.organisation.name])) if post else ""


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "organisations",
            _("Organisations"),
            _("Organisation"),
            "partners",
            "partners.view_organisation",
            "partners:organisation-list",
            organisations,
            lambda organisation: organisation.place,
            create_label=_("New partner “%(name)s”"),
            create_url_name="partners:organisation-create",
            create_permission="partners.add_organisation",
        ),
        Kind(
            "people",
            _("People"),
            _("Person"),
            "people",
            "partners.view_person",
            "partners:person-list",
            people,
            work_of,
            create_label=_("New person “%(name)s”"),
            create_url_name="partners:person-create",
            create_permission="partners.add_person",
        ),
        Kind(
            "missions",
            _("Missions"),
            _("Mission"),
            "missions",
            "missions.view_mission",
            "missions:mission-list",
            lambda _asked: Mission.objects.for_list(),
            lambda mission: " → ".join(stop.city.local_name for stop in mission.stops.all()),
            lambda rows, _asked: count_parts(rows),
        ),
        Kind(
            "meetings",
            _("Meetings"),
            _("Meeting"),
            "meetings",
            "missions.view_meeting",
            "missions:meeting-list",
            lambda _asked: Meeting.objects.for_list(),
            when_and_whom,
            conceal,
        ),
        Kind(
            "follow-ups",
            _("Follow-ups"),
            _("Follow-up"),
            "followups",
            "missions.view_followup",
            "missions:followup-list",
            lambda asked: FollowUp.objects.for_list().visible_to(asked.reader),
            lambda follow_up: str(follow_up.organisation),
        ),
        Kind(
            "agreements",
            _("Agreements"),
            _("Agreement"),
            "agreements",
            "missions.view_agreement",
            "missions:agreement-list",
            lambda _asked: Agreement.objects.for_list(),
            lambda agreement: ", ".join(
                str(party.organisation) for party in agreement.parties.all()
            ),
        ),
        Kind(
            "cities",
            _("Cities"),
            _("City"),
            "pin",
            "partners.view_city",
            "",
            lambda _asked: City.objects.all(),
            lambda city: str(city.country.name),
            count_partners,
        ),
        Kind(
            "sectors",
            _("Sectors"),
            _("Sector"),
            "tag",
            "partners.view_sector",
            "",
            lambda _asked: Sector.objects.select_related("parent"),
            lambda sector: sector.parent.local_name if sector.parent else "",
        ),
    )
}


def found(kind: Kind, asked: Asked) -> QuerySet[Any]:
    """The rows of a kind that have what was typed, in no order."""
    rows: Any = kind.rows(asked)
    if asked.is_similar:
        return slipped(rows, asked.typed)
    if hasattr(rows, "found_by"):
        return rows.found_by(asked.typed, asked.reader.has_perm(READ_CONFIDENTIAL))  # type: ignore[no-any-return]
    return matching(rows, asked.typed)


def nearest(kind: Kind, asked: Asked, start: int, stop: int) -> list[Any]:
    """The same from the place `start` up to `stop`, the best first, with what a row needs.

    Each has how `near` it is: from 0, named exactly so, to 3.
    """
    order: tuple[Any, ...] = ()
    if kind.name == "cities":
        order = (F("population").desc(nulls_last=True), "sort_name", "pk")
    first = likest if asked.is_similar else best
    rows = first(kind.rows(asked), found(kind, asked), asked.typed, start, stop, order)
    kind.complete(rows, asked)
    return rows


def kinds_for(reader: User) -> list[Kind]:
    """The kinds that the reader may see."""
    return [kind for kind in KINDS.values() if reader.has_perm(kind.permission)]
