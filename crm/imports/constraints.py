"""A model's own rules of one row, asked of a record in memory: no query for each row."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, F, Model, Q

from crm.imports.words import in_each


class Unasked(Exception):
    """The condition says something that can't be told in memory."""


@cache
def _column(model: type[Model], name: str) -> str:
    return getattr(model._meta.get_field(name), "attname", name)


def _value(record: Model, name: str) -> Any:
    return getattr(record, _column(type(record), name))


def _holds(condition: Any, record: Model) -> bool | None:
    """Whether the condition is true of the record; None where SQL says unknown."""
    if isinstance(condition, Q):
        answers = [_holds(child, record) for child in condition.children]
        if condition.connector == Q.AND:
            answer = False if False in answers else None if None in answers else True
        elif condition.connector == Q.OR:
            answer = True if True in answers else None if None in answers else False
        else:
            raise Unasked
        return (None if answer is None else not answer) if condition.negated else answer
    path, given = condition
    name, _between, lookup = path.partition("__")
    value = _value(record, name)
    if isinstance(given, F):
        given = _value(record, str(vars(given)["name"]))
        if given is None and lookup != "isnull":
            return None
    return _compared(lookup or "exact", value, given)


def _compared(lookup: str, value: Any, given: Any) -> bool | None:
    if lookup == "isnull":
        return bool((value is None) == given)
    if given is None and lookup == "exact":
        return value is None
    if value is None:
        return None
    match lookup:
        case "exact":
            return bool(value == given)
        case "in":
            return bool(value in given)
        case "range":
            return bool(given[0] <= value <= given[1])
        case "gt":
            return bool(value > given)
        case "gte":
            return bool(value >= given)
        case "lt":
            return bool(value < given)
        case "lte":
            return bool(value <= given)
    raise Unasked


@cache
def _checks(model: type[Model]) -> list[CheckConstraint]:
    return [each for each in model._meta.constraints if isinstance(each, CheckConstraint)]


def broken(record: Model) -> Iterator[str]:
    """What is said of each check constraint that the record breaks."""
    for constraint in _checks(type(record)):
        try:
            if _holds(constraint.condition, record) is False:
                yield in_each(constraint.get_violation_error_message)
        except Unasked:
            try:
                constraint.validate(type(record), record)
            except ValidationError as error:
                yield from (in_each(lambda: " ".join(e.messages)) for e in error.error_list)  # noqa: B023
