"""A card as a row: the names in both scripts told apart, the best of what there is several of."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from crm.imports.reading import Cells
from crm.imports.vcards.properties import Card, Property, cards, parted, unescaped
from crm.imports.words import said as _
from crm.text import folded, international_phone, one_line, script_language

# The fields of the subject “people” that a card has something for.
HEADINGS = (
    "given_name",
    "family_name",
    "native_name",
    "native_reading",
    "name_order",
    "form_of_address",
    "organisation",
    "organisation_native_name",
    "department",
    "job_title",
    "city",
    "country",
    "email",
    "phone",
    "mobile",
    "languages",
    "notes",
    "key",
)
OURS = "-//Ponti//"
FAMILY_FIRST = {"ja", "zh-Hans", "zh-Hant", "ko"}
NO_NUMBERS_TO_CALL = {"fax", "pager", "modem", "bbs", "textphone"}


def rows(file: IO[bytes]) -> Iterator[tuple[int, Cells]]:
    """The headings, then a row for each card with the line that it begins on. Raises Unreadable."""
    yield 0, Cells(HEADINGS)
    for card in cards(file):
        yield card.line, row(card)


def row(card: Card) -> Cells:
    """A card as cells; what is wrong with it is said in their problems."""
    found = {
        **names(card),
        **work(card),
        **ways(card),
        "languages": ", ".join(one.text.strip() for one in card.all("LANG")),
        "key": key(card),
    }
    cells = Cells([found.get(name, "") for name in HEADINGS])
    for problem in card.problems:
        cells.reject(None, problem)
    if not card.problems and (refusal := no_person(card, found)):
        cells.reject(None, refusal)
    if not any(cells):
        # A row without a single word would be passed over, and nobody would know.
        cells[HEADINGS.index("notes")] = card.first("FN") or "…"
    return cells


def no_person(card: Card, found: dict[str, str]) -> str:
    """Why the card is of nobody; nothing where it is of a person."""
    kind = card.first("KIND").lower() or "individual"
    if kind == "org" or card.first("X-ABSHOWAS").upper() == "COMPANY":
        return _("The card is of an organisation, not of a person.")
    if kind != "individual":
        return _("The card is of a %(kind)s, not of a person.") % {"kind": kind[:30]}
    if not any(found[name] for name in ("given_name", "family_name", "native_name")):
        return _("The card names nobody.")
    return ""


def key(card: Card) -> str:
    """Our own key, on a card that we wrote: what others call a card by means nothing here."""
    uid = card.first("UID").removeprefix("urn:uuid:")
    return uid if card.first("PRODID").startswith(OURS) else ""


# Names


def names(card: Card) -> dict[str, str]:
    """The name in Latin letters and the native one, how that is read, and in which order."""
    whole, native_whole = two(card.all("FN"))
    told = [one for one in card.all("N") if "PHONETIC" not in one.parameters]
    latin, native = two(told)
    family, given, title = split_name(latin, whole)
    native_name = one_line(native_whole.text) if native_whole else ""
    if native is not None:
        native_family, native_given, native_title = split_name(native, None)
        native_name = native_name or joined(native_family, native_given, "")
        title = title or native_title
    order = name_order(family, given, whole) if latin else ""
    read_family, read_given = reading(card, native)
    read = joined(read_family, read_given, order)
    if read and not is_native(read) and native_name and not (family or given):
        # Without Latin letters of its own, the name goes by how it is read in them.
        family, given, read = read_family, read_given, ""
    return {
        "given_name": given,
        "family_name": family,
        "native_name": native_name,
        "native_reading": read,
        "name_order": order,
        "form_of_address": title,
    }


def two(found: Sequence[Property]) -> tuple[Property | None, Property | None]:
    """Of several forms the one in Latin letters and the native one.

    By their letters or, where these are the same, by standing for one another (ALTID).
    """
    latin = [one for one in found if not is_native(one.text)]
    native = [one for one in found if is_native(one.text)]
    first = latin[0] if latin else None
    if native:
        return first, native[0]
    same = [
        one
        for one in latin[1:]
        if first
        and one.parameters.get("ALTID")
        and one.value != first.value
        and one.parameters["ALTID"] == first.parameters.get("ALTID")
    ]
    return first, same[0] if same else None


def is_native(text: str) -> bool:
    """Whether the text is in other letters than Latin."""
    return not text.isascii() and bool(script_language(text))


def split_name(name: Property | None, whole: Property | None) -> tuple[str, str, str]:
    """Family and given name, and the form of address."""
    if name is None:
        return (*split_whole(one_line(whole.text) if whole else ""), "")
    # A part may be a list: “Stefania,Maria”.
    parts = [
        one_line(" ".join(unescaped(each, name.is_old) for each in parted(part, ",")))
        for part in parted(name.value, ";")
    ]
    family, given, middle, before, after = [*parts, "", "", "", "", ""][:5]
    return family, " ".join(filter(None, [given, middle])), before or after


def split_whole(text: str) -> tuple[str, str]:
    """“Tanabe, Haruka”, or “Haruka Tanabe”, in two."""
    family, comma, given = text.partition(",")
    if comma:
        return family.strip(), given.strip()
    given, _space, family = text.rpartition(" ")
    return family, given


def joined(family: str, given: str, order: str) -> str:
    """A native name, or its reading, in the order that its language has."""
    parts = [family, given]
    if script_language(f"{family}{given}") not in FAMILY_FIRST and order != "family":
        parts.reverse()
    return " ".join(filter(None, parts))


def name_order(family: str, given: str, whole: Property | None) -> str:
    """“family” or “given”, as the name is written out; nothing where that can't be told."""
    if not (family and given and whole):
        return ""
    written = folded(whole.text)
    orders = {"family": f"{family} {given}", "given": f"{given} {family}"}
    return next((order for order, name in orders.items() if folded(name) == written), "")


