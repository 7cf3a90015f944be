"""Kana in Latin letters, and the ways that Japanese sounds are written in them."""

import re

_ROWS = """
あいうえお a i u e o
かきくけこ ka ki ku ke ko
さしすせそ sa shi su se so
たちつてと ta chi tsu te to
なにぬねの na ni nu ne no
はひふへほ ha hi fu he ho
まみむめも ma mi mu me mo
らりるれろ ra ri ru re ro
がぎぐげご ga gi gu ge go
ざじずぜぞ za ji zu ze zo
だぢづでど da ji zu de do
ばびぶべぼ ba bi bu be bo
ぱぴぷぺぽ pa pi pu pe po
やゆよわをん ya yu yo wa o n
ゐゑゔ i e vu
ぁぃぅぇぉ a i u e o
"""
_SYLLABLES = {
    kana: sound
    for row in _ROWS.split("\n")
    for kana, sound in zip(row.partition(" ")[0], row.split()[1:], strict=True)
}
_GLIDES = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
_SMALL_VOWELS = {"ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
# Which consonants a small vowel takes the vowel away from: “ファ” is “fa”, “ティ” is “ti”.
_BORROWED = {
    "fu": "f",
    "te": "t",
    "de": "d",
    "vu": "v",
    "u": "w",
    "che": "ch",
    "shi": "sh",
    "ji": "j",
    "chi": "ch",
    "tsu": "ts",
    "to": "t",
    "do": "d",
}
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


def hiragana(text: str) -> str:
    """The same text with its katakana in hiragana."""
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヴ" else c for c in text)


def is_kana(text: str) -> bool:
    """Whether all of it is kana, spaces apart."""
    letters = [char for char in text if not char.isspace() and char not in "・＝=-"]
    return bool(letters) and all(
        "ぁ" <= c <= "ゖ" or "ァ" <= c <= "ヺ" or c == "ー" for c in letters
    )


def romanised(text: str) -> str:
    """Kana in Hepburn's Latin letters without marks of length; other characters as they are."""
    letters: list[str] = []
    doubled = False
    for char in hiragana(text):
        if char == "っ":
            doubled = True
            continue
        if char == "ー":
            continue
        if char in _GLIDES and letters and letters[-1].endswith("i"):
            stem = letters[-1][:-1]
            letters[-1] = stem + ("" if stem.endswith(("sh", "ch", "j")) else "y") + _GLIDES[char]
            continue
        if char in _SMALL_VOWELS and letters and letters[-1] in _BORROWED:
            letters[-1] = _BORROWED[letters[-1]] + _SMALL_VOWELS[char]
            continue
        sound = _SYLLABLES.get(char, " " if char in "・＝" else char)
        if doubled and sound[:1].isascii() and sound[:1].isalpha():
            sound = ("t" if sound.startswith("ch") else sound[0]) + sound
        doubled = False
        letters.append(sound)
    return "".join(letters)


def same_sound(latin: str) -> str:
    """Folded Latin letters in one spelling whatever the system: Ohno, Oono, Ono → “ono”.

    Only for comparing: it makes “Fujii” and “Fuji” the same.
    """
    text = re.sub(r"o[hu](?![aeiouy])", "o", latin)
    for spelling, sound in _SPELLINGS:
        text = text.replace(spelling, sound)
    text = re.sub(r"m(?=[bp])", "n", text)
    return re.sub(r"([a-z])\1+", r"\1", text)
