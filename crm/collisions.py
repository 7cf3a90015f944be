"""Acts that stand in each other's way, done again where one had to give way.

Two that wait for each other's records: the database breaks one off. And one that links a record
which becomes part of another one meanwhile: a merge moves what it sees, and what is not committed
yet it does not see. So whoever links records holds them at the end of the act: a merge then waits,
and moves the new link too; or the act sees that it was overtaken, and is done again from the start.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import ForeignKey, Model
from django.db.models.signals import m2m_changed, post_save
from simple_history.models import HistoricalChanges

from crm.chronicle import in_batches
from crm.models.records import ArchivableRecord

Made = TypeVar("Made")
Given = ParamSpec("Given")

TIMES = 4
DEADLOCK = "40P01"  # PostgreSQL's code; SQLite lets only one write at a time

Linked = set[tuple[type[Model], Any]]


class Overtaken(Exception):
    """What the act links was merged into another record meanwhile: `linked`."""

    def __init__(self, linked: Linked) -> None:
        super().__init__()
        self.linked = linked


class _Links:
    """The records that the rows written in this act link; and those known to be merged."""

    def __init__(self, known: Linked) -> None:
        self.known = known
        self.ids: defaultdict[type[Model], set[Any]] = defaultdict(set)


_under_way: ContextVar[_Links | None] = ContextVar("links", default=None)


def all_or_nothing(act: Callable[[], Made]) -> Made:
    """Do it in a transaction; from the start again where somebody else's act stood in its way.

    Inside of another act that one decides.
    """
    if _under_way.get() is not None:
        with transaction.atomic():
            return act()
    done, known = 1, Linked()
    while True:
        token = _under_way.set(_Links(known))
        try:
            with transaction.atomic():
                made = act()
                hold_linked()
                return made
        except Overtaken as overtaken:
            # What is linked again was chosen knowingly: it is told in the form.
            known = known | overtaken.linked
        except OperationalError as error:
            is_deadlock = getattr(error.__cause__, "sqlstate", "") == DEADLOCK
            if not is_deadlock or connection.in_atomic_block or done == TIMES:
                raise
            done += 1
        finally:
            _under_way.reset(token)


def whole(method: Callable[Given, Made]) -> Callable[Given, Made]:
    """A method that is all done or not at all, as `all_or_nothing` does it."""

    @wraps(method)
    def act(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        return all_or_nothing(lambda: method(*args, **kwargs))

    return act


def hold_linked() -> None:
    """Let nobody merge what this act linked until it is saved; raise where somebody did.

    Called at the end of an act, and before it says that it is done.
    """
    if (links := _under_way.get()) is None:
        return
    merged: Linked = set()
    for model, ids in sorted(links.ids.items(), key=lambda pair: pair[0].__name__):
        for batch in in_batches(ids):
            merged |= {(model, pk) for pk in _merged(model, batch)} - links.known
    links.ids.clear()
    if merged:
        raise Overtaken(merged)


def _merged(model: type[Model], ids: list[Any]) -> Iterable[Any]:
    """Which of these are part of another record; the rest are held."""
    table = connection.ops.quote_name(model._meta.db_table)
    places = ", ".join(["%s"] * len(ids))
    # Not as FOR UPDATE does: two may link one record at once.
    hold = "FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, merged_into_id FROM {table} WHERE id IN ({places}) ORDER BY id {hold}",  # noqa: S608
            ids,
        )
        return [pk for pk, survivor in cursor.fetchall() if survivor is not None]


@lru_cache
def _links_of(model: type[Model]) -> list[tuple[str, type[Model]]]:
    """The columns of a model that name a record which may be merged."""
    if issubclass(model, HistoricalChanges):
        return []
    return [
        (field.attname, field.related_model)
        for field in model._meta.fields
        if isinstance(field, ForeignKey) and issubclass(field.related_model, ArchivableRecord)
    ]


def _note_row(sender: type[Model], instance: Model, **_given: Any) -> None:
    if (links := _under_way.get()) is not None:
        for column, model in _links_of(sender):
            if (pk := getattr(instance, column)) is not None:
                links.ids[model].add(pk)


def _note_lines(
    action: str, instance: Model, model: type[Model], pk_set: set[Any] | None, **_given: Any
) -> None:
    links = _under_way.get()
    if links is None or action != "post_add":
        return
    if issubclass(model, ArchivableRecord):
        links.ids[model] |= pk_set or set()
    if isinstance(instance, ArchivableRecord):
        links.ids[type(instance)].add(instance.pk)


def note_rows(rows: Sequence[Model], columns: Collection[str] | None = None) -> None:
    """Note what rows of one model link that are written without a signal for each.

    Of foreign keys by their names only these columns, where that is said.
    """
    if (links := _under_way.get()) is None or not rows:
        return
    for column, model in _links_of(type(rows[0])):
        if columns is None or column.removesuffix("_id") in columns:
            links.ids[model] |= {getattr(row, column) for row in rows} - {None}


def note_linked(model: type[Model], ids: Iterable[Any]) -> None:
    """Note that these records are linked, by rows that no signal is sent for."""
    if (links := _under_way.get()) is not None and issubclass(model, ArchivableRecord):
        links.ids[model] |= set(ids)


post_save.connect(_note_row, dispatch_uid="crm.collisions")
m2m_changed.connect(_note_lines, dispatch_uid="crm.collisions")
