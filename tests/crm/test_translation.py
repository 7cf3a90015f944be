"""The Italian translation is complete, and says what the English says."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from crm.translation import catalogue_files, collected, read_catalogue

ROOT = Path(__file__).parent.parent.parent
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")


def strings(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@pytest.fixture(scope="module")
def italian():
    (path,) = catalogue_files(ROOT)
    return read_catalogue(path)


def find(catalogue, message: Message):
    return catalogue.get(message.id, message.context)


def test_every_string_of_the_interface_is_in_the_catalogue(italian):
    missing = [m.id for m in collected(ROOT) if m.id and find(italian, m) is None]
    assert not missing, "run: make messages"


def test_every_string_is_translated_and_none_is_a_guess(italian):
    unfinished = [m.id for m in italian if m.id and (m.fuzzy or not all(strings(m.string)))]
    assert not unfinished


def test_no_translation_is_left_over(italian):
    wanted = collected(ROOT)
    assert not [m.id for m in italian if m.id and find(wanted, m) is None], "run: make messages"


def test_translations_keep_the_placeholders(italian):
    for message in italian:
        if message.id:
            expected = set(PLACEHOLDER.findall(strings(message.id)[-1]))
            for string in strings(message.string):
                assert set(PLACEHOLDER.findall(string)) <= expected, message.id
            assert set(PLACEHOLDER.findall(strings(message.string)[-1])) == expected, message.id


def test_a_template_gives_its_messages_whatever_stands_around_them(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text(
        '<ul>\n    <li>{% translate "It\'s here" %}\n  {% blocktranslate count n=n trimmed %}\n'
        "One\n{% plural %}\n {{ n }} of them\n{% endblocktranslate %}"
    )
    assert {m.id for m in collected(tmp_path) if m.id} == {
        "It's here",
        ("One", "%(n)s of them"),
    }
