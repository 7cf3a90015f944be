"""The pages of a briefing book as words, in the order they are read: the same for PDF and Word.

Everything here is in the language that is active, and nothing is markup.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.templatetags.ponti import clock, day, long_day, period
from missions.briefing.people import contact_pages, delegation, emergency
from missions.briefing.records import Past, Records
from missions.briefing.wording import (
    Words,
    clipped,
    clock_line,
    clocks,
    duration,
    more,
    native,
    person_words,
    promise_words,
)
from missions.delegation import by_day
from missions.models import Agreement, Delegate, Meeting, Stop
from missions.programme import Section, programme
from partners.models import Organisation

OUTCOME_SHOWN, NOTES_SHOWN, RUNNING_TITLE = 320, 240, 72


def book(records: Records, advance: Callable[[], object] = bool) -> Words:
    """The whole book; `advance` is called for each meeting worded."""
    mission = records.mission
    sections = programme(records.stops, records.meetings)
    numbers = numbered(sections)
    edition = (
        _("For the delegates") if records.for_delegates else _("For us: internal notes inside")
    )
    return {
        "title": _("%(mission)s: briefing book") % {"mission": mission.title},
        "running_title": clipped(mission.title, RUNNING_TITLE),
        "language": get_language() or "en",
        "author": str(records.reader),
        "subject": clipped(mission.aims, 300),
        "page_of": _("Page {page} of {pages}"),
        "mark": edition,
        "cover": cover(records, edition),
        "contents": _("Contents"),
        "aims": {"heading": _("Aims"), "text": mission.aims.strip()},
        "delegation": delegation(records),
        "programme": programme_pages(records, sections, numbers),
        "stops": meeting_pages(records, sections, numbers, advance),
        "contacts": contact_pages(records),
        "emergency": emergency(records),
        "labels": labels(),
    }


def labels() -> dict[str, str]:
    """The words that stand beside what they label."""
    return {
        "who_they_are": _("Who they are"),
        "whom_we_meet": _("Whom we meet"),
        "history": _("Our history"),
        "promises": _("Promises still open"),
        "by_us": _("By us"),
        "by_them": _("By them"),
        "agreements": _("Agreements in force"),
        "purpose": _("Purpose"),
        "who_goes": _("Who goes"),
        "our_notes": _("Our notes"),
        "notes": _("Notes"),
        "reads": _("read"),
    }


def ordered(section: Section) -> list[Meeting]:
    """A stop's meetings by local day and hour, those without a date last."""
    return [
        one for each in by_day(entry.meeting for entry in section.entries) for one in each.meetings
    ]


def numbered(sections: list[Section]) -> dict[int, int]:
    """The number of each meeting in the book."""
    meetings = [one for section in sections for one in ordered(section)]
    return {one.pk: number for number, one in enumerate(meetings, start=1)}


def stop_heading(stop: Stop | None) -> str:
    """“Tokyo · 8–9 March 2027”."""
    if stop is None:
        return _("Without a stop")
    dates = period(stop.starts_on, stop.ends_on)
    return " · ".join(filter(None, [stop.city.local_name, dates]))


def cover(records: Records, edition: str) -> Words:
    mission = records.mission
    now = timezone.now()
    return {
        "eyebrow": _("Briefing book"),
        "title": mission.title,
        "initiative": str(mission.initiative) if mission.initiative else "",
        "dates": period(mission.starts_on, mission.ends_on) or _("Dates to be settled"),
        "stops": [
            {
                "name": stop.city.local_name,
                **native(stop.city),
                "dates": period(stop.starts_on, stop.ends_on),
            }
            for stop in records.stops
        ],
        "organisers_label": _("Organised by"),
        "organisers": [
            {"name": one.organisation.name, "role": str(one.get_role_display())}
            for one in records.organisers
        ],
        "edition": edition,
        "made": _("Made by %(who)s on %(day)s at %(time)s")
        % {"who": records.reader, "day": day(now), "time": clock(now)},
    }


def programme_pages(records: Records, sections: list[Section], numbers: dict[int, int]) -> Words:
    return {
        "heading": _("Programme"),
        "note": _("Hours are those of the place; the second hour is the one at home."),
        "empty": _("No meeting is planned yet."),
        "stops": [
            {
                "heading": stop_heading(section.stop),
                "days": [
                    {
                        "heading": long_day(one.on) if one.on else _("Day to be settled"),
                        "entries": [
                            entry(meeting, numbers[meeting.pk]) for meeting in one.meetings
                        ],
                    }
                    for one in by_day(each.meeting for each in section.entries)
                ],
                "empty": _("No meeting is planned here yet."),
            }
            for section in sections
        ],
    }


def entry(meeting: Meeting, number: int) -> Words:
    heading = meeting.heading
    names = [one.name for one in meeting.organisations.all()]
    return {
        "number": number,
        "key": meeting.pk,
        "title": heading,
        "with": ", ".join(names) if ", ".join(names) != heading else "",
        "where": where(meeting),
        **clocks(meeting),
        "no_time": _("Hour to be settled") if not meeting.starts_at else "",
        "state": str(meeting.get_status_display()) if meeting.status == "held" else "",
    }


def where(meeting: Meeting) -> str:
    """“Site visit · Sakae 3-18-1”; how long it lasts, where no hours say so."""
    lasts = "" if meeting.starts_at else duration(meeting.duration)
    how = "" if meeting.format == Meeting.Format.IN_PERSON else str(meeting.get_format_display())
    return " · ".join(filter(None, [how, meeting.place, lasts]))


