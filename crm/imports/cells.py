"""What the cells of a file say: import-export widgets that read words as people write them.

Each turns text into a value (`clean`), a value into what is stored (`stored`: plain text, numbers
or ids, so that it can wait as JSON until it is written) and into words for its reader (`words`).
`says()` tells whether a cell means what the record has already: then nothing changes, though the
cell would be read as something else. Errors are ValueErrors that say how to mend the cell.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils import formats, translation
from django.utils.translation import gettext
from django_countries import countries
from import_export import widgets

from crm.imports.finders import Finder
from crm.imports.reading import read_date
from crm.imports.words import said as _
from crm.text import folded, one_line

# A cell that says only this empties the field; an empty cell leaves it as it is.
EMPTIES = "-"
BETWEEN = re.compile(r"[;|\n、；]")
# More names in one cell than anything is linked with.
MANY = 300
TIME = re.compile(
    r"(?:\d{4}-\d{2}-\d{2}[t ])?(\d{1,2})[:.h時]?(\d{2})?(?::\d{2}(?:\.0+)?)?分?"
    r"(?:\s*([ap])\.?m\.?)?"
)
YES = {"yes", "y", "true", "1", "x", "si", "s", "vero", "はい", "✓", "✔"}
NO = {"no", "n", "false", "0", "falso", "いいえ"}


def digits_of(text: str) -> str:
    """Its digits without the zeros or the sign in front that a spreadsheet drops."""
    return "".join(filter(str.isdigit, text)).lstrip("0")


@lru_cache(maxsize=1_000)
def day_in_words(day: date, language: str) -> str:
    """The date as a reader of that language writes it."""
    with translation.override(language):
        return formats.date_format(day)


class Cell(widgets.Widget):
    """Text on one line."""

    empty: Any = ""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return one_line(value)

    def stored(self, value: Any) -> Any:
        return value

    def words(self, value: Any) -> str:
        return "" if value is None else str(value)

    def says(self, text: str, value: Any, **context: Any) -> bool:
        return unicodedata.normalize("NFC", self.words(value)).strip() == text


class Paragraphs(Cell):
    """Text of several lines."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return str(value).replace("\r\n", "\n").replace("\r", "\n")

    def says(self, text: str, value: Any, **context: Any) -> bool:
        return super().says(self.clean(text), self.clean(value))


class Address(Cell):
    """A web address, with its scheme where none is written."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = one_line(value)
        return text if "://" in text or not text else f"https://{text}"


class Phone(Cell):
    """A number as it is typed; one that lost its plus or its zero in a spreadsheet changes nothing.

    `also` is the number in international form, which exports write.
    """

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return one_line(unicodedata.normalize("NFKC", value))

    def says(self, text: str, value: Any, *, also: str = "", **context: Any) -> bool:
        if text in {str(value).strip(), also} - {""}:
            return True
        plain = text.isascii() and text.isdigit()
        return plain and digits_of(text) in {digits_of(str(value)), digits_of(also)} - {""}


@lru_cache(maxsize=1)
def language_codes() -> dict[str, str]:
    """The code of each language by its name: in English, in its own words, in those of ours."""
    found = {"chinese": "zh", "cinese": "zh"}
    for code, known in LANG_INFO.items():
        names = {known.get("name", ""), known.get("name_local", "")}
        for reader, _name in settings.LANGUAGES:
            with translation.override(reader):
                names.add(gettext(known.get("name", "-")))
        found.update({folded(name): code for name in names if name})
    return found


class Languages(Cell):
    """Languages as codes; those that are called by their names are kept as codes too."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        parts = [part.strip() for part in re.split(r"[;,、，；/|\n]", str(value)) if part.strip()]
        codes = language_codes()
        if not any(folded(part) in codes for part in parts):
            return one_line(value)
        return ", ".join(dict.fromkeys(codes.get(folded(part), part) for part in parts))

    def says(self, text: str, value: Any, **context: Any) -> bool:
        return super().says(text, value) or self.clean(text) == self.clean(value or "")


