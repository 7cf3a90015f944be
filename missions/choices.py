"""What combos offer of missions: who takes part in a meeting, meetings, agreements, parties."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from django.urls import reverse

from crm.combos import LIMIT, Choice, Finder, RecordFinder, clean_typed
from crm.search import nearby, slipped
from crm.templatetags.ponti import day
from crm.text import folded, record_id
from missions.models import Agreement, Meeting
from missions.models.agreements import AgreementQuerySet
from missions.models.meeting_queries import MeetingQuerySet
from partners.choices import OrganisationFinder, PersonFinder
from partners.models import Organisation
from partners.models.organisations import OrganisationQuerySet

ORGANISATION, PERSON = "organisation", "person"


def ids_of(values: Iterable[str], kind: str) -> list[int]:
    """The ids in values such as “person-5”, of one kind, in their order."""
    found: list[int] = []
    for value in values:
        head, _, tail = str(value).partition("-")
        if head == kind and (pk := record_id(tail)) is not None:
            found.append(pk)
    return found


class ParticipantFinder(Finder):
    """Organisations and people by any of their names.

    People of the organisations chosen already come first, and are offered before anything is
    typed.
    """

    url_name = "missions:participant-choices"
    organisations = OrganisationFinder()
    people = PersonFinder()

    def find(self, typed: str, chosen: Sequence[str] = ()) -> list[Choice]:
        typed = clean_typed(typed)
        colleagues = self.colleagues(typed, chosen)
        if not folded(typed):
            return colleagues
        organisations = marked(ORGANISATION, self.organisations.find(typed))
        people = marked(PERSON, self.people.find(typed))
        organisations = organisations[: max(LIMIT - len(people), LIMIT // 2)]
        start = folded(typed)
        ranked = sorted(
            [*organisations, *people[: LIMIT - len(organisations)]],
            key=lambda choice: not starts(choice, start),
        )
        found = dict.fromkeys([*colleagues, *ranked])
        return [choice for choice in found if choice.value not in chosen][:LIMIT]

    def colleagues(self, typed: str, chosen: Sequence[str]) -> list[Choice]:
        """People who work for the organisations chosen, those typed for only."""
        organisations = ids_of(chosen, ORGANISATION)[:LIMIT]
        if not organisations:
            return []
        people = self.people.offered().exclude(pk__in=ids_of(chosen, PERSON))
        people = people.working_for(organisations)
        if folded(typed):
            people = people.matching(typed)
        return marked(PERSON, [self.people.choice(person) for person in people[:LIMIT]])

    def named(self, values: Iterable[str]) -> list[Choice]:
        values = list(map(str, values))
        known = {
            choice.value: choice
            for choice in chain(
                marked(
                    ORGANISATION, self.organisations.named(map(str, ids_of(values, ORGANISATION)))
                ),
                marked(PERSON, self.people.named(map(str, ids_of(values, PERSON)))),
            )
        }
        return [known[value] for value in values if value in known]


class ColleagueFinder(PersonFinder):
    """People by any of their names; those of one organisation first, and before one types."""

    url_name = "missions:colleague-choices"

    def __init__(self, organisation: int | None = None) -> None:
        self.organisation = organisation

    @property
    def url(self) -> str:
        """The id of the organisation ends it; 0 is none."""
        return reverse(self.url_name, args=[self.organisation or 0])

    def find(self, typed: str, chosen: Sequence[str] = ()) -> list[Choice]:
        typed = clean_typed(typed)
        own: list[Choice] = []
        if self.organisation:
            people = self.offered().working_for([self.organisation])
            if folded(typed):
                people = people.matching(typed)
            own = [self.choice(person) for person in people[:LIMIT]]
        found = dict.fromkeys([*own, *super().find(typed, chosen)])
        return [choice for choice in found if choice.value not in chosen][:LIMIT]


def marked(kind: str, choices: Iterable[Choice]) -> list[Choice]:
    """The same choices, with their kind in their value: “person-5”."""
    return [replace(choice, value=f"{kind}-{choice.value}") for choice in choices]


def starts(choice: Choice, start: str) -> bool:
    """Whether a word of the name begins with what was typed."""
    return any(f" {folded(name)}".find(f" {start}") >= 0 for name in (choice.label, choice.native))


class HomeFinder(OrganisationFinder):
    """Organisations of our own side."""

    url_name = "missions:home-choices"

    def records(self) -> OrganisationQuerySet:
        return super().records().filter(side=Organisation.Side.HOME)


class PartnerFinder(OrganisationFinder):
    """Organisations of the other side."""

    url_name = "missions:partner-choices"

    def records(self) -> OrganisationQuerySet:
        return super().records().partners()


class MeetingFinder(RecordFinder):
    """Meetings by their title or by whom they were with, the latest first.

    Where the reader may not know what was said, `may_read` is false: confidential meetings are
    not offered, and one that is chosen already goes by whom it was with.
    """

    url_name = "missions:meeting-choices"

    def __init__(self, may_read: bool) -> None:
        self.may_read = may_read

    def records(self) -> MeetingQuerySet:
        return Meeting.objects.prefetch_related("organisations")

    def offered(self) -> MeetingQuerySet:
        return self.records() if self.may_read else self.records().filter(is_confidential=False)

    def choice(self, record: Meeting) -> Choice:
        if record.is_confidential and not self.may_read:
            record.title = ""
        return Choice(str(record.pk), record.heading, detail=day(record.local_date))

    def find(self, typed: str, chosen: Sequence[str] = ()) -> list[Choice]:
        if not folded(typed):
            return []
        found = self.offered().found_by(typed, self.may_read).newest_first()[:LIMIT]
        similar = () if found else slipped(self.offered(), typed).newest_first()[:LIMIT]
        return [self.choice(one) for one in found or similar]


class AgreementFinder(RecordFinder):
    """Agreements that were signed, by title or protocol number, the latest first."""

    url_name = "missions:agreement-choices"

    def records(self) -> AgreementQuerySet:
        return Agreement.objects.all()

    def offered(self) -> AgreementQuerySet:
        return self.records().filter(status__in=Agreement.SIGNED_ONCE)

    def choice(self, record: Agreement) -> Choice:
        ends = day(record.in_force_until)
        return Choice(
            str(record.pk), record.title, ", ".join(filter(None, [record.protocol_number, ends]))
        )

    def find(self, typed: str, chosen: Sequence[str] = ()) -> list[Choice]:
        if not folded(typed):
            return []
        found, _is_similar = nearby(self.offered(), typed)
        return [self.choice(one) for one in found[:LIMIT]]
