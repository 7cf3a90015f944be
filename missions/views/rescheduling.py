"""What is moved on a mission's page: its stops, its meetings, and back again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View

from crm.text import record_id
from crm.views import RecordUpdate
from missions import rescheduling
from missions.forms.rescheduling import RescheduleForm
from missions.models import Meeting, Mission, Stop
from missions.rescheduling import Act, Refused
from missions.views.missions import MissionDetail
from missions.workbench import By

MEETINGS = Meeting.objects.exclude(mission=None).select_related(
    "mission", "stop__city", "city", "author"
)


def asked_by(request: HttpRequest) -> dict[str, str]:
    """How the programme was divided on the page that the act was done on."""
    return {"by": str(By.DAY)} if request.GET.get("by") == By.DAY else {}


def tell(request: HttpRequest, mission: Mission, act: Act, words: str) -> None:
    """Say what was done, with the way back."""
    query = urlencode({**asked_by(request), "token": act.token})
    undo = f"{reverse('missions:programme-undo', args=[mission.pk])}?{query}"
    messages.success(request, f"{words} {act.note}".strip(), extra_tags=f"undo:{undo}")


def answer(request: HttpRequest, mission: Mission, anchor: str = "") -> HttpResponse:
    """The workbench as it is now: in place for htmx, else the whole page."""
    if request.htmx:  # type: ignore[attr-defined]
        view = MissionDetail()
        view.setup(request, pk=mission.pk)
        response = render(request, "missions/workbench_answer.html", view.get_context_data())
        response["HX-Retarget"], response["HX-Reswap"] = "#workbench", "outerHTML"
        return response
    query = urlencode(asked_by(request))
    url = mission.get_absolute_url() + (f"?{query}" if query else "")
    return HttpResponseRedirect(f"{url}#{anchor}" if anchor else url)


def conceal(meeting: Meeting, request: HttpRequest) -> Meeting:
    """Who may not read it may not move it."""
    if not meeting.may_be_read_by(request.user):
        raise PermissionDenied
    return meeting


class ProgrammeAct(PermissionRequiredMixin, View):
    """One act on a programme, saved at once."""

    http_method_names = ["post"]

    def seen(self) -> int:
        """The version that the page was opened with."""
        return record_id(self.request.POST.get("version", "")) or 0

    def steps(self) -> int:
        """One place up or down."""
        return {"-1": -1, "1": 1}.get(self.request.POST.get("steps", ""), 0)


class StopMove(ProgrammeAct):
    permission_required = "missions.change_stop"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        stop = get_object_or_404(Stop.objects.select_related("mission", "city"), pk=pk)
        try:
            act = rescheduling.move_stop(stop, self.steps(), self.seen())
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            self.tell(stop, act)
        return answer(request, stop.mission, f"stop-{stop.pk}")

    def tell(self, stop: Stop, act: Act) -> None:
        city = stop.city.local_name
        if not act.changes:
            messages.info(self.request, _("%(city)s stays where it is.") % {"city": city})
            return
        order = [one.city.local_name for one in stop.mission.stops.select_related("city")]
        words = _("%(city)s was moved. The stops are now: %(order)s.")
        tell(self.request, stop.mission, act, words % {"city": city, "order": ", ".join(order)})


class MeetingMove(ProgrammeAct):
    """By `steps` up or down; or to `stop`, after the meeting `after`."""

    permission_required = "missions.change_meeting"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        meeting = conceal(get_object_or_404(MEETINGS, pk=pk), request)
        mission: Any = meeting.mission
        try:
            act = self.move(meeting, mission)
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            self.tell(meeting, mission, act)
        return answer(request, mission, f"meeting-{meeting.pk}")

    def move(self, meeting: Meeting, mission: Mission) -> Act:
        posted = self.request.POST
        if "stop" not in posted:
            return rescheduling.step_meeting(meeting, self.steps(), self.seen())
        stop_id = record_id(posted["stop"])
        stop = mission.stops.select_related("city").filter(pk=stop_id).first() if stop_id else None
        if posted["stop"] and stop is None:
            raise Refused(_("This stop was removed meanwhile."))
        after = record_id(posted.get("after", ""))
        return rescheduling.move_meeting(meeting, stop, after, self.seen())

    def tell(self, meeting: Meeting, mission: Mission, act: Act) -> None:
        words: dict[str, Any] = {"meeting": meeting.heading}
        if not act.changes:
            messages.info(self.request, _("“%(meeting)s” stays where it is.") % words)
            return
        meeting = MEETINGS.get(pk=meeting.pk)
        row = list(
            Meeting.objects.filter(mission=mission, stop=meeting.stop)
            .order_by("position", "pk")
            .values_list("pk", flat=True)
        )
        words |= {
            "number": row.index(meeting.pk) + 1,
            "count": len(row),
            "stop": meeting.stop.city.local_name if meeting.stop else _("Without a stop"),
        }
        told = _("“%(meeting)s” was moved: number %(number)d of %(count)d, %(stop)s.") % words
        tell(self.request, mission, act, told)


class MeetingReschedule(RecordUpdate):
    """A planned meeting's date, time, duration and stop: on a page, or in place by htmx."""

    permission_required = "missions.change_meeting"
    form_class = RescheduleForm
    queryset = MEETINGS
    template_name = "missions/meeting_reschedule.html"

    def get_template_names(self) -> list[str]:
        if self.request.htmx:  # type: ignore[attr-defined]
            return ["missions/reschedule_form.html"]
        return super().get_template_names()

    def get_opened(self) -> Any:
        return conceal(super().get_opened(), self.request)

    def get_locked(self) -> Any:
        meeting = get_object_or_404(MEETINGS, pk=self.kwargs["pk"])
        # The mission first, as every act does, so that no two wait for each other.
        rescheduling.lock(meeting.mission_id)
        return conceal(super().get_locked(), self.request)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "auto_id": f"meeting-{self.object.pk}-%s"}

    def says_nothing_new(self, form: Any, parts: Any) -> bool:
        return False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            meeting=self.object,
            mission=self.object.mission,
            by=asked_by(self.request).get("by", ""),
            **kwargs,
        )

    def saved(self, form: Any, parts: Any) -> HttpResponse:
        mission = form.instance.mission
        act = rescheduling.reschedule(form.instance, form.cleaned_data["stop"], **form.columns)
        words = {"meeting": form.instance.heading}
        if act.changes:
            tell(self.request, mission, act, _("“%(meeting)s” was rescheduled.") % words)
        else:
            messages.info(self.request, _("“%(meeting)s” stays as it is.") % words)
        return answer(self.request, mission, f"meeting-{form.instance.pk}")


class ProgrammeUndo(PermissionRequiredMixin, View):
    """Puts back what an act moved; the address holds what it takes."""

    permission_required = ("missions.change_meeting", "missions.change_stop")
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mission = get_object_or_404(Mission, pk=pk)
        try:
            rescheduling.undo(mission, Act.read(request.GET.get("token", "")))
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("Undone: everything is where it was."))
        return answer(request, mission)
