"""The pages of people: the delegation, the contacts at the end, whom to call in an emergency."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.glyphs import can_set
from missions.briefing.records import Records
from missions.briefing.wording import Words, contacts, native, person_words, post_line
from missions.models import Delegate
from partners.models import Organisation


def delegation(records: Records) -> Words:
    delegates = records.delegates
    unnamed = sum(one.is_unnamed for one in delegates)
    note = ""
    if unnamed:
        note = ngettext(
            "%(count)d place is still to be named.",
            "%(count)d places are still to be named.",
            unnamed,
        ) % {"count": unnamed}
    return {
        "heading": _("Delegation"),
        "people": [delegate_words(one) for one in delegates],
        "note": note,
        "empty": _("Nobody has a place in the delegation yet."),
    }


def delegate_words(delegate: Delegate) -> Words:
    person, organisation = delegate.person, delegate.organisation
    words: Words = {
        "key": delegate.pk,
        "role": str(delegate.get_role_display()),
        "organisation": organisation.name,
        "status": "" if delegate.status == "confirmed" else str(delegate.get_status_display()),
        "is_named": person is not None,
        "picture": "",
    }
    if person is None:
        return (
            words
            | {
                "name": _("Still to be named"),
                "initials": "…",
                "post": "",
                "contacts": [],
                **native(organisation),
            }
            | {"native": "", "native_note": ""}
        )
    initials = person.initials if can_set(person.initials) else "·"
    return words | {
        "name": person.name,
        **native(person),
        "initials": initials,
        "post": post_line(person, organisation),
        "contacts": contacts(person),
    }


def contact_pages(records: Records) -> Words:
    """The delegation, the people met, and those who help: each once."""
    met: dict[int, Any] = {}
    helping: dict[int, Organisation] = {
        one.organisation_id: one.organisation for one in records.organisers
    }
    for meeting in records.meetings:
        for organisation in meeting.organisations.all():
            if organisation.kind == Organisation.Kind.EMBASSY:
                helping.setdefault(organisation.pk, organisation)
        for one in () if meeting.is_concealed else meeting.attendances.all():
            if one.organisation and one.organisation.side == "partner":
                met.setdefault(one.person_id, one)
    people = sorted(
        met.values(), key=lambda one: (one.organisation.sort_name, one.person.sort_name)
    )
    return {
        "heading": _("Contacts"),
        "delegation": _("Delegation"),
        "delegates": [delegate_words(one) for one in records.delegates if one.person],
        "partners": _("Whom we meet"),
        "people": [person_words(one.person, one.organisation) for one in people],
        "helping": _("Embassy and organisers"),
        "organisations": [helping_words(one) for one in helping.values()],
        "empty": _("No contact is known yet."),
    }


def helping_words(organisation: Organisation) -> Words:
    ways = [organisation.phone_international or organisation.phone, organisation.email]
    return {
        "name": organisation.name,
        **native(organisation),
        "place": organisation.place,
        "address": organisation.address.strip(),
        "contacts": [one for one in [*ways, organisation.domain] if one],
    }


def emergency(records: Records) -> Words:
    return {
        "heading": _("In an emergency"),
        "text": records.mission.emergency.strip(),
        "empty": _("No number has been written for emergencies: write it here by hand."),
    }
