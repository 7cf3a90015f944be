"""Text as it is compared: the same letters found however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.text import folded, international_phone, script_language, sort_key


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("Università", "universita"),
        ("ＪＥＴＲＯ", "jetro"),
        ("İstanbul", "istanbul"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("Tōkyō", "tokyo"),
        ("Innovator’s  Garage", "innovator's garage"),
        ("ｶﾞﾚｰｼﾞ", "がれーじ"),
        ("が", "が"),
        ("a\0b", "ab"),
    ],
)
def test_letters_are_folded(typed, same):
    assert folded(typed) == same


def test_a_voiced_sound_is_not_an_unvoiced_one():
    assert folded("がき") != folded("かき")
    assert folded("パリ") != folded("ハリ")


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert folded(folded(text)) == folded(text)


@given(st.text(max_size=200))
def test_a_sort_key_always_fits_its_column(text):
    assert len(sort_key(text)) <= 200


@pytest.mark.parametrize(
    ("typed", "country", "international"),
    [
        ("+81 3 5253 1111", "", "+81 3 5253 1111"),
        ("03-5253-1111", "JP", "+81 3 5253 1111"),
        ("010 5484 4827", "IT", "+39 010 5484 4827"),
        ("06 684 811", "IT", "+39 06 684811"),
        ("ask at the desk", "JP", ""),
        ("03-5253-1111", "", ""),
        ("=1+1", "JP", ""),
    ],
)
def test_a_phone_is_read_in_its_country_or_not_at_all(typed, country, international):
    assert international_phone(typed, country) == international


@pytest.mark.parametrize(
    ("text", "country", "language"),
    [
        ("東京", "JP", "ja"),
        ("北京", "CN", "zh-Hans"),
        ("臺北", "TW", "zh-Hant"),
        ("トヨタ", "", "ja"),
        ("서울", "KR", "ko"),
        ("Київ", "UA", "uk"),
        ("Москва", "RU", "ru"),
        ("دبي", "AE", "ar"),
        ("Genova", "IT", ""),
    ],
)
def test_a_native_name_is_set_in_its_language(text, country, language):
    assert script_language(text, country) == language
