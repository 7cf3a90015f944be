"""The report of a mission: the page, and the file for a board."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from crm.models import User
from missions.pictures import journey_maps, timeline
from missions.report_file import make
from missions.reporting import report
from missions.views.mission_page import MissionPage


class MissionReport(MissionPage, TemplateView):
    """With `format=pdf` the file; its names are for those who may export people."""

    template_name = "missions/mission_report.html"
    permission_required = (
        "missions.view_mission",
        "missions.view_meeting",
        "partners.view_organisation",
        "partners.view_person",
    )

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "format" not in request.GET:
            return super().get(request, *args, **kwargs)
        language = request.GET.get("language") or get_language() or "en"
        if problem := self.problem(request.GET["format"], language):
            return self.render_to_response(self.get_context_data(problem=problem), status=400)
        made = make(self.mission, self.user, language, request.get_full_path())
        response = HttpResponse(
            made.content,
            content_type="application/pdf",
            headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
        )
        response.headers["Content-Disposition"] = content_disposition_header(True, made.name) or ""
        return response

    def problem(self, file_format: str, language: str) -> str:
        """Why no such file is made; nothing where it is."""
        if file_format != "pdf":
            return _("The report is made as PDF.")
        if language not in dict(settings.LANGUAGES):
            return _("The report is written in Italian or in English.")
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = report(self.mission, self.user)
        return super().get_context_data(
            report=found,
            maps=journey_maps(self.mission, found.stops, found.organisers),
            timeline=timeline(found.entries, found.stops),
            languages=settings.LANGUAGES,
            **kwargs,
        )
