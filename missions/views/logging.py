"""Log a meeting: the page that the product is for."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from crm.combos import became
from crm.drafts import saved_tag
from crm.following import is_ours
from crm.models import Submission, User
from crm.text import record_id
from crm.views import RecordForm, RecordUpdate
from missions.attending import named
from missions.choices import ORGANISATION, PERSON
from missions.delegation import expected
from missions.forms.lines import FollowUps
from missions.forms.meetings import MeetingForm
from missions.forms.newcomers import NewOrganisations, NewPeople
from missions.logging import Logging
from missions.models import Meeting, Mission, Stop
from missions.models.follow_ups import OPEN
from partners.models import Organisation, Person

PARTS = ("new_organisations", "new_people", "follow_ups")


def saved_at(token: str, user: User) -> str:
    """Where a form with this token led when it was saved, or nothing."""
    try:
        done = Submission.objects.filter(token=UUID(token), user=user).first()
    except ValueError:
        return ""
    return done.url if done else ""


def mended(request: HttpRequest) -> None:
    """Put what was pressed of an error's mends into its field, to be shown unsaved."""
    if "mend" in request.POST:
        name, _equals, value = request.POST["mend"].partition("=")
        data = request.POST.copy()
        data[name], data["find"] = value, ""
        request.POST = data  # type: ignore[assignment]