def reading(card: Card, native: Property | None) -> tuple[str, str]:
    """How the native name is read, family and given: in the words of whoever wrote the card."""
    for name in card.all("N"):
        if "PHONETIC" in name.parameters:
            return split_name(name, None)[:2]
    apart = card.first("X-PHONETIC-LAST-NAME"), card.first("X-PHONETIC-FIRST-NAME")
    if any(apart):
        return apart
    for sound in card.all("SOUND"):
        if "x-irmc-n" in sound.types or "X-IRMC-N" in sound.parameters:
            return split_name(sound, None)[:2]
    if native is not None:
        sort = native.parameters.get("SORT-AS") or card.first("SORT-STRING")
        family, given = split_whole(one_line(sort)) if "," in sort else (one_line(sort), "")
        if is_kana(sort) and not is_kana(native.text):
            return family, given
    return "", ""


def is_kana(text: str) -> bool:
    """Whether the letters are those that say how others are read."""
    names = [unicodedata.name(char, "") for char in text if char.isalpha()]
    return bool(names) and all(name.startswith(("HIRAGANA", "KATAKANA")) for name in names)


# What they do, and how they are reached


def work(card: Card) -> dict[str, str]:
    """Where they work, in both scripts, and as what."""
    latin, native = two(card.all("ORG"))
    place = latin or native
    units = place.parts[1:] if place else []
    address = next(
        (one.parts for one in card.all("ADR") if not one.types or "work" in one.types), []
    )
    city, country = ([*address, *[""] * 7])[3], ([*address, *[""] * 7])[6]
    return {
        "organisation": one_line(place.parts[0]) if place else "",
        "organisation_native_name": one_line(native.parts[0]) if latin and native else "",
        "department": ", ".join(filter(None, map(one_line, units))),
        "job_title": one_line(card.first("TITLE") or card.first("ROLE")),
        "city": one_line(city) if place else "",
        "country": one_line(country) if place else "",
    }


def ways(card: Card) -> dict[str, str]:
    """The best e-mail address and phones; the others end the notes, so that none is lost."""
    emails = list(dict.fromkeys(one_line(one.text) for one in nearest(card.all("EMAIL"))))
    mobiles, phones, others = [], [], []
    for one in nearest(card.all("TEL")):
        number = phone(one)
        if one.types & NO_NUMBERS_TO_CALL:
            others.append(_("Fax: %(number)s") % {"number": number})
        elif one.types & {"cell", "iphone", "mobile"}:
            mobiles.append(number)
        else:
            phones.append(number)
    phones = [number for number in dict.fromkeys(phones) if number not in mobiles[:1]]
    more = [*list(dict.fromkeys(mobiles))[1:], *phones[1:]]
    others = [
        *(_("E-mail: %(address)s") % {"address": address} for address in emails[1:]),
        *(_("Phone: %(number)s") % {"number": number} for number in more),
        *others,
    ]
    notes = [one.text.strip() for one in card.all("NOTE")]
    return {
        "email": emails[0] if emails else "",
        "mobile": mobiles[0] if mobiles else "",
        "phone": phones[0] if phones else "",
        "notes": "\n".join([*notes, *others]),
    }


def nearest(found: Iterable[Property]) -> list[Property]:
    """The preferred first, then those at work, then the ones at home."""
    return sorted(
        found, key=lambda one: (one.preference, "work" not in one.types, "home" in one.types)
    )


def phone(one: Property) -> str:
    """A number in international form, as ours are kept beside what was typed, else as it stands."""
    typed = one_line(one.text)
    return international_phone(typed) or typed.removeprefix("tel:")
