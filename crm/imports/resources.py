"""The base of what reads the rows of files: a django-import-export resource for whole batches.

A subject's resource names its model's fields in `Meta.fields`, which get a cell of
`crm.imports.cells` each by their kind (`cell_of()`), or the one that `more_cells()` gives it:
relations, dates, and columns that are no fields of the model.

A batch goes through `check()`: `prepare()` reads whatever the batch needs in a number of queries
that does not depend on its rows, then every row goes through import-export's `import_row()` with
its hooks, none of which asks the database anything:

    get_instance        the record that the row means, which `prepare()` found
    import_field        a cell against what the record holds, the row's version and “only fill”
    validate_instance   what a form would say

Writing is in `crm.imports.writers`: it takes the differences as they were shown.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from import_export.fields import Field

from crm.imports import cells
from crm.imports.blanks import blank
from crm.imports.constraints import Rule, broken, clean_fields, rules
from crm.imports.drafts import Act, Draft
from crm.imports.finders import Finder
from crm.imports.matching import MatchingResource
from crm.imports.missing import PRESUMED
from crm.imports.subjects import subjects
from crm.imports.words import Said, in_each
from crm.imports.words import said as _
from crm.models import Import


class ImportResource(MatchingResource):
    """Reads the rows of an import into records of one model, and what belongs to them.

    `part_models` are kept with the record and undone with it.
    """

    part_models: ClassVar[tuple[tuple[type[models.Model], str], ...]] = ()
    # What is derived from a record and goes with it: it does not keep an import from being undone.
    own_models: ClassVar[tuple[type[models.Model], ...]] = ()
    # The resource of the records that rows make besides their own.
    companion: "ClassVar[type[ImportResource] | None]" = None

    class Meta:
        skip_diff = True
        use_bulk = True
        clean_model_instances = True

    @classmethod
    def presumable(cls) -> dict[str, forms.Field]:
        """What may be said once of all new records whose row does not say it, by field."""
        return {}

    def presumed(self, name: str) -> str:
        """What was said of it; nothing where it was not."""
        return str(self.source.answers.get(PRESUMED, {}).get(name, ""))

    def __init__(self, source: Import, **kwargs: Any) -> None:
        super().__init__(source, **kwargs)
        self.draft: Draft = Draft(0, [], {})
        self.asked = lru_cache(maxsize=500)(self._asked)

    # A batch

    def check(self, drafts: Sequence[Draft]) -> None:
        """Settle what each row of a batch would do."""
        self.prepare(drafts)
        for draft in drafts:
            self.draft = draft
            result: Any = self.import_row(draft.values, None, row_number=draft.number)
            if result.errors:
                raise result.errors[0].error
            draft.judge()

    def prepare(self, drafts: Sequence[Draft]) -> None:
        """Read what the batch needs."""
        self.find_records(drafts)
        for name, field in self.fields.items():
            if isinstance(field.widget, cells.Link):
                self.prepare_links(name, field.widget.finder, field.widget, drafts)
        self.read_bases([draft for draft in drafts if draft.is_stale])

    def prepare_links(
        self, name: str, finder: Finder, cell: cells.Link, drafts: Sequence[Draft]
    ) -> None:
        finder.prepare(
            (text, self.context(draft))
            for draft in drafts
            if name in draft.values
            for text in cell.named(draft.values[name])
        )

    # import-export's hooks, a row

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        if any(not problem.get("is_told") for problem in self.draft.problems):
            self.draft.instance = self.draft.record
            raise ValidationError([])
        return self.draft.record

    def init_instance(self, row: Any = None) -> Any:
        """A record that is only looked at: its key is drawn when it is written."""
        return blank(self.model, key=None)

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        self.draft.instance = instance

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        self.complete(self.draft)

    def import_field(
        self, field: Field, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any
    ) -> None:
        text = row.get(field.column_name)
        if text is None:
            return
        name, draft = field.attribute, self.draft
        try:
            self._meet(name, field.widget, text, instance)
        except ValueError as error:
            self.reject(draft, field.column_name, error.args[0])

    def _meet(self, name: str, cell: cells.Cell, text: str, instance: Any) -> None:
        """A cell against what the record holds."""
        draft = self.draft
        before = self.held(name, instance)
        context = {"also": getattr(instance, self.phones[name])} if name in self.phones else {}
        if not draft.is_new and cell.says(text, before, **context):
            return
        value: Any = cell.empty
        if text != cells.EMPTIES:
            value = cell.clean(text, row=self.context(draft), held=before)
        stored, held = cell.stored(value), cell.stored(before)
        if stored == held or (self.source.only_fills and not draft.is_new and held):
            if draft.is_new:
                self.put(instance, name, value)
            return
        if draft.is_stale and not self._is_mine(name, cell, stored, held):
            return
        self.put(instance, name, value)
        self.change(draft, name, cell.words(before) if not draft.is_new else "", cell.words(value))
        if draft.changes[-1]["after"] != stored:
            draft.changes[-1]["value"] = stored
        if draft.base is not None and draft.base.get(name) != held:
            draft.changes[-1]["exported"] = self.words_then(name, draft.base.get(name))

    def _is_mine(self, name: str, cell: cells.Cell, stored: Any, held: Any) -> bool:
        """Whether the row changed the field since its version; where both did, that is told."""
        draft = self.draft
        if draft.base is not None:
            then = draft.base.get(name)
            if stored == then or self.says_stored(name, cell, then):
                return False
            if then == held:
                return True
        self.conflict(draft, name, name)
        return True

    def says_stored(self, name: str, cell: cells.Cell, stored: Any) -> bool:
        """Whether the row's cell means what was stored then."""
        if name in self.relations or isinstance(cell, cells.Day | cells.Clock):
            return False
        return bool(cell.says(self.draft.values[name], stored))

    def conflict(self, draft: Draft, name: str, column: str) -> None:
        """Both the file and a colleague changed the field: somebody has to choose."""
        draft.is_conflict = True
        text = _("“%(field)s” was changed by somebody else since the file was made.")
        draft.problems.append(
            {
                "column": self.column(column),
                "text": text % {"field": self.label(name)},
                "is_told": True,
            }
        )

    def change(self, draft: Draft, name: str, before: str, after: str, **more: Any) -> None:
        """Note a difference, in words."""
        draft.changes.append(
            {"field": name, "label": self.label(name), "before": before, "after": after, **more}
        )

    def held(self, name: str, instance: Any) -> Any:
        """What the record has: for several records, the list of them."""
        if self.model._meta.get_field(name).many_to_many:
            if instance.pk is None:
                return self.draft.notes.get(name, [])
            return list(getattr(instance, name).all())
        return getattr(instance, name)

    def put(self, instance: Any, name: str, value: Any) -> None:
        """Set a field of the unsaved instance."""
        if self.model._meta.get_field(name).many_to_many:
            self.draft.notes[name] = list(value)
        else:
            setattr(instance, name, value)

    def complete(self, draft: Draft) -> None:
        """What a row says beyond its model's own fields; called once these are read."""

    def skip_row(
        self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None
    ) -> bool:
        return not self.draft.is_new and not self.draft.changes

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """What a form would say of the record, relations apart: those were found."""
        draft = self.draft
        told = {problem["column"] for problem in draft.problems if not problem.get("is_told")}
        wrong = {name for name in self.field_names() if self.column(name) in told} if told else ()
        asked = self.asked(frozenset(wrong), None if draft.is_new else frozenset(draft.changed))
        self._collect(lambda: clean_fields(instance, asked))
        self._collect(instance.clean)
        for text in broken(instance):
            self.reject(draft, None, text)
        self.validate_parts(draft)

    def _asked(self, wrong: frozenset[str], changed: frozenset[str] | None) -> list[Rule]:
        """The fields that a form would ask: where only some have `changed`, those."""
        return rules(
            field
            for field in self.model._meta.fields
            if field.editable
            and not field.is_relation
            and field.name not in wrong
            and (changed is None or field.name in changed)
        )

    def validate_parts(self, draft: Draft) -> None:
        """What a form would say of the record's parts."""

    def _collect(self, cleaning: Any) -> None:
        try:
            cleaning()
        except ValidationError as error:
            if not hasattr(error, "error_dict"):
                for each in error.error_list:
                    self.reject(self.draft, None, in_words(each))
                return
            for name, errors in error.error_dict.items():
                for each in errors:
                    text = in_words(each)
                    if name != NON_FIELD_ERRORS and self.column(name) is None:
                        label = self.label(name)
                        text = Said(
                            {
                                code: f"{label.texts[code]}: {text.texts[code]}"
                                for code in text.texts
                            }
                        )
                    self.reject(self.draft, name, text)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Nothing is written while rows are checked."""

    # Likely duplicates

    def find_alike(self, drafts: Sequence[Draft]) -> None:
        """Note on each new row the records that look the same."""

    # Writing: see crm.imports.writers; an item is a Written

    def taken_since(self, items: Sequence[Any]) -> Iterable[Any]:
        """The items whose parts, or whose way of being new, somebody changed since the check."""
        return []

    def before_writing(self, items: Sequence[Any]) -> None:
        """Make ready what derived columns are read from; the records have their new values."""

    def after_writing(self, items: Sequence[Any], stamp: Any) -> None:
        """Write the parts, and bring up to date what stands on the records."""

    def after_undoing(self, ids: Collection[int]) -> None:
        """Bring up to date what stands on records that were put back, or that are gone."""


def in_words(error: ValidationError) -> Said:
    """What an error says, in every language."""
    return in_each(lambda: " ".join(error.messages))


def resource_for(source: Import) -> ImportResource:
    """The resource that reads the rows of an import."""
    return cast(ImportResource, subjects()[source.subject].resource(source))


def only_new(drafts: Iterable[Draft]) -> list[Draft]:
    return [draft for draft in drafts if draft.act == Act.CREATE]
