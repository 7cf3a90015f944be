"""Names as they are compared: without legal forms, in one script where that can be told."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from crm.text import folded
from partners.duplicates.sounds import in_latin, is_kana, same_sound
from partners.duplicates.words import (
    CHARACTERS,
    CONTRACTIONS,
    GENERIC,
    HONORIFICS,
    JAPANESE_LEGAL_FORMS,
    LEGAL_FORMS,
    LEGAL_PHRASES,
    LEGAL_TAILS,
    PLACES,
    STOP_WORDS,
    TITLES,
    UNITS,
    WHOLE_UNITS,
)

# What a word weighs: its own name, a place, a kind of institution.
OWN, PLACE, KIND = 1.0, 0.6, 0.35

_DOTTED = re.compile(r"\b(?:[a-z]\.\s?){2,}(?:[a-z]\b)?")
_CONTRACTED = re.compile(r"\b[a-z]{1,3}\.[a-z]{2,4}\b")
# “S. Marco”, “St. Gallen”; in “S.p.A.” one letter follows.
_SAINT = re.compile(r"\b(?:ss?|st[aeo]?)\.\s*(?=[a-z]{2})")
_SHORTENED = re.compile(r"\b([a-z]{2,6})\.")
_WORD = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
_EAST_ASIAN = re.compile(r"[぀-ヿ㐀-鿿가-힯々〆]")
_LEGAL_WORDS = frozenset(word for phrase in LEGAL_PHRASES for word in phrase)
# Whose office is its government.
_GOVERNED = frozenset({"region", "city", "province", "metropolitan"})
_HAN = re.compile(r"[㐀-鿿々〆]")
_RUNS = re.compile(r"[ァ-ヺぁ-ゖー]+|[a-z0-9]+|[가-힯]+|[㐀-鿿々〆]+")
_EASTERN = {
    word: meaning
    for table in (GENERIC, UNITS, PLACES)
    for word, meaning in table.items()
    if _EAST_ASIAN.search(word)
}
_LONGEST = max(map(len, _EASTERN))


@dataclass(frozen=True, slots=True)
class Name:
    """An institution's name taken apart.

    `words` are those that say who it is, each with its weight; `units` say which part of it.
    """

    words: dict[str, float]
    # The words but places, run together as they are written.
    run: str
    units: frozenset[str]
    legal: frozenset[str]
    numbers: frozenset[str]
    initials: str
    is_eastern: bool

    @property
    def own(self) -> list[str]:
        """The words that are nobody else's, in the order of the name."""
        return [word for word, weight in self.words.items() if weight == OWN]


@lru_cache(maxsize=20_000)
def institution_name(text: str, places: tuple[tuple[str, str], ...] = ()) -> Name:
    """An institution's name taken apart; `places` are spellings of its city and their meaning."""
    plain = folded(text).translate(CHARACTERS)
    is_eastern = bool(_EAST_ASIAN.search(plain))
    spellings = dict(places)
    legal: frozenset[str]
    if is_eastern:
        plain, legal = _without_japanese_form(plain)
        tokens = list(_eastern_words(plain, spellings))
    else:
        tokens, legal = _without_legal_form(_latin_words(plain))
        tokens = [token for token in tokens if token not in TITLES] or tokens
    initials = "".join(t[0] for t in tokens if t not in STOP_WORDS and t[0].isascii())
    words: dict[str, float] = {}
    run = ""
    units = set()
    for token in _joined_places(tokens, spellings):
        if token in STOP_WORDS:
            continue
        if meaning := spellings.get(token) or PLACES.get(token):
            words[meaning] = PLACE
            continue
        run += token
        if meaning := UNITS.get(token):
            units.add(meaning)
        elif meaning := GENERIC.get(token):
            words[meaning] = KIND
        else:
            words[token] = OWN
    if "chamber" in words:
        for word in ("commerce", "industry", "crafts", "agriculture"):
            words.pop(word, None)
    if "polytechnic" in words:
        words.pop("university", None)
    if not _GOVERNED.isdisjoint(words):
        words.pop("government", None)
    if {"start", "up"} <= set(tokens) or "startup" in words:
        words["startup"] = KIND
    numbers = frozenset(word for word in words if word.isdigit())
    if not words:
        words = dict.fromkeys(tokens, OWN) or {plain: OWN}
    return Name(
        words,
        run,
        frozenset(units - WHOLE_UNITS),
        legal,
        numbers,
        initials if not is_eastern else "",
        is_eastern,
    )


def _latin_words(plain: str) -> list[str]:
    """The words, dotted abbreviations as one: “s.p.a.” is “spa”."""
    plain = _SAINT.sub("saint ", plain)
    plain = _DOTTED.sub(lambda found: found[0].replace(".", "").replace(" ", "") + " ", plain)
    plain = _CONTRACTED.sub(lambda found: CONTRACTIONS.get(found[0], found[0]), plain)
    plain = _SHORTENED.sub(lambda found: _in_full(found[1]) + " ", plain)
    return _WORD.findall(plain.replace("'s ", "s ").replace("&", " "))


@lru_cache(maxsize=2_000)
def _in_full(short: str) -> str:
    """“istituto” for “ist.”: the one thing that the words beginning so stand for."""
    if short in GENERIC or short in LEGAL_FORMS or short in LEGAL_TAILS or short in _LEGAL_WORDS:
        return short
    meanings = {
        meaning
        for table in (GENERIC, UNITS, PLACES)
        for word, meaning in table.items()
        if word.startswith(short)
    }
    return meanings.pop() if len(meanings) == 1 else short


