"""Taking a merge back, whole; what somebody changed since stays, and is told."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ForeignKey, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.chronicle import in_batches
from crm.collisions import all_or_nothing
from crm.jobs import Refused
from crm.models import ArchivableRecord, User
from crm.templatetags.ponti import day
from partners.merging.fields import with_mates
from partners.merging.joining import settle
from partners.merging.journal import Entry, Journal, Tell, from_json, model_of, to_json, untold
from partners.models import Merge, Organisation
from partners.models.merges import UNDONE_WITHIN


def later(merge: Merge) -> Any:
    """Merges of the same survivor that were made on top of this one, the last first."""
    on_top = Merge.objects.filter(
        organisation=merge.organisation_id, person=merge.person_id, undone_at=None
    )
    return on_top.filter(pk__gt=merge.pk).order_by("-pk")


def why_not(merge: Merge) -> str:
    """Why it can't be undone, in a sentence; nothing where it can."""
    if merge.undone_at:
        return _("It was undone on %(day)s.") % {"day": day(timezone.localdate(merge.undone_at))}
    if not merge.may_be_undone:
        until = timezone.localdate(merge.created_at + UNDONE_WITHIN)
        return _("It could be undone until %(day)s.") % {"day": day(until)}
    if (top := later(merge).first()) is not None:
        return _("“%(survivor)s” was merged again on %(day)s: undo that merge first.") % {
            "survivor": merge.survivor,
            "day": day(timezone.localdate(top.created_at)),
        }
    ids = merge.journal[0]["ids"] if merge.journal else []
    there = set(type(merge.survivor)._base_manager.filter(pk__in=ids).values_list("pk", flat=True))
    if len(there) < len(ids):
        names = merge.journal[0]["names"]
        gone = next(name for pk, name in zip(ids, names, strict=True) if pk not in there)
        return _("“%(name)s” was deleted since: it can’t be brought back.") % {"name": gone}
    return ""


class Stays(Exception):
    """Something would stay as it is: nothing was taken back yet. `entries`: what."""

    def __init__(self, entries: list[Entry]) -> None:
        super().__init__()
        self.entries = entries


def undo(merge_id: int, user: User, is_sure: bool = True, tell: Tell = untold) -> list[Entry]:
    """Take it back; gives what stayed, as it is kept. Raises Refused with a sentence.

    Not sure, it raises Stays where not all can be taken back, and leaves everything as it is.
    """
    return all_or_nothing(lambda: _undone(merge_id, user, is_sure, tell))


