"""Missions: planned, changed, and made from earlier ones."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from crm.parts import PartFormSet
from crm.views import RecordForm, RecordUpdate
from missions.copying import Copying
from missions.forms.missions import MissionCopyForm, MissionForm, OrganiserFormSet, StopFormSet
from missions.models import Mission


class MissionFormPage(RecordForm):
    """What creating and changing share: stops and organisers are lines of the same form."""

    model = Mission
    form_class = MissionForm
    template_name = "missions/mission_form.html"

    def get_parts(self) -> dict[str, PartFormSet]:
        mission = self.object or Mission()
        data = {"data": self.request.POST} if self.request.method == "POST" else {}
        stops, organisers = [], []
        if mission.pk:
            stops = list(mission.stops.select_related("city").order_by("position", "pk"))
            organisers = list(mission.organisers.select_related("organisation"))
        parts = {
            "stops": StopFormSet(prefix="stops", owner=mission, saved=stops, **data),
            "organisers": OrganiserFormSet(
                prefix="organisers", owner=mission, saved=organisers, **data
            ),
        }
        parts["stops"].mission_form = self.mission_form
        for lines in parts.values():
            lines.extra = 0 if lines.saved else 1
        return parts

    def get_form(self, form_class: Any = None) -> Any:
        self.mission_form = super().get_form(form_class)
        return self.mission_form

    def is_sure(self, form: Any, parts: dict[str, PartFormSet]) -> bool:
        """Days spent in two places may be meant: a delegation can part ways."""
        return "anyway" in self.request.POST or not parts["stops"].has_overlaps  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "is_asked": kwargs["form"].is_bound and kwargs["parts"]["stops"].has_overlaps,
            "cancel_url": self.object.get_absolute_url()
            if self.object
            else reverse("missions:mission-list"),
        }


class MissionCreate(MissionFormPage):
    permission_required = "missions.add_mission"


class MissionUpdate(MissionFormPage, RecordUpdate):
    permission_required = "missions.change_mission"
    queryset = Mission.objects.all()


class MissionCopy(RecordForm):
    """A new mission from an old one; the page says in numbers what comes along."""

    permission_required = "missions.add_mission"
    model = Mission
    form_class = MissionCopyForm
    template_name = "missions/mission_copy.html"

    @cached_property
    def copying(self) -> Copying:
        source = get_object_or_404(Mission, pk=self.kwargs["pk"])
        return Copying(source, self.request.user)  # type: ignore[arg-type]

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.copying.mission.title}

    def save(self, form: Any, parts: dict[str, PartFormSet]) -> None:
        self.object = form.instance
        self.copying.into(self.object, form.cleaned_data["with_organisations"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "copying": self.copying}
