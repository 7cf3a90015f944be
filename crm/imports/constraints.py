"""A model's own rules of one row, asked of a record in memory: no query for each row."""

import operator
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from operator import attrgetter
from sys import maxsize
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db.models import CharField, CheckConstraint, F, Field, Model, Q, TextField

from crm.imports.words import in_each

Test = Callable[[Any], bool | None]
# What every text is asked, and what is asked here without them.
GENERAL = {MaxLengthValidator, ProhibitNullCharactersValidator}


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


class Rule(NamedTuple):
    """What can be told of the value of a field without asking it."""

    field: Field[Any, Any]
    may_be_empty: bool
    # A text of so many characters passes, where it is one of the choices; -1: always ask.
    longest: int
    choices: frozenset[Any] | None

    def passes(self, value: Any) -> bool:
        if value == "" or value is None:
            return self.may_be_empty
        return (
            type(value) is str
            and len(value) <= self.longest
            and "\0" not in value
            and (self.choices is None or value in self.choices)
        )


def rules(fields: Iterable[Field[Any, Any]]) -> list[Rule]:
    """What `clean_fields()` needs to know of these fields."""
    found = []
    for field in fields:
        choices: Any = field.flatchoices
        longest = field.max_length if field.max_length is not None else maxsize
        if type(field) not in {CharField, TextField} or {*map(type, field.validators)} - GENERAL:
            longest = -1
        known = frozenset(value for value, _label in choices) if choices else None
        found.append(Rule(field, field.blank, longest, known))
    return found


def clean_fields(record: Model, asked: Iterable[Rule]) -> None:
    """`record.clean_fields()` of these fields, where those alone are asked that may be wrong.

    Raises ValidationError as it does.
    """
    errors = {}
    for rule in asked:
        name = rule.field.attname
        value = getattr(record, name)
        if not rule.passes(value) and not (rule.may_be_empty and value in rule.field.empty_values):
            try:
                setattr(record, name, rule.field.clean(value, record))
            except ValidationError as error:
                errors[rule.field.name] = error.error_list
    if errors:
        raise ValidationError(errors)


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
