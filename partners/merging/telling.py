"""A merge in words: what the survivor took over, and what stayed when it was undone."""

from collections.abc import Iterable
from typing import Any

from django.db.models import ForeignKey, Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm.versions import Change, in_words
from partners.merging.journal import Entry, from_json, model_of
from partners.models import Merge

WHY = {
    "changed": _("changed since: it stays as it is"),
    "deleted": _("deleted since: it can’t be moved back"),
    "missing": _("what it belonged to was deleted since"),
    "clash": _("something else has its place since"),
}


def _field(model: type[Model], column: str) -> Any:
    return next(one for one in model._meta.fields if one.attname == column)


def _words(model: type[Model], column: str, kept: Any) -> str:
    field, value = _field(model, column), from_json(model, column, kept)
    if isinstance(field, ForeignKey) and value is not None:
        value = field.related_model._base_manager.filter(pk=value).first() or _("deleted")
    return in_words(field, value)


def survivor_changes(merge: Merge) -> list[Change]:
    """What the merge changed in the survivor's own fields."""
    model = type(merge.survivor)
    found = []
    mine = [merge.survivor.pk]
    for entry in merge.journal:
        if entry["act"] != "changed" or model_of(entry) is not model or entry["ids"] != mine:
            continue
        for column, after in entry["after"].items():
            field = _field(model, column)
            found.append(
                Change(
                    field.name,
                    str(capfirst(field.verbose_name)),
                    _words(model, column, entry["before"][column]),
                    _words(model, column, after),
                )
            )
    return found


def told_stayed(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """What could not be undone: the row, its fields, and why."""
    found = []
    for entry in entries:
        if entry["act"] == "stayed":
            model = model_of(entry)
            fields = [str(_field(model, column).verbose_name) for column in entry["columns"]]
            noun = str(capfirst(model._meta.verbose_name))
            name = entry["name"]
            found.append({"noun": noun, "name": name, "fields": fields, "why": WHY[entry["why"]]})
    return found
