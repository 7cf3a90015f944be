"""The cards of a file, one at a time: properties with their parameters and values, decoded."""

import codecs
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO

from django.utils.formats import number_format

from crm.imports.reading import letters
from crm.imports.words import said as _

VERSIONS = {"2.1", "3.0", "4.0"}
# Of a line that is longer the rest is left unread, of a card the lines beyond so many.
LONGEST_LINE = 1 << 20
MOST_LINES = 5_000
# Pictures and keys: nothing that we keep, and as large as they like.
LEFT_OUT = {b"PHOTO", b"LOGO", b"KEY"}
# What Python decodes too, though no address book writes it; some take hours over a long line.
NO_LETTERS = {"idna", "punycode", "raw-unicode-escape", "unicode-escape"}
BARE_ENCODINGS = {"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"}

_HEAD = re.compile(rb'((?:[^":]|"[^"]*")*?):(.*)', re.DOTALL)
_PARAMETERS = re.compile(r'((?:[^";]|"[^"]*")+)')


@dataclass
class Property:
    """A line of a card, unfolded and decoded; parameters by name, in capitals, types in small."""

    name: str
    parameters: dict[str, str]
    value: str
    is_old: bool = False

    @property
    def types(self) -> set[str]:
        return set(filter(None, self.parameters.get("TYPE", "").lower().split(",")))

    @property
    def preference(self) -> int:
        """1 is the most preferred; 101 says nothing."""
        told = self.parameters.get("PREF", "")
        if told.isascii() and told.isdigit():
            return int(told[:3])
        return 1 if "pref" in self.types else 101

    @property
    def text(self) -> str:
        """The value as one text."""
        return unescaped(self.value, self.is_old)

    @property
    def parts(self) -> list[str]:
        """The parts of a structured value, as of a name."""
        return [unescaped(part, self.is_old).strip() for part in parted(self.value, ";")]


@dataclass
class Card:
    """A card, or what stands in the place of one: the line it begins on, and what is wrong."""

    line: int
    properties: list[Property] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """The properties of this name that say anything, the preferred first."""
        found = [one for one in self.properties if one.name == name and one.value.strip(" ;")]
        return sorted(found, key=lambda one: one.preference)

    def first(self, name: str) -> str:
        return next((one.text.strip() for one in self.all(name)), "")


def parted(value: str, mark: str) -> list[str]:
    """The value between marks that no backslash stands before."""
    parts, start, place = [], 0, 0
    while place < len(value):
        if value[place] == "\\":
            place += 1
        elif value[place] == mark:
            parts.append(value[start:place])
            start = place + 1
        place += 1
    return [*parts, value[start:]]


def unescaped(value: str, is_old: bool = False) -> str:
    """The text that a value stands for; before 3.0 a backslash meant only a semicolon."""
    if is_old:
        return value.replace("\\;", ";")
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def cards(file: IO[bytes]) -> Iterator[Card]:
    """Every card of the file; of what is no card one that says so. Raises Unreadable."""
    encoding = letters.encoding_of(file)
    decoded = "utf-8" if encoding.startswith("utf-16") else encoding
    card: Card | None = None
    version, strays = "", False
    for number, line in unfolded(_lines(file, encoding)):
        word = line.strip().upper()
        if word == b"BEGIN:VCARD":
            if card is not None:
                card.problems.append(_unended(card.line))
                yield card
            card, version, strays = Card(number), "", False
        elif card is None:
            if word and not strays:
                strays = True
                yield Card(number, problems=[_outside(number)])
        elif word == b"END:VCARD":
            yield card
            card = None
        elif word and len(card.properties) + len(card.problems) < MOST_LINES:
            if word.startswith(b"VERSION:"):
                version = word[8:].decode("ascii", "replace").strip()
                if version not in VERSIONS:
                    card.problems.append(_unknown(version))
                continue
            _read(card, number, line, decoded, version == "2.1")
    if card is not None:
        card.problems.append(_unended(card.line))
        yield card


