"""The fields of records that become one: what each says, and which of it the survivor takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, Model, TextField
from django.db.models.fields.files import FieldFile
from django.utils.text import capfirst

BOTH = "both"
EMPTY = (None, "")
# Columns that are chosen together, by the one that names them; the others follow it.
TOGETHER: dict[str, tuple[str, ...]] = {"city": ("country",)}


@dataclass(frozen=True)
class MergedField:
    """A field to choose: by `name`, with the columns that go with it.

    `joins` says that what all the records say can be kept, one after the other.
    """

    name: str
    label: str
    columns: tuple[str, ...]
    joins: bool = False


def merged_fields(model: type[Model]) -> list[MergedField]:
    """What one chooses: the columns that forms write, and that others may hold too."""
    followers = {name for names in TOGETHER.values() for name in names}
    fields: list[Field[Any, Any]] = [
        field
        for field in model._meta.fields
        if field.editable and not field.unique and field.name not in followers
    ]
    return [
        MergedField(
            field.name,
            str(capfirst(field.verbose_name)),
            (*TOGETHER.get(field.name, ()), field.name),
            joins=isinstance(field, TextField) and field.name == "notes",
        )
        for field in fields
    ]


def with_mates(model: type[Model], columns: Iterable[str]) -> set[str]:
    """Columns, and those that make sense only beside them."""
    columns, own = set(columns), {field.name: field.attname for field in model._meta.fields}
    for name, followers in TOGETHER.items():
        mates = {own[one] for one in (name, *followers) if one in own}
        if columns & mates:
            columns |= mates
    return columns


def says(record: Any, field: MergedField) -> tuple[Any, ...]:
    """What the record says under the field, to be compared."""
    return tuple(column_values(record, field.columns).values())


def is_empty(record: Any, field: MergedField) -> bool:
    """Whether the record says nothing under the field."""
    value = says(record, field)[-1]
    return value in EMPTY or not str(value)


def proposed(field: MergedField, survivor: Any, others: Sequence[Any]) -> str:
    """Whose it is, unless one chooses: the survivor's, else the fullest; notes from all."""
    records = [survivor, *others]
    full = [one for one in records if not is_empty(one, field)]
    if field.joins and len({says(one, field) for one in full}) > 1:
        return BOTH
    if not full or survivor in full:
        return str(survivor.pk)
    fullest = max(full, key=lambda one: len(str(says(one, field)[-1])))
    return str(fullest.pk)


def settled(survivor: Any, others: Sequence[Any], picks: Mapping[str, str]) -> dict[str, Any]:
    """The columns of the survivor as they were chosen or are proposed."""
    by_id = {str(one.pk): one for one in (survivor, *others)}
    columns: dict[str, Any] = {}
    for field in merged_fields(type(survivor)):
        pick = picks.get(field.name, "")
        if pick not in by_id and not (pick == BOTH and field.joins):
            pick = proposed(field, survivor, others)
        if pick == BOTH:
            texts = (says(one, field)[0].strip() for one in (survivor, *others))
            columns[field.name] = "\n\n".join(dict.fromkeys(filter(None, texts)))
        else:
            columns |= column_values(by_id[pick], field.columns)
    return columns


def column_values(record: Any, names: Iterable[str]) -> dict[str, Any]:
    """Columns of a record by their own names: ids for relations, names for files."""
    found = {}
    for name in names:
        column = record._meta.get_field(name).attname
        value = getattr(record, column)
        found[column] = (value.name or "") if isinstance(value, FieldFile) else value
    return found
