"""New records of a model, unsaved: made from one set of defaults, for rows by the thousand."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.db.models import Model
from django.db.models.base import ModelState

M = TypeVar("M", bound=Model)


def blank(model: type[M], **given: Any) -> M:
    """What `model(**given)` is, without asking each field for its default: a tenth of the time.

    `given` are columns as they are stored. Nobody hears of it: neither `__init__()` nor the
    signals around it are called.
    """
    plain, drawn = _defaults(model)
    record = model.__new__(model)
    values = vars(record)
    values.update(plain)
    values["_state"] = ModelState()
    for name, draw in drawn:
        if name not in given:
            values[name] = draw()
    values.update(given)
    return record


@cache
def _defaults(model: Any) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """The values that every new record has, and those that are drawn for each."""
    first, drawn = model.__new__(model), []
    for field in model._meta.concrete_fields:
        if field.has_default() and callable(field.default):
            drawn.append((field.attname, field.default))
        else:
            setattr(first, field.attname, field.get_default())
    return vars(first), drawn
