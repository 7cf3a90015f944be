"""What points at a record: every column of every model, found by walking the models."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, Model, UniqueConstraint
from simple_history.models import HistoricalChanges


@dataclass(frozen=True)
class Pointers:
    """The columns of a model that hold ids of another one."""

    model: type[Model]
    columns: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.model._meta.label_lower


@dataclass(frozen=True)
class Once:
    """Columns that no two rows share, of the rows that meet a condition."""

    name: str
    columns: tuple[str, ...]
    condition: Any = None


def pointers(model: type[Model]) -> list[Pointers]:
    """Everything that points at the model's records, but history: that stays as it was.

    Many-to-many fields are their rows: those between the two records, made by Django or ours.
    """
    found: dict[type[Model], list[str]] = {}
    for relation in model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.many_to_many:
            continue
        source = relation.related_model
        if not issubclass(source, HistoricalChanges):  # type: ignore[arg-type]
            found.setdefault(source, []).append(relation.field.attname)  # type: ignore
    return [
        Pointers(source, tuple(sorted(columns)))
        for source, columns in sorted(found.items(), key=lambda pair: pair[0]._meta.label)
    ]


def onces(model: type[Model], columns: Iterable[str]) -> list[Once]:
    """What is unique in the model and has to do with these columns."""
    named: dict[str, Field[Any, Any]] = {field.name: field for field in model._meta.fields}
    found = []
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            if constraint.expressions:
                continue
            names, condition = constraint.fields, constraint.condition
            found.append(Once(constraint.name, tuple(names), condition))
    found += [Once("_".join(names), tuple(names)) for names in model._meta.unique_together]
    found += [Once(field.name, (field.name,)) for field in named.values() if field.unique]
    written = [
        Once(one.name, tuple(named[name].attname for name in one.columns), one.condition)
        for one in found
    ]
    return [one for one in written if set(one.columns) & set(columns)]


def auto_owner(model: type[Model]) -> "tuple[type[Model], str] | None":
    """The model whose many-to-many field these rows are, and the column that names its record.

    Nothing for models of ours: their rows stand for themselves.
    """
    owner: Any = model._meta.auto_created
    if not owner:
        return None
    for field in owner._meta.local_many_to_many:
        if field.remote_field.through is model:
            return owner, f"{field.m2m_field_name()}_id"
    return None
