"""Dates as people type them: “1 December”, “1/12”, “tomorrow”, “12月1日”; and a mend for slips."""

import calendar
import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from babel.dates import format_date, get_day_names, get_month_names
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from crm.combos import clean_typed
from crm.forms import Mend
from crm.templatetags.ponti import day, reader_locale
from crm.text import folded

NUMBERS = [
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})[/.\- ](?P<m>\d{1,2})(?:[/.\- ](?P<y>\d{4}|\d{2}))?\.?"),
    re.compile(r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日"),
]
WORDS = [
    re.compile(
        r"(?P<d>\d{1,2})(?:st|nd|rd|th|o|°)?\.? (?:of )?(?P<m>[^\W\d]{3,})\.?,?(?: (?P<y>\d{4}))?"
    ),
    re.compile(r"(?P<m>[^\W\d]{3,})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,?(?: (?P<y>\d{4}))?"),
]
AWAY = {
    "today": 0, "oggi": 0, "tomorrow": 1, "domani": 1, "dopodomani": 2,
    "yesterday": -1, "ieri": -1, "next week": 7, "settimana prossima": 7,
}  # fmt: skip
AFTER = re.compile(
    r"(?:in|within|tra|fra|entro) (?P<n>\d{1,3}|a|an|one|un|uno|una) "
    r"(?P<unit>days?|weeks?|months?|giorn[oi]|settiman[ae]|mes[ei])"
)


@lru_cache
def month_names() -> dict[str, int]:
    """Months in both languages, in full: folded name to number."""
    return {
        folded(name): number
        for locale in ("en", "it")
        for number, name in get_month_names("wide", locale=locale).items()
    }


@lru_cache
def day_names() -> dict[str, int]:
    """Days of the week in both languages, Monday 0."""
    return {
        folded(name): number
        for locale in ("en", "it")
        for number, name in get_day_names("wide", locale=locale).items()
    }


def month_number(word: str) -> int | None:
    """The month that a word of three letters or more begins, where it is clear."""
    numbers = {number for name, number in month_names().items() if name.startswith(word)}
    return numbers.pop() if len(numbers) == 1 else None


class WrongDay(ValueError):
    """A date that is not; `month_length` and `mends` where the month has fewer days."""

    def __init__(self, month_length: int = 0, month_start: date | None = None) -> None:
        super().__init__()
        self.month_length, self.month_start = month_length, month_start

    @property
    def mends(self) -> list[date]:
        """The last day of that month and the first of the next."""
        if self.month_start is None:
            return []
        last = self.month_start.replace(day=self.month_length)
        return [last, last + timedelta(days=1)]


def read_day(typed: str, today: date) -> date:
    """The date that was typed; without a year, the nearest one. Raises WrongDay."""
    text = folded(typed)
    if text in AWAY:
        return today + timedelta(days=AWAY[text])
    if after := AFTER.fullmatch(text):
        return later(today, int(after["n"]) if after["n"].isdigit() else 1, after["unit"])
    if re.fullmatch(r"\+\d{1,3}", text):
        return today + timedelta(days=int(text))
    if text in day_names():
        return today + timedelta(days=(day_names()[text] - today.weekday() - 1) % 7 + 1)
    for pattern in [*NUMBERS, *WORDS]:
        if found := pattern.fullmatch(text):
            named = found["m"]
            number = int(named) if named.isdigit() else month_number(named)
            if number and 1 <= number <= 12:
                return settle(int(found["d"]), number, found["y"], today)
    raise WrongDay


def later(today: date, number: int, unit: str) -> date:
    """So many days, weeks or months on; the last day of a month that is shorter."""
    if unit.startswith("m"):
        years, month = divmod(today.month - 1 + number, 12)
        last = calendar.monthrange(today.year + years, month + 1)[1]
        return today.replace(today.year + years, month + 1, min(today.day, last))
    return today + timedelta(days=number * (1 if unit.startswith(("d", "g")) else 7))


def settle(on: int, number: int, year: str | None, today: date) -> date:
    """The date of a day and a month, in the year typed or the one that brings it nearest."""
    years = (
        [2000 + int(year) if len(year) == 2 else int(year)]
        if year
        else [today.year - 1, today.year, today.year + 1]
    )
    if not 1 <= on <= 31 or not 1900 <= years[0] <= 2200:
        raise WrongDay
    fitting = [
        date(each, number, on) for each in years if on <= calendar.monthrange(each, number)[1]
    ]
    if not fitting:
        each = years[0] if year else today.year + (number < today.month)
        raise WrongDay(calendar.monthrange(each, number)[1], date(each, number, 1))
    return min(fitting, key=lambda each: abs(each - today))


class DayInput(forms.TextInput):
    """A date in words; scripts add the device's own calendar."""

    template_name = "includes/day.html"

    def format_value(self, value: Any) -> str | None:
        return day(value) if isinstance(value, date) else super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["iso"] = value.isoformat() if isinstance(value, date) else ""
        return context


class DayField(forms.Field):
    """A date as people write it; `mends` are the dates meant, perhaps, by one that is not."""

    widget = DayInput
    width = "short"
    default_error_messages = {
        "invalid": _("“%(typed)s” is not a date. Write it like %(sample)s or %(short)s."),
    }
    too_long = ngettext_lazy(
        "%(month)s has %(count)d day.", "%(month)s has %(count)d days.", "count"
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.mends: list[Mend] = []

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        typed = unicodedata.normalize("NFKC", clean_typed(str(value)))
        if not typed:
            return None
        today = timezone.localdate()
        try:
            return read_day(typed, today)
        except WrongDay as wrong:
            self.mends = [Mend(day(each), day(each)) for each in wrong.mends]
            if wrong.month_start:
                raise ValidationError(
                    self.too_long,
                    code="too_long",
                    params={
                        "month": capfirst(
                            format_date(wrong.month_start, "LLLL", locale=reader_locale())
                        ),
                        "count": wrong.month_length,
                    },
                ) from None
            raise ValidationError(
                self.error_messages["invalid"],
                code="invalid",
                params={
                    "typed": typed,
                    "sample": day(today),
                    "short": f"{today.day}/{today.month}/{today.year}",
                },
            ) from None
