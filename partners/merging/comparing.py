"""The records of a merge side by side, as its page shows them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.versions import in_words
from partners.merging import counting
from partners.merging.fields import BOTH, MergedField, is_empty, merged_fields, proposed, says


@dataclass(frozen=True)
class Cell:
    """What one record says under a field; `value` is what its ring sends."""

    value: str
    text: str
    record: Any
    is_empty: bool
    is_chosen: bool
    picture: str = ""


@dataclass(frozen=True)
class Row:
    """A field of all the records."""

    name: str
    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Candidate:
    """A record that may be the one that stays, with what points at it in numbers."""

    record: Any
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
        self.candidates = [
            Candidate(one, counting.in_words(links[one.pk], type(one)), one is self.survivor)
            for one in records
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
        cells = [self._cell(field, one, pick) for one in self.records]
        if field.joins:
            text = str(_("All of them, one after the other"))
            cells.append(Cell(BOTH, text, None, False, pick == BOTH))
        return Row(field.name, field.label, cells)

    def _cell(self, field: MergedField, record: Any, pick: str) -> Cell:
        column: Any = type(record)._meta.get_field(field.name)
        empty = is_empty(record, field)
        text = in_words(column, None if empty else getattr(record, field.name))
        if field.name == "city":
            empty, text = False, record.place
        picture = record.photo_url if field.name == "photo" and not empty else ""
        return Cell(str(record.pk), text, record, empty, pick == str(record.pk), picture)
