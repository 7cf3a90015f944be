"""Choosing one or several among very many: a field that one types into.

A `Finder` says what can be found; the field's widget keeps what was chosen as tokens. With
scripts it offers while one types (static/js/combobox.js); without them its “Find” button posts
the form, which comes back with everything typed and the choices to tick.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, cast

from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from crm.forms import RecordsField
from crm.search import best, likest, matching, slipped
from crm.text import folded, record_id

LIMIT = 10
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Choice:
    """What is shown of a record where it can be chosen.

    `letters` and `family` make its monogram; family “person” makes it round.
    """

    value: str
    label: str
    detail: str = ""
    native: str = ""
    native_language: str = ""
    letters: str = ""
    family: str = ""


def clean_typed(typed: str) -> str:
    """What somebody typed, made safe to search with: no NUL, 100 characters at most."""
    return typed.replace("\x00", "").strip()[:100]


def nearest(records: "QuerySet[M]", typed: str, limit: int = LIMIT) -> list[M]:
    """The few best by name; where nothing has what was typed, the few that do but for a slip."""
    found = best(records, matching(records, typed), typed, 0, limit)
    return found or likest(records, slipped(records, typed), typed, 0, limit)


class Finder:
    """What a combo offers: found by what is typed, or named by the values chosen."""

    url_name: ClassVar[str]

    @property
    def url(self) -> str:
        """Where it is asked while one types."""
        return reverse(self.url_name)

    def find(self, typed: str, chosen: Sequence[str] = ()) -> list[Choice]:
        """At most ten choices for what was typed, given what is chosen already."""
        raise NotImplementedError

    def named(self, values: Iterable[str]) -> list[Choice]:
        """The choices of these values, in their order; those unknown are left out."""
        raise NotImplementedError


class RecordFinder(Finder):
    """Finds records of one model by their search text; their values are their ids."""

    def records(self) -> "QuerySet[Any]":
        """Every record that can be named, with what its choice shows."""
        raise NotImplementedError

    def offered(self) -> "QuerySet[Any]":
        """The records that can be newly chosen."""
        return self.records()

    def choice(self, record: Any) -> Choice:
        """How a record is shown."""
        raise NotImplementedError

    def find(self, typed: str, chosen: Sequence[str] = ()) -> list[Choice]:
        if not folded(typed):
            return []
        return [self.choice(record) for record in nearest(self.offered(), typed)]

    def named(self, values: Iterable[str]) -> list[Choice]:
        ids = [pk for value in values if (pk := record_id(value)) is not None]
        records = self.records().in_bulk(ids)
        return [self.choice(records[pk]) for pk in ids if pk in records]


class FetchedFinder(RecordFinder):
    """Finds as another does; names what was fetched for all lines of a form at once."""

    def __init__(self, finder: RecordFinder, fetched: "dict[int, Any]") -> None:
        self.finder = finder
        self.fetched = {str(pk): record for pk, record in fetched.items()}
        self.url_name = finder.url_name  # type: ignore[misc]

    def records(self) -> "QuerySet[Any]":
        return self.finder.records()

    def offered(self) -> "QuerySet[Any]":
        return self.finder.offered()

    def choice(self, record: Any) -> Choice:
        return self.finder.choice(record)

    def find(self, typed: str, chosen: Sequence[str] = ()) -> list[Choice]:
        return self.finder.find(typed, chosen)

    def named(self, values: Iterable[str]) -> list[Choice]:
        return [self.choice(self.fetched[each]) for each in values if each in self.fetched]


class ComboWidget(forms.Widget):
    """Tokens for what is chosen, and a box to find more.

    `additions` are the options that come last, as (kind, text with “{typed}”): scripts send a
    `combo:add` event where one is chosen.
    """

    template_name = "includes/combo.html"

    def __init__(
        self,
        finder: Finder,
        multiple: bool = False,
        additions: Sequence[tuple[str, Any]] = (),
        attrs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.finder, self.multiple, self.additions = finder, multiple, additions
        self.choices: Any = ()  # set by model fields; never walked through
        self.typed = ""
        self.is_asked = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The values chosen; what was typed and not chosen is kept in `typed`.

        Without scripts what was typed stays in the box beside what it found: once one of those
        is ticked, it has been answered.
        """
        self.typed = clean_typed(data.get(f"{name}__typed", "") or "")
        self.is_asked = data.get("find") == name
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        if isinstance(values, str | int):
            values = [values]
        values = list(dict.fromkeys(str(value) for value in values if value not in ("", None)))
        if not self.is_asked and self.typed == clean_typed(data.get(f"{name}__searched", "") or ""):
            offered = data.getlist(f"{name}__offered") if hasattr(data, "getlist") else []
            if not set(values).isdisjoint(offered):
                self.typed = ""
        if self.multiple:
            return values
        return values[-1] if values else ""

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """A combo emptied of its tokens sends no value; its box is always sent."""
        return name not in data and f"{name}__typed" not in data

    def use_required_attribute(self, initial: Any) -> bool:
        """The box may be empty while a token is there."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        values = value if isinstance(value, list | tuple) else [value]
        chosen = [str(one) for one in values if one not in ("", None)]
        found = self.finder.find(self.typed, chosen) if self.typed or self.is_asked else []
        context["widget"].update(
            url=self.finder.url,
            multiple=self.multiple,
            additions=self.additions,
            tokens=self.finder.named(chosen),
            typed=self.typed,
            found=[choice for choice in found if choice.value not in chosen],
            is_asked=self.is_asked or bool(self.typed),
        )
        return context


class ComboMixin:
    """What the fields share: what is typed and not chosen is asked about, never dropped."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "not_chosen": _("“%(typed)s” is not chosen yet: choose below, or clear it."),
        "not_found": _("Nothing is found for “%(typed)s”: try another spelling, or clear it."),
        "out_of_use": _("“%(name)s” is out of use and can’t be newly chosen."),
    }

    def check_typed(self, value: Any) -> None:
        """Refuse text left in the box."""
        field = cast(forms.Field, self)
        widget = cast(ComboWidget, field.widget)
        if widget.typed:
            chosen = [str(one) for one in (value if isinstance(value, list) else [value]) if one]
            found = widget.finder.find(widget.typed, chosen)
            code = "not_chosen" if found else "not_found"
            raise ValidationError(
                field.error_messages[code], code=code, params={"typed": widget.typed}
            )


