"""Dates are read as people write them, in both languages."""

from datetime import date

import pytest

from crm.days import WrongDay, read_day

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("1/12/2026", date(2026, 12, 1)),
        ("1.12.26", date(2026, 12, 1)),
        ("1/12", date(2026, 12, 1)),
        ("3/1", date(2027, 1, 3)),
        ("1 December", date(2026, 12, 1)),
        ("1st dec 2026", date(2026, 12, 1)),
        ("December 1, 2026", date(2026, 12, 1)),
        ("1º dicembre", date(2026, 12, 1)),
        ("12月1日", date(2026, 12, 1)),
        ("2026年12月1日", date(2026, 12, 1)),
        ("domani", date(2026, 11, 23)),
        ("Friday", date(2026, 11, 27)),
        ("venerdì", date(2026, 11, 27)),
        ("+7", date(2026, 11, 29)),
        ("in 2 weeks", date(2026, 12, 6)),
        ("fra una settimana", date(2026, 11, 29)),
        ("tra 3 giorni", date(2026, 11, 25)),
        ("in a month", date(2026, 12, 22)),
        ("entro 15 mesi", date(2028, 2, 22)),
        ("next week", date(2026, 11, 29)),
        ("29 February", date(2028, 2, 29)),
    ],
)
def test_a_date_is_read_as_it_is_meant(typed, meant):
    today = date(2027, 11, 22) if "February" in typed else TODAY
    assert read_day(typed, today) == meant


def test_a_month_that_is_too_short_offers_what_was_meant():
    with pytest.raises(WrongDay) as wrong:
        read_day("31 November 2026", TODAY)
    assert wrong.value.mends == [date(2026, 11, 30), date(2026, 12, 1)]


@pytest.mark.parametrize(
    "typed", ["soon", "0/12", "32/1/2026", "1/13/2026", "1 j", "1/1/9999", "٣"]
)
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(WrongDay):
        read_day(typed, TODAY)
