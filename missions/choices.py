"""What can be chosen as taking part in a meeting: organisations and people, in one box."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from crm.combos import LIMIT, Choice, Finder, clean_typed
from crm.text import folded, record_id
from partners.choices import OrganisationFinder, PersonFinder

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


def marked(kind: str, choices: Iterable[Choice]) -> list[Choice]:
    """The same choices, with their kind in their value: “person-5”."""
    return [replace(choice, value=f"{kind}-{choice.value}") for choice in choices]


def starts(choice: Choice, start: str) -> bool:
    """Whether a word of the name begins with what was typed."""
    return any(f" {folded(name)}".find(f" {start}") >= 0 for name in (choice.label, choice.native))
