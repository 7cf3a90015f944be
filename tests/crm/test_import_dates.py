"""Days are read as people write them."""

from datetime import date

import pytest

from crm.imports.reading import read_date
from tests.files import read


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("22/11/2026", "dmy", date(2026, 11, 22)),
        ("3/4/2026", "dmy", date(2026, 4, 3)),
        ("3/4/2026", "mdy", date(2026, 3, 4)),
        ("3.4.2026", "dmy", date(2026, 4, 3)),
        ("2026/3/4", "dmy", date(2026, 3, 4)),
        ("2026-11-22 10:30", "dmy", date(2026, 11, 22)),
        ("２０２６／１１／２２", "ymd", date(2026, 11, 22)),
        ("2026年11月22日", "dmy", date(2026, 11, 22)),
        ("令和8年11月22日", "dmy", date(2026, 11, 22)),
        ("22 novembre 2026", "dmy", date(2026, 11, 22)),
        ("November 22, 2026", "dmy", date(2026, 11, 22)),
        ("20261122", "dmy", date(2026, 11, 22)),
        ("46348", "dmy", date(2026, 11, 22)),
        ("", "dmy", None),
    ],
)
def test_days_are_read_as_people_write_them(text: str, order: str, day: date | None) -> None:
    assert read_date(text, order) == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("22/11/26", "no year of four digits"),
        ("31/2/2026", "not a day of the calendar"),
        ("next week", "is not a date"),
        ("99999999", "not a day of the calendar"),
    ],
)
def test_what_is_no_day_says_why(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_date(text, "dmy")


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["3/4/2026", "22/11/2026"], "dmy"),
        (["3/4/2026", "11/22/2026"], "mdy"),
        (["3/4/2026", "5/6/2026"], "dmy"),
        (["2026/3/4", "2026/11/22"], "ymd"),
    ],
)
def test_the_order_of_dates_is_seen_in_them(days: list[str], order: str) -> None:
    content = "\n".join(["Name;Since", *(f"Filse;{day}" for day in days)])
    assert read(content.encode())[0].date_order == order
