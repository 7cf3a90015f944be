"""A model's own rules of one row, asked of a record in memory: no query for each row."""

import operator
from collections.abc import Callable, Iterator
from functools import cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, F, Model, Q

from crm.imports.words import in_each

Test = Callable[[Any], bool | None]


class Unasked(Exception):
    """The condition says something that can't be told in memory."""


def _test(condition: Any, model: type[Model]) -> Test:
    """Whether the condition is true of a record; None where SQL says unknown."""
    if isinstance(condition, Q):
        return _joined(condition, [_test(child, model) for child in condition.children])
    if not isinstance(condition, tuple):
        raise Unasked
    path, given = condition
    if hasattr(given, "resolve_expression") and not isinstance(given, F):
        raise Unasked
    name, _between, lookup = path.partition("__")
    read = _reader(model, name)
    compare = COMPARISONS.get(lookup or "exact")
    if lookup == "isnull":
        return lambda record: (read(record) is None) == given
    if compare is None:
        raise Unasked
    if given is None:
        return lambda record: read(record) is None
    other = _reader(model, str(vars(given)["name"])) if isinstance(given, F) else None

    def is_true(record: Any) -> bool | None:
        value, wanted = read(record), other(record) if other else given
        return None if value is None or wanted is None else bool(compare(value, wanted))

    return is_true


def _joined(condition: Q, tests: list[Test]) -> Test:
    if condition.connector not in {Q.AND, Q.OR}:
        raise Unasked
    settles = condition.connector == Q.OR
    is_negated = condition.negated

    def is_true(record: Any) -> bool | None:
        answers = [test(record) for test in tests]
        answer = settles if settles in answers else None if None in answers else not settles
        return not answer if is_negated and answer is not None else answer

    return is_true


def _reader(model: type[Model], name: str) -> Callable[[Any], Any]:
    return attrgetter(getattr(model._meta.get_field(name), "attname", name))


COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "exact": operator.eq,
    "in": lambda value, given: value in given,
    "range": lambda value, given: given[0] <= value <= given[1],
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


@cache
def _checks(model: type[Model]) -> list[tuple[CheckConstraint, Test | None]]:
    """The model's check constraints, with what asks them where that can be told in memory."""
    found: list[tuple[CheckConstraint, Test | None]] = []
    for each in model._meta.constraints:
        if isinstance(each, CheckConstraint):
            try:
                found.append((each, _test(each.condition, model)))
            except Unasked:
                found.append((each, None))
    return found


def broken(record: Model) -> Iterator[str]:
    """What is said of each check constraint that the record breaks."""
    for constraint, test in _checks(type(record)):
        if test is None:
            try:
                constraint.validate(type(record), record)
            except ValidationError as error:
                yield from (in_each(lambda: " ".join(e.messages)) for e in error.error_list)  # noqa: B023
        elif test(record) is False:
            yield in_each(constraint.get_violation_error_message)
