"""The differences that somebody was shown, written as they were shown, some rows at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db import connection

from crm.collisions import hold_linked
from crm.imports.blanks import blank
from crm.imports.bulk import Stamp, insert_all, keep_all, link_all, update_all
from crm.imports.resources import ImportResource
from crm.models import ImportRow


class Stale(Exception):
    """What rows were checked against is no longer there; `numbers` are those rows."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(numbers)
        self.numbers = list(numbers)


@dataclass(eq=False, slots=True)
class Taken:
    """What writing needs of an ImportRow, in the order of COLUMNS."""

    COLUMNS: ClassVar = ("pk", "number", "record_id", "record_version", "changes")

    pk: int
    number: int
    record_id: int | None
    record_version: int | None
    changes: list[dict[str, Any]]


@dataclass(eq=False)
class Written:
    """A row and its record, on their way to the database."""

    row: Taken
    record: Any
    is_new: bool

    @cached_property
    def own_changes(self) -> dict[str, Any]:
        """The stored value of each of the record's own fields that changes."""
        return {
            change["field"]: change.get("value", change["after"])
            for change in self.row.changes
            if "part" not in change
        }

    @property
    def said(self) -> dict[str, str]:
        """What the record's own fields get, as cells say it."""
        stored = ((each, each.get("value")) for each in self.row.changes if "part" not in each)
        return {
            change["field"]: value if isinstance(value, str) else change["after"]
            for change, value in stored
        }

    def part_changes(self, part: str) -> list[dict[str, Any]]:
        return [change for change in self.row.changes if change.get("part") == part]


def write_rows(resource: ImportResource, rows: Sequence[Taken], stamp: Stamp) -> None:
    """Write a batch of rows, with history, inside a transaction. Raises Stale."""
    items = _locked(resource, rows)
    links = _apply(resource, items)
    resource.before_writing(items)
    new = [item.record for item in items if item.is_new]
    old = [item.record for item in items if not item.is_new]
    for item in items:
        item.record.refresh_derived()
    insert_all(new)
    fields = {name for item in items if not item.is_new for name in item.own_changes}
    update_all(old, fields - resource.many)
    link_all(
        resource.model,
        {name: {item.record.pk: ids for item, ids in each.items()} for name, each in links.items()},
    )
    keep_all(new, stamp, is_new=True)
    keep_all(old, stamp)
    named_by = set(resource.model.NAMED_BY)
    renamed = [i.record.pk for i in items if not i.is_new and named_by & i.own_changes.keys()]
    if renamed:
        resource.model.objects.filter(pk__in=renamed).refresh_dependents()
    resource.after_writing(items, stamp)
    for item in items:
        item.row.record_id = item.record.pk
    _remember([item.row for item in items if item.is_new])
    # Held from here on: what many batches link need not be remembered until the end.
    hold_linked()


def _remember(rows: Sequence[Taken]) -> None:
    """Save which record each row made: not by bulk_update(), which takes ten times as long."""
    table = connection.ops.quote_name(ImportRow._meta.db_table)
    made = [(row.record_id, row.pk) for row in rows]
    if not made:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {table} SET record_id = made.record_id"  # noqa: S608
                " FROM unnest(%s::bigint[], %s::bigint[]) AS made (record_id, id)"
                f" WHERE {table}.id = made.id",
                [list(each) for each in zip(*made, strict=True)],
            )
        else:
            update = f"UPDATE {table} SET record_id = %s WHERE id = %s"  # noqa: S608
            cursor.executemany(update, made)


def _locked(resource: ImportResource, rows: Sequence[Taken]) -> list[Written]:
    """The rows with their records, which nobody else changes until this is over."""
    ids = [row.record_id for row in rows if row.record_id is not None]
    found = {}
    if ids:
        locked = resource.queryset().select_for_update(of=("self",))
        found = {record.pk: record for record in locked.filter(pk__in=ids).order_by("pk")}
    items, stale = [], []
    for row in rows:
        if row.record_id is None:
            items.append(Written(row, blank(resource.model), is_new=True))
            continue
        record = found.get(row.record_id)
        if record is None or record.version != row.record_version:
            stale.append(row.number)
        else:
            items.append(Written(row, record, is_new=False))
    stale += [item.row.number for item in resource.taken_since(items)]
    if new := {item.row.number: item.said for item in items if item.is_new}:
        stale += resource.found_since(new)
    if stale:
        raise Stale(stale)
    return items


def _standing(resource: ImportResource, name: str, ids: set[int]) -> dict[int, Any]:
    """The records that a field may be linked with: neither gone nor merged since the check."""
    rows = resource.model._meta.get_field(name).related_model._default_manager.all()
    # With what they are found through in their turn, so that their names cost no more queries.
    paths = (path.partition("__") for path in resource.model.FOUND_THROUGH)
    if joined := [rest for first, _, rest in paths if first == name and rest]:
        rows = rows.select_related(*joined)
    found = rows.in_bulk(ids)
    return {pk: one for pk, one in found.items() if getattr(one, "merged_into_id", None) is None}


def _apply(
    resource: ImportResource, items: Sequence[Written]
) -> dict[str, dict[Written, list[int]]]:
    """Set what changes; what several others are linked by is returned by field."""
    links: dict[str, dict[Written, list[int]]] = {}
    wanted: dict[str, set[int]] = {}
    for item in items:
        for name, value in item.own_changes.items():
            if name in resource.many:
                wanted.setdefault(name, set()).update(value)
            elif name in resource.relations and value is not None:
                wanted.setdefault(name, set()).add(value)
    related = {name: _standing(resource, name, ids) for name, ids in wanted.items()}
    for item in items:
        for name, value in item.own_changes.items():
            if name in resource.many:
                if not related[name].keys() >= set(value):
                    raise Stale([item.row.number])
                links.setdefault(name, {})[item] = value
                ahead = {name: [related[name][pk] for pk in value]}
                item.record.linked_ahead = {**item.record.linked_ahead, **ahead}
            elif name in resource.relations:
                if value is not None and value not in related[name]:
                    raise Stale([item.row.number])
                setattr(item.record, name, related[name][value] if value is not None else None)
            else:
                field = resource.model._meta.get_field(name)
                setattr(item.record, name, field.to_python(value))
    return links