def _undone(merge_id: int, user: User, is_sure: bool, tell: Tell) -> list[Entry]:
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge_id)
    model = type(merge.survivor)
    ids = sorted({merge.survivor.pk, *(merge.journal[0]["ids"] if merge.journal else [])})
    list(model._base_manager.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",)))
    if why := why_not(merge):
        raise Refused(why)
    undoing = Undoing(Journal(user, f"merge {merge.pk} undone", tell), model, ids)
    for entry in reversed(merge.journal):
        undoing.take_back(entry)
    undoing.settle_parents()
    if undoing.stayed and not is_sure:
        raise Stays(undoing.stayed)
    settle(undoing.journal, model, ids)
    undoing.journal.close()
    merge.undone_at, merge.undone_by = timezone.now(), user
    merge.journal = [*merge.journal, *undoing.stayed]
    merge.save(update_fields=["undone_at", "undone_by", "journal"])
    return undoing.stayed


def _pk_column(model: type[Model]) -> str:
    return next(one.attname for one in model._meta.fields if one.primary_key)


def _links(model: type[Model], columns: Container[str] | None = None) -> list[Any]:
    """The foreign keys of a model, those among the columns."""
    links = (one for one in model._meta.fields if isinstance(one, ForeignKey))
    return [one for one in links if columns is None or one.attname in columns]


class Undoing:
    """Takes entries of a journal back, the last first; `stayed` is what it could not.

    What is given back to a record that was merged since goes to the one that it became; `own` are
    the ids of the records of `model` that are told apart.
    """

    def __init__(self, journal: Journal, model: type[Model], own: Sequence[Any]) -> None:
        self.journal, self.model, self.own = journal, model, set(own)
        self.stayed: list[Entry] = []
        # The parents given back, to which organisations, and what the merge had made of them.
        self.moved: list[tuple[int, list[int], int | None]] = []

    def take_back(self, entry: Entry) -> None:
        if entry["act"] == "changed":
            self._change_back(model_of(entry), entry)
        elif entry["act"] == "removed":
            self._bring_back(model_of(entry), entry["rows"])
        elif entry["act"] == "added":
            model = model_of(entry)
            for batch in in_batches(entry["ids"]):
                rows = list(model._base_manager.filter(pk__in=batch))
                self.journal.touch_owners(model, rows)
                self.journal.erase(model, rows)

    def _stay(self, model: type[Model], pk: Any, why: str, columns: Sequence[str] = ()) -> None:
        """Keep that a row, or some columns of it, stayed as it is."""
        row = model._base_manager.filter(pk=pk).first()
        self.stayed.append(
            {
                "act": "stayed",
                "model": model._meta.label_lower,
                "id": pk,
                "columns": sorted(columns),
                "name": str(row) if row else "",
                "why": why,
            }
        )

    def _change_back(self, model: type[Model], entry: Entry) -> None:
        """Columns that are as the merge left them become what they were."""
        after = entry["after"]
        before = {name: from_json(model, name, kept) for name, kept in entry["before"].items()}
        missing = []
        for link in _links(model, after):
            here = self._here(link, [before[link.attname]])
            if before[link.attname] in here:
                before[link.attname] = here[before[link.attname]]
            else:
                missing.append(link.attname)
        gone = with_mates(model, missing) & after.keys()
        alike: defaultdict[frozenset[str], list[Any]] = defaultdict(list)
        for batch in in_batches(entry["ids"]):
            # Nobody changes them between being looked at and being written.
            rows = model._base_manager.filter(pk__in=batch).order_by("pk")
            found = {
                row["pk"]: row for row in rows.select_for_update(no_key=True).values("pk", *after)
            }
            for pk in batch:
                if pk not in found:
                    self._stay(model, pk, "deleted")
                    continue
                now = {name: to_json(model, name, found[pk][name]) for name in after}
                others = (name for name in after if now[name] != after[name])
                if changed := with_mates(model, others) & after.keys():
                    self._stay(model, pk, "changed", list(changed))
                left = after.keys() - changed
                if left & gone:
                    self._stay(model, pk, "missing", list(left & gone))
                if left - gone:
                    alike[frozenset(left - gone)].append(pk)
        for names, ids in alike.items():
            values = {name: before[name] for name in names}
            self._each(model, ids, partial(self.journal.write, model, after=values), list(names))
            if model is Organisation and values.get("parent_id"):
                self.moved.append((values["parent_id"], ids, after["parent_id"]))

    def settle_parents(self) -> None:
        """Where what was moved since lets an organisation become part of itself, it stays."""
        for parent, ids, merged in self.moved:
            lineage = Organisation.objects.get(pk=parent).lineage_ids()
            for pk in set(ids) & set(lineage):
                self.journal.write(Organisation, [pk], {"parent_id": merged})
                self._stay(Organisation, pk, "clash", ["parent_id"])

    def _here(self, link: Any, wanted: Iterable[Any]) -> dict[Any, Any]:
        """Of what a link is to point at that which exists, each with the one that it is by now."""
        model, found = link.related_model, {None: None}
        for batch in in_batches(set(wanted) - {None}):
            ids = set(model._base_manager.filter(pk__in=batch).values_list("pk", flat=True))
            others = ids - self.own if model is self.model else ids
            became = model.objects.became(others) if issubclass(model, ArchivableRecord) else {}
            found |= {pk: became.get(pk, pk) for pk in ids}
        return found

    def _bring_back(self, model: type[Model], kept: Sequence[dict[str, Any]]) -> None:
        """Rows that the merge took away, but for those whose other end is gone."""
        rows: dict[Any, Any] = {}
        pk = _pk_column(model)
        read = [
            {name: from_json(model, name, value) for name, value in data.items()} for data in kept
        ]
        here = {
            link.attname: self._here(link, (values[link.attname] for values in read))
            for link in _links(model)
        }
        for values in read:
            if any(values[name] not in found for name, found in here.items()):
                self._stay(model, values[pk], "missing")
                continue
            now = {name: found[values[name]] for name, found in here.items()}
            row = rows[values[pk]] = model(**{**values, **now})
            if hasattr(row, "settle_moved"):
                row.settle_moved()
        self._each(
            model,
            list(rows),
            lambda some: self.journal.restore(model, [rows[pk] for pk in some]),
        )

    def _each(
        self,
        model: type[Model],
        ids: Sequence[Any],
        act: Callable[[Sequence[Any]], None],
        columns: Sequence[str] = (),
    ) -> None:
        """Do it to all at once; where something stands against it, to each that it can be."""
        if not ids:
            return
        try:
            with transaction.atomic():
                act(ids)
        except IntegrityError:
            if len(ids) == 1:
                self._stay(model, ids[0], "clash", columns)
                return
            half = len(ids) // 2
            self._each(model, ids[:half], act, columns)
            self._each(model, ids[half:], act, columns)
