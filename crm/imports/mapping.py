"""The fields that the columns of a file go to, each with the cell that reads it."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.utils.text import capfirst
from django_countries.fields import CountryField
from import_export import resources
from import_export.fields import Field

from crm.imports import cells
from crm.imports.drafts import Draft
from crm.imports.reading import Cells
from crm.imports.subjects import Subject, subjects
from crm.imports.words import Said, in_each
from crm.models import Import


class MappedResource(resources.ModelResource):
    """Reads rows by the columns that an import says.

    `phones` maps a phone's column to the one that holds it in international form.
    """

    phones: ClassVar[Mapping[str, str]] = {}

    def __init__(self, source: Import, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.model: type[Any] = self._meta.model
        self.subject: Subject = subjects()[source.subject]
        self._labels: dict[str, Said] = {}
        made = self.more_cells()
        for name, cell in made.items():
            if name in self.fields:
                self.fields[name].widget = cell
            else:
                self.fields[name] = Field(name, name, cell)

    # What the fields are

    @classmethod
    def field_from_django_field(
        cls,
        field_name: str,
        django_field: Any,
        readonly: bool,  # noqa: ARG003  (import-export's own)
    ) -> Field:
        return Field(attribute=field_name, column_name=field_name, widget=cls.cell_of(django_field))

    @classmethod
    def cell_of(cls, field: Any) -> cells.Cell:
        """The cell that suits a model's field."""
        if isinstance(field, CountryField):
            return cells.Country()
        if field.choices:
            return cells.Choice(field.flatchoices, empty=None if field.null else "")
        if field.name in cls.phones:
            return cells.Phone()
        for kind, cell in (
            (models.URLField, cells.Address),
            (models.TextField, cells.Paragraphs),
            (models.BooleanField, cells.Flag),
            (models.IntegerField, cells.Number),
            (models.TimeField, cells.Clock),
        ):
            if isinstance(field, kind):
                return cell()
        return cells.Cell()

    def more_cells(self) -> dict[str, cells.Cell]:
        """Cells that need more than their field: those of relations and of dates."""
        return {}

    def day(self) -> cells.Day:
        """A date in the order of this file."""
        return cells.Day(self.source.reading.get("date_order") or "dmy")

    @cached_property
    def columns(self) -> dict[str, int]:
        """The column of each field that the file has."""
        return {name: index for index, name in enumerate(self.source.mapping) if name}

    @cached_property
    def own_fields(self) -> list[Field]:
        """The model's own fields that the file has."""
        names = {each.name for each in self.model._meta.get_fields()}
        return [
            self.fields[name]
            for name in self.field_names()
            if name in self.fields and name in names
        ]

    def field_names(self) -> Iterable[str]:
        """The fields that the columns bring."""
        return self.columns

    def get_import_fields(self) -> list[Field]:
        return self.own_fields

    @cached_property
    def relations(self) -> set[str]:
        return {each.name for each in self.model._meta.get_fields() if each.is_relation}

    @cached_property
    def many(self) -> set[str]:
        """The fields that link a record with several others."""
        return {each.name for each in self.model._meta.many_to_many}

    def label(self, name: str) -> Said:
        """A field as its reader knows it."""
        if name not in self._labels:
            known = self.subject.field(name)
            meta = self.model._meta
            self._labels[name] = in_each(
                lambda: known.label if known else capfirst(meta.get_field(name).verbose_name)
            )
        return self._labels[name]

    # A row

    def read(self, number: int, given: Cells) -> Draft:
        """A row as it came, with what is wrong in it already."""
        values = {
            name: text for name, index in self.columns.items() if (text := given[index].strip())
        }
        wanted = {None, *self.columns.values()}
        problems = [problem for problem in given.problems if problem["column"] in wanted]
        return Draft(number, list(given), values, problems=problems)

    def column(self, name: str | None) -> int | None:
        """The column of the file that a field comes from."""
        return self.columns.get(name or "")

    def context(self, draft: Draft) -> Mapping[str, str]:
        """The cells that help to tell what another one means."""
        return draft.values

    def reject(self, draft: Draft, name: str | None, text: str) -> None:
        """Say what is wrong with the row, where it is, and how to mend it."""
        draft.problems.append({"column": self.column(name), "text": text})

    def stored(self, name: str, value: Any) -> Any:
        """A column's value as a change keeps it."""
        return value if name in self.relations else self.fields[name].widget.stored(value)
