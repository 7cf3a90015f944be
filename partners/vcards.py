"""People as vCard 4 (RFC 6350), with their names in both scripts and how they are read.

The Latin name and the native one are two forms of one name (ALTID, LANGUAGE). The reading is
written twice: as RFC 9554 has it (PHONETIC, SCRIPT), and as X-PHONETIC-* because that is what
Apple's and Google's address books read today. Of who is archived, or not to be contacted, the
card gives the name and the organisation only; otherwise the ways by which they may be reached.
"""

import base64
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.core.files.base import File
from django.db.models import QuerySet
from icalendar.parser import Contentline
from PIL import Image

import crm
from crm.portraits import FORMATS
from crm.text import one_line, script_language
from partners.models import Organisation, Person

SIDE = 240
FAMILY_FIRST = {"ja", "zh-Hans", "zh-Hant", "ko"}
COLUMNS = ["name", "native_name", "organisation", "job_title", "email", "phone", "mobile", "photo"]
LANGUAGE_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def for_cards(people: QuerySet[Person]) -> QuerySet[Person]:
    """With what a card shows: the primary current affiliation, its organisation and city."""
    return people.with_primary().select_related("post__organisation__city")  # type: ignore[attr-defined, no-any-return]


def cards(people: Iterable[Person]) -> bytes:
    """One card after another, as one file; `people` come from `for_cards()`."""
    return b"".join(card(person) for person in people)


def card(person: Person) -> bytes:
    """A person's card."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"PRODID:-//Ponti//Ponti {crm.__version__}//EN",
        "KIND:individual",
        f"UID:urn:uuid:{person.key}",
        f"REV:{person.updated_at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
        *names(person),
        *work(person),
    ]
    if not person.is_archived and person.may_be_contacted:
        lines += [*ways(person), *languages(person), *photo(person)]
    return b"".join(folded(line) for line in [*lines, "END:VCARD"])


def folded(line: str) -> bytes:
    """A line in pieces of at most 75 octets, none of which splits a character."""
    if line.isascii():
        pieces = [line[:75], *(line[start : start + 74] for start in range(75, len(line), 74))]
        return "\r\n ".join(pieces).encode() + b"\r\n"
    written: bytes = Contentline(line).to_ical()  # type: ignore[no-untyped-call]
    return written + b"\r\n"


def text(value: str) -> str:
    """A value as it stands in a line: its marks escaped, on one line."""
    clean = one_line(value)
    return clean.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")


def parted(values: Sequence[str]) -> str:
    """A value of several parts."""
    return ";".join(text(value) for value in values)


def parameter(value: str) -> str:
    """A parameter’s value in quotes; a quotation mark of its own as RFC 6868 writes it."""
    return '"' + one_line(value).replace("^", "^^").replace('"', "^'") + '"'


# Names


def names(person: Person) -> list[str]:
    """The name in Latin letters, the native one, and how that is read."""
    latin = bool(person.given_name or person.family_name)
    native = person.native_name if person.native_name != person.name or not latin else ""
    language = person.native_language
    title = person.form_of_address
    prefix, suffix = (title, "") if title.isascii() else ("", title)
    alternative = "ALTID=1;" if latin and native else ""
    lines = []
    if latin:
        tag = f"LANGUAGE={language.split('-')[0]}-Latn;" if native and language else ""
        sort = parameter(",".join(filter(None, [person.family_name, person.given_name])))
        whole = parted([person.family_name, person.given_name, "", prefix, ""])
        lines.append(line("FN", f"{alternative}{tag}", text(person.name)))
        lines.append(line("N", f"{alternative}{tag}SORT-AS={sort}", whole))
    if native:
        tag = f"LANGUAGE={language};" if language else ""
        family, given = split(native, person)
        read = split(person.native_reading, person) if person.native_reading else ("", "")
        sort = parameter(",".join(filter(None, read if any(read) else (family, given))))
        whole = parted([family, given, "", "" if latin else prefix, suffix])
        lines.append(line("FN", f"{alternative}{tag}", text(native)))
        lines.append(line("N", f"{alternative}{tag}SORT-AS={sort}", whole))
    return [*lines, *reading(person, alternative)]


def line(name: str, parameters: str, value: str) -> str:
    """A property; parameters may end with a semicolon."""
    return ";".join(filter(None, [name, parameters.rstrip(";")])) + f":{value}"


def split(name: str, person: Person) -> tuple[str, str]:
    """Family and given name of a native one; one that is not parted is all family."""
    words = name.split()
    if len(words) < 2:
        return name.strip(), ""
    language = script_language(name) or person.native_language
    if language in FAMILY_FIRST or person.name_order == Person.NameOrder.FAMILY_FIRST:
        return words[0], " ".join(words[1:])
    return words[-1], " ".join(words[:-1])


def reading(person: Person, alternative: str) -> list[str]:
    """How the native name is read, in the standard's words and in those that phones know."""
    if not person.native_reading or not person.native_name:
        return []
    family, given = split(person.native_reading, person)
    known = f"LANGUAGE={person.native_language};" if person.native_language else ""
    how = f"{alternative or 'ALTID=1;'}{known}PHONETIC=script"
    if script := script_of(person.native_reading):
        how += f";SCRIPT={script}"
    lines = [line("N", how, parted([family, given, "", "", ""]))]
    if family:
        lines.append(f"X-PHONETIC-LAST-NAME:{text(family)}")
    if given:
        lines.append(f"X-PHONETIC-FIRST-NAME:{text(given)}")
    return lines


