"""Likely duplicates: what makes a new record look like one that we have."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.text import folded, sort_key, web_domain
from partners.models import Organisation, Person

LIMIT = 5


@dataclass(frozen=True)
class Likeness:
    """A record that looks the same, and why."""

    record: Any
    reason: str


def like_organisation(new: Organisation) -> list[Likeness]:
    """Organisations with the same name in the same country, native name or web domain."""
    new.refresh_derived()
    condition = Q(sort_name=new.sort_name, country=new.country)
    if new.native_name:
        condition |= Q(search_text__contains=folded(new.native_name))
    if domain := web_domain(new.website):
        condition |= Q(search_text__contains=domain)
    found = []
    others = Organisation.objects.active().filter(condition).exclude(pk=new.pk)
    for other in others.select_related("city")[: 4 * LIMIT]:
        if other.sort_name == new.sort_name and other.country == new.country:
            found.append(Likeness(other, _("the same name in the same country")))
        elif new.native_name and folded(other.native_name) == folded(new.native_name):
            found.append(Likeness(other, _("the same native name")))
        elif domain and web_domain(other.website) == domain:
            found.append(Likeness(other, _("the same website, %(domain)s") % {"domain": domain}))
    return found[:LIMIT]


def like_person(new: Person) -> list[Likeness]:
    """People with the same e-mail or the same name in either script."""
    native, email = folded(new.native_name), folded(new.email)
    names = {sort_key(new.family_name, new.given_name), sort_key(new.given_name, new.family_name)}
    names -= {""}
    condition = Q(sort_name__in=names)
    for text in filter(None, (email, native)):
        condition |= Q(search_text__contains=text)
    found = []
    others = Person.objects.active().filter(condition).exclude(pk=new.pk)
    for other in others[: 4 * LIMIT]:
        if email and folded(other.email) == email:
            found.append(Likeness(other, _("the same e-mail")))
        elif native and folded(other.native_name) == native:
            found.append(Likeness(other, _("the same native name")))
        elif other.sort_name in names:
            found.append(Likeness(other, _("the same name")))
    return found[:LIMIT]
