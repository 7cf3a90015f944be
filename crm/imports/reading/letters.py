"""Which letters the bytes of a file stand for.

A mark at its beginning tells; else UTF-8, which other text hardly ever is by accident. What is
left is Windows-1252 or Shift-JIS as Windows writes it (CP932): most texts of the one can be
decoded as the other, so what is decoded must look like something that people write. The whole
file is looked at, since its head may be plain ASCII.
"""

import codecs
import re
from typing import IO

from django.utils.translation import gettext as _

from crm.imports.reading.shapes import Unreadable

# What one may choose, as Python calls them, and how they are shown.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1252": "Windows-1252",
    "cp932": "Shift-JIS (CP932)",
}
PIECE = 1 << 16
SAMPLE = 1 << 16

# Two characters of kana or kanji side by side, or one that stands by itself between delimiters.
_EASTERN = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u3005々〆ヶー]{2,}"
    "|(?<![^\\W\\d_])[\u3040-\u30ff\u4e00-\u9fff](?![^\\W\\d_])"
    "|[\uff66-\uff9f]{3,}|[、。「」・　（）：]"
)
# An accented letter beside a plain one, as in “Città”; typographic signs beside a word.
_WESTERN = re.compile("(?<=[A-Za-z])[À-ÖØ-öø-ÿŠšŽžŒœŸ]|[À-ÖØ-öø-ÿŠšŽžŒœŸ](?=[A-Za-z])")
_WESTERN_SIGNS = re.compile("[’“”‘–—€…«»°©®ªº]|[ÀÈÉÌÒÙàèéìòùÖÜÄöüäñçß]")


def encoding_of(file: IO[bytes]) -> str:
    """The encoding of the text. Raises Unreadable where there is none that fits."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith((codecs.BOM_UTF32_BE, codecs.BOM_UTF32_LE)):
        raise Unreadable(_("The file is written in UTF-32. Save it as “CSV UTF-8” and try again."))
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if (found := utf16_without_mark(head)) and _decodes(file, found):
        return found
    if _decodes(file, "utf-8"):
        return "utf-8"
    sample = _telling_lines(file)
    fitting = [name for name in ("cp1252", "cp932") if _decodes(file, name)]
    if not fitting:
        raise Unreadable(
            _(
                "The letters of the file are written in no encoding that is known here. Open it "
                "in a spreadsheet, save it as “CSV UTF-8”, and try again."
            )
        )
    return max(fitting, key=lambda name: _plausibility(sample, name))


def utf16_without_mark(head: bytes) -> str:
    """UTF-16 where every second byte is often zero, the others never are, and lines end so."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    found = ""
    if odd > len(head) / 50 and odd > 20 * even:
        found = "utf-16-le"
    elif even > len(head) / 50 and even > 20 * odd:
        found = "utf-16-be"
    return found if found and re.search("[\r\n]", head.decode(found, "ignore")) else ""


def _decodes(file: IO[bytes], encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _telling_lines(file: IO[bytes]) -> bytes:
    """The first lines that are not plain ASCII, wherever they are."""
    file.seek(0)
    found, size = [], 0
    for line in iter(lambda: file.readline(PIECE), b""):
        if not line.isascii():
            found.append(line)
            size += len(line)
            if size > SAMPLE:
                break
    return b"".join(found)


def _plausibility(sample: bytes, encoding: str) -> float:
    """How much of what is not ASCII looks as if written on purpose, from 0 to 1."""
    text = sample.decode(encoding, errors="ignore")
    letters = sum(not char.isascii() for char in text) or 1
    if encoding == "cp932":
        return sum(len(run) for run in _EASTERN.findall(text)) / letters
    good = len(_WESTERN.findall(text)) + len(_WESTERN_SIGNS.findall(text)) / 2
    return min(good / letters, 1.0)
