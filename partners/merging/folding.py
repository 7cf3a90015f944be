"""Moving everything that points at some records to another one, and what then can't stand twice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Field, ForeignKey, Model, Q

from partners.merging.journal import Journal
from partners.merging.relations import Once, Pointers, onces, pointers

EMPTY: tuple[Any, ...] = (None, "", False, [])


def _pointing(columns: Iterable[str], ids: Iterable[Any]) -> Q:
    """Rows any of whose columns holds one of these ids."""
    condition = Q(pk__in=[])
    for column in columns:
        condition |= Q(**{f"{column}__in": list(ids)})
    return condition


class Fold:
    """The rows of one model that pointed at `gone`, written so that they point at `kept`."""

    def __init__(
        self, journal: Journal, to: Pointers, kept: Any, gone: Sequence[Any], apart: Sequence[Any]
    ) -> None:
        self.journal, self.model, self.columns = journal, to.model, to.columns
        self.kept, self.gone, self.apart = kept, set(gone), apart
        self.rows: dict[Any, Any] = {}
        self.was: dict[Any, dict[str, Any]] = {}
        self.staying: dict[Any, Any] = {}
        self.aside: set[Any] = set()

    def run(self) -> None:
        """Read the rows, settle what clashes, then write."""
        found = self.model._base_manager.exclude(pk__in=self.apart)
        if (computed := getattr(self.model, "COMPUTED", None)) is not None:
            stale = _pointing(self.columns, [self.kept, *self.gone]) & computed
            self.model._base_manager.filter(stale).delete()
        rows = found.filter(_pointing(self.columns, self.gone)).order_by("pk")
        self.rows = {row.pk: row for row in rows.select_for_update(of=("self",))}
        if not self.rows:
            return
        rules = onces(self.model, self.columns)
        if rules or hasattr(self.model, "is_like"):
            beside = found.filter(_pointing(self.columns, [self.kept]))
            self.staying = {row.pk: row for row in beside.order_by("pk") if row.pk not in self.rows}
        self.was = {pk: self._values(row) for pk, row in self._all()}
        for row in self.rows.values():
            self._point(row)
        removed = self._self_pointing()
        folded = self._once_each(rules, removed)
        self._write(removed, folded)

    def _all(self) -> list[tuple[Any, Any]]:
        return [*self.rows.items(), *self.staying.items()]

    def _values(self, row: Any) -> dict[str, Any]:
        return {field.attname: getattr(row, field.attname) for field in self._own_fields()}

    def _own_fields(self) -> "list[Field[Any, Any]]":
        """What a row says, without its own id, key and times."""
        left_out = {"key", "version", "created_at", "updated_at"}
        return [
            field
            for field in self.model._meta.fields
            if not field.primary_key and not field.generated and field.name not in left_out
        ]

    def _point(self, row: Any) -> None:
        for column in self.columns:
            if getattr(row, column) in self.gone:
                setattr(row, column, self.kept)
        if hasattr(row, "settle_moved"):
            row.settle_moved()

    def _self_pointing(self) -> set[Any]:
        """Rows that now link the record with itself, where the model says that none may."""
        found = set()
        for pk, row in self.rows.items():
            if [getattr(row, column) for column in self.columns].count(self.kept) < 2:
                continue
            checks = [one for one in self.model._meta.constraints if type(one) is CheckConstraint]
            if not all(_holds(check, row) for check in checks):
                found.add(pk)
        return found

    def _once_each(self, rules: Sequence[Once], removed: set[Any]) -> dict[Any, Any]:
        """Which rows are folded into which, so that each rule holds; others step aside."""
        folded: dict[Any, Any] = {}
        for rule in rules:
            meeting: set[Any] | None = None
            if rule.condition is not None:
                ids = _pointing(self.columns, [self.kept, *self.gone])
                found = self.model._base_manager.filter(ids).filter(rule.condition)
                meeting = set(found.values_list("pk", flat=True))
            groups: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(list)
            for pk, row in self._all():
                key = tuple(getattr(row, column) for column in rule.columns)
                if pk in removed or pk in folded or None in key:
                    continue
                if meeting is None or pk in meeting:
                    groups[key].append(row)
            for rows in groups.values():
                self._settle(rows, folded, rule.name)
        if hasattr(self.model, "is_like"):
            self._fold_alike(removed, folded)
        return folded

    def _settle(self, rows: list[Any], folded: dict[Any, Any], rule: str) -> None:
        """Of rows that can't all stand, keep the first; the others step aside or go."""
        first, *others = sorted(rows, key=self._rank)
        for row in others:
            if hasattr(row, "step_aside") and row.step_aside(rule):
                self.aside.add(row.pk)
            else:
                self._absorb(first, row)
                folded[row.pk] = first.pk

    def _rank(self, row: Any) -> tuple[Any, ...]:
        return (getattr(row, "yields", 0), row.pk in self.rows, row.pk)

    def _fold_alike(self, removed: set[Any], folded: dict[Any, Any]) -> None:
        links = [one.attname for one in self._own_fields() if isinstance(one, ForeignKey)]
        groups: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(list)
        for pk, row in self._all():
            if pk not in removed and pk not in folded:
                groups[tuple(getattr(row, column) for column in links)].append(row)
        for rows in groups.values():
            kept: list[Any] = []
            for row in sorted(rows, key=self._rank):
                twin = next((one for one in kept if one.is_like(row)), None)
                if twin is None or not {row.pk, twin.pk} & self.rows.keys():
                    kept.append(row)
                else:
                    self._absorb(twin, row)
                    folded[row.pk] = twin.pk

    def _absorb(self, first: Any, row: Any) -> None:
        if hasattr(first, "absorb"):
            first.absorb(row)
            return
        for field in self._own_fields():
            if getattr(first, field.attname) in EMPTY:
                setattr(first, field.attname, getattr(row, field.attname))

    def _write(self, removed: set[Any], folded: dict[Any, Any]) -> None:
        """In an order that keeps every constraint at every step, forth and back."""
        model, journal = self.model, self.journal
        now = {pk: self._values(row) for pk, row in self._all()}
        pointing = set(self.columns)
        going = [pk for pk in self.rows if pk in removed or pk in folded]
        going += [pk for pk in self.staying if pk in folded]
        # What stepped aside first, as it frees what another row takes.
        staying_rows = [pk for pk, _row in self._all() if pk not in set(going)]
        self._change(self.aside - set(going), now, lambda name: name not in pointing)
        into: defaultdict[Any, list[Any]] = defaultdict(list)
        for pk, first in folded.items():
            into[first].append(pk)
        if into and pointers(model):
            for first, others in into.items():
                self._keep_shared(first, others)
                fold(journal, model, first, others)
        by_id = dict(self._all())
        going_rows = [by_id[pk] for pk in sorted(going)]
        for row in going_rows:
            for name, value in self.was[row.pk].items():
                setattr(row, name, value)
        journal.remove(model, going_rows)
        self._change(staying_rows, now, lambda name: name in pointing)
        self._change(staying_rows, now, lambda name: name not in pointing)

    def _change(self, ids: Iterable[Any], now: dict[Any, dict[str, Any]], wanted: Any) -> None:
        """Write what is new in these rows, those that change alike together."""
        alike: dict[str, tuple[list[Any], dict[str, Any], dict[str, Any]]] = {}
        for pk in ids:
            was = self.was[pk]
            after = {
                name: value
                for name, value in now[pk].items()
                if wanted(name) and value != was[name]
            }
            if after:
                before = {name: was[name] for name in after}
                alike.setdefault(repr((before, after)), ([], before, after))[0].append(pk)
                self.was[pk] = {**was, **after}
        for pks, before, after in alike.values():
            self.journal.change(self.model, pks, before, after)

    def _keep_shared(self, first: Any, others: Sequence[Any]) -> None:
        """Of some many-to-many fields, what all the rows had; the rest of the lines go."""
        for name in getattr(self.model, "KEPT_WHERE_SHARED", ()):
            field: Any = self.model._meta.get_field(name)
            through = field.remote_field.through
            owner, target = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
            lines = list(
                through._base_manager.filter(**{f"{owner}__in": [first, *others]}).order_by("pk")
            )
            held = [
                {getattr(line, target) for line in lines if getattr(line, owner) == pk}
                for pk in (first, *others)
            ]
            shared = set.intersection(*held)
            gone = [
                line
                for line in lines
                if getattr(line, owner) != first or getattr(line, target) not in shared
            ]
            self.journal.remove(through, gone)


def _holds(check: CheckConstraint, row: Model) -> bool:
    try:
        check.validate(type(row), row)
    except ValidationError:
        return False
    return True


def fold(
    journal: Journal, model: type[Model], kept: Any, gone: Sequence[Any], apart: Sequence[Any] = ()
) -> None:
    """Let everything that points at `gone` point at `kept`.

    `apart` holds ids of the model's own records whose columns are left to the caller.
    """
    for to in pointers(model):
        Fold(journal, to, kept, gone, apart if to.model is model else ()).run()
