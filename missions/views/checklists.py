"""What has to be done before a mission leaves, and the templates it is made from."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.generic import ListView, TemplateView

from crm.parts import PartFormSet
from crm.text import record_id
from crm.views import RecordForm, RecordUpdate
from missions.forms.checklists import USUAL_STEPS, ChecklistForm, StepFormSet, TaskForm
from missions.models import Checklist, Mission, Task
from missions.preparing import add_from, planned_steps


class OfMission:
    """A view under /missions/<mission>/tasks/."""

    kwargs: dict[str, Any]

    @cached_property
    def mission(self) -> Mission:
        return get_object_or_404(Mission, pk=self.kwargs["mission_pk"])

    @property
    def checklist_url(self) -> str:
        return f"{self.mission.get_absolute_url()}#checklist"


class TaskPage(OfMission, RecordForm):
    """What adding and changing a task share."""

    model = Task
    form_class = TaskForm
    template_name = "missions/task_form.html"

    def get_queryset(self) -> QuerySet[Task]:
        return Task.objects.filter(mission=self.mission)

    def get_success_url(self) -> str:
        if "another" in self.request.POST:
            return reverse("missions:task-create", args=[self.mission.pk])
        return self.checklist_url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            mission=self.mission, cancel_url=self.checklist_url, **kwargs
        )


class TaskCreate(TaskPage):
    permission_required = "missions.add_task"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Task(mission=self.mission)}


class TaskUpdate(TaskPage, RecordUpdate):
    permission_required = "missions.change_task"


class TaskAct(OfMission, PermissionRequiredMixin, View):
    """One click on a task; clicking twice is clicking once."""

    permission_required = "missions.change_task"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, mission_pk: int, pk: int) -> HttpResponse:
        with transaction.atomic():
            tasks = Task.objects.select_for_update(of=("self",))
            task = get_object_or_404(tasks, mission=mission_pk, pk=pk)
            self.act(task)
        if request.htmx:  # type: ignore[attr-defined]
            context = {"task": task, "mission": self.mission, "is_fresh": True}
            return render(request, "missions/task_ticked.html", context)
        return HttpResponseRedirect(self.checklist_url)

    def act(self, task: Task) -> Any:
        raise NotImplementedError


class TaskDone(TaskAct):
    def act(self, task: Task) -> None:
        task.mark_done(self.request.user)  # type: ignore[arg-type]


class TaskReopen(TaskAct):
    def act(self, task: Task) -> None:
        task.reopen()


class TaskRemove(OfMission, PermissionRequiredMixin, View):
    """Takes a task off the list; the message offers to put it back."""

    permission_required = "missions.change_task"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, mission_pk: int, pk: int) -> HttpResponse:
        with transaction.atomic():
            if task := Task.objects.select_for_update().filter(mission=mission_pk, pk=pk).first():
                task.delete()
                undo = reverse("missions:task-restore", args=[mission_pk, pk])
                messages.success(
                    request, _("Removed: %(what)s") % {"what": task.what}, extra_tags=f"undo:{undo}"
                )
        return HttpResponseRedirect(self.checklist_url)


class TaskRestore(OfMission, PermissionRequiredMixin, View):
    """Puts a removed task back as it was."""

    permission_required = "missions.change_task"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, mission_pk: int, pk: int) -> HttpResponse:
        with transaction.atomic():
            get_object_or_404(Mission.objects.select_for_update(of=("self",)), pk=mission_pk)
            if not Task.objects.filter(pk=pk).exists():
                kept = Task.history.filter(mission=mission_pk, id=pk, history_type="-").first()
                if kept is None:
                    raise Http404
                kept.instance.save(force_insert=True)
                messages.info(request, _("Put back: %(what)s") % {"what": kept.what})
        return HttpResponseRedirect(self.checklist_url)


class ChecklistApply(OfMission, PermissionRequiredMixin, TemplateView):
    """Adds the steps of a template to a mission's checklist, each due counted from its start."""

    permission_required = "missions.add_task"
    template_name = "missions/checklist_apply.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        templates = Checklist.objects.prefetch_related("steps")
        return {
            **super().get_context_data(**kwargs),
            "mission": self.mission,
            "templates": planned_steps(templates, self.mission),
            "cancel_url": self.checklist_url,
        }

    def post(self, request: HttpRequest, mission_pk: int) -> HttpResponse:
        asked = record_id(request.POST.get("checklist", ""))
        checklist = Checklist.objects.filter(pk=asked or 0).first()
        if checklist is None:
            messages.info(request, _("Choose a checklist."))
            return HttpResponseRedirect(request.path)
        added = add_from(checklist, self.mission)
        messages.success(
            request,
            ngettext("%(count)d task added.", "%(count)d tasks added.", added) % {"count": added}
            if added
            else _("All of its tasks are on the list already."),
        )
        return HttpResponseRedirect(self.checklist_url)


class ChecklistList(PermissionRequiredMixin, ListView):  # type: ignore[type-arg]
    permission_required = "missions.view_checklist"
    template_name = "missions/checklist_list.html"
    queryset = Checklist.objects.annotate(step_count=Count("steps")).order_by("name", "pk")
    context_object_name = "checklists"


class ChecklistPage(RecordForm):
    """What creating and changing a template share."""

    model = Checklist
    form_class = ChecklistForm
    template_name = "missions/checklist_form.html"

    def get_parts(self) -> dict[str, PartFormSet]:
        checklist = self.object or Checklist()
        saved = list(checklist.steps.all()) if checklist.pk else []
        options: dict[str, Any] = {}
        if self.request.method == "POST":
            options["data"] = self.request.POST
        elif not saved:
            options["initial"] = self.offered_steps()
        lines = StepFormSet(prefix="steps", owner=checklist, saved=saved, **options)
        lines.extra = len(options.get("initial", ())) or (0 if saved else 1)
        return {"steps": lines}

    def offered_steps(self) -> list[dict[str, Any]]:
        """What the lines say before anybody typed."""
        return []

    def get_success_url(self) -> str:
        return reverse("missions:checklist-list")


class ChecklistCreate(ChecklistPage):
    """A new template: empty, of the usual steps, or of a mission's own (`mission=`)."""

    permission_required = "missions.add_checklist"

    @cached_property
    def source(self) -> Mission | None:
        pk = record_id(self.request.GET.get("mission", ""))
        return Mission.objects.filter(pk=pk).first() if pk else None

    def get_initial(self) -> dict[str, Any]:
        if self.source:
            return {"name": self.source.title[:100]}
        return {"name": _("Journeys abroad")} if "usual" in self.request.GET else {}

    def offered_steps(self) -> list[dict[str, Any]]:
        if self.source:
            start = self.source.starts_on
            return [
                {
                    "what": task.what,
                    "days_before": (start - task.due_on).days if start and task.due_on else None,
                }
                for task in self.source.tasks.all()
            ]
        if "usual" in self.request.GET:
            return [{"what": str(what), "days_before": days} for what, days in USUAL_STEPS]
        return []


class ChecklistUpdate(ChecklistPage, RecordUpdate):
    permission_required = "missions.change_checklist"
    queryset = Checklist.objects.all()
