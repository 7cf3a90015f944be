"""The programme on the road: a light page, and the worker that keeps it on the device."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from missions.roadbook import Roadbook
from missions.views.mission_page import MissionPage

WORKER = Path(settings.BASE_DIR) / "crm" / "static" / "js" / "programme_worker.js"


class MissionProgramme(MissionPage, TemplateView):
    """By local day, for a phone with a bad connection: it stays readable without one."""

    template_name = "missions/mission_programme.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        book = Roadbook(self.mission, self.request.user)
        may_log = self.request.user.has_perm("missions.change_meeting")
        return super().get_context_data(book=book, may_log=may_log, now=timezone.now(), **kwargs)


class ProgrammeWorker(View):
    """The service worker's script, at an address under which every programme is in its scope.

    It holds nothing of anybody, and asks the server itself before what it kept.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        script = WORKER.read_text(encoding="utf-8")
        response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
        response["Cache-Control"] = "no-cache"
        return response
