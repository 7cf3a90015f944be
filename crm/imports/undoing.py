"""An import taken back as a whole, updates included, as far as nobody touched its records since.

What it made is deleted; what it changed gets the columns, links and parts of the row of history
before: see `crm.imports.plans`. Both leave a history of their own.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ForeignKey
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from crm.chronicle import note_removed
from crm.collisions import all_or_nothing
from crm.imports.bulk import Stamp, insert_all, keep_all, link_all, links_then, update_all
from crm.imports.checking import BATCH, FEW
from crm.imports.plans import Plan, batched, companion_rows, planned, reason_of, written
from crm.imports.resources import ImportResource, resource_for
from crm.imports.states import State, claim, follow, put, released
from crm.imports.writing import WRITES
from crm.jobs import Refused, Work, working
from crm.jobs import start as start_job
from crm.models import ArchivableRecord, Import, ImportRow, Job, User

# What a restored record keeps as it is now.
KEPT = {"id", "key", "version", "created_at", "updated_at"}
MAY_BE_UNDONE: set[str] = {State.WRITTEN, State.PARTLY_UNDONE}


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
    stays: set[int] = set()
    for batch in written(source):
        locked = resource.model.objects.select_for_update()
        list(locked.filter(pk__in=[row.record_id for row in batch]).order_by("pk").values("pk"))
        plan = planned(resource, batch, stays)
        is_whole &= not plan.touched
        is_any |= bool(plan.made or plan.changed)
        _put_back(resource, plan, stamp)
        _delete(resource.model, plan.made, stamp, resource)
        if plan.made:
            resource.after_undoing(plan.made)
        if work is not None:
            work.advance(len(batch))
    is_all, is_one = _undo_companions(resource, stamp)
    is_whole, is_any = is_whole and is_all, is_any or is_one
    if not is_any:
        raise Refused(_("Nothing can be undone: all of its records were changed since."))
    return is_whole


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
            _delete(other.model, plan.made, stamp, other)
            if plan.made:
                other.after_undoing(plan.made)
    return is_whole, is_any


def _put_back(resource: ImportResource, plan: Plan, stamp: Stamp) -> None:
    """Restore the records that the import changed, their links and their parts."""
    if not plan.changed:
        return
    model = resource.model
    records = list(model.objects.filter(pk__in=plan.changed).order_by("pk"))
    links: dict[str, dict[int, Collection[int]]] = {}
    linked = links_then(model, plan.changed.values())
    for record in records:
        then = plan.changed[record.pk]
        _restore(record, then)
        for name, ids in linked.get(then.pk, {}).items():
            links.setdefault(name, {})[record.pk] = ids
    _follow_merges(records)
    for name, each in links.items():
        stayed = survivors(model._meta.get_field(name).related_model, chain(*each.values()))
        each.update({pk: {stayed.get(one, one) for one in ids} for pk, ids in each.items()})
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


def survivors(model: Any, ids: Iterable[int | None]) -> dict[int | None, int]:
    """What stayed of those of these records that were merged into another one since."""
    if not issubclass(model, ArchivableRecord):
        return {}
    merged = model._base_manager.filter(pk__in={*ids}).exclude(merged_into=None)
    return dict(merged.values_list("pk", "merged_into"))


def _follow_merges(records: Sequence[Any]) -> list[Any]:
    """Let what was given back name the survivors of merges since; those that this changes."""
    changed = []
    for field in type(records[0])._meta.concrete_fields if records else ():
        if not isinstance(field, ForeignKey):
            continue
        name = field.attname
        stayed = survivors(field.related_model, (getattr(each, name) for each in records))
        for each in records if stayed else ():
            if survivor := stayed.get(getattr(each, name)):
                is_itself = field.related_model is type(each) and survivor == each.pk
                setattr(each, name, None if is_itself else survivor)
                changed.append(each)
    return changed


def _is_allowed(part: Any) -> bool:
    """Whether there is none like it yet: somebody may be down for a meeting under both names."""
    try:
        part.validate_constraints()
    except ValidationError:
        return False
    return True


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
    followed = {each.pk for each in _follow_merges(gone)}
    gone = [each for each in gone if each.pk not in followed or _is_allowed(each)]
    since = [each.created_at for each in gone]
    insert_all(gone)
    for each, at in zip(gone, since, strict=True):  # not when they came back
        each.created_at = at
    part._base_manager.bulk_update(gone, ["created_at"], batch_size=BATCH // 2)
    keep_all(gone, stamp, is_new=True)
    for each in parts:
        _restore(each, before[each.pk])
    _follow_merges(parts)
    # Never two primary ones at a time.
    parts.sort(key=lambda each: bool(getattr(each, "is_primary", False)))
    for is_primary in (False, True):
        some = [each for each in parts if bool(getattr(each, "is_primary", False)) == is_primary]
        update_all(some, _columns(part))
    keep_all(parts, stamp)


def _delete(
    model: Any, ids: Iterable[int], stamp: Stamp, resource: ImportResource | None = None
) -> None:
    """Delete records, their parts and what is derived; history says who did it and why.

    Nothing else points at them: see `crm.imports.plans`.
    """
    parts = resource.part_models if resource else ()
    derived = resource.own_models if resource else ()
    for some in batched(ids, BATCH):
        for part, owner in parts:
            held = part._base_manager.filter(**{f"{owner}__in": some})
            _delete(part, held.values_list("pk", flat=True), stamp)
        rows = model.objects.filter(pk__in=some)
        note_removed(list(rows.order_by("pk")), stamp.user, stamp.reason)
        for relation in model._meta.related_objects:
            if relation.related_model in derived:
                _erase(relation.related_model, relation.field.name, some)
        for field in model._meta.many_to_many:
            if field.remote_field.through._meta.auto_created:
                _erase(field.remote_field.through, field.m2m_field_name(), some)
        _erase(model, "pk", some)


def _erase(model: Any, name: str, ids: Sequence[int]) -> None:
    """Delete rows without a query for each of them."""
    rows = model._base_manager.filter(**{f"{name}__in": ids})
    rows._raw_delete(rows.db)
