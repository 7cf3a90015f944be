"""Japanese sounds in Latin letters: kana romanised, and long vowels written short."""

import re
from functools import lru_cache

_ROWS = {
    "": "あいうえお",
    "k": "かきくけこ",
    "s": "さしすせそ",
    "t": "たちつてと",
    "n": "なにぬねの",
    "h": "はひふへほ",
    "m": "まみむめも",
    "r": "らりるれろ",
    "g": "がぎぐげご",
    "z": "ざじずぜぞ",
    "d": "だぢづでど",
    "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
}
_HEPBURN = {"si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu"}
_SYLLABLES = {
    kana: _HEPBURN.get(consonant + vowel, consonant + vowel)
    for consonant, row in _ROWS.items()
    for kana, vowel in zip(row, "aiueo", strict=True)
}
_SYLLABLES |= {"や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "ゐ": "i", "ゑ": "e", "を": "o"}
_SYLLABLES |= {"ん": "n", "ゔ": "vu", "ゎ": "wa", "ヷ": "va", "ー": "", "っ": ""}
_SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
_NO_Y = ("sh", "ch", "j")

KANA = re.compile("[ぁ-ゖー]+")
# A word that is Japanese in Latin letters, from its first syllable to its last.
_JAPANESE = re.compile(
    r"(?:(?:(kk|ss|tt|pp|tc)|k|ky|s|sh|t|ts|ch|n|ny|h|hy|f|m|my|y|r|ry|w|g|gy|z|j|d|b|by|p|py|"
    r"kky|ssh|tch|tts|ppy)?[aiueo]|(?<=o)h(?![aiueoy])|[nm](?![aiueoy]))+"
)
_LONG = re.compile(r"o(?:[ou]|h(?![aiueoy]))|uu")


def romanised(kana: str) -> str:
    """Hiragana in Hepburn's letters, each vowel as it is written: “さとう” is “satou”."""
    letters = ""
    for at, char in enumerate(kana):
        sound = _SMALL.get(char)
        if sound is None:
            sound = _SYLLABLES.get(char, "")
            if at and kana[at - 1] == "っ" and sound[:1] not in ("", *"aiueon"):
                sound = ("t" if sound.startswith("ch") else sound[0]) + sound
        elif letters.endswith("i") and sound[0] == "y":
            letters = letters[:-1]
            sound = sound[1:] if letters.endswith(_NO_Y) else sound
        elif letters and sound[0] != "y":
            letters = letters[:-1]
        letters += sound
    return letters


@lru_cache(maxsize=50_000)
def shortened(word: str) -> str:
    """A Japanese word in Latin letters with its long vowels short: “ohno”, “oono” as “ono”.

    Nothing where the word can't be Japanese: “tour” is no “tor”. Lower case only.
    """
    if not _JAPANESE.fullmatch(word):
        return ""
    short = re.sub(r"m(?=[bp])", "n", word)
    return _LONG.sub(lambda found: found[0][0], short)
