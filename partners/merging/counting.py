"""What points at a record, in numbers: before a merge what would move, after it what did."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Model, Q

from partners.merging.journal import Entry
from partners.merging.relations import auto_owner, pointers

# So many rows are moved while one waits; more in the background.
AT_ONCE = 500


def _told(model: type[Model], of: type[Model]) -> type[Model] | None:
    """The noun that rows of a model are told as; nothing for what nobody counts."""
    owned = auto_owner(model)
    told = owned[0] if owned else model
    untold = told is of or hasattr(told, "COMPUTED") or not model_is_told(told)
    return None if untold else told


def model_is_told(model: type[Model]) -> bool:
    """Records and their parts are; what is kept of merges themselves is not."""
    return hasattr(model, "history")


def links_of(model: type[Model], ids: Sequence[int]) -> dict[int, "Counter[type[Model]]"]:
    """How many rows of each model point at each of these records; a query for each column."""
    found: dict[int, Counter[type[Model]]] = {pk: Counter() for pk in ids}
    for to in pointers(model):
        if (told := _told(to.model, model)) is None:
            continue
        for column in to.columns:
            held = to.model._base_manager.filter(Q(**{f"{column}__in": ids})).order_by()
            for pk, number in held.values_list(column).annotate(number=Count("pk")):
                found[pk][told] += number
    return found


def moved(journal: Iterable[Entry]) -> "Counter[type[Model]]":
    """How many rows of each model a merge moved, as its journal has it."""
    journal = list(journal)
    counts: Counter[type[Model]] = Counter()
    if not journal:
        return counts
    of = apps.get_model(journal[0]["model"])
    columns = {to.model: set(to.columns) for to in pointers(of)}
    for entry in journal:
        if entry["act"] != "changed":
            continue
        model = apps.get_model(entry["model"])
        told = _told(model, of) if model in columns else None
        if told is not None and columns[model] & entry["after"].keys():
            counts[told] += len(entry["ids"])
    return counts


def has_folded(journal: Sequence[Entry]) -> bool:
    """Whether the survivor had some of what pointed at the others, so that it is there once."""
    if not journal:
        return False
    of = apps.get_model(journal[0]["model"])
    removed = {apps.get_model(one["model"]) for one in journal if one["act"] == "removed"}
    return any(_told(model, of) for model in removed)


def in_words(counts: "Mapping[type[Model], int]", of: type[Model]) -> list[str]:
    """What points at records of a model: “12 meetings”, “1 agreement”; the most first."""
    lines = [(number, _said(model, number, of)) for model, number in counts.items() if number]
    return [said for _number, said in sorted(lines, key=lambda line: (-line[0], line[1]))]


def _said(model: type[Model], number: int, of: type[Model]) -> str:
    """A number with its noun: the model’s own words for it (COUNTED), or else its name."""
    shown = intcomma(number)
    words = getattr(model, "COUNTED", {}).get(of._meta.model_name)
    if words is not None:
        return str(words % {"number": number, "shown": shown})
    noun = model._meta.verbose_name_plural if number != 1 else model._meta.verbose_name
    return f"{shown} {noun}"


def total(links: "Mapping[int, Counter[Any]]") -> int:
    """All rows that point at any of them."""
    return sum(sum(counts.values()) for counts in links.values())