def _without_legal_form(tokens: list[str]) -> tuple[list[str], frozenset[str]]:
    legal: set[str] = set()
    while len(tokens) > 1:
        for phrase in LEGAL_PHRASES:
            size = len(phrase)
            if len(tokens) > size and tuple(tokens[-size:]) == phrase:
                legal.add("".join(word[0] for word in phrase))
                tokens = tokens[:-size]
                break
            if len(tokens) > size and tuple(tokens[:size]) == phrase:
                legal.add("".join(word[0] for word in phrase))
                tokens = tokens[size:]
                break
        else:
            if tokens[-1] in LEGAL_FORMS:
                legal.add(tokens[-1])
                tokens = tokens[:-1]
            elif tokens[-1] in LEGAL_TAILS:
                tokens = tokens[:-1]
            elif tokens[0] in {"kk", "gk", "yk", "pt"}:
                tokens = tokens[1:]
            else:
                break
    return tokens, frozenset(legal)


def _without_japanese_form(plain: str) -> tuple[str, frozenset[str]]:
    legal = set()
    stripped = True
    while stripped:
        stripped = False
        for form in JAPANESE_LEGAL_FORMS:
            rest = plain
            if plain.startswith(form):
                rest = plain[len(form) :]
            elif plain.endswith(form):
                rest = plain[: -len(form)]
            if rest != plain and rest.strip():
                legal.add(form.strip("()")[0])
                plain, stripped = rest.strip(), True
                break
    return plain, frozenset(legal)


def _eastern_words(plain: str, spellings: dict[str, str]) -> Iterable[str]:
    """The words of a text without spaces: the longest that is known, else a run of one script.

    Katakana comes in Latin letters: it mostly writes a word that is one in another language.
    """
    local = {spelling for spelling in spellings if _EAST_ASIAN.search(spelling)}
    longest = max([_LONGEST, *map(len, local)])
    rest, at = "", 0

    def flushed(run: str) -> Iterable[str]:
        for part in _RUNS.findall(run):
            yield in_latin(part).replace(" ", "") if is_kana(part) else part

    while at < len(plain):
        for size in range(min(longest, len(plain) - at), 0, -1):
            piece = plain[at : at + size]
            if (piece in _EASTERN or piece in local) and not _is_mid_word(plain, at, size):
                yield from flushed(rest)
                yield piece
                rest, at = "", at + size
                break
        else:
            rest += plain[at]
            at += 1
    yield from flushed(rest)


def _is_mid_word(plain: str, at: int, size: int) -> bool:
    """Whether a piece of katakana goes on at either end: “ラボ” in “コラボ”.

    One character of Chinese writing is a word of its own only at the end: “市” in “市場” is none.
    """
    before, after = plain[max(at - 1, 0) : at], plain[at + size : at + size + 1]
    if is_kana(plain[at]) and is_kana(before):
        # Borrowed words run together: only long ones are told apart within.
        return size < 4
    if is_kana(plain[at + size - 1]) and is_kana(after):
        return size < 4
    return size == 1 and bool(after) and bool(_EAST_ASIAN.match(after))


def _joined_places(tokens: list[str], spellings: dict[str, str]) -> Iterable[str]:
    """The words, with a city's name of several words as one of them."""
    long = {s for s in spellings if " " in s}
    if not long:
        return tokens
    text = f" {' '.join(tokens)} "
    for spelling in long:
        text = text.replace(f" {spelling} ", f" {spellings[spelling]} ")
    return text.split()


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's names; sounds are in one spelling whatever the system of writing."""

    given: str
    family: str
    given_sound: str
    family_sound: str
    # Given and family name, their words run together.
    run: tuple[str, str]
    sounds: tuple[str, ...]
    native: str
    is_spelt: bool


@lru_cache(maxsize=20_000)
def person_name(given: str, family: str, native: str, reading: str) -> PersonName:
    """A person's names taken apart; Latin letters come from the reading where there are none."""
    given, family = folded(given), folded(family)
    native = folded(native).translate(CHARACTERS)
    is_read = False
    if _EAST_ASIAN.search(given + family):
        # Names in their own script were typed where Latin letters belong.
        is_read = bool(given and family) and is_kana(given) != is_kana(family)
        is_read = is_read and not _HAN.search(given + family)
        if is_read:
            given, family = in_latin(given), in_latin(family)
        else:
            native = native or f"{family} {given}".strip().translate(CHARACTERS)
            given = family = ""
    is_spelt = bool(given or family) and not is_read
    if not (given or family):
        spoken = folded(reading) or (native if is_kana(native) else "")
        if native and not _EAST_ASIAN.search(native):
            spoken = native
        family, _space, given = in_latin(spoken).partition(" ")
    given_sound, family_sound = _sound(given), _sound(family)
    return PersonName(
        given,
        family,
        given_sound,
        family_sound,
        (given_sound.replace(" ", ""), family_sound.replace(" ", "")),
        tuple(sorted(f"{given_sound} {family_sound}".split())),
        re.sub(r"[\s・=＝.,]", "", native),
        is_spelt,
    )


def _sound(part: str) -> str:
    """The sounds of a name's words, without the title that it was typed with."""
    words = _WORD.findall(part.replace("'", ""))
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    if len(words) > 1 and words[-1] in HONORIFICS:
        words = words[:-1]
    return " ".join(map(same_sound, words))
