"""What an undoing of an import would do: what nobody touched since goes back, the rest is told.

What the import did is told by its mark in the history.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from crm.imports.checking import BATCH
from crm.imports.resources import ImportResource, resource_for
from crm.imports.states import State
from crm.imports.writing import WRITES
from crm.models import Import, ImportRow

# What points at a record: the model's name, and its id where it may be of the import too.
Link = tuple[str, int | None]


def batched(ids: Iterable[int], count: int) -> Iterator[list[int]]:
    """The ids, so many at a time."""
    rest = iter(ids)
    while some := list(islice(rest, count)):
        yield some


@dataclass(frozen=True)
class Touched:
    """A record of the import that somebody changed or linked since: it stays as it is."""

    label: str
    url: str
    why: str


@dataclass
class Plan:
    """What an undoing does with some rows of the import."""

    touched: list[Touched] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    # The row of history before the import, by the record's id.
    changed: dict[int, Any] = field(default_factory=dict)


def touched(source: Import) -> Sequence[Touched]:
    """What an undoing leaves alone of the rows' own records, and why.

    As many queries for ten thousand rows as for ten, but for those that somebody did touch.
    """
    resource = resource_for(source)
    found: list[Touched] = []
    stays: set[int] = set()
    if wanted := suspects(resource):
        rows = rows_written(source)
        both = rows.order_by("-number").values_list("number", "record_id")
        for numbers in batched([number for number, pk in both if pk in wanted], BATCH):
            some = list(rows.filter(number__in=numbers).order_by("-number"))
            found += planned(resource, some, stays).touched
    return found


def suspects(resource: ImportResource) -> set[int]:
    """The records that somebody may have changed, linked or deleted since the import."""
    source, model = resource.source, resource.model
    rows = rows_written(source)
    first = rows.order_by("number").values_list("record_id", flat=True).first()
    ours = model.history.filter(id=first, history_change_reason=source.history_reason)
    since = ours.order_by("history_id").values_list("history_date", flat=True).first()
    ids = rows.order_by().values("record_id")
    # Not as NOT IN (…), which PostgreSQL asks row by row where there are many.
    gone = rows.order_by().filter(~Exists(model.objects.filter(pk=OuterRef("record_id"))))
    found = set(gone.values_list("record_id", flat=True))
    for each, column in [
        (model, "id"),
        *((part, f"{owner}_id") for part, owner in resource.part_models),
    ]:
        later = each.history.filter(**{f"{column}__in": ids}).order_by()
        later = later.exclude(history_change_reason__in=[source.history_reason, reason_of(source)])
        if since is not None:
            later = later.filter(history_date__gte=since)
        found |= set(later.values_list(column, flat=True))
    made = ids.filter(act=ImportRow.Act.CREATE)
    for relation in pointing(resource):
        name = relation.field.name
        others = relation.related_model._base_manager.filter(**{f"{name}__in": made}).order_by()
        column = f"{name}__pk" if relation.many_to_many else name
        found |= set(others.values_list(column, flat=True))
    return found


def undone(source: Import) -> int:
    """How many of its records were put back already, by an undoing that left others alone."""
    if source.state != State.PARTLY_UNDONE:
        return 0
    model = resource_for(source).model
    ids = rows_written(source).order_by().values("record_id")
    put_back = model.history.filter(id__in=ids, history_change_reason=reason_of(source))
    return int(put_back.values("id").distinct().count())


def companions(source: Import) -> Plan:
    """What an undoing would do with what came with the rows' own records."""
    resource, plan = resource_for(source), Plan()
    if resource.companion is None:
        return plan
    other = resource.companion(source)
    if source.state == State.WRITTEN:  # the parts that point there go with their records
        parts = (part for part, _owner in resource.part_models)
        other.own_models = (*other.own_models, *parts)  # type: ignore[misc]
    for ids in batched(source.answers.get("made", ()), BATCH):
        each = planned(other, companion_rows(other, ids))
        plan.touched += each.touched
        plan.made += each.made
    return plan


def companion_rows(other: ImportResource, ids: Sequence[int]) -> list[ImportRow]:
    """Those that are still here, as rows that were never in the file."""
    here = other.model.objects.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True)
    return [ImportRow(record_id=pk, act=ImportRow.Act.CREATE) for pk in here]


def reason_of(source: Import) -> str:
    """What the history of an undoing is marked with."""
    return f"undo of import {source.pk}"


def written(source: Import) -> Iterator[list[ImportRow]]:
    """The rows that were written, some at a time, the last of the file first."""
    rows = rows_written(source).order_by("-number")
    last: int | None = None
    while batch := list((rows if last is None else rows.filter(number__lt=last))[:BATCH]):
        yield batch
        last = batch[-1].number


def rows_written(source: Import) -> Any:
    """The rows whose records were written."""
    return source.rows.filter(choice=ImportRow.Choice.TAKE, act__in=WRITES, record_id__isnull=False)


