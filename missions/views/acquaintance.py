"""Who do we know there: for a mission's programme, and for a city."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from missions.acquaintance import acquaintances, nearest_paths
from missions.models import Meeting
from missions.views.mission_page import MissionPage
from partners.models import City, Organisation

MAY = ("missions.view_meeting", "partners.view_organisation", "partners.view_person")
FIRST = 60  # organisations of a programme
IN_CITY = 200  # organisations of a city, those met last


class MissionAcquaintances(MissionPage, TemplateView):
    """For each organisation on the programme who leads to it."""

    permission_required = ("missions.view_mission", *MAY)
    template_name = "missions/mission_acquaintances.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        met = Meeting.objects.filter(mission=self.mission).exclude(status=Meeting.Status.CANCELLED)
        through = Meeting.organisations.through.objects.filter(meeting__in=met)
        found = list(
            Organisation.objects.active()
            .partners()
            .filter(pk__in=through.values("organisation_id"))
            .order_by("sort_name", "pk")[: FIRST + 1]
        )
        return super().get_context_data(
            known=acquaintances(found[:FIRST]), is_cut=len(found) > FIRST, **kwargs
        )


class CityAcquaintances(PermissionRequiredMixin, TemplateView):
    """Who leads to the partners of a city: a page, and a part of the city's own."""

    permission_required = MAY

    def get_template_names(self) -> list[str]:
        is_part = self.request.htmx  # type: ignore[attr-defined]
        return [f"missions/city_acquaintances{'_part' if is_part else ''}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        city = get_object_or_404(City, pk=self.kwargs["pk"])
        organisations = (
            Organisation.objects.active()
            .partners()
            .filter(city=city)
            .order_by("contact_order", "sort_name", "pk")
        )
        shown = 5 if self.request.htmx else 40  # type: ignore[attr-defined]
        paths, more = nearest_paths(list(organisations[:IN_CITY]), shown)
        return super().get_context_data(city=city, paths=paths, more=more, **kwargs)