def meeting_pages(
    records: Records,
    sections: list[Section],
    numbers: dict[int, int],
    advance: Callable[[], object],
) -> list[Words]:
    """The pages of the meetings, stop by stop."""
    stops = []
    for section in sections:
        pages = []
        for meeting in ordered(section):
            pages.append(meeting_page(records, meeting, numbers[meeting.pk]))
            advance()
        if pages:
            stops.append({"heading": stop_heading(section.stop), "meetings": pages})
    return stops


def meeting_page(records: Records, meeting: Meeting, number: int) -> Words:
    goes = records.delegation.expected(meeting)
    met = list(meeting.organisations.all())
    going = {one.person_id for one in goes if one.person_id}
    present = [] if meeting.is_concealed else list(meeting.attendances.all())
    others = [one for one in present if one.person_id not in going]
    theirs = [one for one in others if not one.organisation or one.organisation.side == "partner"]
    ours = [one for one in others if one not in theirs]
    words = clocks(meeting)
    when = long_day(meeting.local_date) if meeting.local_date else _("Day to be settled")
    return {
        "number": number,
        "key": meeting.pk,
        "title": meeting.heading,
        "when": when,
        "clocks": clock_line(words) or (_("Hour to be settled") if meeting.local_date else ""),
        "where": where(meeting),
        "confidential": _("Confidential") if meeting.is_confidential else "",
        "organisations": [organisation_words(one) for one in met],
        "nobody_met": _("It is not written yet whom we meet."),
        "people": [person_words(one.person, one.organisation) for one in theirs],
        "nobody_named": _("Confidential") if meeting.is_concealed else _("Nobody is named yet."),
        "known": [] if theirs or records.for_delegates else known(records, met),
        "known_label": _("Whom we know there"),
        "pasts": [past(records, one, meeting) for one in met if one.side == "partner"],
        "purpose": meeting.purpose.strip(),
        "goes": going_words(records, goes, ours),
        "our_notes": "" if records.for_delegates else meeting.notes.strip(),
    }


def organisation_words(organisation: Organisation) -> Words:
    groups: list[Any] = organisation.groups  # type: ignore[attr-defined]
    above = [organisation.parent] if organisation.parent else []
    part_of = [str(one) for one in [*above, *(each.group for each in groups)]]
    facts = [
        str(organisation.get_kind_display()),
        *(sector.local_name for sector in organisation.sectors.all()),
        organisation.place,
    ]
    return {
        "name": organisation.name,
        "short_name": organisation.short_name,
        **native(organisation),
        "facts": " · ".join(facts),
        "website": organisation.domain,
        "url": organisation.website,
        "part_of": _("Part of %(names)s") % {"names": ", ".join(part_of)} if part_of else "",
    }


def known(records: Records, organisations: list[Organisation]) -> list[Words]:
    """People of theirs whom we know, where nobody is named for the meeting."""
    found = []
    for organisation in organisations:
        for row in records.past.get(organisation.pk, Past()).known:
            found.append({"name": row.person.name, **native(row.person), "post": row.job_title})
    return found


def past(records: Records, organisation: Organisation, meeting: Meeting) -> Words:
    """What came before with one of those met."""
    shared = records.past.get(organisation.pk, Past())
    promises = [promise_words(one, for_delegates=records.for_delegates) for one in shared.promises]
    return {
        "name": organisation.name,
        "meetings": [
            held_words(one, records.for_delegates) for one in records.history(organisation, meeting)
        ],
        "never": _("We have not met them before."),
        "by_us": [one for one in promises if one["by"] == "us"],
        "by_them": [one for one in promises if one["by"] == "them"],
        "more_promises": more(shared.promise_count - len(promises)),
        "agreements": [agreement_words(one) for one in shared.agreements],
    }


def held_words(meeting: Meeting, for_delegates: bool) -> Words:
    city = meeting.where
    temperature = (
        "" if for_delegates or not meeting.temperature else meeting.get_temperature_display()
    )
    return {
        "when": day(meeting.local_date) or _("Date unknown"),
        "title": meeting.heading,
        "city": city.local_name if city else "",
        "outcome": clipped(meeting.outcome, OUTCOME_SHOWN),
        "notes": "" if for_delegates else clipped(meeting.notes, NOTES_SHOWN),
        "temperature": str(temperature),
    }


def agreement_words(agreement: Agreement) -> Words:
    def dated(sentence: str, on: date | None) -> str:
        return sentence % {"date": day(on)} if on else ""

    facts = [
        str(agreement.get_kind_display()),
        dated(_("signed on %(date)s"), agreement.signed_on),
        dated(_("in force until %(date)s"), agreement.in_force_until),
    ]
    return {"title": agreement.title, "facts": " · ".join(filter(None, facts))}


def going_words(records: Records, goes: list[Delegate], ours: list[Any]) -> Words:
    """Who of the delegation goes: everybody in a word, else by name."""
    everybody = len(goes) == len(records.delegates) and len(goes) > 1
    names = []
    for one in goes:
        who = (
            one.person.name
            if one.person
            else _("representatives of %(organisation)s") % {"organisation": one.organisation.name}
        )
        role = "" if one.role == Delegate.Role.MEMBER else f" ({one.get_role_display()})"
        names.append(f"{who}{role}")
    names += [one.person.name for one in ours]
    return {
        "everybody": _("The whole delegation") if everybody else "",
        "names": names,
        "nobody": _("Nobody of the delegation."),
    }
