"""Debriefing a mission: its meetings as rows of one form, saved together or not at all."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.forms import Problem
from crm.models import User
from missions.contact import settle_meetings
from missions.delegation import Delegation
from missions.forms.debrief import DebriefRow, Promises
from missions.models import Attendance, FollowUp, Meeting, Mission
from missions.participants import partners
from missions.programme import is_ahead
from partners.models import Affiliation, Organisation

# People of one partner that a row offers.
OFFERED = 8
TODO, AHEAD = "todo", "ahead"
GROUPS = {
    TODO: gettext_lazy("To debrief"),
    AHEAD: gettext_lazy("Still to come"),
    Meeting.Status.HELD.value: gettext_lazy("Held"),
    Meeting.Status.CANCELLED.value: gettext_lazy("Not held"),
}


LINE = re.compile(r"(?P<line>m(?P<meeting>[0-9]{1,18})-promises-[0-9]{1,3})-what")


def without_noted(sent: QueryDict, mission: Mission) -> QueryDict:
    """A form that was sent again, without the promises that the first sending wrote down."""
    noted = set(FollowUp.objects.filter(meeting__mission=mission).values_list("meeting", "what"))
    data = sent.copy()
    for name, what in sent.items():
        found = LINE.fullmatch(name)
        if found and (int(found["meeting"]), str(what).strip()) in noted:
            data[name] = data[f"{found['line']}-due_on"] = ""
    return data


@dataclass
class Row:
    """One meeting: its number in the programme, its form, and the lines of new promises."""

    number: int
    meeting: Meeting
    form: DebriefRow
    lines: Any
    ours: set[str]
    # Whom those offered speak for: our delegates for the place they hold, theirs for the partner.
    voices: dict[str, int]
    # What was promised there before, and is open.
    promised: list[FollowUp] = field(default_factory=list)

    @property
    def group(self) -> str:
        status = str(self.form.initial["status"])
        if status != Meeting.Status.PLANNED:
            return status
        return AHEAD if is_ahead(self.meeting) else TODO

    @property
    def is_touched(self) -> bool:
        """Whether it says something that is not saved."""
        return self.form.is_bound and (self.form.has_changed() or self.lines.changes_something)

    @property
    def is_open(self) -> bool:
        """Whether it shows without being asked for."""
        return self.group == TODO or bool(self.is_touched or self.problems)

    @property
    def is_in_conflict(self) -> bool:
        return self.form.conflict is not None and self.is_touched

    @property
    def problems(self) -> list[Problem]:
        heading = f"{self.number}. {self.meeting.heading}"
        found = [*self.form.problems, *(p for line in self.lines for p in line.problems)]
        return [
            Problem(f"{heading}: {one.label}" if one.label else heading, one.text, one.anchor)
            for one in found
        ]

    @property
    def attendees(self) -> list[tuple[bool, list[Any]]]:
        """The boxes of our delegation, then of the others; each with whether it is ours."""
        boxes = list(self.form["attended"])
        sides = [
            (is_ours, [box for box in boxes if (box.data["value"] in self.ours) == is_ours])
            for is_ours in (True, False)
        ]
        return [side for side in sides if side[1]]

    def is_valid(self) -> bool:
        """Its parts are judged even where the row is not, so that every error shows at once."""
        judged = [self.lines.is_valid(), self.form.is_valid() or not self.is_touched]
        return all(judged)

    def save(self, user: User) -> None:
        """Write what changed: the meeting, who attended, what was promised."""
        meeting = self.form.instance
        is_held = meeting.status == Meeting.Status.HELD
        if is_held and {"attended", "status"} & {*self.form.changed_data}:
            self._save_attendances({int(one) for one in self.form.cleaned_data["attended"]})
        self.form.save()
        for line in self.lines.kept:
            promise, cleaned = line.instance, line.cleaned_data
            options = line.fields["counterpart"].choices
            promise.organisation_id = int(cleaned["counterpart"] or options[0][0])
            promise.meeting = meeting
            promise.assignee_id = int(cleaned["colleague"]) if cleaned["colleague"] else None
            line.save()

    def _save_attendances(self, wanted: set[int]) -> None:
        saved = {one.person_id: one for one in Attendance.objects.filter(meeting=self.meeting)}
        for pk in sorted(wanted - saved.keys()):
            Attendance.objects.create(
                meeting=self.meeting, person_id=pk, organisation_id=self.voices[str(pk)]
            )
        for pk in sorted(saved.keys() - wanted):
            saved[pk].delete()


class Debriefing:
    """The rows of a mission's meetings, as saved or as sent; a constant number of queries."""

    def __init__(
        self, mission: Mission, meetings: Iterable[Meeting], user: User, data: QueryDict | None
    ) -> None:
        self.mission, self.user, self.data = mission, user, data
        self.meetings = list(meetings)
        delegates = mission.delegates.select_related("person", "organisation").order_by("pk")
        self.delegation = Delegation(delegates, self.meetings)
        self.attendances: dict[int, list[Attendance]] = defaultdict(list)
        for one in Attendance.objects.filter(meeting__in=self.meetings).select_related("person"):
            self.attendances[one.meeting_id].append(one)
        self.promised: dict[int, list[FollowUp]] = defaultdict(list)
        for promise in FollowUp.objects.open().filter(meeting__in=self.meetings):
            self.promised[promise.meeting_id].append(promise)

    @cached_property
    def colleagues(self) -> list[tuple[str, str]]:
        found = User.objects.filter(is_active=True).values_list("pk", "name", "email")
        return [(str(pk), name or email) for pk, name, email in found]

    @cached_property
    def theirs(self) -> dict[int, list[tuple[str, str]]]:
        """The first people who work for each partner met, by the partner's id."""
        met = {one.pk for meeting in self.meetings for one in partners(meeting.organisations.all())}
        place = Window(
            RowNumber(), partition_by=F("organisation"), order_by=["person__sort_name", "pk"]
        )
        rows = Affiliation.objects.current().filter(organisation__in=met, person__archived_at=None)
        rows = rows.select_related("person").annotate(place=place).filter(place__lte=OFFERED)
        found: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for row in rows.order_by("organisation", "place"):
            found[row.organisation_id].append((str(row.person_id), row.person.name))
        return found

    @cached_property
    def rows(self) -> list[Row]:
        return [self._row(number, one) for number, one in enumerate(self.meetings, start=1)]

    def _row(self, number: int, meeting: Meeting) -> Row:
        prefix = f"m{meeting.pk}"
        data = self.data if self.data is not None and f"{prefix}-version" in self.data else None
        places = [one for one in self.delegation.delegates if one.person]
        ours = {str(one.person_id): one.person.name for one in places if one.person}
        there = {str(one.person_id): one.person.name for one in self.attendances[meeting.pk]}
        met = list(meeting.organisations.all())
        theirs = {pk: name for one in met for pk, name in self.theirs.get(one.pk, ())}
        voices = {pk: one.pk for one in reversed(met) for pk, _name in self.theirs.get(one.pk, ())}
        voices |= {str(one.person_id): one.organisation_id for one in places}
        going = {str(o.person_id) for o in self.delegation.expected(meeting) if o.person_id}
        ticked = (
            [*there]
            if meeting.status == Meeting.Status.HELD
            else [*{**there, **dict.fromkeys(going)}]
        )
        form = DebriefRow(
            data,
            prefix=prefix,
            instance=meeting,
            attended=sorted(ticked, key=int),
            options=list({**ours, **there, **theirs}.items()),
        )
        lines = self._lines(prefix, meeting, data, met)
        return Row(number, meeting, form, lines, {*ours}, voices, self.promised[meeting.pk])

    def _lines(
        self, prefix: str, meeting: Meeting, data: QueryDict | None, met: list[Organisation]
    ) -> Any:
        name = f"{prefix}-promises"
        if data is not None and f"{name}-TOTAL_FORMS" not in data:
            data = data.copy()
            data.update({f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"})
        formset: Any = Promises
        lines = formset(
            data,
            prefix=name,
            owner=meeting,
            form_kwargs={
                "options": [(str(one.pk), one.name) for one in partners(met) or met],
                "colleagues": self.colleagues,
                "user": self.user,
            },
        )
        lines.extra = 1
        return lines.with_another_line() if data and data.get("more") == name else lines

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The rows to debrief first, each group in the order of the programme."""
        found: list[dict[str, Any]] = []
        for name, label in GROUPS.items():
            if rows := [row for row in self.rows if row.group == name]:
                found.append({"name": name, "label": label, "rows": rows})
        return found

    @cached_property
    def lost(self) -> list[str]:
        """What was typed of meetings that are no longer of this mission."""
        known = {f"m{one.pk}" for one in self.meetings}
        typed = re.compile(r"(m\d{1,18})-(outcome|promises-\d{1,3}-what)")
        return [
            str(value)
            for name, value in (self.data.dict() if self.data else {}).items()
            if (found := typed.fullmatch(name)) and found[1] not in known and str(value).strip()
        ]

    @property
    def problems(self) -> list[Problem]:
        """Every error, for the summary on top; includes/form_errors.html reads it."""
        gone = [
            Problem("", _("A meeting left this mission meanwhile. You had written: “%s”") % text)
            for text in self.lost
        ]
        return [*gone, *(problem for row in self.rows for problem in row.problems)]

    @property
    def in_conflict(self) -> list[Row]:
        return [row for row in self.rows if row.is_in_conflict]

    def hush(self) -> None:
        """Show what was typed without judging it."""
        for row in self.rows:
            row.form.hush()
            row.lines.hush()

    def is_valid(self) -> bool:
        judged = [row.is_valid() for row in self.rows if row.form.is_bound]
        return all(judged) and not self.lost

    @property
    def touched(self) -> Sequence[Row]:
        return [row for row in self.rows if row.is_touched]

    def save(self) -> int:
        """Write the rows that changed; how many. Called inside a transaction."""
        rows = self.touched
        for row in rows:
            row.save(self.user)
        settle_meetings([row.meeting for row in rows])
        return len(rows)
