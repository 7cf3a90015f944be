"""What there is to look at in a programme, in the reader's words: see missions.clashes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.templatetags.ponti import period, reader_locale, weekday_day
from missions.clashes import Finding, Kind
from missions.models import Delegate, Meeting, Stop

NAMED = 3


@dataclass(frozen=True)
class Caution:
    """One thing to look at: a sentence that stands alone, and the address it leads to."""

    kind: Kind
    words: str
    anchor: str


class Cautions:
    """The findings of one mission in words, and beside the meetings and stops they concern."""

    def __init__(self, findings: Iterable[Finding], delegates: Iterable[Delegate]) -> None:
        self.findings = list(findings)
        self.going = {one.pk: one for one in delegates if one.status != Delegate.Status.DECLINED}

    @property
    def all(self) -> list[Caution]:
        """For the summary on top, in the order found."""
        return [Caution(one.kind, self.told(one), anchor(one)) for one in self.findings]

    @property
    def by_meeting(self) -> Mapping[int, list[str]]:
        """What is said beside each meeting, by its id."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        for one in self.findings:
            for meeting in one.meetings:
                found[meeting.pk].append(self.beside(one, meeting))
        return dict(found)

    @property
    def by_stop(self) -> Mapping[int, list[Caution]]:
        """What is said beside each stop, by its id."""
        found: defaultdict[int, list[Caution]] = defaultdict(list)
        for one in self.findings:
            if not one.meetings:
                for stop in one.stops:
                    found[stop.pk].append(Caution(one.kind, self.told(one), anchor(one)))
        return dict(found)

    def told(self, one: Finding) -> str:
        """The sentence that stands alone."""
        if one.kind in {Kind.CLASH, Kind.RUSH}:
            first, second = (f"“{meeting.heading}”" for meeting in one.meetings)
            words = {"first": first, "second": second, "who": self.who(one)}
            if one.kind == Kind.CLASH:
                told = _("%(first)s and %(second)s are at the same time, for %(who)s.") % words
            elif one.minutes == 0:
                told = _("No time to go from %(first)s to %(second)s, for %(who)s.") % words
            else:
                told = ngettext(
                    "Only %(count)d minute to go from %(first)s to %(second)s, for %(who)s.",
                    "Only %(count)d minutes to go from %(first)s to %(second)s, for %(who)s.",
                    one.minutes,
                ) % {**words, "count": one.minutes}
            return f"{told} {assumption(one)}".strip()
        if one.meetings:
            return f"“{one.meetings[0].heading}”: {self.beside(one, one.meetings[0])}"
        if one.kind == Kind.GAP:
            words = {"city": one.stops[0].city.local_name, "days": period(one.first, one.last)}
            return _("No meetings in %(city)s yet: %(days)s.") % words
        first, second = map(stay, one.stops)
        if one.kind == Kind.OVERLAP:
            return _("The stops overlap: %(first)s and %(second)s.") % {
                "first": first,
                "second": second,
            }
        return _("%(second)s comes after %(first)s: move one of them, or change its days.") % {
            "first": first,
            "second": second,
        }

    def beside(self, one: Finding, meeting: Meeting) -> str:
        """The sentence as it is read beside one of the meetings it concerns."""
        if one.kind in {Kind.CLASH, Kind.RUSH}:
            other = one.meetings[one.meetings[0].pk == meeting.pk]
            words = {"other": f"“{other.heading}”", "who": self.who(one), "count": one.minutes}
            if one.kind == Kind.CLASH:
                told = _("At the same time as %(other)s, for %(who)s.") % words
            elif meeting.pk == one.meetings[0].pk:
                told = (
                    ngettext(
                        "Only %(count)d minute before %(other)s, which is elsewhere.",
                        "Only %(count)d minutes before %(other)s, which is elsewhere.",
                        one.minutes,
                    )
                    % words
                )
            else:
                told = (
                    ngettext(
                        "Only %(count)d minute after %(other)s, which is elsewhere.",
                        "Only %(count)d minutes after %(other)s, which is elsewhere.",
                        one.minutes,
                    )
                    % words
                )
            return f"{told} {assumption(one)}".strip()
        words = {"day": weekday_day(meeting.local_date)}
        if one.kind == Kind.OUTSIDE_STOP:
            return _("On %(day)s the mission is not at this stop: %(stop)s.") % {
                **words,
                "stop": stay(one.stops[0]),
            }
        mission = meeting.mission
        return _("%(day)s is outside the days of the mission: %(days)s.") % {
            **words,
            "days": period(mission.starts_on, mission.ends_on) if mission else "",
        }

    def who(self, one: Finding) -> str:
        """“Giulia Parodi and the representatives of Filse”, “the whole delegation”."""
        if set(one.delegates) == self.going.keys():
            return _("the whole delegation")
        names = [self.name(self.going[pk]) for pk in one.delegates]
        if len(names) > NAMED:
            rest = len(names) - NAMED + 1
            others = ngettext("%(count)d other", "%(count)d others", rest) % {"count": rest}
            names = [*names[: NAMED - 1], others]
        return str(format_list(names, locale=reader_locale()))

    def name(self, delegate: Delegate) -> str:
        """The person, or whose representatives they are."""
        if delegate.person:
            return str(delegate.person)
        return _("the representatives of %(organisation)s") % {
            "organisation": delegate.organisation.short_name or delegate.organisation.name
        }


def assumption(one: Finding) -> str:
    """What is taken for granted where the duration of the earlier meeting is not known."""
    first, second = one.meetings
    if first.duration is not None or first.starts_at == second.starts_at:
        return ""
    return _("The duration of “%(meeting)s” is not known: an hour is assumed.") % {
        "meeting": first.heading
    }


def stay(stop: Stop) -> str:
    """“Tokyo (8–9 March 2027)”."""
    days = period(stop.starts_on, stop.ends_on)
    return f"{stop.city.local_name} ({days})" if days else stop.city.local_name


def anchor(one: Finding) -> str:
    """Where on the page it is shown: the address of a stop works from any page of the mission."""
    if one.meetings:
        return f"#meeting-{one.meetings[-1].pk}"
    return one.stops[-1].get_absolute_url()
