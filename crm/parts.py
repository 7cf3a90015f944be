"""The parts of a record on its form: a line each."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _


class PartFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The parts of a record on its form, one line each; lines can be added and removed.

    A line knows its part by `id`; one whose part is gone meanwhile stands for a new one, and one
    that says the same as a part saved meanwhile stands for that part. `owner_field` is the
    part's relation to the record; `told_by` the fields that tell two parts apart.
    """

    owner_field = ""
    told_by: Sequence[str] = ()

    def __init__(self, *args: Any, owner: Any, saved: Iterable[Any] = (), **kwargs: Any) -> None:
        self.owner, self.saved = owner, list(saved)
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
                if str(part.pk) == own or (
                    str(part.pk) not in posted and self._is_told(index, part, kwargs)
                ):
                    return part
        model: type[Model] = self.form._meta.model
        return model(**{self.owner_field: self.owner})

    def _is_told(self, index: int, part: Model, kwargs: dict[str, Any]) -> bool:
        """Whether this line says what that part says."""
        line = self.form(self.data, prefix=self.add_prefix(index), instance=part, **kwargs)
        return bool(self.told_by) and not set(line.changed_data) & set(self.told_by)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.empty_permitted = True
        form.fields["id"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=str(form.instance.pk or "")
        )
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove")

    def with_another_line(self) -> "PartFormSet":
        """The same lines as typed and an empty one after them, unjudged."""
        data = self.data.copy()  # type: ignore[attr-defined]
        total = min(self.total_form_count() + 1, self.absolute_max)
        data[self.management_form.add_prefix("TOTAL_FORMS")] = str(total)
        more = type(self)(
            data,
            prefix=self.prefix,
            owner=self.owner,
            saved=self.saved,
            form_kwargs=self.form_kwargs,
        )
        more.hush()
        return more

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
