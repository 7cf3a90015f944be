"""Parts of a list's address, as its form reads them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from crm.text import record_id

LONGEST_SEARCH = 200
MOST_CHOSEN = 400


class WholeNumberField(forms.Field):
    """A number of the address: of a page, or of a row."""

    def clean(self, value: Any) -> int | None:
        if not value:
            return None
        number = record_id(value)
        if not number:
            raise ValidationError("not a number")
        return number


class IdsField(forms.Field):
    """The rows that somebody ticked: their numbers, separated by commas or repeated.

    No more than MOST_CHOSEN, so that the address stays one that every server takes.
    """

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        written = [part for one in value or [] for part in one.split(",") if part]
        ids = [record_id(part) for part in dict.fromkeys(written)]
        if not all(ids) or len(ids) > MOST_CHOSEN:
            raise ValidationError("not rows")
        return [one for one in ids if one]


class FlagField(forms.Field):
    """1, or nothing."""

    def clean(self, value: Any) -> bool:
        if value not in {"1", "0", "", None}:
            raise ValidationError("not 1")
        return bool(value == "1")
