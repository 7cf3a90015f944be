"""What somebody else changed in a record while a form of it was open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Field, ForeignKey, Model, Q
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

ONE_ACT = timedelta(seconds=5)  # a record is saved, then its parts: never longer than this
UNTOLD = {"id", "key", "version", "created_at", "updated_at", "archived_by", "archived_why"}


@dataclass(frozen=True)
class Change:
    """One field, as it was when the form was opened and as it is now, in words."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class PartChange:
    """A part (an affiliation, a follow-up) that was added, changed or removed."""

    label: str
    act: str
    what: str


@dataclass(frozen=True)
class Author:
    """Who saved, and when."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Conflict:
    """Everything that was saved since the form was opened."""

    authors: Sequence[Author]
    changes: Sequence[Change]
    parts: Sequence[PartChange]
    is_traceable: bool

    @property
    def is_empty(self) -> bool:
        """Somebody saved, and changed nothing."""
        return self.is_traceable and not self.changes and not self.parts

    def change_of(self, name: str) -> Change | None:
        return next((change for change in self.changes if change.name == name), None)


def in_words(field: Any, value: Any) -> str:
    """A value as its reader would write it."""
    if value in (None, "", []):
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime | date):
        return formats.date_format(value)
    if isinstance(value, time):
        return formats.time_format(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if choices := dict(field.flatchoices if hasattr(field, "flatchoices") else ()):
        return str(choices.get(str(value), choices.get(value, value)))
    return str(value)


def version_of(record: Any, version: int) -> Any:
    """The record's row of history with this version, or nothing where it was not kept."""
    return record.history.filter(version=version).order_by("-history_id").first()


def value_at(row: Any, name: str) -> Any:
    """A column of a row of history as a form holds it: ids for relations."""
    if name in {field.name for field in row._history_m2m_fields}:
        field = row.instance_type._meta.get_field(name)
        return [
            getattr(through, f"{field.m2m_reverse_field_name()}_id")
            for through in getattr(row, name).all()
        ]
    field = row.instance_type._meta.get_field(name)
    return getattr(row, field.attname)


def _related(field: "ForeignKey[Any, Any]", pk: Any) -> Any:
    if pk is None:
        return None
    try:
        return field.related_model._default_manager.get(pk=pk)
    except ObjectDoesNotExist:
        return _("deleted")


def _changes(row: Any, record: Model) -> Iterable[Change]:
    fields: list[Field[Any, Any]] = [
        field for field in row.tracked_fields if field.name not in UNTOLD
    ]
    for field in fields:
        before, after = getattr(row, field.attname), getattr(record, field.attname)
        if before != after:
            if isinstance(field, ForeignKey):
                before, after = _related(field, before), getattr(record, field.name)
            yield Change(
                field.name,
                str(capfirst(field.verbose_name)),
                in_words(field, before),
                in_words(field, after),
            )
    for many in row._history_m2m_fields:
        ids = value_at(row, many.name)
        now = list(getattr(record, many.name).all())
        if set(ids) != {each.pk for each in now}:
            then = list(many.related_model._default_manager.filter(pk__in=ids))
            yield Change(
                many.name,
                str(capfirst(many.verbose_name)),
                in_words(many, then),
                in_words(many, now),
            )


def _part_changes(row: Any, record: Any, names: Iterable[str]) -> Iterable[PartChange]:
    acts = {"+": _("added"), "~": _("changed"), "-": _("removed")}
    for name in names:
        relation: Any = record._meta.get_field(name)
        part = relation.related_model
        others = [
            field.name
            for field in part._meta.fields
            if isinstance(field, ForeignKey) and field.name != relation.field.name
        ]
        same_act = Q(
            history_type="+",
            history_user=row.history_user_id,
            history_date__lt=row.history_date + ONE_ACT,
        )
        for kept in (
            part.history.filter(
                **{relation.field.attname: record.pk}, history_date__gt=row.history_date
            )
            .exclude(same_act)
            .select_related(*others)
            .order_by("history_id")
        ):
            yield PartChange(
                str(capfirst(part._meta.verbose_name)),
                acts[kept.history_type],
                ", ".join(
                    filter(
                        None,
                        [
                            str(getattr(kept, "job_title", "") or getattr(kept, "what", "")),
                            *(str(getattr(kept, other) or "") for other in others),
                        ],
                    )
                ),
            )


def conflict(record: Any, opened: int | None, parts: Iterable[str] = ()) -> Conflict:
    """What was saved since the version `opened`; `parts` are names of reverse relations."""
    row = version_of(record, opened) if opened is not None else None
    since = record.history.filter(version__gt=opened or 0).select_related("history_user")
    authors: dict[str, Author] = {}
    for kept in since.order_by("-history_id")[:20]:
        name = str(kept.history_user) if kept.history_user else _("The system")
        authors.setdefault(name, Author(name, kept.history_date))
    if row is None:
        return Conflict(list(authors.values())[:1], [], [], is_traceable=False)
    return Conflict(
        list(authors.values()),
        list(_changes(row, record)),
        list(_part_changes(row, record, parts)),
        is_traceable=True,
    )
