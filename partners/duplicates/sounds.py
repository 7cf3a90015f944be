"""Names by their sound: kana in Latin letters, and the ways that one sound is written in them."""

import re
from functools import lru_cache

from crm.search.romaji import romanised

# Hepburn and the other ways of writing a syllable, as one; the longest first.
_SPELLINGS = (
    ("tch", "ty"),
    ("cch", "ty"),
    ("shi", "si"),
    ("sh", "sy"),
    ("chi", "ti"),
    ("ch", "ty"),
    ("tsu", "tu"),
    ("dzu", "zu"),
    ("ji", "zi"),
    ("j", "zy"),
    ("fu", "hu"),
)
_INITIALS = str.maketrans("zclvqfeiou", "jkrbkhaaaa")


def _is_kana(char: str) -> bool:
    return "ぁ" <= char <= "ゖ" or "ァ" <= char <= "ヶ" or char == "ー"


def is_kana(text: str) -> bool:
    """Whether all of it is kana, spaces and points between names apart."""
    letters = [char for char in text if not char.isspace() and char not in "・＝=-"]
    return bool(letters) and all(map(_is_kana, letters))


@lru_cache(maxsize=50_000)
def in_latin(kana: str) -> str:
    """Kana as words in Hepburn's Latin letters; other characters as they are."""
    words = re.split(r"[\s・＝=]+", kana)
    return " ".join(_word_in_latin(word) if is_kana(word) else word for word in words)


def _word_in_latin(word: str) -> str:
    return romanised("".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヴ" else c for c in word))


@lru_cache(maxsize=50_000)
def same_sound(latin: str) -> str:
    """Folded Latin letters in one spelling whatever the system: Ohno, Oono, Ono → “ono”.

    Only for comparing: it makes “Fujii” and “Fuji” the same.
    """
    text = re.sub(r"o[hu](?![aiueoy])", "o", latin)
    for spelling, sound in _SPELLINGS:
        text = text.replace(spelling, sound)
    text = re.sub(r"m(?=[bp])", "n", text).replace("nm", "m")
    return re.sub(r"([a-z])\1+", r"\1", text)


def initial(sound: str) -> str:
    """The first letter of a sound, the same where a foreign name is written in kana."""
    if sound[:2] in {"ge", "gi"}:
        return "j"
    if sound[:2] in {"ce", "ci"}:
        return "s"
    return sound[:1].translate(_INITIALS)


@lru_cache(maxsize=50_000)
def skeleton(word: str, keeps_r: bool = True) -> str:
    """The sound of a word in any language as far as katakana keeps it: its consonants.

    An English r that no vowel follows is a long vowel in katakana, an Italian one stays.
    """
    text = re.sub(r"tion|sion|ssion", "shon", word)
    text = text if keeps_r else re.sub(r"r(?![aeiouyr])", "", text)
    text = re.sub(r"ch(?=[lnr])", "k", text)
    text = re.sub(r"[td]h", "s", text).replace("ph", "f").replace("qu", "k").replace("x", "kus")
    text = re.sub(r"c(?=[eiy])", "s", text).replace("ck", "k").replace("ch", "ts").replace("c", "k")
    text = text.replace("l", "r").replace("v", "b").replace("gg", "g")
    text = re.sub(r"g(?=[ei])|z|dj", "j", text)
    text = re.sub(r"[aeiouywh]|(?<!^)n(?=$)", "", text)
    return re.sub(r"(.)\1+", r"\1", text)


def skeletons(word: str) -> set[str]:
    """Both ways in which a word's sound may be kept."""
    return {skeleton(word), skeleton(word, keeps_r=False)}


@lru_cache(maxsize=50_000)
def cognate(word: str) -> str:
    """What a long word has in common across languages: oceanography, Oceanografia."""
    stem = word.replace("ph", "f").replace("th", "t").replace("y", "i")
    stem = re.sub(r"(?:[ckq]|qu)$", "", re.sub(r"[aeios]+$", "", stem))
    return re.sub(r"(?<=.{6})[aeiou]+$", "", stem)
