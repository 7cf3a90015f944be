"""What was typed, taken apart into what is looked for."""

import re
from functools import lru_cache
from typing import NamedTuple

from crm.search.documents import RUN, encoded, pairs, shortened_words, words
from crm.search.romaji import KANA, romanised, shortened
from crm.text import folded, web_domain

MOST_TERMS = 20
# From here on a word is looked for anywhere; shorter ones where words begin.
ANYWHERE = 3
# A word shorter than this is too near to too many others to be taken for a slip.
SLIPS_FROM, SLIPS_TO = 4, 24
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_DASHES = r"\-‐‑‒–—−ー"
_PHONE = re.compile(rf"\+?\(?\d[\d\s().\/{_DASHES}]*\d")
_PHONE_DIGITS = 7
_PAGE = ("http://", "https://", "www.")


class Word(NamedTuple):
    """Encoded tokens that stand side by side; the last one may be only the beginning of one."""

    tokens: tuple[str, ...]
    is_beginning: bool = False


class Term(NamedTuple):
    """One thing looked for: a record has it where it has any of these.

    `piece` is looked for anywhere; `instead` are terms of which it must have every one.
    """

    typed: str
    piece: str = ""
    words: tuple[Word, ...] = ()
    instead: "tuple[Term, ...]" = ()


@lru_cache(maxsize=256)
def terms_of(typed: str) -> tuple[Term, ...]:
    """What a record must have all of. Nothing where nothing but punctuation was typed."""
    text = folded(typed)
    found: list[Term] = []
    at = 0
    for phone in _PHONE.finditer(text):
        if digits := phone_digits(phone[0]):
            found += _plain(text[at : phone.start()])
            found.append(Term(phone[0], digits, instead=tuple(_plain(phone[0]))))
            at = phone.end()
    found += _plain(text[at:])
    return tuple(dict.fromkeys(found))[:MOST_TERMS]


def phone_digits(text: str) -> str:
    """The digits of a phone however it is typed, without what only some ways of typing have.

    “+81 (0)3-5253-1111”, “0081 3 …” and “03 …” all end in what the first is indexed by.
    """
    found = "".join(filter(str.isdecimal, text.replace("(0)", "")))
    return found.lstrip("0") if len(found) >= _PHONE_DIGITS else ""


def _plain(text: str) -> list[Term]:
    found = []
    for word in text.split():
        at = 0
        for run in RUN.finditer(word):
            found += _spaced(word[at : run.start()])
            found.append(_unspaced(run[0]))
            at = run.end()
        found += _spaced(word[at:])
    return found


def _spaced(word: str) -> list[Term]:
    """A word of a script that has spaces, with the punctuation inside it; of a page its host."""
    if word.startswith(_PAGE):
        word = web_domain(word) or word
    parts = list(words(word))
    if not parts:
        return []
    core = word[word.index(parts[0]) : word.rindex(parts[-1]) + len(parts[-1])]
    if len(core) < ANYWHERE:
        return [Term(core, words=(Word((encoded(core),), is_beginning=True),))]
    short = shortened_words(core)
    return [Term(core, core, (Word((short,)),) if short else ())]


def _unspaced(run: str) -> Term:
    """A run of a script without spaces: its pairs side by side; kana in Latin letters too."""
    if len(run) == 1:
        return Term(run, words=(Word((encoded(run),), is_beginning=True),))
    found = [Word(tuple(pairs(run)[:-1]))]
    if KANA.fullmatch(run) and len(latin := romanised(run)) >= ANYWHERE:
        found.append(Word((latin,), is_beginning=True))
        if (short := shortened(latin)) and short != latin:
            found.append(Word((short,)))
    return Term(run, words=tuple(found))


@lru_cache(maxsize=64)
def slips_of(term: Term) -> tuple[Word, ...]:
    """The words that one slip makes of a Latin one; nothing where it is too short or no word."""
    if not _may_slip(term.typed):
        return ()
    return tuple(Word((encoded(one),)) for one in sorted(neighbours(term.typed)))


def _may_slip(word: str) -> bool:
    return SLIPS_FROM <= len(word) <= SLIPS_TO and word.isascii() and word.isalnum()


def ways_of(typed: str) -> list[tuple[str, frozenset[str]]]:
    """Each word typed, with all that one slip makes of it where it is long enough."""
    asked = list(words(folded(typed)))[:MOST_TERMS]
    return [(word, neighbours(word) if _may_slip(word) else frozenset()) for word in asked]


@lru_cache(maxsize=64)
def neighbours(word: str) -> frozenset[str]:
    """Every word that is one letter changed, added, left out or swapped away from this one."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in halves if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in halves if len(tail) > 1}
    found |= {head + new + tail[1:] for head, tail in halves if tail for new in _LETTERS}
    found |= {head + new + tail for head, tail in halves for new in _LETTERS}
    return frozenset(found)
