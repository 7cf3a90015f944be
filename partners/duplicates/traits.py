"""What of a record is compared, read from it once. No model is imported: models stand on this."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from crm.text import folded, international_phone, sort_key, web_domain
from partners.duplicates.names import Name, PersonName, institution_name, person_name
from partners.duplicates.words import COUNTRY_WORDS, PLACES, ROLE_ADDRESSES, WEBMAIL

# So many digits at the end of two numbers tell that they are one.
TAIL = 8
# A domain's last labels under which anybody can have one of their own.
_SHARED_SUFFIXES = frozenset(
    {"co", "or", "ac", "go", "ne", "gr", "ed", "lg", "ad"}
    | {"com", "org", "net", "edu", "gov", "mil", "gouv", "asso"}
)


@dataclass(slots=True)
class OrganisationTraits:
    pk: int | None
    names: list[Name]
    short_name: str
    country: str
    country_word: str
    city: str
    places: frozenset[str]
    email: str
    phone: str
    hosts: frozenset[str]
    domains: frozenset[str]
    parent: int | None
    kind: str
    address: str
    phone_shown: str = ""
    phone_typed: str = ""


@dataclass(slots=True)
class PersonTraits:
    pk: int | None
    name: PersonName
    email: str
    local_part: str
    is_role_address: bool
    domain: str
    mobile: str
    phone: str
    # By id: how it is compared, and its name.
    organisations: dict[int, tuple[str, str]] = field(default_factory=dict)
    phone_shown: str = ""
    mobile_shown: str = ""
    phone_typed: str = ""
    mobile_typed: str = ""

    @property
    def numbers(self) -> set[str]:
        return {self.phone, self.mobile} - {""}

    @property
    def is_bare(self) -> bool:
        """Nothing but a name is known."""
        return not (self.email or self.phone or self.mobile or self.organisations)


def digits(phone: str) -> str:
    """A number in international form as its digits alone; too short ones say nothing."""
    found = "".join(filter(str.isdigit, phone))
    return found if len(found) >= 7 else ""


def local_digits(phone: str) -> str:
    """A number of no known country, without the nought that is dialled within one."""
    return digits(phone).lstrip("0")


def is_one_number(one: str, other: str) -> bool:
    """Whether two numbers' digits are one, the country left out of either."""
    if not one or not other:
        return False
    if one == other:
        return True
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return len(short) >= TAIL and long.endswith(short)


def told_phone(code: str, shown: str, one: str, other: str) -> dict[str, str]:
    """The reason that a number is the same: also that one was typed with its country's prefix."""
    abroad = [typed.lstrip().startswith(("+", "00")) for typed in (one, other)]
    prefix, _space, rest = shown.partition(" ")
    if abroad[0] == abroad[1] or not prefix.startswith("+"):
        return {"code": code, "value": shown}
    home = other if abroad[0] else one
    is_trunk = home.lstrip(" (").startswith("0") and not rest.startswith("0")
    ending = "after-0" if is_trunk else "after"
    return {"code": f"{code}-{ending}", "value": shown, "prefix": prefix}


def registrable(host: str) -> str:
    """“unige.it” of “dibris.unige.it”; nothing for a host that anybody can have a page on."""
    labels = host.split(".")
    size = 3 if len(labels) > 2 and labels[-2] in _SHARED_SUFFIXES and len(labels[-1]) == 2 else 2
    domain = ".".join(labels[-size:])
    return "" if domain in WEBMAIL or host in WEBMAIL or len(labels) < 2 else domain


def city_places(city: Any) -> tuple[tuple[str, str], ...]:
    """Every spelling of a city and the one that it is compared by."""
    if city is None:
        return ()
    known: tuple[tuple[str, str], ...] | None = vars(city).get("compared_places")
    if known is None:
        name = folded(city.name)
        meaning = PLACES.get(name, name)
        spellings = {folded(text) for text in (city.name, city.name_it, city.native_name)}
        spellings |= {folded(text) for text in city.other_names.split("|")}
        # A short spelling of another language is a word in this one.
        known = tuple(
            sorted((s, meaning) for s in spellings if len(s) > 2 or s == city.native_name)
        )
        city.compared_places = known
    return known


def organisation_traits(record: Any) -> OrganisationTraits:
    city = record.city
    places = city_places(city)
    country = str(record.country.code or "") if record.country else ""
    email = folded(record.email)
    names = [institution_name(text, places) for text in (record.name, record.native_name) if text]
    hosts = {web_domain(record.website), email.rpartition("@")[2]} - {""}
    hosts = {host for host in hosts if registrable(host)}
    shown = record.phone_international or international_phone(record.phone, country)
    city_word = places[0][1] if places else ""
    named = {word for name in names for word, weight in name.words.items() if weight == 0.6}
    return OrganisationTraits(
        record.pk,
        names,
        folded(record.short_name),
        country,
        COUNTRY_WORDS.get(country, ""),
        city_word,
        frozenset(named),
        email,
        digits(shown),
        frozenset(hosts),
        frozenset(map(registrable, hosts)),
        record.parent_id,
        record.kind,
        sort_key(record.address) if record.address else "",
        shown,
        record.phone,
    )


@lru_cache(maxsize=5_000)
def _house(name: str) -> str:
    """What organisations of one name are compared by."""
    return sort_key(name)


def person_traits(record: Any) -> PersonTraits:
    local, _at, host = folded(record.email).rpartition("@")
    local = local.partition("+")[0] or local
    email = f"{local}@{host}" if host else ""
    current = current_affiliations(record)
    organisations = {
        row.organisation_id or -1: (_house(row.organisation.name), row.organisation.name)
        for row in current
    }
    country = next((row.organisation.country_code for row in current if row.is_primary), "")
    phone = record.phone_international or international_phone(record.phone, country)
    mobile = record.mobile_international or international_phone(record.mobile, country)
    return PersonTraits(
        record.pk,
        person_name(
            record.given_name, record.family_name, record.native_name, record.native_reading
        ),
        email,
        local,
        local in ROLE_ADDRESSES,
        registrable(host) if host else "",
        digits(mobile) if mobile else local_digits(record.mobile),
        digits(phone) if phone else local_digits(record.phone),
        organisations,
        phone,
        mobile,
        record.phone,
        record.mobile,
    )


def current_affiliations(person: Any) -> list[Any]:
    """What `for_derived()` fetched, or what an import holds for a person not yet saved."""
    return getattr(person, "current_affiliations", None) or []
