"""How the book words what it shows: names, times and promises in the language that is active."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.glyphs import can_set
from crm.templatetags.ponti import day, reader_locale, zone_city
from crm.text import script_language
from missions.models import FollowUp, Meeting
from partners.models import Affiliation, Organisation, Person

Words = dict[str, Any]


def native(record: Any) -> Words:
    """The name in its own script: its language; a note instead where no face of ours has it."""
    name = record.native_name
    if not name or name == getattr(record, "name", ""):
        return {"native": "", "native_language": "en", "native_note": ""}
    if not can_set(name):
        return {
            "native": "",
            "native_language": "en",
            "native_note": _("Its name in its own script can’t be printed here."),
        }
    language = getattr(record, "native_language", "") or script_language(name)
    return {"native": name, "native_language": language.split("-")[0] or "en", "native_note": ""}


def clocks(meeting: Meeting) -> Words:
    """The hour on the clock of the place, and at home: of the second nothing where both agree."""
    found = {
        "time": "",
        "ends": "",
        "place_name": "",
        "home_time": "",
        "home_name": "",
        "apart": "",
    }
    if meeting.starts_at is None:
        return found
    there = meeting.starts_at.astimezone(ZoneInfo(meeting.time_zone))
    here = meeting.starts_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    city = meeting.where
    found["time"] = f"{there:%H:%M}"
    found["place_name"] = (
        city.local_name
        if city and city.time_zone == meeting.time_zone
        else zone_city(meeting.time_zone)
    )
    if meeting.ends_at:
        found["ends"] = f"{meeting.ends_at.astimezone(ZoneInfo(meeting.time_zone)):%H:%M}"
    if there.utcoffset() != here.utcoffset():
        found["home_time"], found["home_name"] = f"{here:%H:%M}", zone_city(settings.TIME_ZONE)
        found["apart"] = _apart(here, there)
    return found


def _apart(here: datetime, there: datetime) -> str:
    days = (here.date() - there.date()).days
    return _("day after") if days > 0 else _("day before") if days < 0 else ""


def clock_line(words: Words) -> str:
    """“14:00–15:00 Tokyo · 06:00 Rome”."""
    if not words["time"]:
        return ""
    hours = f"{words['time']}–{words['ends']}" if words["ends"] else words["time"]
    line = f"{hours} {words['place_name']}"
    if words["home_time"]:
        line += f" · {words['home_time']} {words['home_name']}"
    return f"{line} ({words['apart']})" if words["apart"] else line


def duration(minutes: int | None) -> str:
    """“1 h 30 min”, “45 min”."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]
    return " ".join(filter(None, parts))


def addressing(person: Person) -> list[str]:
    """How to address somebody: “Ms Tanabe”, and which of the names is the family's."""
    lines = []
    family, form = person.family_name, person.form_of_address.strip()
    if form and family:
        is_suffix = form.startswith("-") or bool(script_language(form))
        named = f"{family}{form}" if is_suffix else f"{form} {family}"
        lines.append(_("Address as “%(name)s”") % {"name": named})
    elif form:
        lines.append(_("Form of address: %(form)s") % {"form": form})
    if person.name_order == Person.NameOrder.FAMILY_FIRST and family and person.given_name:
        lines.append(_("%(family)s is the family name") % {"family": family})
    return lines


def contacts(person: Person) -> list[str]:
    """The ways that the person allows, e-mail last; a sentence where there is none allowed."""
    preference, ways = person.contact_preference, Person.ContactPreference
    if preference == ways.NONE:
        return [_("Asked not to be contacted")]
    phones = [
        person.mobile_international or person.mobile,
        person.phone_international or person.phone,
    ]
    found = [] if preference == ways.EMAIL else phones
    if preference != ways.PHONE:
        found = [*found, person.email]
    return [one for one in found if one]


def post(person: Person, organisation: Organisation | None) -> Affiliation | None:
    """Their post at this organisation, else their primary one: reads the `posts` fetched."""
    posts = cast(list[Affiliation], getattr(person, "posts", []))
    own = [one for one in posts if organisation and one.organisation_id == organisation.pk]
    return next(iter(own or posts), None)


def post_line(person: Person, organisation: Organisation | None) -> str:
    """“Director, International Department”, at the organisation that they speak for."""
    held = post(person, organisation)
    if held is None or (organisation and held.organisation_id != organisation.pk):
        return ""
    return ", ".join(filter(None, [held.job_title, held.department]))


def person_words(person: Person, organisation: Organisation | None) -> Words:
    """A person of the other side, as a meeting's page and the list of contacts show them."""
    return {
        "name": person.name,
        **native(person),
        "reading": person.native_reading if can_set(person.native_reading) else "",
        "post": post_line(person, organisation),
        "organisation": organisation.name if organisation else "",
        "addressing": addressing(person),
        "languages": languages(person.languages),
        "contacts": contacts(person),
    }


def languages(codes: str) -> str:
    """“Speaks Japanese, English” for “ja, en”; what is no code stays as it was typed."""
    parts = [part.strip() for part in codes.replace(";", ",").split(",") if part.strip()]
    named = ", ".join(map(_language, parts))
    return _("Speaks %(languages)s") % {"languages": named} if named else ""


def _language(code: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name(reader_locale()) or code
    except (ValueError, UnknownLocaleError):
        return code


def promise_words(promise: FollowUp, *, for_delegates: bool) -> Words:
    """A promise that is open: what, by whom, by when."""
    who = promise.person if promise.promised_by == FollowUp.By.THEM else promise.assignee
    if for_delegates and promise.promised_by == FollowUp.By.US:
        who = None
    late = promise.is_overdue and not for_delegates
    return {
        "what": promise.what,
        "by": "us" if promise.promised_by == FollowUp.By.US else "them",
        "who": str(who) if who else "",
        "due": _("by %(date)s") % {"date": day(promise.due_on)} if promise.due_on else "",
        "late": _("late") if late else "",
    }


def clipped(text: str, most: int) -> str:
    """The text, or its beginning up to a word and “…”."""
    plain = " ".join(text.split())
    if len(plain) <= most:
        return plain
    return plain[:most].rsplit(" ", 1)[0].rstrip(",;:.") + " …"


def more(count: int) -> str:
    """“and 3 more”; nothing for 0."""
    if count < 1:
        return ""
    return ngettext("and %(count)d more", "and %(count)d more", count) % {"count": count}
