"""Who takes part in a meeting as its form has it, saved or not yet."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from django.db.models import Prefetch

from crm.text import record_id
from missions.choices import ORGANISATION, PERSON, ids_of
from partners.models import Affiliation, Organisation, Person

Option = tuple[str, str]


class Participants:
    """The organisations and people behind values such as “person-5”, in their order.

    `spoken` maps a person's id to the organisation they are said to speak for, as the form has
    it: an id, “new-0” for one first met, or nothing for their own. Who was merged since the form
    was opened is the one that they became.
    """

    def __init__(
        self, values: Sequence[str], spoken: Mapping[int, str], new_ones: Sequence[Option] = ()
    ) -> None:
        self.values, self.spoken = as_merged(values, spoken)
        self.new_ones = list(new_ones)

    @cached_property
    def organisations(self) -> list[Organisation]:
        ids = ids_of(self.values, ORGANISATION)
        found = Organisation.objects.in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    @cached_property
    def people(self) -> list[Person]:
        current = Affiliation.objects.current().select_related("organisation")
        ids = ids_of(self.values, PERSON)
        found = Person.objects.prefetch_related(
            Prefetch("affiliations", current, to_attr="current")
        ).in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    @cached_property
    def missing(self) -> list[str]:
        """The values that stand for nothing."""
        known = {
            *(f"{ORGANISATION}-{one.pk}" for one in self.organisations),
            *(f"{PERSON}-{one.pk}" for one in self.people),
        }
        return [value for value in self.values if value not in known]

    @cached_property
    def others(self) -> dict[str, Organisation]:
        """Organisations spoken for that are neither chosen nor anybody's employer."""
        ids = [pk for value in self.spoken.values() if (pk := record_id(value))]
        return {str(one.pk): one for one in Organisation.objects.filter(pk__in=ids)}

    def employers(self, person: Person) -> list[Organisation]:
        """Whom they work for today, the primary first."""
        current: list[Affiliation] = person.current  # type: ignore[attr-defined]
        return [row.organisation for row in sorted(current, key=lambda row: not row.is_primary)]

    def options(self, person: Person) -> list[Option]:
        """Whom a person may have spoken for: their own, those met, those first met."""
        employers = self.employers(person)
        known = {str(one.pk): one.name for one in [*employers, *self.organisations]}
        chosen = self.spoken.get(person.pk, "")
        if chosen in self.others:
            known.setdefault(chosen, self.others[chosen].name)
        return [*([] if employers else [("", "")]), *known.items(), *self.new_ones]

    def voice(self, person: Person) -> str:
        """Whom they speak for: as chosen, else their primary employer; an id, “new-0” or “”."""
        options = {value for value, _label in self.options(person)}
        chosen = self.spoken.get(person.pk, "")
        if chosen and chosen in options:
            return chosen
        return next((str(one.pk) for one in self.employers(person)), "")

    @cached_property
    def met(self) -> list[Organisation]:
        """The partner organisations met, those spoken for included."""
        by_id = {str(one.pk): one for person in self.people for one in self.employers(person)}
        by_id |= self.others | {str(one.pk): one for one in self.organisations}
        voices = [by_id[voice] for person in self.people if (voice := self.voice(person)) in by_id]
        return partners([*self.organisations, *voices])

    @property
    def counterparts(self) -> list[Option]:
        """Whom something can be promised to: the partners met, else whoever was met."""
        met = self.met or self.organisations
        return [*((str(one.pk), one.name) for one in met), *self.new_ones]


def as_merged(values: Sequence[str], spoken: Mapping[int, str]) -> tuple[list[str], dict[int, str]]:
    """Values, and whom people spoke for, with what was merged as that which it became."""
    spoken_for = [pk for value in spoken.values() if (pk := record_id(value))]
    organisations = Organisation.objects.became([*ids_of(values, ORGANISATION), *spoken_for])
    people = Person.objects.became(ids_of(values, PERSON))
    became = {
        **{f"{ORGANISATION}-{pk}": f"{ORGANISATION}-{into}" for pk, into in organisations.items()},
        **{f"{PERSON}-{pk}": f"{PERSON}-{into}" for pk, into in people.items()},
    }
    return (
        list(dict.fromkeys(became.get(value, value) for value in values)),
        {
            people.get(person, person): str(organisations.get(record_id(value), value))
            for person, value in spoken.items()
        },
    )


def partners(organisations: Iterable[Organisation]) -> list[Organisation]:
    """Those of the other side, once each."""
    return [one for one in dict.fromkeys(organisations) if one.side == Organisation.Side.PARTNER]
