"""Whatever letters a file is written in, they are recognised."""

import pytest

from crm.imports.reading import Shape, Unreadable
from tests.files import read

JAPANESE = "姓,会社名\r\n鈴木,中部経済連合会\r\nｽｽﾞｷ,ﾅｺﾞﾔ\r\n"
ITALIAN = "Cognome;Città\r\nNiccolò;Forlì\r\nPerù;È così\r\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (JAPANESE, "cp932"),
        (JAPANESE, "utf-8"),
        (JAPANESE, "utf-8-sig"),
        (JAPANESE, "utf-16"),
        (JAPANESE, "utf-16-le"),
        (JAPANESE, "utf-16-be"),
        (ITALIAN, "cp1252"),
        (ITALIAN, "utf-8"),
        (ITALIAN, "utf-16"),
        ("Name,City\r\nGenève,Zürich\r\nJosé,Coruña\r\n", "cp1252"),
        ("Name\r\n“Nagoya Innovator’s Garage”\r\n", "cp1252"),
        ("Name,City\r\nSuzuki,東京\r\n", "cp932"),
        ("Name,City\r\nSUZUKI,ﾄｳｷｮｳ\r\n", "cp932"),
    ],
)
def test_letters_are_recognised(text: str, encoding: str) -> None:
    shape, headings, rows = read(text.encode(encoding))
    delimiter = ";" if ";" in text else ","
    assert shape.encoding == encoding
    assert [headings, *map(list, rows)] == [
        line.split(delimiter) for line in text.splitlines() if line
    ]


@pytest.mark.parametrize(("word", "encoding"), [("Forlì", "cp1252"), ("東京", "cp932")])
def test_letters_far_from_the_head_count_too(word: str, encoding: str) -> None:
    text = "Name,City\r\n" + "Rossi,Genova\r\n" * 20_000 + f"Rossi,{word}\r\n"
    shape, _headings, rows = read(text.encode(encoding))
    assert (shape.encoding, rows[-1][1]) == (encoding, word)


def test_letters_that_do_not_fit_say_from_which_line() -> None:
    with pytest.raises(Unreadable, match="From line 1 on"):
        read(ITALIAN.encode("cp1252"), Shape("csv", "utf-8", ";"))
