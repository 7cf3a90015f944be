"""Organisations that are part of others: of those here, and of those that rows above would make."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from crm.imports.bulk import Stamp, keep_all, update_all
from crm.imports.cells import Link
from crm.imports.drafts import Act, Draft
from crm.imports.seen import Seen
from crm.imports.words import said as _
from crm.imports.writers import Written
from crm.jobs import Refused
from crm.models import Import
from crm.text import folded, one_line
from partners.imports.finders import OrganisationFinder, country_code
from partners.imports.unknown import AskingFinder
from partners.models import Organisation

FIELD, PART = "parent", "parents"


def row_of(organisation: Organisation | None) -> int | None:
    """The row that would make the organisation; None for one that is here."""
    return vars(organisation).get("in_row") if organisation is not None else None


class ParentLink(Link):
    """An organisation that is here, stored as its id; one that a row makes, as that row."""

    def stored(self, value: Any) -> Any:
        row = row_of(value)
        return super().stored(value) if row is None else {"row": row}


class ParentFinder(AskingFinder):
    """Finds organisations that are here, and those that rows above would make."""

    @cached_property
    def above(self) -> Seen:
        return Seen()

    def note(self, number: int, new: Organisation) -> None:
        """A row makes this organisation."""
        for name in set(map(folded, new.names)) - {""}:
            for identity in (name, f"{name}|{new.country_code}"):
                if self.above.first([(identity, number)]) != [None]:
                    self.above.first([(f"{identity}|several", number)])

    def candidates(self, text: str, row: Mapping[str, str]) -> list[Any]:
        found = OrganisationFinder.candidates(self, text, row)
        if found or self.meant(text, row) or (number := self._row(text, row)) is None:
            return found or super().candidates(text, row)
        coming = Organisation(key=None, name=one_line(text))  # type: ignore[misc]
        vars(coming)["in_row"] = number
        return [coming]

    def _row(self, text: str, row: Mapping[str, str]) -> int | None:
        """The row above that makes an organisation of this name: in the row's country, or one."""
        name = folded(text)
        for identity in (f"{name}|{country_code(row)}", name):
            if (number := self.above.find(identity)) is not None:
                return number if self.above.find(f"{identity}|several") is None else None
        return None

    def unknown(self, text: str) -> str:
        return _(
            "No organisation is called “%(name)s” yet, neither here nor in a row above: move its "
            "row up, import it first, or write one of the names that it has here."
        ) % {"name": text}


class Lineage:
    """Keeps the rows of a file from making an organisation part of itself."""

    def __init__(self) -> None:
        # What rows put organisations under, by id; one that a row makes is the row's number, < 0.
        self._under: dict[int, int] = {}

    def circles(self, drafts: Iterable[Draft]) -> list[Draft]:
        """The rows that would close a circle."""
        moved = {
            draft: (_place(draft.instance, draft), _place(draft.instance.parent))
            for draft in drafts
            if draft.act != Act.REJECT and any(each["field"] == FIELD for each in draft.changes)
            if draft.instance.parent is not None
        }
        above, wrong = self._above(parent for _own, parent in moved.values()), []
        for draft, (own, parent) in moved.items():
            seen: set[int] = set()
            at: int | None = parent
            while at is not None and at not in seen and at != own:
                seen.add(at)
                at = self._under.get(at, above.get(at))
            if at == own:
                wrong.append(draft)
            else:
                self._under[own] = parent
        return wrong

    def _above(self, places: Iterable[int]) -> dict[int, int | None]:
        """What stands above these, as the database has it: a query for each level."""
        found: dict[int, int | None] = {}
        wanted = {place for place in places if place > 0}
        while wanted:
            rows = Organisation.objects.filter(pk__in=wanted).values_list("pk", "parent")
            found |= dict.fromkeys(wanted) | dict(rows)
            over = {self._under.get(place, found[place]) for place in wanted}
            wanted = {place for place in over if place and place > 0} - found.keys()
        return found


def _place(organisation: Organisation, draft: Draft | None = None) -> int:
    """What stands for an organisation: its id, or the row that makes it."""
    row = draft.number if draft is not None else row_of(organisation)
    return organisation.pk or -(row or 0)


def put_under(source: Import, items: Sequence[Written], stamp: Stamp) -> None:
    """Put organisations under those that rows above made, now that these have their ids.

    Raises Refused where such a row is left out.
    """
    wanted = {item: change for item in items for change in item.part_changes(PART)}
    if not wanted:
        return
    made = {item.row.number: item.record.pk for item in items if item.is_new}
    rows = {change["value"]["row"] for change in wanted.values()} - made.keys()
    others = source.rows.filter(number__in=rows, record_id__isnull=False)
    made |= dict(others.exclude(act=Act.REJECT).values_list("number", "record_id"))
    for item, change in wanted.items():
        above = change["value"]["row"]
        if above not in made:
            raise Refused(
                _(
                    "Row %(row)s is part of “%(name)s”, which row %(above)s would make and which "
                    "is left out. Import that one too, or leave both out."
                )
                % {"row": item.row.number, "name": change["after"], "above": above}
            )
        item.record.parent_id = made[above]
    records = [item.record for item in wanted]
    update_all(records, {FIELD})
    keep_all(records, stamp)
