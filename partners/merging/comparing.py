"""The records of a merge side by side, as its page shows them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.versions import in_words
from partners.merging import counting
from partners.merging.fields import BOTH, MergedField, is_empty, merged_fields, proposed, says
from partners.models import Affiliation, Organisation

# So many records are shown in columns.
SIDE_BY_SIDE = 3


@dataclass(frozen=True)
class Cell:
    """What records say under a field; `value` is what its ring sends.

    `sources` are the records that say it, each with its number; none where it is said by all.
    """

    value: str
    text: str
    sources: Sequence[tuple[int, Any]]
    is_empty: bool
    is_chosen: bool
    picture: str = ""


@dataclass(frozen=True)
class Row:
    """A field of all the records."""

    name: str
    label: str
    cells: Sequence[Cell]

    @property
    def is_joined(self) -> bool:
        """Whether what all of them say can be kept."""
        return any(not cell.sources for cell in self.cells)


@dataclass(frozen=True)
class Candidate:
    """A record that may be the one that stays, with what points at it in numbers."""

    record: Any
    number: int
    # Where it is, or works: what tells it from others of its name.
    place: str
    links: Sequence[str]
    is_chosen: bool


class Comparison:
    """Fields that differ and fields that don't; what was chosen before stays chosen."""

    def __init__(
        self,
        records: Sequence[Any],
        links: "Mapping[int, Counter[Any]]",
        chosen: Mapping[str, Any],
    ) -> None:
        self.records, self.chosen = records, chosen
        # Where two are called the same, their numbers tell them apart.
        self.has_namesakes = len({str(one) for one in records}) < len(records)
        asked = str(chosen.get("survivor", ""))
        proposal = max(
            records, key=lambda one: (not one.is_archived, sum(links[one.pk].values()), -one.pk)
        )
        self.survivor = next((one for one in records if str(one.pk) == asked), proposal)
        self.others = [one for one in records if one is not self.survivor]
        places = places_of(records)
        self.candidates = [
            Candidate(
                one,
                number,
                places[one.pk],
                counting.in_words(links[one.pk], type(one)),
                one is self.survivor,
            )
            for number, one in enumerate(records, 1)
        ]
        rows = [(field, self._row(field)) for field in merged_fields(type(self.survivor))]
        self.differing = [row for field, row in rows if self._differs(field)]
        self.same = [
            row
            for field, row in rows
            if not self._differs(field) and not is_empty(self.survivor, field)
        ]

    def _differs(self, field: MergedField) -> bool:
        return len({tuple(map(str, says(one, field))) for one in self.records}) > 1

    def _row(self, field: MergedField) -> Row:
        pick = str(self.chosen.get(f"take-{field.name}", ""))
        if pick not in {BOTH, *(str(one.pk) for one in self.records)}:
            pick = proposed(field, self.survivor, self.others)
        cells = [self._cell(field, said, pick) for said in self._said(field)]
        if field.joins and sum(not is_empty(one, field) for one in self.records) > 1:
            text = str(_("All of them, one after the other"))
            cells.append(Cell(BOTH, text, (), False, pick == BOTH))
        return Row(field.name, field.label, cells)

    @property
    def is_many(self) -> bool:
        """Whether they are too many to stand beside each other: what is alike is told once."""
        return len(self.records) > SIDE_BY_SIDE

    def _said(self, field: MergedField) -> list[list[tuple[int, Any]]]:
        """The records, numbered, by what they say; each for itself where they are few."""
        groups: dict[Any, list[tuple[int, Any]]] = {}
        for number, one in enumerate(self.records, 1):
            key = tuple(map(str, says(one, field))) if self.is_many else number
            groups.setdefault(key, []).append((number, one))
        if not self.is_many:
            return list(groups.values())
        return sorted(groups.values(), key=lambda said: is_empty(said[0][1], field))

    def _cell(self, field: MergedField, sources: list[tuple[int, Any]], pick: str) -> Cell:
        record = sources[0][1]
        is_chosen = pick in {str(one.pk) for _number, one in sources}
        column: Any = type(record)._meta.get_field(field.name)
        empty = is_empty(record, field)
        text = in_words(column, None if empty else getattr(record, field.name))
        if field.name == "city":
            empty, text = False, record.place
        picture = record.photo_url if field.name == "photo" and not empty else ""
        return Cell(str(record.pk), text, sources, empty, is_chosen, picture)


def places_of(records: Sequence[Any]) -> dict[int, str]:
    """Where each record is: an organisation's city, where a person works."""
    if isinstance(records[0], Organisation):
        return {one.pk: one.place for one in records}
    current = Affiliation.objects.current().filter(person__in=records)
    works: dict[int, list[str]] = {one.pk: [] for one in records}
    for post in current.select_related("organisation").order_by("-is_primary", "pk"):
        works[post.person_id].append(str(post.organisation))
    return {pk: ", ".join(names) for pk, names in works.items()}
