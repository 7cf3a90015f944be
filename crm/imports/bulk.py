"""Many records of one model written at once: their columns, their links, and their history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from crm.collisions import note_linked, note_rows
from crm.imports.inserting import copy_to_history, insert_keyed
from crm.models import User

AT_ONCE = 500
LinkIds = Mapping[str, Mapping[int, Collection[int]]]


@dataclass(frozen=True)
class Stamp:
    """Who writes, and what the rows of history are marked with."""

    user: User
    reason: str


def insert_all(records: Sequence[Any]) -> None:
    """Insert records whose derived columns are up to date; they get their ids."""
    if records:
        insert_keyed(records)
        note_rows(records)


def update_all(records: Sequence[Any], fields: Collection[str]) -> None:
    """Save these columns of records, what is derived from them, and a version more of each."""
    if not records:
        return
    now = timezone.now()
    for record in records:
        record.version += 1
        record.updated_at = now
    model = type(records[0])
    columns = sorted({*fields, *model.DERIVED, "version", "updated_at"})
    model._default_manager.bulk_update(records, columns, batch_size=AT_ONCE // 2)
    note_rows(records, columns)


def link_all(model: type[Model], links: LinkIds) -> None:
    """Let each record have exactly these others: ids by the field's name and the record's id."""
    for name, wanted in links.items():
        field: Any = model._meta.get_field(name)
        through = field.remote_field.through
        own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
        note_linked(field.related_model, {each for ids in wanted.values() for each in ids})
        through.objects.filter(**{f"{own}__in": list(wanted)}).delete()
        through.objects.bulk_create(
            [
                through(**{f"{own}_id": pk, f"{other}_id": each})
                for pk, ids in wanted.items()
                for each in ids
            ],
            batch_size=2 * AT_ONCE,
        )


def keep_all(records: Sequence[Any], stamp: Stamp, *, is_new: bool = False) -> None:
    """Write a row of history for each record as it is stored now, its links among them."""
    if not records:
        return
    model: Any = type(records[0])
    ids, now = [record.pk for record in records], timezone.now()
    copy_to_history(
        model,
        ids,
        {
            "history_date": connection.ops.adapt_datetimefield_value(now),
            "history_type": "+" if is_new else "~",
            "history_user_id": stamp.user.pk,
            "history_change_reason": stamp.reason,
        },
    )
    for field in model.history.model._history_m2m_fields:
        kept = getattr(model.history.model, field.name).model
        own, other = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        through = list(field.remote_field.through.objects.filter(**{f"{own}__in": ids}))
        if not through:
            continue
        rows = model.history.filter(id__in=ids, history_date=now).order_by("history_id")
        by_record = dict(rows.values_list("id", "history_id"))
        kept.objects.bulk_create(
            [
                kept(
                    history_id=by_record[getattr(each, own)],
                    id=each.pk,
                    **{own: getattr(each, own), other: getattr(each, other)},
                )
                for each in through
            ],
            batch_size=2 * AT_ONCE,
        )


def links_then(model: Any, rows: Collection[Any]) -> dict[int, dict[str, list[int]]]:
    """What rows of history were linked with, by the row's own id and the field's name."""
    then: dict[int, dict[str, list[int]]] = {}
    for field in model.history.model._history_m2m_fields:
        kept = getattr(model.history.model, field.name).model
        for row in rows:
            then.setdefault(row.pk, {})[field.name] = []
        pairs = kept.objects.filter(history__in=list(rows)).order_by("pk")
        for pk, other in pairs.values_list("history", f"{field.m2m_reverse_field_name()}_id"):
            then[pk][field.name].append(other)
    return then
