"""An import taken back as a whole, updates included, as far as nobody touched its records since.

What it made is deleted; what it changed gets the columns, links and parts of the row of history
before. Both are told by the import's mark in the history, and leave a history of their own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django_tasks import task

from crm.collisions import all_or_nothing
from crm.imports.bulk import Stamp, insert_all, keep_all, link_all, links_then, update_all
from crm.imports.checking import BATCH, FEW
from crm.imports.resources import ImportResource, resource_for
from crm.imports.states import State, claim, follow, put, released
from crm.imports.writing import WRITES
from crm.jobs import Refused, Work, working
from crm.jobs import start as start_job
from crm.models import Import, ImportRow, Job, User

# What a restored record keeps as it is now.
KEPT = {"id", "key", "version", "created_at", "updated_at"}
MAY_BE_UNDONE: set[str] = {State.WRITTEN, State.PARTLY_UNDONE}


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
    for ids in batched(sorted(suspects(resource)), BATCH):
        rows = list(rows_written(source).filter(record_id__in=ids).order_by("-number"))
        found += planned(resource, rows).touched
    return found


def suspects(resource: ImportResource) -> set[int]:
    """The records that somebody may have changed, linked or deleted since the import."""
    source, model = resource.source, resource.model
    rows = rows_written(source)
    first = rows.order_by("number").values_list("record_id", flat=True).first()
    ours = model.history.filter(id=first, history_change_reason=source.history_reason)
    since = ours.order_by("history_id").values_list("history_date", flat=True).first()
    ids = rows.order_by().values("record_id")
    gone = rows.order_by().exclude(record_id__in=model.objects.values("pk"))
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


def start(source: Import, user: User) -> Job | None:
    """Undo what nobody touched: at once where it is little, else by the job returned.

    The import is UNDOING meanwhile, then UNDONE or PARTLY_UNDONE. Raises `crm.jobs.Refused`.
    """
    if source.rows.filter(choice=ImportRow.Choice.TAKE, act__in=WRITES).count() <= FEW:
        undo(source, user)
        return None
    with transaction.atomic():
        claim(source, MAY_BE_UNDONE, State.UNDOING)
        job = start_job(
            user,
            _("Undoing the import of %(file)s") % {"file": source.file_name},
            undo_import,
            back_url=source.get_absolute_url(),
            import_id=source.pk,
        )
        follow(source, job)
    return job


@task()
def undo_import(key: str, import_id: int) -> None:
    """The work of `start()` in the background."""
    with working(key) as work:
        source = Import.objects.get(pk=import_id)
        with released(source, State.UNDOING):
            undo(source, work.job.user, work)


def undo(source: Import, user: User, work: Work | None = None) -> None:
    """Take back all that nobody touched, in one transaction. Raises Refused."""
    before = source.state

    def act() -> None:
        source.state = before
        claim(source, MAY_BE_UNDONE if work is None else {State.UNDOING}, State.UNDOING)
        is_whole = _undo_all(source, Stamp(user, reason_of(source)), work)
        put(
            source,
            State.UNDONE if is_whole else State.PARTLY_UNDONE,
            undone_at=timezone.now(),
            undone_by=user,
        )

    try:
        all_or_nothing(act)
    except IntegrityError as error:
        source.state = before
        raise Refused(
            _("Nothing was undone: a record that others were linked with is no longer here.")
        ) from error
    except BaseException:
        source.state = before
        raise


def _undo_all(source: Import, stamp: Stamp, work: Work | None) -> bool:
    resource = resource_for(source)
    if work is not None:
        rows = source.rows.filter(choice=ImportRow.Choice.TAKE, act__in=WRITES)
        work.expect(rows.count())
    is_whole, is_any = True, False
    for batch in written(source):
        locked = resource.model.objects.select_for_update()
        list(locked.filter(pk__in=[row.record_id for row in batch]).order_by("pk").values("pk"))
        plan = planned(resource, batch)
        is_whole &= not plan.touched
        is_any |= bool(plan.made or plan.changed)
        _put_back(resource, plan, stamp)
        _delete(resource.model, plan.made, stamp)
        if plan.made:
            resource.after_undoing(plan.made)
        if work is not None:
            work.advance(len(batch))
    is_all, is_one = _undo_companions(resource, stamp)
    is_whole, is_any = is_whole and is_all, is_any or is_one
    if not is_any:
        raise Refused(_("Nothing can be undone: all of its records were changed since."))
    return is_whole


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


# What is undone and what is not


def planned(resource: ImportResource, rows: Sequence[ImportRow]) -> Plan:
    """What to do with these rows, by the history of their records and of the parts of these."""
    plan, model = Plan(), resource.model
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
            why = linked.get(row.record_id or 0, "")
        elif not ours:
            why = _("What it was before is not in its history.")
        if why:
            plan.touched.append(Touched(str(record), record.get_absolute_url(), why))
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


def _links(resource: ImportResource, ids: Sequence[int | None]) -> dict[int, str]:
    """What points at records that the import made, but for their own parts."""
    found: dict[int, dict[str, int]] = {}
    for relation in pointing(resource) if ids else ():
        other, name = relation.related_model, relation.field.name
        rows = other._base_manager.filter(**{f"{name}__in": ids}).order_by()
        label = str(other._meta.verbose_name_plural)
        for pk in rows.values_list(f"{name}__pk" if relation.many_to_many else name, flat=True):
            counts = found.setdefault(pk, {})
            counts[label] = counts.get(label, 0) + 1
    return {
        pk: _("Linked since: %(what)s.")
        % {"what": ", ".join(f"{label} ({count})" for label, count in counts.items())}
        for pk, counts in found.items()
    }


def pointing(resource: ImportResource) -> Iterator[Any]:
    """The relations by which others point at the records, but for their own parts."""
    own = {part for part, _owner in resource.part_models} | set(resource.own_models)
    relations: Any = resource.model._meta.related_objects
    for relation in relations:
        other = relation.related_model
        if other not in own and relation.field.concrete and not other._meta.auto_created:
            yield relation


# Undoing


def _undo_companions(resource: ImportResource, stamp: Stamp) -> tuple[bool, bool]:
    """Delete what came with the rows' own records and nobody needs: whether all of it, and any."""
    is_whole, is_any = True, False
    if resource.companion is not None:
        other = resource.companion(resource.source)
        for ids in batched(resource.source.answers.get("made", ()), BATCH):
            locked = other.model.objects.select_for_update().filter(pk__in=ids)
            list(locked.order_by("pk").values("pk"))
            plan = planned(other, companion_rows(other, ids))
            is_whole, is_any = is_whole and not plan.touched, is_any or bool(plan.made)
            _delete(other.model, plan.made, stamp)
            if plan.made:
                other.after_undoing(plan.made)
    return is_whole, is_any


