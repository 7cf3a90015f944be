"""The report of a mission: the page, and the file for a board."""

from typing import Any, cast

from django.views.generic import TemplateView

from crm.models import User
from missions.pictures import journey_maps, timeline
from missions.reporting import report
from missions.views.mission_page import MissionPage


class MissionReport(MissionPage, TemplateView):
    template_name = "missions/mission_report.html"
    permission_required = (
        "missions.view_mission",
        "missions.view_meeting",
        "partners.view_organisation",
        "partners.view_person",
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = report(self.mission, cast(User, self.request.user))
        return super().get_context_data(
            report=found,
            maps=journey_maps(self.mission, found.stops, found.organisers),
            timeline=timeline(found.entries, found.stops),
            **kwargs,
        )