class MeetingPage(RecordForm):
    """What logging and editing share: one form, those first met, follow-up lines."""

    model = Meeting
    form_class = MeetingForm
    template_name = "missions/meeting_log.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "whole_delegation" in request.POST:
            request.POST = self.with_delegation(request.POST)  # type: ignore[assignment]
        return super().post(request, *args, **kwargs)

    def with_delegation(self, sent: QueryDict) -> QueryDict:
        """The form as sent with everybody named who is expected, to be shown again unsaved."""
        data = sent.copy()
        data["find"] = ""
        for person, organisation in self.delegation(data).items():
            if f"{PERSON}-{person}" not in data.getlist("who"):
                data.appendlist("who", f"{PERSON}-{person}")
                data[f"spoke_for_{person}"] = str(organisation)
        return data

    def delegation(self, given: Mapping[str, Any]) -> dict[int, int]:
        """The people of the delegation expected, by id, and whom each speaks for.

        `given` names the mission and the stop of the meeting.
        """
        mission, stop = (record_id(given.get(name) or "") for name in ("mission", "stop"))
        if mission is None:
            return {}
        meeting = Meeting(pk=self.kwargs.get("pk"), mission_id=mission, stop_id=stop)
        places = named(expected(meeting))
        return {one.person_id: one.organisation_id for one in places if one.person_id}

    @property
    def user(self) -> User:
        return self.request.user  # type: ignore[return-value]

    @property
    def data(self) -> QueryDict | None:
        return self.request.POST if self.request.method == "POST" else None

    def newcomers(self, name: str, formset: Any, **options: Any) -> Any:
        """The lines of those first met; a form sent without them has none."""
        data = self.data
        if data is not None and f"{name}-TOTAL_FORMS" not in data:
            data = data.copy()
            data.update({f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"})
        return formset(data, prefix=name, form_kwargs=options)

    @cached_property
    def new_organisations(self) -> Any:
        return self.newcomers("new_organisations", NewOrganisations)

    def get_form_kwargs(self) -> dict[str, Any]:
        met = self.new_organisations.used
        people = self.newcomers("new_people", NewPeople).used
        return {
            **super().get_form_kwargs(),
            "user": self.user,
            "new_ones": [(f"new-{line.index}", line.named) for line in met],
            "has_newcomers": bool(met or people),
        }

    def get_form(self, form_class: Any = None) -> Any:
        self.form: Any = super().get_form(form_class)
        return self.form

    def get_parts(self) -> dict[str, Any]:
        options = self.form.participants.counterparts
        colleagues = [
            (str(pk), name or email)
            for pk, name, email in User.objects.filter(is_active=True).values_list(
                "pk", "name", "email"
            )
        ]
        data = self.data
        if data is not None and "follow_ups-TOTAL_FORMS" not in data:
            data = data.copy()
            data.update({"follow_ups-TOTAL_FORMS": "0", "follow_ups-INITIAL_FORMS": "0"})
        lines: Any = FollowUps
        follow_ups = lines(
            data,
            prefix="follow_ups",
            owner=self.form.instance,
            saved=self.saved_promises(),
            form_kwargs={"options": options, "colleagues": colleagues, "user": self.user},
        )
        if not self.object:
            follow_ups.extra = 1
        new_people = self.newcomers("new_people", NewPeople, options=options)
        return {
            "new_organisations": self.new_organisations,
            "new_people": new_people,
            "follow_ups": follow_ups,
        }

    def saved_promises(self) -> Any:
        """The meeting's own that are open; sent, also those done since the form was opened."""
        if not self.object:
            return ()
        promises = self.object.follow_ups.select_related("organisation", "assignee")
        if self.data is None:
            return promises.open()
        sent = [
            int(str(value))
            for name, value in self.data.dict().items()
            if re.fullmatch(r"follow_ups-\d+-id", name) and re.fullmatch(r"[0-9]{1,18}", str(value))
        ]
        found = promises.filter(OPEN | Q(pk__in=sent)).order_by("due_order", "pk")
        return found.select_for_update(of=("self",))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            today=timezone.localdate(),
            **kwargs["parts"],
            next=self.next,
            absent_count=self.absent_count(kwargs["form"]),
            may_add_people=self.user.has_perm("partners.add_person"),
            may_add_organisations=self.user.has_perm("partners.add_organisation"),
            log_url="",
            draft_key=f"meeting-{self.object.pk}" if self.object else "meeting-new",
            **kwargs,
        )

    def absent_count(self, form: MeetingForm) -> int:
        """How many of the delegation expected are not in “who” as the form has it."""
        given = {name: form[name].value() for name in ("mission", "stop")}
        given = {name: getattr(value, "pk", value) for name, value in given.items()}
        present = {one.pk for one in form.participants.people}
        return len(self.delegation(given).keys() - present)

    @property
    def next(self) -> str:
        """The page one came from, where it is one of ours."""
        url = self.request.POST.get("next") or self.request.GET.get("next") or self.origin
        return url if is_ours(self.request, url) and len(url) <= 300 else ""

    @property
    def origin(self) -> str:
        """The page that the form is filled in from."""
        return ""

    def saved(self, form: Any, parts: dict[str, Any]) -> HttpResponse:
        answer = super().saved(form, parts)
        if form.instance.pk:
            list(messages.get_messages(self.request))
            messages.success(
                self.request,
                _("Saved: %(title)s.") % {"title": form.instance},
                extra_tags=saved_tag(self.request),
            )
        return answer

    def save(self, form: Any, parts: dict[str, Any]) -> None:
        self.object = Logging(form, parts, self.user).save()

    def get_success_url(self) -> str:
        if "another" in self.request.POST:
            kept = {
                name: getattr(self.object, f"{name}_id")
                for name in ("mission", "stop")
                if getattr(self.object, f"{name}_id")
            }
            return f"{reverse('missions:meeting-log')}?{urlencode(kept)}".rstrip("?")
        return self.next or str(self.object.get_absolute_url())


class MeetingLog(MeetingPage):
    """A new meeting, filled in from where one is: ?organisation= &person= &mission= &stop=.

    A meeting to come is ?status=planned, and ?date= &time= are those of the place.
    """

    permission_required = "missions.add_meeting"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        planned = self.given(Meeting)
        if planned and planned.status == Meeting.Status.PLANNED:
            url = reverse("missions:meeting-update", args=[planned.pk])
            return HttpResponseRedirect(f"{url}?status=held")
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Sent again, those first met are known by now: not a reason to ask about them.
        if (
            url := saved_at(request.POST.get("token", ""), self.user)
        ) and "find" not in request.POST:
            messages.info(
                request,
                _("This form had been saved already. Here is what it made."),
                extra_tags=saved_tag(request),
            )
            return HttpResponseRedirect(url)
        return super().post(request, *args, **kwargs)

    def given(self, model: Any) -> Any:
        """The record that the address names, where there is one and it is in use."""
        pk = record_id(self.request.GET.get(model._meta.model_name, ""))
        found = became(model.objects.filter(pk=pk).first()) if pk else None
        return None if getattr(found, "is_archived", False) else found

    @cached_property
    def origin(self) -> str:
        for model in (Organisation, Person, Stop, Mission):
            if record := self.given(model):
                return str(record.get_absolute_url())
        return ""

    def get_initial(self) -> dict[str, Any]:
        if self.request.method != "GET":
            return {}
        like = self.given(Meeting)
        mission, stop = self.given(Mission), self.given(Stop)
        if like:
            mission, stop = like.mission, like.stop
        if stop:
            mission = stop.mission
        elif mission and mission.stops.count() == 1:
            stop = mission.stops.get()
        organisations = [self.given(Organisation), *(like.organisations.active() if like else ())]
        who = [f"{ORGANISATION}-{one.pk}" for one in organisations if one]
        if person := self.given(Person):
            who.append(f"{PERSON}-{person.pk}")
        when = self.to_come() if self.is_to_come else self.now(mission, stop)
        return {"who": who, "mission": mission, "stop": stop, **when}

    @property
    def is_to_come(self) -> bool:
        return self.request.GET.get("status") == Meeting.Status.PLANNED

    def to_come(self) -> dict[str, Any]:
        """Planned, at the date and time that the address gives, where they can be read."""
        found: dict[str, Any] = {"status": Meeting.Status.PLANNED}
        try:
            found["local_date"] = date.fromisoformat(self.request.GET.get("date", ""))
            found["local_time"] = time.fromisoformat(self.request.GET.get("time", ""))
        except ValueError:
            pass
        return found

    def now(self, mission: Mission | None, stop: Stop | None) -> dict[str, Any]:
        """Today and this quarter of an hour there; nothing for a mission that is over."""
        zone = ZoneInfo(stop.city.time_zone if stop else self.user.time_zone)
        there = timezone.now().astimezone(zone)
        if mission and (
            mission.status == Mission.Status.COMPLETED
            or (mission.ends_on and mission.ends_on < there.date())
        ):
            return {"is_date_unknown": True}
        rounded = there - timedelta(minutes=there.minute % 15)
        return {
            "local_date": there.date(),
            "local_time": rounded.time().replace(second=0, microsecond=0),
        }


class MeetingUpdate(MeetingPage, RecordUpdate):
    """A meeting saved before; ?status=held says how a planned one went."""

    permission_required = "missions.change_meeting"
    queryset = Meeting.objects.select_related("author", "city", "stop__city", "mission")

    def conceal(self, meeting: Meeting) -> Meeting:
        """Who may not read it may not change it."""
        if not meeting.may_be_read_by(self.user):
            raise PermissionDenied
        return meeting

    def get_opened(self) -> Any:
        return self.conceal(super().get_opened())

    def get_locked(self) -> Any:
        return self.conceal(super().get_locked())

    def get_initial(self) -> dict[str, Any]:
        if self.request.method != "GET" or self.request.GET.get("status") != "held":
            return {}
        meeting: Meeting = self.object
        held = {"status": Meeting.Status.HELD}
        return held | self.coming(meeting) if meeting.status == Meeting.Status.PLANNED else held

    def coming(self, meeting: Meeting) -> dict[str, Any]:
        """“Who” with the delegates expected after those who are down already."""
        down = list(meeting.attendances.values_list("person_id", flat=True))
        met = meeting.organisations.values_list("pk", flat=True)
        delegates = self.delegation({"mission": meeting.mission_id, "stop": meeting.stop_id})
        others = {person: voice for person, voice in delegates.items() if person not in down}
        who = [f"{ORGANISATION}-{pk}" for pk in met]
        who += [f"{PERSON}-{pk}" for pk in [*down, *others]]
        return {"who": who, **{f"spoke_for_{pk}": str(voice) for pk, voice in others.items()}}
