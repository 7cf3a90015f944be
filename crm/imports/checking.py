"""What each row of a file would do: found out before anything is written.

The file is read as a stream, some rows at a time; each batch costs the same number of queries and
leaves memory before the next. Its rows are saved as they are found, in transactions of their own,
so that a long check shows how far it is and holds nobody up.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_tasks import task

from crm.imports.drafts import Act, Draft, unless_said
from crm.imports.inserting import insert_values
from crm.imports.missing import made_by
from crm.imports.reading import Cells, Unreadable, open_table
from crm.imports.resources import ImportResource, only_new, resource_for
from crm.imports.seen import Seen
from crm.imports.states import State, claim, follow, hold, put, released
from crm.jobs import Refused, Work, working
from crm.jobs import start as start_job
from crm.models import Import, ImportRow, Job, User

# Up to so many rows the request does the work itself.
FEW = 300
BATCH = 1_000
CHECKABLE: set[str] = {State.UPLOADED, State.CHECKED}


def start(source: Import, user: User) -> Job | None:
    """Check every row: at once where the file is small, else by the job that is returned.

    The import is CHECKING meanwhile and CHECKED when it is over. Raises `crm.jobs.Refused`.
    """
    mapped = [name for name in source.mapping if name]
    if not mapped:
        raise Refused(_("No column is matched to a field yet."))
    if len(mapped) != len(set(mapped)):
        raise Refused(_("Two columns go to the same field: choose one of them."))
    state = source.state
    with transaction.atomic():
        claim(source, CHECKABLE, State.CHECKING)
        if is_short(source):
            try:
                check(source)
            except BaseException:
                source.state = state
                raise
            return None
        job = start_job(
            user,
            _("Checking %(file)s") % {"file": source.file_name},
            check_import,
            back_url=source.get_absolute_url(),
            import_id=source.pk,
        )
        follow(source, job)
    return job


@task()
def check_import(key: str, import_id: int) -> None:
    """The work of `start()` in the background."""
    with working(key) as work:
        source = Import.objects.get(pk=import_id)
        with released(source, State.CHECKING):
            work.expect(source.row_count or sum(1 for _line in lines(source)))
            check(source, work)


def lines(source: Import) -> Iterator[tuple[int, Cells]]:
    """The rows of the file with their numbers in it. Raises Refused."""
    try:
        yield from open_table(source).rows()
    except Unreadable as error:
        raise Refused(error.args[0]) from error


def is_short(source: Import) -> bool:
    """Whether the file is read so quickly that the request does it itself. Raises Refused."""
    try:
        return open_table(source).is_short(FEW)
    except Unreadable as error:
        raise Refused(error.args[0]) from error


def check(source: Import, work: Work | None = None) -> None:
    """Write down what every row would do, in place of what was found before.

    Raises Refused where somebody gives the import up meanwhile.
    """
    resource = resource_for(source)
    was_checked, last = source.rows.exists(), 0
    new: set[str] = set()
    counts: Counter[str] = Counter()
    with closing(Seen()) as seen:
        rows = lines(source)
        while batch := [resource.read(*line) for line in islice(rows, BATCH)]:
            judge(resource, batch, seen.first)
            with transaction.atomic():
                if work is not None:
                    hold(source, {State.CHECKING})
                made = [draft.as_values(source.pk) for draft in batch]
                before, last = last, batch[-1].number
                if was_checked:
                    replace(source.rows.filter(number__gt=before, number__lte=last), made)
                insert_values(ImportRow, made)
            counts.update(str(draft.act) for draft in batch)
            new |= {key for draft in batch if draft.act != Act.REJECT for key in made_by(draft)}
            if work is not None:
                work.advance(len(batch))
    missing = resource.told_missing()
    with transaction.atomic():
        if work is not None:
            hold(source, {State.CHECKING})
        source.rows.filter(number__gt=last).delete()
        put(
            source,
            State.CHECKED,
            counts=dict(counts),
            row_count=counts.total(),
            missing=missing,
            answers={**source.answers, "new": len(new)},
        )


def replace(old: QuerySet[ImportRow], made: Sequence[dict[str, Any]]) -> None:
    """Delete what was found before; what somebody chose stays chosen where the row is the same.

    That it is taken stays only where it would do what they saw, and looks like what they saw.
    """
    chosen = {row.number: row for row in old if row.choice != unless_said(row.act, row.alike)}
    for row in made:
        before = chosen.get(row["number"])
        if before is None or (before.act, before.cells) != (row["act"], row["cells"]):
            continue
        is_seen = (before.changes, before.alike) == (row["changes"], row["alike"])
        if is_seen or before.choice == ImportRow.Choice.LEAVE:
            row["choice"] = before.choice
    old.delete()


def judge(
    resource: ImportResource,
    drafts: Sequence[Draft],
    first: Callable[[Sequence[tuple[str, int]]], Iterable[int | None]],
) -> None:
    """Settle what the rows of a batch would do, twins within the file and among records told."""
    resource.check(drafts)
    said = [(identity(resource, draft), draft.number) for draft in drafts]
    for draft, earlier in zip(drafts, first(said), strict=True):
        if earlier is not None:
            resource.reject_twin(draft, earlier)
            draft.judge()
    resource.find_alike(only_new(drafts))


def identity(resource: ImportResource, draft: Draft) -> str:
    """What two rows that mean the same record have in common."""
    if draft.act == Act.REJECT:
        return ""
    if draft.is_new:
        return resource.identity(draft)
    return record_identity(draft.notes.get("merged", draft.record.pk))


def record_identity(pk: int) -> str:
    """What the rows about a record that is here have in common."""
    return f"record {pk}"


def record_of(identity: str) -> int | None:
    """The record that it stands for; None where that is a new one, or none."""
    word, _space, pk = identity.partition(" ")
    return int(pk) if word == "record" and pk.isdecimal() else None
