"""Which record a row of a file means, and what that record held when the row was made."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models.functions import Lower

from crm.imports.bulk import links_then
from crm.imports.drafts import Draft
from crm.imports.mapping import MappedResource
from crm.imports.words import said as _


class MatchingResource(MappedResource):
    """Finds the records of a batch: by key where the row has one, else as the import says."""

    # What the rows of a batch were linked with when they were made.
    related_then: Mapping[str, dict[int, Any]] = {}

    def queryset(self) -> Any:
        """The records, with everything that reading and showing one needs."""
        return self.model.objects.all()

    def find_records(self, drafts: Sequence[Draft]) -> None:
        by_key: dict[uuid.UUID, list[Draft]] = {}
        others = []
        for draft in drafts:
            if "key" not in draft.values:
                others.append(draft)
                continue
            try:
                by_key.setdefault(uuid.UUID(draft.values["key"]), []).append(draft)
            except ValueError:
                self.reject(
                    draft, "key", _("“%(key)s” is not a key.") % {"key": draft.values["key"]}
                )
        if by_key:
            found = {each.key: each for each in self.queryset().filter(key__in=by_key)}
            survivors = self._survivors(found.values())
            for key, wanting in by_key.items():
                for draft in wanting:
                    self._mean_by_key(draft, found.get(key), survivors)
        if others and self.source.matched_by not in {"", "key"}:
            matches = self.matches(self.source.matched_by, others)
            for draft in others:
                self._mean(draft, matches.get(draft) or [])

    def _survivors(self, records: Iterable[Any]) -> dict[int, Any]:
        """What stayed of the records that were merged into others, by their ids."""
        into = {each.pk: pk for each in records if (pk := getattr(each, "merged_into_id", None))}
        found: dict[int, Any] = {}
        while wanted := {pk for pk in into.values() if pk not in found}:
            found.update((each.pk, each) for each in self.queryset().filter(pk__in=wanted))
            for pk, other in into.items():
                into[pk] = found[other].merged_into_id or other
        return {pk: found[other] for pk, other in into.items()}

    def _mean_by_key(self, draft: Draft, record: Any, survivors: Mapping[int, Any]) -> None:
        if record is None:
            self.reject(
                draft,
                "key",
                _("No record has this key: take it out of the row to make a new record."),
            )
        elif survivor := survivors.get(record.pk):
            # The survivor has no version in common with the row: what differs is a conflict.
            draft.record, draft.version = survivor, 0
            draft.notes["merged"] = record.pk
            text = _(
                "“%(name)s” was merged into “%(survivor)s”: the row is compared with that one."
            )
            told = text % {"name": record, "survivor": survivor}
            draft.problems.append({"column": None, "text": told, "is_told": True})
        else:
            draft.record = record
            version = draft.values.get("version", "")
            if version.isdecimal() and len(version) < 10:
                draft.version = int(version)

    def _mean(self, draft: Draft, found: list[Any]) -> None:
        if len(found) > 1:
            self.reject(
                draft,
                self.source.matched_by,
                _("Several records match this row: %(found)s. Give the key of the one meant.")
                % {"found": "; ".join(map(str, found[:5]))},
            )
        elif found:
            draft.record = found[0]

    def matches(self, name: str, drafts: Sequence[Draft]) -> dict[Draft, list[Any]]:
        """The records of every row that has something to be found by."""
        wanted = {draft.values[name].casefold() for draft in drafts if name in draft.values}
        records = self.queryset()
        if hasattr(records, "active"):
            records = records.active()
        found: dict[str, list[Any]] = {}
        if wanted:
            lowered = records.annotate(wanted=Lower(name))
            for record in lowered.filter(wanted__in=wanted):
                found.setdefault(str(getattr(record, name)).casefold(), []).append(record)
        return {
            draft: found.get(draft.values[name].casefold(), [])
            for draft in drafts
            if name in draft.values
        }

    def found_since(self, said: Mapping[int, Mapping[str, str]]) -> list[int]:
        """The new rows whose record is here by now: what each says, by its number in the file."""
        if self.source.matched_by in {"", "key"}:
            return []
        drafts = [Draft(number, [], dict(values)) for number, values in said.items()]
        found = self.matches(self.source.matched_by, drafts)
        ids = {record.pk for records in found.values() for record in records}
        if not ids:
            return []
        # Rows before made some of them: two people may share an address.
        ours = self.model.history.filter(
            id__in=ids, history_change_reason=self.source.history_reason
        )
        theirs = ids - set(ours.values_list("id", flat=True))
        return [
            draft.number
            for draft, records in found.items()
            if any(record.pk in theirs for record in records)
        ]

    def identity(self, draft: Draft) -> str:
        """What two rows of a file that mean the same new record have in common; "" for none."""
        return ""

    def reject_twin(self, draft: Draft, earlier: int) -> None:
        """Say that an earlier row of the file is about the same record."""
        text = _("The same record as in row %(number)d of this file.") % {"number": earlier}
        self.reject(draft, None, text)

    # Names that no record answers to: see crm.imports.missing

    @classmethod
    def questions(cls, user: Any) -> dict[str, forms.Field]:  # noqa: ARG003
        """What is asked of a record that a row's name would make; none where none is made."""
        return {}

    def told_missing(self) -> list[dict[str, Any]]:
        """What `Import.missing` keeps of the rows that were checked."""
        return []

    # What a colleague changed since the row was exported

    def words_then(self, name: str, then: Any) -> str:
        """What a field held at the row's version, in words."""
        cell: Any = self.fields[name].widget
        related = self.related_then.get(name)
        if related is None:
            return str(cell.words(self.model._meta.get_field(name).to_python(then)))
        if name in self.many:
            return str(cell.words([related[pk] for pk in then if pk in related]))
        return str(cell.words(related.get(then)))

    def read_bases(self, drafts: Sequence[Draft]) -> None:
        if not drafts:
            return
        versions = {(draft.record.pk, draft.version): draft for draft in drafts}
        rows = self.model.history.filter(
            id__in={pk for pk, _version in versions}, version__in={v for _pk, v in versions}
        ).order_by("history_id")
        kept = list(rows)
        linked = links_then(self.model, kept)
        for row in kept:
            if draft := versions.get((row.id, row.version)):
                draft.base = {
                    field.attribute: self._base_value(row, field.attribute, linked)
                    for field in self.own_fields
                }
        self.related_then = self._related(
            [draft.base for draft in drafts if draft.base is not None]
        )

    def _related(self, bases: Sequence[Mapping[str, Any]]) -> dict[str, dict[int, Any]]:
        """The records of other kinds that these were linked with, by the field's name."""
        found = {}
        for name in (field.attribute for field in self.own_fields):
            known = self.model._meta.get_field(name)
            if known.is_relation:
                held = (base[name] for base in bases)
                ids = {pk for each in held for pk in (each if name in self.many else [each])}
                found[name] = known.related_model._default_manager.in_bulk(ids - {None})
        return found

    def _base_value(self, row: Any, name: str, linked: Any) -> Any:
        if name in self.many:
            return sorted(linked[row.pk][name])
        return self.stored(name, getattr(row, self.model._meta.get_field(name).attname))