def planned(
    resource: ImportResource, rows: Sequence[ImportRow], stays: set[int] | None = None
) -> Plan:
    """What to do with these rows, by the history of their records and of the parts of these.

    `stays` gathers the records that stay, from one batch to the next, the last rows first: what
    they are linked with stays too.
    """
    plan, model, stays = Plan(), resource.model, set() if stays is None else stays
    ids = [row.record_id for row in rows]
    reason = resource.source.history_reason
    records = model.objects.in_bulk(ids)
    kept: dict[int, list[Any]] = {}
    history = model.history.filter(id__in=ids).select_related("history_user")
    for version in history.order_by("history_id"):
        kept.setdefault(version.id, []).append(version)
    parts = _parts_changed(resource, ids)
    put_back = model.history.filter(id__in=ids, history_change_reason=reason_of(resource.source))
    settled = set(put_back.values_list("id", flat=True))
    linked = _links(resource, [row.record_id for row in rows if row.act == ImportRow.Act.CREATE])
    going = _also_going(resource, linked)
    for row in rows:
        if row.record_id in settled:
            continue
        record = records.get(row.record_id)
        versions = kept.get(row.record_id or 0, [])
        ours = next((i for i, v in enumerate(versions) if v.history_change_reason == reason), None)
        if record is None or ours is None:
            plan.touched.append(Touched(row.label, "", _("It was deleted since.")))
            continue
        why = ""
        # An import may save a record more than once: its links after its columns.
        others = [v for v in versions[ours + 1 :] if v.history_change_reason != reason]
        later = [*others, *parts(row.record_id, versions[ours].history_date)]
        if later:
            why = _changed_by(later[-1])
        elif row.act == ImportRow.Act.CREATE:
            why = _linked_since(linked.get(row.record_id or 0, ()), going - stays)
        elif not ours:
            why = _("What it was before is not in its history.")
        if why:
            plan.touched.append(Touched(str(record), record.get_absolute_url(), why))
            stays.add(record.pk)
        elif row.act == ImportRow.Act.CREATE:
            plan.made.append(record.pk)
        else:
            plan.changed[record.pk] = versions[ours - 1]
    return plan


def _changed_by(version: Any) -> str:
    return _("%(who)s changed it on %(day)s.") % {
        "who": str(version.history_user or _("The system")),
        "day": formats.date_format(timezone.localtime(version.history_date)),
    }


def _parts_changed(resource: ImportResource, ids: Sequence[int | None]) -> Any:
    """What others wrote of a record's parts after an instant."""
    found: dict[int, list[Any]] = {}
    for part, owner in resource.part_models:
        rows = part.history.filter(**{f"{owner}_id__in": ids})  # type: ignore[attr-defined]
        rows = rows.exclude(history_change_reason=resource.source.history_reason)
        for row in rows.select_related("history_user").order_by("history_id"):
            found.setdefault(getattr(row, f"{owner}_id"), []).append(row)
    return lambda pk, since: [row for row in found.get(pk, []) if row.history_date > since]


def _links(resource: ImportResource, ids: Sequence[int | None]) -> dict[int, list[Link]]:
    """What points at records that the import made, but for their own parts."""
    found: dict[int, list[Link]] = {}
    # The records that come with people are none of the rows' own.
    is_own = isinstance(resource, resource.subject.resource)
    for relation in pointing(resource) if ids else ():
        other, name = relation.related_model, relation.field.name
        rows = other._base_manager.filter(**{f"{name}__in": ids}).order_by()
        label, is_alike = str(other._meta.verbose_name_plural), is_own and other is resource.model
        column = f"{name}__pk" if relation.many_to_many else name
        for pk, each in rows.values_list(column, "pk"):
            found.setdefault(pk, []).append((label, each if is_alike else None))
    return found


def _also_going(resource: ImportResource, linked: Mapping[int, Sequence[Link]]) -> set[int]:
    """Of the records that point at others of the import: those that it wrote too."""
    ids = {pk for links in linked.values() for _label, pk in links if pk is not None}
    if not ids:
        return ids
    source = resource.source
    ours = rows_written(source).filter(record_id__in=ids).values_list("record_id", flat=True)
    put_back = resource.model.history.filter(id__in=ids, history_change_reason=reason_of(source))
    return set(ours) - set(put_back.values_list("id", flat=True))


def _linked_since(links: Sequence[Link], going: Collection[int]) -> str:
    """What points at a record, but for what goes with it; nothing where nothing does."""
    counts = Counter(label for label, pk in links if pk not in going)
    what = ", ".join(f"{label} ({count})" for label, count in counts.items())
    return _("Linked since: %(what)s.") % {"what": what} if what else ""


def pointing(resource: ImportResource) -> Iterator[Any]:
    """The relations by which others point at the records, but for their own parts."""
    own = {part for part, _owner in resource.part_models} | set(resource.own_models)
    relations: Any = resource.model._meta.related_objects
    for relation in relations:
        other = relation.related_model
        if other not in own and relation.field.concrete and not other._meta.auto_created:
            yield relation