def script_of(words: str) -> str:
    """The ISO 15924 code of the script of a reading, where it is one of these."""
    kinds = {unicodedata.name(char, "").split(" ")[0] for char in words if char.isalpha()}
    codes = {"HIRAGANA": "Hira", "KATAKANA": "Kana", "LATIN": "Latn", "HANGUL": "Hang"}
    return codes.get(kinds.pop(), "") if len(kinds) == 1 else ""


# What they do, and how they are reached


def work(person: Person) -> list[str]:
    """Their organisation in both scripts, and what they are there."""
    if person.post is None:
        return []
    place, full = person.post.organisation, not person.is_archived and person.may_be_contacted
    department = [person.post.department] if full and person.post.department else []
    lines = []
    if place.native_name and place.native_name != place.name:
        tag = f"LANGUAGE={place.native_language}" if place.native_language else ""
        lines.append(line("ORG", "ALTID=2", parted([place.name, *department])))
        lines.append(line("ORG", f"ALTID=2;{tag}", parted([place.native_name, *department])))
    else:
        lines.append(line("ORG", "", parted([place.name, *department])))
    if full:
        if person.post.job_title:
            lines.append(f"TITLE:{text(person.post.job_title)}")
        if place.website:
            lines.append(f"URL;TYPE=work:{one_line(place.website)}")
        lines.append(f"ADR;TYPE=work:{parted(address(place))}")
    return lines


def address(place: Organisation) -> list[str]:
    """The parts of an address, of which we keep the city and the country."""
    city = place.city.local_name if place.city else ""
    return ["", "", "", city, "", "", str(place.country.name)]


def ways(person: Person) -> list[str]:
    """E-mail and phones, but for what they would rather not have used."""
    preference, ask = person.contact_preference, Person.ContactPreference
    lines = []
    if person.email and preference != ask.PHONE:
        lines.append(f"EMAIL;TYPE=work:{text(person.email)}")
    if preference != ask.EMAIL:
        lines += phone("cell", person.mobile, person.mobile_international)
        lines += phone("voice", person.phone, person.phone_international)
    return lines


def phone(kind: str, typed: str, international: str) -> list[str]:
    """A number to call: as an address in international form, else as it was typed."""
    if international:
        number, _extension, extension = international.partition(" ext. ")
        uri = "tel:" + re.sub(r"[^+0-9]", "", number) + (f";ext={extension}" if extension else "")
        return [f'TEL;VALUE=uri;TYPE="work,{kind}":{uri}']
    return [f'TEL;VALUE=text;TYPE="work,{kind}":{text(typed)}'] if typed else []


def languages(person: Person) -> list[str]:
    """What they speak, the best first."""
    codes = [code.strip() for code in re.split(r"[,; ]+", person.languages)]
    known = [code for code in codes if LANGUAGE_CODE.fullmatch(code)]
    return [f"LANG;PREF={place}:{code}" for place, code in enumerate(known[:100], start=1)]


def photo(person: Person) -> list[str]:
    """Their portrait, small, inside the card; none where its file can’t be read."""
    if not person.photo:
        return []
    try:
        with person.photo.open("rb") as file:
            written = small(file)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return []
    return [f"PHOTO:data:image/jpeg;base64,{base64.b64encode(written).decode()}"]


def small(file: File) -> bytes:  # type: ignore[type-arg]
    """A picture as a JPEG of at most 240 × 240 pixels."""
    picture = Image.open(file, formats=FORMATS).convert("RGB")
    picture.thumbnail((SIDE, SIDE))
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=80, optimize=True)
    return written.getvalue()
