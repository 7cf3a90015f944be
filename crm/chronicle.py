"""History and versions of many rows at once, for what writes rows without saving each."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import F, Model
from django.utils import timezone

from crm.models import Record, User

BATCH = 1000


def in_batches(ids: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """The ids in order, so many at a time."""
    rows = sorted(ids)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def note_changed(model: type[Model], ids: Iterable[Any], user: User | None, reason: str) -> None:
    """Let the version of these rows grow, and keep each as it is now in its history.

    Called once for each act, after its last write.
    """
    for batch in in_batches(ids):
        rows = model._base_manager.filter(pk__in=batch)
        if issubclass(model, Record):
            rows.update(version=F("version") + 1, updated_at=timezone.now())
        if hasattr(model, "history"):
            _keep(model, list(rows.order_by("pk")), "~", user, reason)


def note_added(model: type[Model], ids: Iterable[Any], user: User | None, reason: str) -> None:
    """Keep these rows, just made or brought back, in their history."""
    if hasattr(model, "history"):
        for batch in in_batches(ids):
            rows = model._base_manager.filter(pk__in=batch)
            _keep(model, list(rows.order_by("pk")), "+", user, reason)


def note_removed(rows: Sequence[Model], user: User | None, reason: str) -> None:
    """Keep in history that these rows, of one model, are removed; called while they are there."""
    if rows and hasattr(type(rows[0]), "history"):
        _keep(type(rows[0]), rows, "-", user, reason)


def _keep(
    model: Any, rows: Sequence[Model], history_type: str, user: User | None, reason: str
) -> None:
    history = model.history.model
    now = timezone.now()
    kept = history.objects.bulk_create(
        history(
            history_date=now,
            history_type=history_type,
            history_user=user,
            history_change_reason=reason,
            **{field.attname: getattr(row, field.attname) for field in history.tracked_fields},
        )
        for row in rows
    )
    of_row = {row.pk: one for row, one in zip(rows, kept, strict=True)}
    for field in history._history_m2m_fields:
        lines = getattr(history, field.name).model
        through = field.remote_field.through
        owner = f"{field.m2m_field_name()}_id"
        lines.objects.bulk_create(
            lines(
                history=of_row[getattr(line, owner)],
                **{one.attname: getattr(line, one.attname) for one in through._meta.fields},
            )
            for line in through._base_manager.filter(**{f"{owner}__in": of_row}).order_by("pk")
        )
