"""The parts of a record on its form: a line each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self

from django import forms
from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.combos import FetchedFinder, RecordFinder
from crm.text import record_id


class PartFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The parts of a record on its form, one line each; lines can be added and removed.

    A line knows its part by `id`; one whose part is gone meanwhile stands for a new one, and one
    that says the same as a part saved meanwhile stands for that part. `owner_field` is the
    part's relation to the record; `told_by` the fields that tell two parts apart; `combos` the
    fields that choose a record, each with its finder: those of every line are fetched at once.
    """

    owner_field = ""
    told_by: Sequence[str] = ()
    combos: ClassVar[Mapping[str, RecordFinder]] = {}

    def __init__(self, *args: Any, owner: Any, saved: Iterable[Any] = (), **kwargs: Any) -> None:
        self.owner, self.saved = owner, list(saved)
        self._told: set[Any] = set()
        super().__init__(*args, **kwargs)

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else len(self.saved)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        return {**kwargs, "instance": self._part(index, kwargs)}

    def _part(self, index: int | None, kwargs: dict[str, Any]) -> Any:
        if index is not None and not self.is_bound and index < len(self.saved):
            return self.saved[index]
        if index is not None and self.is_bound:
            posted = {
                str(self.data.get(f"{self.prefix}-{line}-id", ""))
                for line in range(self.total_form_count())
            }
            own = str(self.data.get(f"{self.prefix}-{index}-id", ""))
            for part in self.saved:
                if str(part.pk) == own:
                    return part
            for part in self.saved:
                if str(part.pk) in posted or part.pk in self._told:
                    continue
                if self._is_told(index, part, kwargs):
                    self._told.add(part.pk)
                    return part
        model: type[Model] = self.form._meta.model
        return model(**{self.owner_field: self.owner})

    def _is_told(self, index: int, part: Model, kwargs: dict[str, Any]) -> bool:
        """Whether this line says what that part says."""
        line = self.form(self.data, prefix=self.add_prefix(index), instance=part, **kwargs)
        self._equip(line)
        return bool(self.told_by) and not set(line.changed_data) & set(self.told_by)

    @cached_property
    def finders(self) -> dict[str, FetchedFinder]:
        """For each combo one that knows the records of every line."""
        found = {}
        for name, finder in self.combos.items():
            ids = {getattr(part, f"{name}_id") for part in self.saved}
            ids |= {line.get(name) for line in self.initial or []}
            for index in range(self.total_form_count() if self.is_bound else 0):
                ids.add(record_id(self.data.get(f"{self.prefix}-{index}-{name}", "")))
            ids.discard(None)
            found[name] = FetchedFinder(finder, finder.records().in_bulk(ids))
        return found

    def _equip(self, form: Any) -> None:
        for name, finder in self.finders.items():
            form.fields[name].widget.finder = finder

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        self._equip(form)
        form.empty_permitted = True
        form.fields["id"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=str(form.instance.pk or "")
        )
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove")

    def with_another_line(self) -> Self:
        """The same lines as typed and an empty one after them, unjudged."""
        data = self.data.copy()  # type: ignore[attr-defined]
        total = min(self.total_form_count() + 1, self.absolute_max)
        data[self.management_form.add_prefix("TOTAL_FORMS")] = str(total)
        return self._as_typed(data)

    def _as_typed(self, data: Any) -> Self:
        same = type(self)(
            data,
            prefix=self.prefix,
            owner=self.owner,
            saved=self.saved,
            form_kwargs=self.form_kwargs,
        )
        same.hush()
        return same

    def hush(self) -> None:
        """Show what was typed without judging it."""
        for form in self.forms:
            form.hush()
        self._errors = [form.errors for form in self.forms]
        self._non_form_errors = self.error_class(renderer=self.renderer)  # type: ignore[attr-defined]

    @property
    def removed(self) -> list[Any]:
        """The saved parts whose lines were removed."""
        return [
            form.instance
            for form in self.forms
            if form.instance.pk and form.cleaned_data.get("DELETE")
        ]

    @property
    def kept(self) -> list[Any]:
        """The lines that stay and say something."""
        return [
            form
            for form in self.forms
            if not form.cleaned_data.get("DELETE") and (form.has_changed() or form.instance.pk)
        ]

    @property
    def changes_something(self) -> bool:
        """Whether saving would write anything."""
        return bool(self.removed) or any(set(form.changed_data) - {"id"} for form in self.kept)

    def in_order(self) -> list[Any]:
        """The lines that stay, in the order in which they can be saved."""
        return self.kept

    def save(self) -> None:
        """Write what changed; the record's version grows by its own save."""
        for part in self.removed:
            part.delete()
        for form in self.in_order():
            if not form.instance.pk or set(form.changed_data) - {"id"}:
                setattr(form.instance, self.owner_field, self.owner)
                form.save()


class OrderedPartFormSet(PartFormSet):
    """Parts whose order is that of their lines on the page, as a browser sends them.

    Scripts move a line among its neighbours; without them its buttons named `move` (with
    “stops-2-up”) send the form unsaved, and it comes back so arranged.
    """

    @cached_property
    def order(self) -> list[int]:
        """The numbers of the lines, from the top of the page down; those taken away left out."""
        if not self.is_bound:
            return list(range(self.total_form_count()))
        start, end = f"{self.prefix}-", "-id"
        sent = [
            record_id(name.removeprefix(start).removesuffix(end))
            for name in self.data
            if name.startswith(start) and name.endswith(end)
        ]
        total = self.total_form_count()
        return [at for at in dict.fromkeys(sent) if at is not None and at < total]

    def __iter__(self) -> Any:
        return iter([self.forms[at] for at in self.order])

    def with_another_line(self) -> Self:
        more = super().with_another_line()
        more.order = [*self.order, more.total_form_count() - 1]
        return more

    def with_line_moved(self, at: int, by: int) -> Self:
        """The same lines as typed, one of them `by` places further down, unjudged."""
        same = self._as_typed(self.data)
        order = list(self.order)
        if at in order:
            place = order.index(at)
            order.remove(at)
            order.insert(max(place + by, 0), at)
        same.order = order
        return same

    @property
    def kept(self) -> list[Any]:
        places = {at: place for place, at in enumerate(self.order)}
        kept = super().kept
        lines = [(places.get(at, at), at) for at, form in enumerate(self.forms) if form in kept]
        return [self.forms[at] for _place, at in sorted(lines)]

    @property
    def is_reordered(self) -> bool:
        """Whether the saved parts that stay stand in another order than before."""
        now = [form.instance.pk for form in self.kept if form.instance.pk]
        return now != [part.pk for part in self.saved if part.pk in set(now)]

    @property
    def changes_something(self) -> bool:
        return super().changes_something or self.is_reordered
