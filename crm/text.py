"""Text as it is compared: folded for search, keyed for sorting; phones in international form."""

import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

import phonenumbers

# Where a record has nothing to be ordered by: after every name, in any collation.
LAST = "zzzzzzzz"

_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_LATIN_LETTERS = {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"}

_CHINESE = {
    "CN": "zh-Hans",
    "SG": "zh-Hans",
    "TW": "zh-Hant",
    "HK": "zh-Hant",
    "MO": "zh-Hant",
}
_SCRIPTS = {
    "ARABIC": "ar",
    "HEBREW": "he",
    "CYRILLIC": "ru",
    "GREEK": "el",
    "THAI": "th",
    "DEVANAGARI": "hi",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
}
_SHARED_SCRIPTS = {
    ("ARABIC", "IR"): "fa",
    ("CYRILLIC", "UA"): "uk",
    ("CYRILLIC", "BG"): "bg",
    ("CYRILLIC", "RS"): "sr",
}


def folded(text: str) -> str:
    """Lower-case, width-folded text whose Latin letters have lost their accents, in hiragana.

    Only Latin letters: in kana the voicing mark is part of the sound (“が” is not “か”), while
    katakana says the same as hiragana (“ガ” is “が”).
    """
    if text.isascii():
        return " ".join(text.replace("\0", "").replace("`", "'").lower().split())
    letters: list[str] = []
    after_latin = False
    plain = unicodedata.normalize("NFKC", text.replace("\0", "")).casefold()
    for char in unicodedata.normalize("NFD", plain):
        if unicodedata.combining(char):
            if not after_latin:
                letters.append(char)
            continue
        after_latin = char.isascii() or unicodedata.name(char, "").startswith("LATIN")
        letters.append(_LATIN_LETTERS.get(char, char))
    joined = unicodedata.normalize("NFC", "".join(letters)).translate(_HIRAGANA)
    for curly in "’‘ʼ`´":
        joined = joined.replace(curly, "'")
    return " ".join(joined.split())


def without_controls(text: str) -> str:
    """Text as the lines of a file may hold it: no control character but line breaks and tabs."""
    if text.isprintable():
        return text
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) != "Cc")


def one_line(text: str) -> str:
    """Text on one line, whatever breaks were pasted into it."""
    return " ".join(without_controls(text).split())


def sort_key(*parts: str) -> str:
    """What a record is ordered by: folded words without punctuation, 200 characters at most."""
    text = folded(" ".join(filter(None, parts)))
    if not text.replace(" ", "").isalnum():
        text = " ".join("".join(c if c.isalnum() else " " for c in text).split())
    return text[:200]


def record_id(text: object) -> int | None:
    """The id that a text names, or nothing where no record can have it."""
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def international_phone(typed: str, country: str = "") -> str:
    """“+81 3 5253 1111” for whatever was typed, or nothing where it can't be told.

    `country` is the ISO code that a number without “+” is read in.
    """
    # Most numbers say their country: wherever they are read, they are remembered once.
    is_whole = typed.startswith(("+", "＋"))
    return (is_whole and _international("", typed)) or _international(country, typed)


@lru_cache(maxsize=30_000)
def _international(country: str, typed: str) -> str:
    if not typed:
        return ""
    try:
        number = phonenumbers.parse(typed, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return text.replace("-", " ")


def script_language(text: str, country: str = "") -> str:
    """The language tag that a native name is set in, by its script and country; or nothing."""
    names = [unicodedata.name(char, "") for char in text]
    if any(name.startswith(("HIRAGANA", "KATAKANA")) for name in names):
        return "ja"
    if any(name.startswith("HANGUL") for name in names):
        return "ko"
    if any(name.startswith("CJK") for name in names):
        return _CHINESE.get(country, "ja")
    for script, tag in _SCRIPTS.items():
        if any(name.startswith(script) for name in names):
            return _SHARED_SCRIPTS.get((script, country), tag)
    return ""


def web_domain(url: str) -> str:
    """“jfc.go.jp” of “https://www.jfc.go.jp/n/english/”; or nothing."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return host.casefold().removeprefix("www.")
