"""Cells that a spreadsheet would run are made harmless, and come back as they were."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.formulas import guarded, guarded_all, unguarded

NASTY = st.text(st.one_of(st.sampled_from("=+-@＝＋－＠'\" \t\r\n,;’\u200b81 "), st.characters()))
STARTERS = "=+-@＝＋－＠"


def starts_a_formula(text: str) -> bool:
    """Whether the first thing seen is a formula's start: told by Unicode, not by our own table."""
    if text[:1] in {"\t", "\r", "\n"} and text:
        return True
    for char in text:
        if char in STARTERS:
            return True
        if unicodedata.category(char) not in {"Cc", "Cf", "Zs", "Zl", "Zp"} and char not in '"’':
            return False
    return False


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1+cmd|'/c calc'!A1", "'+1+cmd|'/c calc'!A1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("＋81", "'＋81"),
        ("\t=1", "'\t'=1"),
        ("\rTanabe", "'\rTanabe"),
        (" =1+1", "' =1+1"),
        ("\u200b\ufeff=1+1", "'\u200b\ufeff=1+1"),
        ('"=1+1', "'\"=1+1"),
        ("'=1+1", "''=1+1"),
        ("ACME;=1+1", "ACME;'=1+1"),
        ("ACME\n=1+1", "ACME\n'=1+1"),
        ("+81352531111", "'+81352531111"),
        ("+81 3 5253 1111 ext. 4", "'+81 3 5253 1111 ext. 4"),
        ("+81 3 5253 1111\n=1", "'+81 3 5253 1111\n'=1"),
    ],
)
def test_what_would_run_is_written_with_an_apostrophe_and_read_back(typed, written):
    assert guarded(typed) == written
    assert unguarded(written) == typed


@pytest.mark.parametrize(
    "text",
    [
        "+81 3 5253 1111",
        "+39 010 548 511",
        "+1 415 555 2671",
        "Centre-Nord = 3",
        "tanabe@example.org",
        "'Ndrangheta studies",
        "田辺 遥",
        "R&D, Tokyo; robotics",
        "",
    ],
)
def test_a_phone_number_and_plain_words_are_written_as_they_are(text):
    assert guarded(text) == unguarded(text) == text


@given(NASTY)
def test_reading_gives_back_exactly_what_was_written(text):
    assert unguarded(guarded(text)) == text


@given(NASTY)
def test_nothing_written_starts_a_formula(text):
    phone = re.fullmatch(r"\+[1-9][0-9]{0,2}( [0-9]{1,14})+", text)
    assert phone or not starts_a_formula(guarded(text))


@given(st.lists(NASTY))
def test_many_cells_are_guarded_as_each_would_be(cells):
    assert list(guarded_all(cells)) == [guarded(cell) for cell in cells]


def test_every_invisible_character_is_skipped():
    for code in range(0x110000):
        if unicodedata.category(char := chr(code)) in {"Cf", "Zs", "Zl", "Zp"}:
            assert guarded(f"{char}=1") == f"'{char}=1", hex(code)
