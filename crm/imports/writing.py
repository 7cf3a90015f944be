"""The rows that were checked, written in one transaction: all of them or none.

Every record is locked and its version compared with the one that was shown; where somebody saved
meanwhile nothing is written, those rows are checked again, and the import is CHECKED as before.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from crm.collisions import all_or_nothing
from crm.imports.bulk import Stamp
from crm.imports.checking import BATCH, FEW, judge, record_identity, record_of
from crm.imports.drafts import Act
from crm.imports.reading import Cells
from crm.imports.resources import resource_for
from crm.imports.states import State, claim, follow, hold, put, released
from crm.imports.writers import Stale, Taken, write_rows
from crm.jobs import Refused, Work, working
from crm.jobs import start as start_job
from crm.models import Import, ImportRow, Job, User

# What an import that writes holds until it is over.
TURN = 7_066_484_105
WRITES = {Act.CREATE, Act.UPDATE, Act.CONFLICT}


def taken(source: Import) -> Iterator[list[Taken]]:
    """The rows to be written, some at a time, in the order of the file."""
    rows = source.rows.filter(choice=ImportRow.Choice.TAKE, act__in=WRITES).order_by("number")
    last = 0
    while batch := [
        Taken(*row) for row in rows.filter(number__gt=last).values_list(*Taken.COLUMNS)[:BATCH]
    ]:
        yield batch
        last = batch[-1].number


def start(source: Import, user: User, look: Callable[[], None] | None = None) -> Job | None:
    """Write the rows that are to be taken: at once where they are few, else by the job returned.

    The import is WRITING meanwhile and WRITTEN when it is over; back to CHECKED where a record
    was changed since it was checked. `look` is asked once the rows are locked whether they are
    what somebody saw. Raises `crm.jobs.Refused`, as `look` may.
    """
    count = source.rows.filter(choice=ImportRow.Choice.TAKE, act__in=WRITES).count()
    if not count:
        raise Refused(_("No row is to be imported."))
    if count <= FEW:
        write(source, user, look=look)
        return None
    with transaction.atomic():
        claim(source, {State.CHECKED}, State.WRITING, look)
        job = start_job(
            user,
            _("Importing %(file)s") % {"file": source.file_name},
            write_import,
            back_url=source.get_absolute_url(),
            import_id=source.pk,
        )
        follow(source, job)
    return job


@task()
def write_import(key: str, import_id: int) -> None:
    """The work of `start()` in the background."""
    with working(key) as work:
        source = Import.objects.get(pk=import_id)
        with released(source, State.WRITING):
            write(source, work.job.user, work)


def write(
    source: Import,
    user: User,
    work: Work | None = None,
    look: Callable[[], None] | None = None,
) -> None:
    """Write all of them or none. Raises Refused where somebody changed something meanwhile."""
    before = source.state
    waiting = State.CHECKED if work is None else State.WRITING

    def act() -> None:
        source.state = before
        claim(source, {waiting}, State.WRITING, look)
        _wait_for_others()
        _write_all(source, Stamp(user, source.history_reason), work)

    try:
        all_or_nothing(act)
    except Stale as stale:
        source.state = before
        raise Refused(_check_again(source, waiting, stale.numbers)) from stale
    except IntegrityError as error:
        source.state = before
        raise Refused(
            _("Something that the rows speak of was changed meanwhile: check the file again.")
        ) from error
    except BaseException:
        source.state = before
        raise


def _wait_for_others() -> None:
    """Let one import write at a time: of two of the same list each would make everybody."""
    if connection.vendor == "postgresql":  # SQLite lets nobody else write anyway
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def _write_all(source: Import, stamp: Stamp, work: Work | None) -> None:
    resource = resource_for(source)
    if work is not None:
        rows = source.rows.filter(choice=ImportRow.Choice.TAKE, act__in=WRITES)
        work.expect(rows.count())
    for batch in taken(source):
        write_rows(resource, batch, stamp)
        if work is not None:
            work.advance(len(batch))
    more = {"answers": source.answers, "counts": _counts(source)}
    put(source, State.WRITTEN, written_at=timezone.now(), written_by=stamp.user, **more)


def _counts(source: Import) -> dict[str, int]:
    """How many rows did what; those that were left out are "left"."""
    counts: Counter[str] = Counter()
    groups = source.rows.order_by().values_list("act", "choice").annotate(number=Count("pk"))
    for act, choice, number in groups:
        is_left = act in WRITES and choice == ImportRow.Choice.LEAVE
        counts["left" if is_left else act] += number
    return dict(counts)


def _twins(
    source: Import, numbers: Sequence[int], said: Sequence[tuple[str, int]]
) -> list[int | None]:
    """For each of these rows another one of the file that is about the same record."""
    records = [pk for identity, _number in said if (pk := record_of(identity))]
    others = source.rows.exclude(number__in=numbers).filter(record_id__in=records)
    about = others.exclude(act=Act.REJECT).values_list("record_id", "number")
    known = {record_identity(pk or 0): number for pk, number in about}
    found: list[int | None] = []
    for identity, number in said:
        found.append(known.get(identity))
        if identity:
            known.setdefault(identity, number)
    return found


def _check_again(source: Import, waiting: str, numbers: Sequence[int]) -> str:
    """Settle anew what these rows would do, and say how many there are."""
    resource = resource_for(source)
    rows = list(source.rows.filter(number__in=numbers).order_by("number"))
    drafts = [resource.read(row.number, Cells(row.cells)) for row in rows]
    with transaction.atomic():
        hold(source, {waiting})
        for draft, row in zip(drafts, rows, strict=True):
            draft.version = row.record_version
        judge(resource, drafts, partial(_twins, source, numbers))
        for draft, row in zip(drafts, rows, strict=True):
            fresh = ImportRow(**draft.as_values(source.pk))
            fresh.pk = row.pk
            fresh.save()
        counts = Counter(source.rows.values_list("act", flat=True))
        put(source, State.CHECKED, counts=dict(counts))
    return ngettext(
        "Nothing was imported: %(count)d row speaks of a record that somebody changed or made "
        "since it was checked. It was checked again: look at it, then import.",
        "Nothing was imported: %(count)d rows speak of records that somebody changed or made since "
        "they were checked. They were checked again: look at them, then import.",
        len(rows),
    ) % {"count": len(rows)}
