"""The report of a mission as a file: its words in the language asked for, set by typst.

It names people, so its names are for those who may export people, and each such file is recorded
as an export; for everybody else it counts them. It holds no way to reach anybody.
"""

from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from crm.charts import Bar
from crm.models import Export, User
from crm.templatetags.ponti import day, period, weekday_day
from crm.typesetting import typeset
from missions.briefing.wording import Words, native
from missions.models import Agreement, Delegate, Meeting, Mission
from missions.programme import Entry
from missions.reporting import Met, PersonMet, Promise, Report, people_said, report
from partners.models import Organisation

TEMPLATE = Path("missions/mission_report.typ")
PERMISSION = "partners.export_person"


@dataclass(frozen=True)
class Made:
    """A report: the name that it is saved under, and its bytes."""

    name: str
    content: bytes


def make(mission: Mission, reader: User, language: str, address: str) -> Made:
    """The file, recorded where it names anybody."""
    is_naming = reader.has_perm(PERMISSION)
    with translation.override(language), timezone.override(reader.time_zone):
        # A file travels: what is confidential stays on the page, whoever makes the file.
        found = report(mission, AnonymousUser())
        content = typeset(TEMPLATE, words(found, reader, is_naming))
        name = get_valid_filename(f"{_('Report')} {mission.title}"[:80].strip(" ."))
    named = {met.person.pk for met in found.people}
    named |= {one.person_id for one in delegation(found) if one.person_id}
    if is_naming and named:
        Export.objects.create(
            user=reader,
            subject="missions.mission",
            file_format="pdf",
            filter_words=f"{mission.title}; {language}",
            address=address,
            columns=["name", "native_name", "organisation", "job_title"],
            row_count=len(named),
        )
    return Made(f"{name}.pdf", content)


def delegation(found: Report) -> list[Delegate]:
    return [one for one in found.delegates if one.status != Delegate.Status.DECLINED]


def words(found: Report, reader: User, is_naming: bool) -> Words:
    """What the template asks for; nothing in it is markup."""
    mission = found.mission
    return {
        "title": mission.title,
        "running_title": mission.title[:72],
        "language": translation.get_language() or "en",
        "author": str(reader),
        "subject": mission.aims[:300],
        "page_of": _("Page {page} of {pages}"),
        "mark": _("Report"),
        "eyebrow": _("Report on a mission"),
        "dates": period(mission.starts_on, mission.ends_on)
        if mission.starts_on or mission.ends_on
        else _("Dates not known"),
        "initiative": mission.initiative.name if mission.initiative else "",
        "made": _("Made on %(day)s") % {"day": day(timezone.now())},
        "stops": " – ".join(stop.city.local_name for stop in found.stops),
        "summary": " ".join(found.summary) or _("Nothing is written down of this mission yet."),
        "aims": mission.aims.strip(),
        "outcomes": [entry_words(one) | {"text": one.meeting.outcome} for one in found.outcomes],
        "kinds": [bar_words(one) for one in found.kinds],
        "sectors": [bar_words(one) for one in found.sectors],
        "partners": [partner_words(one) for one in found.partners],
        "people": [person_words(one) for one in found.people] if is_naming else [],
        "people_count": people_said(len(found.people)) if found.people and not is_naming else "",
        "promises": [
            side_words(label, rows)
            for label, rows in ((_("By us"), found.ours), (_("By them"), found.theirs))
            if rows
        ],
        "agreements": [agreement_words(one) for one in found.agreements],
        "sections": [
            {
                "heading": section.stop.city.local_name if section.stop else _("Elsewhere"),
                "entries": [entry_words(entry) for entry in section.entries],
            }
            for section in found.sections
            if section.entries
        ],
        "delegates": [delegate_words(one, is_naming) for one in delegation(found)],
        "organisers": [
            {"name": one.organisation.name, "second": str(one.get_role_display())}
            for one in found.organisers
        ],
        "labels": labels(),
    }


def labels() -> dict[str, str]:
    return {
        "aims": _("Aims"),
        "outcomes": _("Outcomes"),
        "met": _("Whom we met"),
        "kinds": _("Partners met, by kind"),
        "sectors": _("Partners met, by sector"),
        "partners": _("Partners"),
        "people": _("People"),
        "promises": _("Promises"),
        "agreements": _("Agreements"),
        "programme": _("The programme as it happened"),
        "delegation": _("Delegation"),
        "organisers": _("Organised by"),
    }


def bar_words(bar: Bar) -> Words:
    return {"label": str(bar.label), "value": bar.value, "share": float(bar.width.rstrip("%"))}


def entry_words(entry: Entry) -> Words:
    """A meeting in a line: its number, title, whom it was with, when, and what became of it."""
    meeting = entry.meeting
    on = weekday_day(meeting.local_date) if meeting.local_date else ""
    at = f"{meeting.local_time:%H:%M}" if meeting.local_time else ""
    met = ", ".join(one.name for one in meeting.organisations.all())
    return {
        "number": entry.number,
        "title": meeting.heading,
        "with": met if meeting.title else "",
        "when": ", ".join(filter(None, [on, at])),
        "status": str(meeting.get_status_display()),
        "is_held": meeting.status == Meeting.Status.HELD,
        "confidential": _("Confidential") if meeting.is_confidential else "",
    }


def partner_words(met: Met) -> Words:
    first = translation.pgettext("organisation", "first met") if met.is_first else ""
    return {"name": met.organisation.name, **native(met.organisation), "first": first, "second": ""}


def person_words(met: PersonMet) -> Words:
    first = translation.pgettext("person", "first met") if met.is_first else ""
    employer = met.organisation.name if met.organisation else ""
    second = ", ".join(filter(None, [met.job_title, employer]))
    return {"name": met.person.name, **native(met.person), "first": first, "second": second}


def side_words(label: str, rows: list[Promise]) -> Words:
    """The promises of one side, and how many became what."""
    counts: dict[str, Words] = {}
    for one in rows:
        count = counts.setdefault(
            one.tone, {"tone": one.tone, "label": str(one.state.label).lower(), "count": 0}
        )
        count["count"] += 1
    order = ("done", "late", "open", "dropped")
    return {
        "label": label,
        "counts": [counts[tone] for tone in order if tone in counts],
        "rows": [promise_words(one) for one in rows],
    }


def promise_words(promise: Promise) -> Words:
    follow_up = promise.follow_up
    due = _("due %(day)s") % {"day": day(follow_up.due_on)} if follow_up.due_on else ""
    return {
        "what": follow_up.what,
        "second": ", ".join(filter(None, [follow_up.organisation.name, due])),
        "state": str(promise.state.label),
        "tone": promise.tone,
    }


def agreement_words(agreement: Agreement) -> Words:
    parties = ", ".join(one.organisation.name for one in agreement.parties.all())
    signed = agreement.signed_on and _("signed on %(day)s") % {"day": day(agreement.signed_on)}
    kind, state = str(agreement.get_kind_display()), str(agreement.state.label)
    return {
        "title": agreement.title,
        "second": ", ".join(filter(None, [kind, signed or state.lower()])),
        "parties": parties,
    }


def delegate_words(delegate: Delegate, is_naming: bool) -> Words:
    """A place: who fills it, or the organisation that it is held for."""
    organisation: Organisation = delegate.organisation
    role = "" if delegate.role == Delegate.Role.MEMBER else str(delegate.get_role_display())
    if delegate.person is None or not is_naming:
        second = role if delegate.person else _("Representatives")
        return {"name": organisation.name, "second": second}
    second = ", ".join(filter(None, [role, organisation.name]))
    return {"name": delegate.person.name, "second": second}
