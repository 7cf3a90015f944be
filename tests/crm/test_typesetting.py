"""Pages set by typst: what is in the file, whatever the names in it are written with."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from crm import typesetting
from crm.glyphs import SERIF_ONLY, can_set, settable

PAGE = """
#import "/templates/typst/book.typ": *
#show: book
= #data.title
#prose(data.words)
"""
Setting = Callable[..., PdfReader]


@pytest.fixture
def setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    """Sets a page of these words, and opens the file."""
    shutil.copytree(typesetting.TEMPLATES / "typst", tmp_path / "typst")
    (tmp_path / "page.typ").write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)

    def set_page(words: str, **fields: Any) -> PdfReader:
        data = {"title": "A page", "running_title": "A page", "language": "it", **fields}
        data = {"page_of": "Page {page} of {pages}", "words": words, **data}
        return PdfReader(io.BytesIO(typesetting.typeset(Path("page.typ"), data)))

    return set_page


def fonts(pdf: Any) -> set[str]:
    """The names of the faces in the file, without the mark of the subset."""
    return {
        str(font.get_object()["/BaseFont"]).split("+")[-1].split("-Identity")[0]
        for page in pdf.pages
        for font in page["/Resources"]["/Font"].values()
    }


def test_a_file_is_tagged_and_has_a_title_and_a_language(setting: Setting) -> None:
    pdf = setting("Buongiorno")
    assert pdf.metadata is not None
    assert pdf.metadata.title == "A page"
    root: Any = pdf.trailer["/Root"]
    assert root["/Lang"] == "it"
    assert root["/MarkInfo"]["/Marked"]


def test_long_words_may_be_broken_but_not_japanese_with_hyphens() -> None:
    assert "\u00ad" in settable("Donaudampfschifffahrtsgesellschaft")
    sentence = "独立行政法人中小企業基盤整備機構の皆様と意見交換を行う予定です"
    assert settable(sentence) == sentence


def test_japanese_is_set_in_the_japanese_face_of_the_package(setting: Setting) -> None:
    pdf = setting("Haruka Tanabe, 田辺 遥")
    assert "田辺 遥" in pdf.pages[0].extract_text()
    assert any(name.startswith("NotoSansCJKjp") for name in fonts(pdf))


def test_nothing_in_the_data_is_markup(setting: Setting) -> None:
    words = r"#panic[x] $a$ \ <b> & ‹c› @d *e* _f_ = g `h` //i"
    assert words in setting(words).pages[0].extract_text()


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Nour (نور حسن)", "Nour ([in Arabic script])"),
        ("กรุงเทพ มหานคร", "[in Thai script]"),
        ("👩🏽‍🚀 Ada", "[symbol] Ada"),
        ("ꓮꓯ", "[in a script that can’t be printed here]"),
        ("𝛼 and ﬁ", "α and ﬁ"),
        ("Łódź, Ștefan, Nguyễn, Ελλάς, Київ", "Łódź, Ștefan, Nguyễn, Ελλάς, Київ"),
        ("שלום", "שלום"),
        ("a\0b\x07c\ud800\u202ed\ufeff", "abcd"),
    ],
)
def test_what_no_face_has_is_named(typed: str, printed: str) -> None:
    assert settable(typed) == printed


def test_a_name_that_can_be_set_is_known_beforehand() -> None:
    assert can_set("田辺 遥")
    assert not can_set("نور")


def test_every_letter_said_to_be_there_is_there(
    setting: Setting, caplog: pytest.LogCaptureFixture
) -> None:
    """PDF/UA refuses a letter without a glyph, and the refusal would be in the log."""
    letters = " ".join(chr(code) for first, last in SERIF_ONLY for code in range(first, last + 1))
    setting(letters + " 東京 ñ 한국")
    assert not caplog.records


def test_a_word_that_no_line_holds_is_broken(setting: Setting) -> None:
    text = setting("W" * 300).pages[0].extract_text()
    assert len([line for line in text.splitlines() if line.startswith("WWWWW")]) > 3