class Choice(Cell):
    """One of a field's choices: as stored, by its label in any of our languages, or as `also`."""

    def __init__(
        self,
        choices: Iterable[tuple[Any, Any]],
        empty: Any = "",
        also: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.choices, self.empty, self.also = list(choices), empty, also or {}
        self._meanings: dict[str, Any] = {}
        self._labels: dict[str, dict[Any, str]] = {}

    @property
    def meanings(self) -> dict[str, Any]:
        if not self._meanings:
            self._meanings.update({folded(word): value for word, value in self.also.items()})
            for language, _name in settings.LANGUAGES:
                with translation.override(language):
                    found = {folded(str(label)): value for value, label in self.choices}
                self._meanings.update(found)
            self._meanings.update({folded(str(value)): value for value, _label in self.choices})
        return self._meanings

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        try:
            return self.meanings[folded(value)]
        except KeyError:
            raise ValueError(
                _("“%(text)s” is none of the choices: %(choices)s.")
                % {
                    "text": value,
                    "choices": ", ".join(str(label) for _value, label in self.choices),
                }
            ) from None

    def words(self, value: Any) -> str:
        code = translation.get_language() or ""
        if code not in self._labels:
            self._labels[code] = {each: str(label) for each, label in self.choices}
        return self._labels[code].get(value) or str(value or "")


class Flag(Cell):
    """Yes or no."""

    empty = False

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        text = folded(value)
        if text in YES | NO:
            return text in YES
        raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": value})

    def words(self, value: Any) -> str:
        return gettext("yes") if value else gettext("no")


class Number(Cell):
    """A whole number."""

    empty = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
        text = unicodedata.normalize("NFKC", value).strip()
        if not re.fullmatch(r"-?\d{1,15}", text):
            raise ValueError(_("“%(text)s” is not a whole number.") % {"text": value})
        return int(text)


class Day(Cell):
    """A date: with the year first, or in the order of the file; Excel's own come as ISO text."""

    empty = None

    def __init__(self, order: str = "dmy") -> None:
        super().__init__()
        self.order = order

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        return read_date(value, self.order)

    def stored(self, value: Any) -> str | None:
        return value.isoformat() if value else None

    def words(self, value: Any) -> str:
        return day_in_words(value, translation.get_language() or "") if value else ""

    def says(self, text: str, value: Any, **context: Any) -> bool:
        return bool(value) and text == value.isoformat()


class Clock(Cell):
    """A time of the day: 9:30, 9.30, 0930, 9時30分."""

    empty = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> time:
        text = unicodedata.normalize("NFKC", value).strip().casefold()
        found = TIME.fullmatch(text)
        try:
            if not found:
                raise ValueError
            hour, minute = int(found[1]), int(found[2] or 0)
            if found[3]:
                hour = hour % 12 + (12 if found[3] == "p" else 0)
            return time(hour, minute)
        except ValueError:
            raise ValueError(
                _("“%(text)s” is not a time: write it like 14:30.") % {"text": value}
            ) from None

    def stored(self, value: Any) -> str | None:
        return value.isoformat() if value else None

    def words(self, value: Any) -> str:
        return formats.time_format(value) if value else ""


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """The code of each country by its codes and its names in the languages that files come in."""
    names: dict[str, str] = {}
    for language in ("ja", "it", "en"):
        with translation.override(language):
            names.update({folded(str(name)): code for code, name in countries})
    for code, _name in countries:
        names[code.casefold()] = code
        names[countries.alpha3(code).casefold()] = code
    names.pop("", None)
    for other, code in {
        "usa": "US",
        "uk": "GB",
        "korea": "KR",
        "corea": "KR",
        "usa.": "US",
    }.items():
        names.setdefault(other, code)
    return names


class Country(Cell):
    """A country by its name or its code, as a code."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        try:
            return country_names()[folded(value)]
        except KeyError:
            raise ValueError(
                _("No country is called “%(text)s”: write its name or its two letters.")
                % {"text": value}
            ) from None

    def stored(self, value: Any) -> str:
        return str(getattr(value, "code", value) or "")

    def words(self, value: Any) -> str:
        return str(countries.name(self.stored(value)) or "")


class Link(Cell):
    """A record of another kind, by name; stored as its id."""

    empty: Any = None

    def __init__(self, finder: Finder) -> None:
        super().__init__()
        self.finder = finder

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return self.finder.find(value, row or {})

    def stored(self, value: Any) -> Any:
        return value.pk if value is not None else None

    def says(self, text: str, value: Any, **context: Any) -> bool:
        return value is not None and self.finder.is_named(value, text)

    def named(self, text: str) -> list[str]:
        """The records that a cell names."""
        return [text]


class Links(Link):
    """Several records of another kind, with a semicolon or a line break between them."""

    empty: Any = ()

    def clean(
        self, value: Any, row: Any = None, *, held: Sequence[Any] = (), **kwargs: Any
    ) -> list[Any]:
        """The records that it names: of those `held` already, archived ones too, else of all."""
        if len(BETWEEN.findall(value)) > MANY:
            raise ValueError(_("The cell names more than %(count)d records.") % {"count": MANY})
        found: dict[Any, Any] = {}
        for name in self.named(value):
            meant = [record for record in held if self.finder.is_named(record, name)]
            record = meant[0] if len(meant) == 1 else self.finder.find(name, row or {})
            found[record.pk] = record
        return list(found.values())

    def named(self, text: str) -> list[str]:
        parts = BETWEEN.split(text, MANY + 1)[: MANY + 1]
        return [name for part in parts if (name := part.strip())]

    def stored(self, value: Any) -> list[Any]:
        return sorted(record.pk for record in value)

    def words(self, value: Any) -> str:
        return "; ".join(sorted(map(str, value)))

    def says(self, text: str, value: Any, **context: Any) -> bool:
        names, records = self.named(text), list(value)
        return len(names) == len(records) and all(
            any(self.finder.is_named(record, name) for record in records) for name in names
        )