class ComboField(ComboMixin, forms.ModelChoiceField):  # type: ignore[type-arg]
    """One record chosen by typing; an archived one is kept, never newly chosen."""

    def __init__(self, finder: RecordFinder, **options: Any) -> None:
        options.setdefault("widget", ComboWidget(finder))
        super().__init__(finder.records(), **options)

    def clean(self, value: Any) -> Any:
        self.check_typed(value)
        record = became(super().clean(value))
        kept = {str(getattr(self.initial, "pk", self.initial))}
        refuse_out_of_use(self, [record] if record else [], kept)
        return record

    def _clean_bound_field(self, bound: forms.BoundField) -> Any:
        self.initial = bound.initial
        return super()._clean_bound_field(bound)  # type: ignore[misc]


class LineComboField(ComboField):
    """A combo on a line: takes its record from those fetched for all lines at once."""

    def to_python(self, value: Any) -> Any:
        finder = self.widget.finder
        if value in self.empty_values or not isinstance(finder, FetchedFinder):
            return super().to_python(value)
        if (record := finder.fetched.get(str(value))) is None:
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": str(value)[:30]},
            )
        return record


class ComboMultipleField(ComboMixin, RecordsField):
    """Several records chosen by typing; archived ones are kept, never newly chosen."""

    def __init__(self, finder: RecordFinder, **options: Any) -> None:
        options.setdefault("widget", ComboWidget(finder, multiple=True))
        super().__init__(finder.records(), **options)

    def clean(self, value: Any) -> Any:
        self.check_typed(value)
        records = list(dict.fromkeys(became(one) for one in super().clean(value)))
        kept = {str(getattr(one, "pk", one)) for one in self.initial or []}
        refuse_out_of_use(self, records, kept)
        return records

    def _clean_bound_field(self, bound: forms.BoundField) -> Any:
        self.initial = bound.initial
        return super()._clean_bound_field(bound)  # type: ignore[misc]


def became(record: Any) -> Any:
    """The record, or the one that it became where somebody merged it meanwhile."""
    return getattr(record, "merged_into", None) or record


def refuse_out_of_use(field: forms.Field, records: Iterable[Any], kept: set[str]) -> None:
    """An archived or retired record may stay where it was chosen before."""
    for record in records:
        is_out = getattr(record, "is_archived", False) or getattr(record, "is_retired", False)
        if is_out and str(record.pk) not in kept:
            raise ValidationError(
                field.error_messages["out_of_use"], code="out_of_use", params={"name": str(record)}
            )


class ChoicesView(PermissionRequiredMixin, View):
    """What a combo offers for `q`, as options; `chosen` holds the values chosen already."""

    finder: Finder

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = clean_typed(request.GET.get("q", ""))
        chosen = request.GET.getlist("chosen")[:100]
        found = self.finder.find(typed, chosen)
        return render(
            request,
            "includes/combo_options.html",
            {"found": [choice for choice in found if choice.value not in chosen]},
        )
