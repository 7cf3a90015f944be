"""Which field each column of a file goes to: by its heading, by last time, or chosen by hand."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import override

from crm.imports.rejected import is_reason
from crm.imports.subjects import Subject
from crm.models import Import, ImportShape, User
from crm.text import folded


@dataclass(frozen=True)
class Match:
    """A field for each column, "" for none, and how records are found.

    `is_remembered` says that it is as the same user left it for the last file of this shape.
    """

    mapping: list[str]
    matched_by: str
    only_fills: bool = False
    is_remembered: bool = False


def bare(heading: str) -> str:
    """A heading as it is compared: neither case nor accents, width, spaces and marks count."""
    return "".join(char for char in folded(heading) if char.isalnum())


def letter(index: int) -> str:
    """What a spreadsheet calls the column: A for 0, AB for 27."""
    name, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def shape_of(headings: Sequence[str]) -> str:
    """A digest of the headings in their order: files of one shape have the same.

    The column of reasons that comes back with rejected rows is none of the file's own.
    """
    own = [folded(heading) for heading in headings if not is_reason(heading)]
    text = json.dumps(own, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def meanings(subject: Subject) -> list[dict[str, str]]:
    """The field that each heading means, the surest first: names, labels, further headings."""
    names: dict[str, str] = {}
    labels: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for field in subject.fields:
        names.setdefault(bare(field.name), field.name)
        for alias in field.aliases:
            aliases.setdefault(bare(alias), field.name)
    for language, _name in settings.LANGUAGES:
        with override(language):
            for field in subject.fields:
                labels.setdefault(bare(str(field.label)), field.name)
    return [labels, names, aliases]


def propose(headings: Sequence[str], subject: Subject) -> list[str]:
    """The field that each heading means, each field once.

    Of two headings alike neither is matched: which one counts is for a person to say.
    """
    told = [bare(heading) for heading in headings]
    often = Counter(told)
    found, taken = [""] * len(told), set()
    for fields in meanings(subject):
        for index, heading in enumerate(told):
            name = fields.get(heading, "")
            if name and not found[index] and name not in taken and often[heading] == 1:
                found[index] = name
                taken.add(name)
    return found


def likelier(
    headings: Sequence[str], subject: Subject, others: Iterable[Subject]
) -> Subject | None:
    """The subject that more of the headings speak of, where there is one."""
    best, most = None, len([name for name in propose(headings, subject) if name])
    for other in others:
        count = len([name for name in propose(headings, other) if name])
        if count > most:
            best, most = other, count
    return best


def key_for(mapping: Sequence[str], subject: Subject) -> str:
    """The field that finds a record best, among those that the file has."""
    keys = [field for field in subject.fields if field.is_key and field.name in mapping]
    order = {"key": 0, "email": 2}
    keys.sort(key=lambda field: order.get(field.name, 1 if field.is_required else 3))
    return keys[0].name if keys else ""


def match(headings: Sequence[str], subject: Subject, user: User) -> Match:
    """As the user matched the last file of this shape, else by the headings."""
    shape = ImportShape.objects.filter(
        user=user, subject=subject.name, shape=shape_of(headings)
    ).first()
    own = [index for index, heading in enumerate(headings) if not is_reason(heading)]
    if shape is not None and len(shape.mapping) == len(own):
        known = {field.name for field in subject.fields}
        mapping = [""] * len(headings)
        for index, name in zip(own, shape.mapping, strict=True):
            mapping[index] = name if name in known else ""
        if any(mapping):
            return Match(mapping, shape.matched_by, shape.only_fills, is_remembered=True)
    mapping = propose(headings, subject)
    return Match(mapping, key_for(mapping, subject))


def remember(source: Import, user: User) -> None:
    """Keep how the columns were matched, for the user's next file of this shape."""
    pairs = zip(source.headings, source.mapping, strict=True)
    ImportShape.objects.update_or_create(
        user=user,
        subject=source.subject,
        shape=shape_of(source.headings),
        defaults={
            "mapping": [name for heading, name in pairs if not is_reason(heading)],
            "matched_by": source.matched_by,
            "only_fills": source.only_fills,
        },
    )
