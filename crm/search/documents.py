"""What a record is found by, as two texts made of its own columns and of what is around it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crm.search.romaji import KANA, romanised, shortened
from crm.text import folded

# Scripts written without spaces between words: Han, kana and Hangul.
UNSPACED = (
    "\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303b\u3041-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
RUN = re.compile(f"[{UNSPACED}]+")
_GAP = re.compile(f"(?<=[{UNSPACED}])[ ・·](?=[{UNSPACED}])")
_LONGEST = 100
# No letter that is typed is a capital once it is folded.
BESIDE = "\tQ"


class Document(NamedTuple):
    """The two texts: lines to look for substrings in, and words to look up."""

    text: str
    tokens: str


def document(
    names: Iterable[str], beside: Iterable[str] = (), phones: Iterable[str] = ()
) -> Document:
    """The document of a record called by these names, with what else it is found by beside them.

    Every name stands on a line of its own, its words after spaces; in lines of what is beside each
    word comes after BESIDE, so that an index of three letters can tell the two apart. Names in
    kana are there in Latin letters too, native names without the space between family and given
    name, and words in Latin letters that can be Japanese with their long vowels short.
    """
    called = dict.fromkeys(filter(None, map(folded, names)))
    around = dict.fromkeys(filter(None, map(folded, beside)))
    for lines in (called, around):
        for line in list(lines):
            if not line.isascii():
                lines |= dict.fromkeys(filter(None, (_GAP.sub("", line), _romanised(line))))
    around |= dict.fromkeys(filter(None, map(shortened_words, (*called, *around))))
    for phone in map(folded, phones):
        around |= dict.fromkeys(filter(None, (phone, "".join(filter(str.isdecimal, phone)))))
    found_by = [*called, *(line for line in around if line not in called)]
    if not found_by:
        return Document("", "")
    marked = (BESIDE + line.replace(" ", BESIDE) for line in found_by[len(called) :])
    return Document("\n{}\n".format("\n".join((*called, *marked))), tokens("\n".join(found_by)))


def _romanised(line: str) -> str:
    return " ".join(romanised(run) for run in KANA.findall(line) if len(run) > 1)


def shortened_words(line: str) -> str:
    """The words of a line that long vowels make longer, without them."""
    found = ((word, shortened(word)) for word in line.split() if word.isascii())
    return " ".join(short for word, short in found if short and short != word)


def tokens(text: str) -> str:
    """The words of folded text, each encoded, once; runs of unspaced scripts as their pairs."""
    plain: dict[str, None] = {}
    runs: dict[str, None] = {}
    for word in words(text):
        if word.isascii():
            plain[encoded(word[:_LONGEST])] = None
        else:
            at = 0
            for run in RUN.finditer(word):
                if rest := word[at : run.start()]:
                    plain[encoded(rest[:_LONGEST])] = None
                runs[" ".join(pairs(run[0]))] = None
                at = run.end()
            if rest := word[at:]:
                plain[encoded(rest[:_LONGEST])] = None
    return " ".join((*plain, *runs))


def words(text: str) -> Iterator[str]:
    """The runs of letters, digits and marks in a text."""
    if text.isascii():
        return iter(re.findall(r"[A-Za-z0-9]+", text))
    return iter("".join(char if _is_part(char) else " " for char in text).split())


def _is_part(char: str) -> bool:
    return char.isalnum() or not (char.isascii() or unicodedata.category(char)[0] != "M")


def pairs(run: str) -> list[str]:
    """Neighbouring characters two by two, and the last one alone: 東京都 is 東京, 京都, 都."""
    return [encoded(run[at : at + 2]) for at in range(len(run))]


def encoded(token: str) -> str:
    """A token in letters that both databases take for one word, whatever their locale.

    PostgreSQL's parser breaks “3e4f5” and tells letters by the locale; SQLite's knows the letters
    of Unicode 6.1. What encodes the beginning of a word begins what encodes the word.
    """
    if token.isascii():
        return token if token[:1].isalpha() else f"zz{token}"
    return "".join(
        char
        if char.isascii()
        else f"zu{ord(char):04x}"
        if ord(char) < 0x10000
        else f"zv{ord(char):05x}"
        for char in (token if not token[0].isdecimal() or not token[0].isascii() else f"zz{token}")
    )
