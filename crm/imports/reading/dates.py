"""Days as people write them in lists."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from openpyxl.utils.datetime import from_excel

from crm.imports.words import said as _

_PARTS = re.compile(r"(\d{1,4})\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{1,4})(?:[ T]+[\d:.]+Z?)?")
_JAPANESE = re.compile(r"(\d{4})年\s*(\d{1,2})月\s*(\d{1,2})日?(?:\s*\(.\))?")
_ERA = re.compile(r"(令和|平成|昭和|R|H|S)\s*(\d{1,2}|元)[年.]\s*(\d{1,2})[月.]\s*(\d{1,2})日?")
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925}
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|º|°)?\.?\s+([A-Za-z]{3,})\.?,?\s+(\d{4})")
_WORDED_MONTH_FIRST = re.compile(r"([A-Za-z]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_ENGLISH = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ITALIAN = ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"]
_MONTHS = {name: i for names in (_ENGLISH, _ITALIAN) for i, name in enumerate(names, 1)}
# Days as Excel counts them, from 1927 to 2119: what a date becomes where its format was lost.
_SERIALS = range(10_000, 80_000)
ORDERS = ("dmy", "ymd", "mdy")


def read_date(text: str, order: str = "dmy") -> date | None:
    """The day that the text names, None for no text. Raises ValueError, in the reader's language.

    `order` decides where numbers alone don't. Japanese years, full-width digits, the names of
    months in English and Italian, and the days that Excel counts are understood too.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    try:
        if found := _read(plain, order):
            return found
    except ValueError as error:
        if str(error).startswith("“"):
            raise
        raise ValueError(
            _("“%(text)s” is not a day of the calendar.") % {"text": text[:50]}
        ) from None
    raise ValueError(
        _("“%(text)s” is not a date. Write it like 2026-11-22 or 22/11/2026.") % {"text": text[:50]}
    )


def _read(plain: str, order: str) -> date | None:
    if plain.isdigit():
        return _from_number(plain)
    if match := _ERA.fullmatch(plain):
        years = 1 if match[2] == "元" else int(match[2])
        return date(_ERAS[match[1]] + years, int(match[3]), int(match[4]))
    if match := _JAPANESE.fullmatch(plain):
        return date(*map(int, match.groups()))
    if match := _WORDED.fullmatch(plain):
        return _worded(match[3], match[2], match[1])
    if match := _WORDED_MONTH_FIRST.fullmatch(plain):
        return _worded(match[3], match[1], match[2])
    if match := _PARTS.fullmatch(plain):
        return _from_parts(plain, match[1], match[3], match[4], order)
    return None


def _from_number(plain: str) -> date | None:
    """Eight digits are year, month and day; five are the days that Excel counts."""
    if len(plain) == 8:
        return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    if len(plain) == 5 and int(plain) in _SERIALS:
        found = from_excel(int(plain))
        return found.date() if isinstance(found, datetime) else None
    return None


def _worded(year: str, month: str, day: str) -> date | None:
    number = _MONTHS.get(month[:3].lower())
    return date(int(year), number, int(day)) if number else None


def _from_parts(plain: str, first: str, second: str, third: str, order: str) -> date:
    if len(first) == 4:
        return date(int(first), int(second), int(third))
    if len(third) != 4:
        raise ValueError(
            _("“%(text)s” has no year of four digits: it could be several days.")
            % {"text": plain[:50]}
        )
    if order == "mdy":
        return date(int(third), int(first), int(second))
    return date(int(third), int(second), int(first))


def date_order_of(cells: Iterable[str]) -> str:
    """In which order the dates among the cells are written: day first, unless they tell."""
    votes: Counter[str] = Counter()
    for cell in cells:
        if not 6 <= len(cell) <= 30:
            continue
        match = _PARTS.fullmatch(unicodedata.normalize("NFKC", cell).strip())
        if not match:
            continue
        if len(match[1]) == 4:
            votes["ymd"] += 1
        elif len(match[4]) == 4:
            first, second = int(match[1]), int(match[3])
            order = "dmy" if first > 12 else "mdy" if second > 12 else "either"
            votes[order] += 1
    if votes["mdy"] > votes["dmy"]:
        return "mdy"
    return "ymd" if votes["ymd"] and not votes["dmy"] and not votes["either"] else "dmy"
