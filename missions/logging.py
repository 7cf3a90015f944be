"""Logging a meeting: the meeting, who took part, those first met and what was promised, at once."""

from collections.abc import Sequence
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import User
from missions.contact import settle_meeting
from missions.forms.newcomers import NOBODY
from missions.models import Attendance, FollowUp, Meeting
from partners.models import Organisation, Person


def title_for(names: Sequence[str]) -> str:
    """“Meeting with Japan Finance Corporation”, in the language of the moment."""
    if not names:
        return _("Meeting")
    if len(names) == 1:
        return _("Meeting with %(name)s") % {"name": Truncator(names[0]).chars(170)}
    first = Truncator(names[0]).chars(80)
    if len(names) == 2:
        second = Truncator(names[1]).chars(80)
        return _("Meeting with %(first)s and %(second)s") % {"first": first, "second": second}
    return ngettext(
        "Meeting with %(first)s and %(count)d other",
        "Meeting with %(first)s and %(count)d others",
        len(names) - 1,
    ) % {"first": first, "count": len(names) - 1}


class Logging:
    """Writes everything that one form says of a meeting. Called inside a transaction."""

    def __init__(self, form: Any, parts: dict[str, Any], user: User) -> None:
        self.form, self.user = form, user
        self.new_people = parts["new_people"].used
        self.new_organisations = parts["new_organisations"].used
        self.follow_ups = parts["follow_ups"].kept
        self.known: dict[str, Organisation] = {}

    def save(self) -> Meeting:
        """The meeting, saved with all that belongs to it."""
        before = (
            list(self.form.instance.organisations.values_list("pk", flat=True))
            if (self.form.instance.pk)
            else []
        )
        self._save_organisations()
        meeting = self._save_meeting()
        self._save_attendances(meeting)
        self._save_people(meeting)
        settle_meeting(meeting, before=before)
        self._save_follow_ups(meeting)
        settled = FollowUp.objects.open().filter(pk__in=self.form.cleaned_data["settled"])
        for promise in settled.select_for_update(of=("self",)):
            promise.mark_done(self.user)
        return meeting

    def _save_organisations(self) -> None:
        present = self.form.participants
        self.first_met = []
        for line in self.new_organisations:
            organisation = line.save()
            self.first_met.append(organisation)
            self.known[f"new-{line.index}"] = organisation
        for one in [*present.organisations, *present.others.values(), *present.met]:
            self.known[str(one.pk)] = one
        for person in present.people:
            for one in present.employers(person):
                self.known[str(one.pk)] = one

    @property
    def chosen(self) -> list[Organisation]:
        """The organisations met, those first met last."""
        return [*self.form.participants.organisations, *self.first_met]

    def _save_meeting(self) -> Meeting:
        meeting: Meeting = self.form.instance
        if not meeting.title:
            names = [one.name for one in [*self.form.participants.met, *self.first_met]]
            names = names or [one.name for one in [*self.chosen, *self.form.participants.people]]
            names = names or [line.full_name for line in self.new_people]
            meeting.title = title_for(names)
        if "stop" in self.form.changed_data:
            meeting.position = 0
        self.form.save()
        meeting.organisations.set(self.chosen)
        return meeting

    def _save_attendances(self, meeting: Meeting) -> None:
        present = self.form.participants
        saved = {one.person_id: one for one in meeting.attendances.all()}
        for person in present.people:
            voice = self.known.get(present.voice(person))
            attendance = saved.pop(person.pk, None)
            if attendance is None:
                Attendance.objects.create(meeting=meeting, person=person, organisation=voice)
            elif voice and attendance.organisation_id != voice.pk:
                attendance.organisation = voice
                attendance.save()
        for gone in saved.values():
            gone.delete()

    def _save_people(self, meeting: Meeting) -> None:
        for line in self.new_people:
            chosen = line.cleaned_data["organisation"]
            work = None if chosen == NOBODY else self.known.get(chosen) or self._default()
            person: Person = line.save(work)
            Attendance.objects.create(meeting=meeting, person=person, organisation=work)

    def _default(self) -> Organisation | None:
        """The first partner met, else the first organisation."""
        partners = [*self.form.participants.met, *self.first_met, *self.chosen]
        return partners[0] if partners else None

    def _save_follow_ups(self, meeting: Meeting) -> None:
        for line in self.follow_ups:
            follow_up: FollowUp = line.instance
            if follow_up.pk and not set(line.changed_data) - {"id"}:
                continue
            cleaned = line.cleaned_data
            counterpart = self.known.get(cleaned["counterpart"])
            if counterpart := counterpart or (None if follow_up.pk else self._default()):
                follow_up.organisation = counterpart
            follow_up.meeting = meeting
            follow_up.assignee_id = int(cleaned["colleague"]) if cleaned["colleague"] else None
            line.save()