def _read(card: Card, number: int, line: bytes, encoding: str, is_old: bool) -> None:
    """Put what a line says on the card."""
    found = _HEAD.fullmatch(line) or re.fullmatch(rb"([^:]*):(.*)", line, re.DOTALL)
    if found is None:
        shown = line.decode(encoding, "replace").strip()[:60]
        told = _("Line %(line)s is no line of a card: “%(text)s”.")
        card.problems.append(told % {"line": number, "text": shown})
        return
    name, *given = _PARAMETERS.findall(found[1].decode(encoding, "replace")) or [""]
    name = name.rpartition(".")[2].strip().upper()
    if name.encode() in LEFT_OUT:
        return
    if len(line) >= LONGEST_LINE:
        size = number_format(LONGEST_LINE, force_grouping=True)
        told = _("Line %(line)s is longer than %(size)s characters.")
        card.problems.append(told % {"line": number, "size": size})
        return
    parameters = _parameters(given)
    try:
        value = _decoded(found[2], parameters, encoding)
    except (LookupError, ValueError):
        told = _("Line %(line)s can’t be read: its letters are not what it says they are.")
        card.problems.append(told % {"line": number})
        return
    if "\0" in value:
        told = _("Line %(line)s holds a NUL character, which can’t be kept.")
        card.problems.append(told % {"line": number})
    card.properties.append(Property(name, parameters, value, is_old))


def _parameters(given: Iterable[str]) -> dict[str, str]:
    """Parameters by name; those of one name together; bare ones, as of 2.1, by what they mean."""
    found: dict[str, str] = {}
    for each in given:
        name, equals, value = each.strip().partition("=")
        name = name.strip().upper()
        if not equals:
            name, value = ("ENCODING" if name in BARE_ENCODINGS else "TYPE"), name
        value = value.replace('"', "").strip()
        value = value.replace("^n", "\n").replace("^'", '"').replace("^^", "^")
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def _decoded(value: bytes, parameters: dict[str, str], encoding: str) -> str:
    """The text of a value: in the letters that it names, else UTF-8, else those of the file.

    UTF-8 is tried whatever the file looks like: a line may be folded inside a character. Raises
    LookupError or ValueError.
    """
    if parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
        value = quopri.decodestring(value)
    if charset := parameters.get("CHARSET"):
        if codecs.lookup(charset).name in NO_LETTERS:
            raise LookupError(charset)
        text = value.decode(charset)
        text.encode()  # half a character that no database keeps
        return text
    try:
        return value.decode()
    except UnicodeError:
        return value.decode(encoding)


def _lines(file: IO[bytes], encoding: str) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers, without their ends; too long a one is cut."""
    file.seek(0)
    if encoding.startswith("utf-16"):
        text = codecs.getreader(encoding)(file)
        pieces = (line.encode() for line in iter(lambda: text.readline(LONGEST_LINE), ""))
    else:
        pieces = (line for line in iter(lambda: file.readline(LONGEST_LINE), b""))
    number, is_rest = 0, False
    for piece in pieces:
        if not is_rest:
            number += 1
            start = piece.removeprefix(b"\xef\xbb\xbf") if number == 1 else piece
            yield from ((number, one) for one in start.rstrip(b"\r\n").split(b"\r"))
        is_rest = not piece.endswith(b"\n") and len(piece) >= LONGEST_LINE


def unfolded(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Whole lines: a white space at its beginning continues a line, and so does a “=” at the end
    of quoted-printable; what is not kept is not gathered."""
    number, whole = 0, bytearray()
    is_old = False
    for place, line in lines:
        if whole and line[:1] in (b" ", b"\t"):
            if len(whole) < LONGEST_LINE and not _is_left_out(whole):
                whole += line if is_old and not _is_base64(whole) else line[1:]
            continue
        if whole.endswith(b"=") and b"QUOTED-PRINTABLE" in whole.split(b":")[0].upper():
            del whole[-1:]
            if len(whole) < LONGEST_LINE:
                whole += line
            continue
        if whole and _is_base64(whole) and b":" not in line:
            continue
        if whole:
            yield number, bytes(whole)
        number, whole = place, bytearray(line)
        word = line.strip().upper()
        is_old = word == b"VERSION:2.1" or (is_old and word != b"BEGIN:VCARD")
    if whole:
        yield number, bytes(whole)


def _is_left_out(line: bytes | bytearray) -> bool:
    return (
        bytes(re.split(rb"[;:]", line[:80], maxsplit=1)[0]).rpartition(b".")[2].upper() in LEFT_OUT
    )


def _is_base64(line: bytes | bytearray) -> bool:
    return bool(re.search(rb"(?i);(?:ENCODING=)?(?:BASE64|B)[;:]", line[:200]))


def _unended(line: int) -> str:
    return _("The card that begins on line %(line)s does not end: “END:VCARD” is missing.") % {
        "line": line
    }


def _outside(line: int) -> str:
    return _("What stands from line %(line)s on is no card: “BEGIN:VCARD” is missing.") % {
        "line": line
    }


def _unknown(version: str) -> str:
    return _("The card is of version “%(version)s”; 2.1, 3.0 and 4.0 can be read.") % {
        "version": version[:20]
    }