def _put_back(resource: ImportResource, plan: Plan, stamp: Stamp) -> None:
    """Restore the records that the import changed, their links and their parts."""
    if not plan.changed:
        return
    model = resource.model
    records = list(model.objects.filter(pk__in=plan.changed).order_by("pk"))
    links: dict[str, dict[int, list[int]]] = {}
    linked = links_then(model, plan.changed.values())
    for record in records:
        then = plan.changed[record.pk]
        _restore(record, then)
        for name, ids in linked.get(then.pk, {}).items():
            links.setdefault(name, {})[record.pk] = ids
    update_all(records, _columns(model))
    link_all(model, links)
    for part, owner in resource.part_models:
        _put_back_parts(resource, part, owner, list(plan.changed), stamp)
    keep_all(records, stamp)
    found = model.objects.filter(pk__in=plan.changed)
    found.refresh_derived()
    found.refresh_dependents()
    resource.after_undoing(list(plan.changed))


def _columns(model: Any) -> set[str]:
    fields = {each.name for each in model.history.model.tracked_fields}
    return fields - KEPT


def _restore(record: Any, then: Any) -> None:
    for name in _columns(type(record)):
        attname = record._meta.get_field(name).attname
        setattr(record, attname, getattr(then, attname))


def _put_back_parts(
    resource: ImportResource, part: Any, owner: str, ids: Sequence[int], stamp: Stamp
) -> None:
    """Delete the parts that the import made, restore those that it changed or took away."""
    reason = resource.source.history_reason
    kept: dict[int, list[Any]] = {}
    for row in part.history.filter(**{f"{owner}_id__in": ids}).order_by("history_id"):
        kept.setdefault(row.id, []).append(row)
    made, before = [], {}
    for pk, rows in kept.items():
        ours = next((i for i, r in enumerate(rows) if r.history_change_reason == reason), None)
        if ours is not None and rows[ours].history_type == "+":
            made.append(pk)
        elif ours:
            before[pk] = rows[ours - 1]
    _delete(part, made, stamp)
    parts = list(part.objects.filter(pk__in=before).order_by("pk"))
    gone = [before[pk].instance for pk in sorted(before.keys() - {each.pk for each in parts})]
    insert_all(gone)
    keep_all(gone, stamp, is_new=True)
    for each in parts:
        _restore(each, before[each.pk])
    # Never two primary ones at a time.
    parts.sort(key=lambda each: bool(getattr(each, "is_primary", False)))
    for is_primary in (False, True):
        some = [each for each in parts if bool(getattr(each, "is_primary", False)) == is_primary]
        update_all(some, _columns(part))
    keep_all(parts, stamp)


def _delete(model: Any, ids: Sequence[int], stamp: Stamp) -> None:
    """Delete records; history says who did it and why."""
    if not ids:
        return
    gone = model.history.filter(id__in=ids, history_type="-")
    before = set(gone.values_list("pk", flat=True))
    model.objects.filter(pk__in=ids).delete()
    gone.exclude(pk__in=before).update(history_user=stamp.user, history_change_reason=stamp.reason)
