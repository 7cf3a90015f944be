"""Where in a text the match is, for a page to mark it."""

import re
import unicodedata
from collections.abc import Iterator

from crm.search.documents import words
from crm.search.romaji import KANA, romanised, shortened
from crm.search.terms import ANYWHERE, Term, neighbours, phone_digits, slips_of, terms_of
from crm.text import folded

_VOICING = "ﾞﾟ"
_WORD = re.compile("[a-z0-9]+")


def marked(text: str, typed: str, is_similar: bool = False) -> list[tuple[str, bool]]:
    """The text in pieces, in order, and of each whether it is what was typed.

    The pieces are of the text as it is written: accents, width and kana of its own.
    """
    plain, starts = _plain(text)
    is_marked = [False] * len(text)
    for term in terms_of(typed):
        for start, end in _places(plain, term, is_similar):
            if start < end:
                first, last = starts[start], starts[end] if end < len(plain) else len(text)
                while last > first and end < len(plain) and text[last - 1].isspace():
                    last -= 1
                is_marked[first:last] = [True] * (last - first)
    pieces: list[tuple[str, bool]] = []
    for char, is_match in zip(text, is_marked, strict=True):
        if pieces and pieces[-1][1] == is_match:
            pieces[-1] = (pieces[-1][0] + char, is_match)
        else:
            pieces.append((char, is_match))
    return pieces


def _plain(text: str) -> tuple[str, list[int]]:
    """The text folded, a letter with its marks at a time, and where in it each character began."""
    plain: list[str] = []
    starts: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and (unicodedata.combining(text[end]) or text[end] in _VOICING):
            end += 1
        letters = folded(text[at:end]) or (" " if text[at].isspace() else "")
        plain.append(letters)
        starts += [at] * len(letters)
        at = end
    return "".join(plain), starts


def _places(plain: str, term: Term, is_similar: bool) -> Iterator[tuple[int, int]]:
    for instead in term.instead:
        yield from _places(plain, instead, is_similar)
    if digits := term.instead and phone_digits(term.typed):
        yield from _phones(plain, digits)
        return
    needle = re.escape(term.typed)
    if len(term.typed) < ANYWHERE and not KANA.fullmatch(term.typed):
        begins = next(iter(words(term.typed)), "").isascii()
        needle = rf"(?<![^\W_]){needle}" if begins else needle
    yield from (found.span() for found in re.finditer(needle, plain))
    latin = romanised(term.typed) if KANA.fullmatch(term.typed) else term.typed
    if len(latin) < ANYWHERE or not latin.isascii():
        return
    near = neighbours(term.typed) if is_similar and slips_of(term) else frozenset()
    short = shortened(latin)
    for word in _WORD.finditer(plain):
        if word[0] in near or (short and shortened(word[0]) == short):
            yield word.span()
        elif latin != term.typed and word[0].startswith(latin):
            yield word.start(), word.start() + len(latin)
    for run in KANA.finditer(plain):
        sound = romanised(run[0])
        if latin in sound or (short and shortened(sound) == short):
            yield run.span()


def _phones(plain: str, digits: str) -> Iterator[tuple[int, int]]:
    places = [at for at, char in enumerate(plain) if char.isdecimal()]
    at = "".join(plain[place] for place in places).find(digits)
    if at >= 0:
        yield places[at], places[at + len(digits) - 1] + 1
