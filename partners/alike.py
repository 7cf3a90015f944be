"""What a record looks like: shown while one types, asked before saving, told on its page."""

from copy import copy
from typing import Any, NamedTuple

from django.db.models import Q

from crm.text import folded
from partners.duplicates import LIKELY, Likeness, likely
from partners.duplicates.traits import organisation_traits
from partners.duplicates.wording import in_words
from partners.duplicates.words import COUNTRY_WORDS
from partners.models import Organisation, OrganisationPair, Person, PersonPair

SHOWN = 3
# What is asked about before a record is made, however unlike it is otherwise.
ASKED = {"email", "native-name", "domain"}


class Twin(NamedTuple):
    """A record that looks the same, and why in words."""

    record: Any
    reason: str

    @property
    def where(self) -> str:
        """Where it is, or works: what tells it from others of its name."""
        if isinstance(self.record, Organisation):
            return self.record.place
        posts = getattr(self.record, "current_affiliations", [])
        return posts[0].organisation.name if posts else ""


def twins(record: Organisation | Person, limit: int = SHOWN) -> list[Twin]:
    """What a record not yet saved looks like."""
    record.refresh_derived()
    [alike] = likely([_placed(record)], limit=50, least=0)
    return [
        Twin(like.record, "; ".join(in_words(like.reasons)))
        for like in alike
        if like.record.pk != getattr(record, "parent_id", None) and _is_asked(like, record)
    ][:limit]


def _placed(record: Any) -> Any:
    """An organisation whose place is not typed yet: in the country that its name names."""
    if not isinstance(record, Organisation) or record.country or record.city_id:
        return record
    words = {word for name in organisation_traits(record).names for word in name.words}
    placed = copy(record)
    placed.country = next((code for code, word in COUNTRY_WORDS.items() if word in words), "")
    return placed


def _is_asked(like: Likeness, record: Any) -> bool:
    """Whether it is likely the same, or would be if what is not typed yet agreed."""
    codes = {reason["code"] for reason in like.reasons}
    if like.score >= LIKELY or ASKED & codes:
        return True
    places = [
        {getattr(each, place, None) for each in (like.record, record)} - {None, ""}
        for place in ("city_id", "country")
    ]
    is_called_so = "name" in codes or _is_short_for(record, like.record)
    return is_called_so and all(len(named) < 2 for named in places)


def _is_short_for(record: Any, other: Any) -> bool:
    """Whether what is typed as a name is what another is called for short."""
    short = folded(getattr(other, "short_name", ""))
    return bool(short) and folded(record.name) == short


def looks_like(record: Organisation | Person) -> Twin | None:
    """The likeliest twin of a saved record that nobody has looked at yet."""
    pairs: Any = OrganisationPair if isinstance(record, Organisation) else PersonPair
    pair = (
        pairs.objects.filter(Q(first=record) | Q(second=record), dismissed_at=None)
        .select_related("first", "second")
        .first()
    )
    if pair is None:
        return None
    other = pair.second if pair.first == record else pair.first
    return Twin(other, "; ".join(in_words(pair.reasons)))
