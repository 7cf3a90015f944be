"""What a merge changed, in order, as it is kept and as it is read back.

Entries, each a dict of JSON:

- `{"act": "changed", "model", "ids", "before", "after"}`: columns of rows, the same for all.
- `{"act": "removed", "model", "rows"}`: rows, each with all its columns.
- `{"act": "added", "model", "ids"}`: rows that the merge made.
- `{"act": "merged", "model", "ids", "names"}`: the records that became the survivor, first of all.
- `{"act": "stayed", …}`: what could not be undone; see `undoing`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db.models import GeneratedField, Model

from crm.chronicle import in_batches, note_added, note_changed, note_removed
from crm.models import User
from partners.merging.relations import auto_owner

Entry = dict[str, Any]
# Is told how many rows more were seen to.
Tell = Callable[[int], None]
PLAIN = (str, int, float, bool, list, dict, type(None))


def untold(_rows: int) -> None:
    """Where nobody watches."""


def to_json(model: type[Model], column: str, value: Any) -> Any:
    """A column's value as the journal keeps it."""
    if type(value) in PLAIN:
        return value
    field = _field(model, column)
    holder = model()
    setattr(holder, field.attname, value)
    return field.value_to_string(holder)


def from_json(model: type[Model], column: str, value: Any) -> Any:
    """A column's value as the journal kept it, for the model."""
    return None if value is None else _field(model, column).to_python(value)


def _field(model: type[Model], column: str) -> Any:
    return next(field for field in model._meta.fields if field.attname == column)


def _is_now(field: Any) -> bool:
    """Whether making a row fills it with the instant."""
    return getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False)


def columns_of(model: type[Model]) -> list[str]:
    """The columns that are written: all but those that the database computes."""
    return [one.attname for one in model._meta.fields if not isinstance(one, GeneratedField)]


def data_of(row: Model) -> dict[str, Any]:
    """A row, whole, as the journal keeps it."""
    model = type(row)
    return {name: to_json(model, name, getattr(row, name)) for name in columns_of(model)}


def model_of(entry: Mapping[str, Any]) -> type[Model]:
    """The model that an entry speaks of."""
    return apps.get_model(entry["model"])


class Journal:
    """Writes rows in bulk and keeps what it wrote; `close()` writes their history, once each."""

    def __init__(self, user: User, reason: str, tell: Tell) -> None:
        self.user, self.reason, self.tell = user, reason, tell
        self.entries: list[Entry] = []
        self.touched: defaultdict[type[Model], set[Any]] = defaultdict(set)
        self.restored: defaultdict[type[Model], set[Any]] = defaultdict(set)

    def note(self, model: type[Model], ids: Iterable[Any], before: Any, after: Any) -> None:
        """Keep that these columns of these rows changed."""
        self.entries.append(
            {
                "act": "changed",
                "model": model._meta.label_lower,
                "ids": sorted(ids),
                "before": {name: to_json(model, name, value) for name, value in before.items()},
                "after": {name: to_json(model, name, value) for name, value in after.items()},
            }
        )

    def change(
        self, model: type[Model], ids: Iterable[Any], before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        """Write columns of rows in which they were all the same."""
        ids = list(ids)
        if not ids or not after:
            return
        self.write(model, ids, after)
        self.note(model, ids, before, after)

    def write(self, model: type[Model], ids: Sequence[Any], after: dict[str, Any]) -> None:
        """The same without keeping it."""
        for batch in in_batches(ids):
            self.touch(model, batch)
            model._base_manager.filter(pk__in=batch).update(**after)
            self.touch(model, batch)
            self.tell(len(batch))

    def touch(self, model: type[Model], ids: Sequence[Any]) -> None:
        """Remember these rows for their history, or the records whose many-to-many they are."""
        if (owned := auto_owner(model)) is None:
            self.touched[model].update(ids)
            return
        owner, column = owned
        rows = model._base_manager.filter(pk__in=ids)
        self.touched[owner].update(rows.values_list(column, flat=True))

    def remove(self, model: type[Model], rows: Sequence[Model]) -> None:
        """Take rows away; nothing may point at them any more."""
        if not rows:
            return
        self.touch_owners(model, rows)
        self.entries.append(
            {
                "act": "removed",
                "model": model._meta.label_lower,
                "rows": [data_of(row) for row in rows],
            }
        )
        self.erase(model, rows)

    def touch_owners(self, model: type[Model], rows: Sequence[Model]) -> None:
        if owned := auto_owner(model):
            owner, column = owned
            self.touched[owner].update(getattr(row, column) for row in rows)

    def erase(self, model: type[Model], rows: Sequence[Model]) -> None:
        note_removed(rows, self.user, self.reason)
        for batch in in_batches(row.pk for row in rows):
            found = model._base_manager.filter(pk__in=batch)
            found._raw_delete(found.db)
            self.tell(len(batch))
        self.touched[model] -= {row.pk for row in rows}

    def added(self, model: type[Model], rows: Sequence[Model]) -> None:
        """Keep that these rows were made, by others."""
        if rows:
            ids = sorted(row.pk for row in rows)
            self.entries.append({"act": "added", "model": model._meta.label_lower, "ids": ids})

    def restore(self, model: type[Model], rows: Sequence[Model]) -> None:
        """Bring back rows that had been removed."""
        dated = [one.attname for one in model._meta.fields if _is_now(one)]
        were = [[getattr(row, name) for name in dated] for row in rows]
        model._base_manager.bulk_create(rows)
        if dated:
            for row, values in zip(rows, were, strict=True):
                for name, value in zip(dated, values, strict=True):
                    setattr(row, name, value)
            model._base_manager.bulk_update(rows, dated)
        self.touch_owners(model, rows)
        self.tell(len(rows))
        if auto_owner(model) is None:
            self.restored[model].update(row.pk for row in rows)

    def close(self, saved: Iterable[tuple[type[Model], Any]] = ()) -> None:
        """Write the history of all that was touched, but for what was saved one by one."""
        for model, pk in saved:
            self.touched[model].discard(pk)
        for model, ids in self.touched.items():
            for batch in in_batches(ids - self.restored[model]):
                note_changed(model, batch, self.user, self.reason)
                self.tell(len(batch))
        for model, ids in self.restored.items():
            for batch in in_batches(ids):
                note_added(model, batch, self.user, self.reason)
                self.tell(len(batch))
