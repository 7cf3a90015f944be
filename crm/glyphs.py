"""What the faces of our printed pages can set, and what is written for what they can't.

Two faces set everything: Libertinus Serif, which comes inside typst, and Noto Sans CJK JP, whose
package is installed (Latin, kana, kanji, hangul, basic Greek and Cyrillic). A script that neither
has would print as empty boxes, without a word from anybody: `settable()` names it instead.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import as_file, files
from itertools import groupby

from django.utils.translation import gettext_lazy as _
from fontTools.ttLib import TTFont

# What every weight of Libertinus Serif 7.040 has and Noto Sans CJK JP lacks, letters and marks of
# living languages only; the file itself can't be read, as it is compiled into typst.
SERIF_ONLY = (
    (0x0104, 0x010F),  # Latin of Europe
    (0x0114, 0x0119),
    (0x011C, 0x0127),
    (0x012C, 0x0142),
    (0x0145, 0x0146),
    (0x0149, 0x014B),
    (0x0150, 0x0151),
    (0x0154, 0x0167),
    (0x016E, 0x017F),
    (0x0218, 0x021B),
    (0x02BC, 0x02BC),
    (0x1E9E, 0x1E9E),
    (0x0384, 0x038A),  # Greek with its accents
    (0x038C, 0x038C),
    (0x038E, 0x0390),
    (0x03AA, 0x03B0),
    (0x03CA, 0x03CE),
    (0x1F00, 0x1F15),
    (0x0403, 0x040C),  # Cyrillic of Ukraine, Serbia, Macedonia
    (0x040F, 0x040F),
    (0x0453, 0x0453),
    (0x0455, 0x0458),
    (0x045C, 0x045C),
    (0x045E, 0x045E),
    (0x05D0, 0x05EA),  # Hebrew
    (0x2044, 0x2044),  # fractions, small figures
    (0x2070, 0x2071),
    (0x2074, 0x208E),
    (0x2153, 0x215F),
)
# Marks that steer bytes, directions or glyphs, and print nothing that a reader would miss.
IGNORED = {*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xFFFD}
IGNORED |= {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x00AD, 0x061C}
SYMBOL, OTHER_SCRIPT = _("[symbol]"), _("[in a script that can’t be printed here]")
NOTES = {
    "ARABIC": _("[in Arabic script]"),
    "ARMENIAN": _("[in Armenian script]"),
    "BENGALI": _("[in Bengali script]"),
    "DEVANAGARI": _("[in Devanagari script]"),
    "ETHIOPIC": _("[in Ethiopic script]"),
    "GEORGIAN": _("[in Georgian script]"),
    "KHMER": _("[in Khmer script]"),
    "MYANMAR": _("[in Burmese script]"),
    "SINHALA": _("[in Sinhala script]"),
    "TAMIL": _("[in Tamil script]"),
    "THAI": _("[in Thai script]"),
    "TIBETAN": _("[in Tibetan script]"),
}
REPEATED_NOTES = re.compile(r"(\[[^\]\n]{3,60}\])(?:[ \t]*\1)+")
SPACES = {"\t", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"}
# A word longer than this may be broken anywhere; addresses break after these marks. Chinese,
# Japanese and Korean break between any two letters, without a hyphen.
LONG_WORD = 24
EAST_ASIAN = "\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef"
LONG_WORDS = re.compile(rf"[^\s{EAST_ASIAN}\U00020000-\U0003ffff]{{{LONG_WORD + 1},}}")
BREAKS = re.compile(r"(?<=[/._@?&=-])(?=\w)")
ZERO_WIDTH_SPACE, SOFT_HYPHEN = "\u200b", "\u00ad"


@cache
def _repertoire() -> frozenset[int]:
    """The code points that one of the two faces has: a third of a second, once."""
    serif = {code for first, last in SERIF_ONLY for code in range(first, last + 1)}
    face = files("noto_cjk_sans_jp_regular").joinpath("NotoSansCJKjp-Regular.otf")
    with as_file(face) as path, TTFont(path, lazy=True) as font:
        return frozenset(serif | font.getBestCmap().keys())


def printable(text: str) -> str:
    """The text without what no page can hold: control characters, lone surrogates."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        " " if char in SPACES else char
        for char in unicodedata.normalize("NFC", lines)
        if char in SPACES or char == "\n" or unicodedata.category(char) not in {"Cc", "Cs", "Cn"}
    )


def can_set(text: str) -> bool:
    """Whether our faces have every letter of it."""
    return not any(_is_missing(char) for char in printable(text))


def settable(text: str) -> str:
    """The text as our faces can set it: runs that they lack become “[in Thai script]”.

    Words that no line could hold may be broken.
    """
    plain = "".join(char for char in printable(text) if ord(char) not in IGNORED)
    if not plain.isascii() and any(map(_is_missing, plain)):
        written = "".join(
            next(run) if is_note else "".join(run)
            for is_note, run in groupby(map(_near, plain), key=_is_note)
        )
        plain = REPEATED_NOTES.sub(r"\1", written)
    return LONG_WORDS.sub(_breakable, plain)


def _is_missing(char: str) -> bool:
    code = ord(char)
    return not (code < 0x7F or code in IGNORED or code in _repertoire())


def _is_note(written: str) -> bool:
    return len(written) > 2 and written.startswith("[")


def _near(char: str) -> str:
    """The character, one that stands for it, or a note of the script that it is in."""
    if not _is_missing(char):
        return char
    for form in ("NFKC", "NFKD"):
        same = unicodedata.normalize(form, char)
        same = "".join(one for one in same if not unicodedata.combining(one))
        if same and not any(map(_is_missing, same)):
            return same
    script = unicodedata.name(char, "").split(" ")[0]
    if script == "COMBINING":
        return ""
    if unicodedata.category(char)[0] not in "LM":
        return str(SYMBOL)
    return str(NOTES.get(script, OTHER_SCRIPT))


def _breakable(word: re.Match[str]) -> str:
    pieces = [
        SOFT_HYPHEN.join(piece[at : at + 12] for at in range(0, len(piece), 12))
        if len(piece) > LONG_WORD
        else piece
        for piece in BREAKS.split(word.group())
    ]
    return ZERO_WIDTH_SPACE.join(pieces)
