"""Choosing related records: autocomplete that costs no query for each line of a form."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import Model


def is_id(value: Any) -> bool:
    """Whether a record can have this id."""
    text = str(value)
    return text.isdecimal() and len(text) < 19


class KnownSelect(AutocompleteSelect):
    """An autocomplete that is told the record it shows, where the form has it at hand."""

    known: Model | None = None

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        if self.known is None or value != [str(self.known.pk)]:
            kept = [each for each in value if not each or is_id(each)]
            return super().optgroups(name, kept, attr)
        options = []
        if not self.is_required:
            options.append(self.create_option(name, "", "", False, 0))
        options.append(self.create_option(name, self.known.pk, str(self.known), True, 1))
        return [(None, options, 0)]


class SelectMany(AutocompleteSelectMultiple):
    """Several choices, each taken off by its own button; a button for all is no item of a list."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """What is chosen, shown again; what no record can be called is left out."""
        return super().optgroups(name, [each for each in value if is_id(each)], attr)

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        attrs: dict[str, Any] = super().build_attrs(base_attrs, extra_attrs)
        return {**attrs, "data-allow-clear": "false"}


def tell_known(form: "forms.ModelForm[Any]") -> None:
    """Give each autocomplete of a form the related record that was read with the row."""
    for name, field in form.fields.items():
        widget = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, KnownSelect):
            widget.known = form.instance._state.fields_cache.get(name)
