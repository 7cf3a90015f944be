"""The debrief of a mission: all its meetings on one page, saved in one go."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from crm.collisions import hold_linked, whole
from crm.drafts import saved_tag
from crm.views import save_once
from missions.debriefing import Debriefing, without_noted
from missions.models import Meeting
from missions.rescheduling import lock
from missions.views.logging import mended, saved_at
from missions.views.mission_page import MissionPage


class MissionDebrief(MissionPage, TemplateView):
    """What came of each meeting; an error or a conflict anywhere saves nothing."""

    permission_required = ("missions.change_meeting", "missions.add_followup")
    template_name = "missions/mission_debrief.html"

    def get_meetings(self) -> QuerySet[Meeting]:
        meetings = Meeting.objects.filter(mission=self.mission).readable_by(self.request.user)
        found: QuerySet[Meeting] = (
            meetings.for_programme()
            .select_related("author", "city", "mission", "stop__city")
            .prefetch_related("organisations")
        )
        return found

    def debriefing(self, meetings: QuerySet[Meeting]) -> Debriefing:
        data = self.request.POST if self.request.method == "POST" else None
        return Debriefing(self.mission, meetings, self.request.user, data)  # type: ignore[arg-type]

    def respond(self, debriefing: Debriefing, token: str) -> HttpResponse:
        context = self.get_context_data(
            debriefing=debriefing, token=token, draft_key=f"debrief-{self.mission.pk}"
        )
        return self.render_to_response(context)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.respond(self.debriefing(self.get_meetings()), str(uuid.uuid4()))

    @whole
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        url = reverse("missions:mission-debrief", args=[self.mission.pk])
        mended(request)
        token = self.token
        with transaction.atomic():
            # The mission first, as whoever moves its meetings does: no two wait for each other.
            lock(self.mission.pk)
            if is_saved := bool(saved_at(token, request.user)):  # type: ignore[arg-type]
                request.POST = without_noted(request.POST, self.mission)  # type: ignore[assignment]
            debriefing = self.debriefing(self.get_meetings().select_for_update(of=("self",)))
            if is_saved:
                return self.saved_before(debriefing)
            if {"more", "find"} & request.POST.keys():
                debriefing.hush()
                return self.respond(debriefing, token)
            if not debriefing.is_valid():
                return self.respond(debriefing, token)
            count = 0

            def save() -> str:
                nonlocal count
                count = debriefing.save()
                hold_linked()
                return url

            if debriefing.touched:
                save_once(uuid.UUID(token), request.user, save)  # type: ignore[arg-type]
        self.tell(count)
        return HttpResponseRedirect(url)

    def saved_before(self, debriefing: Debriefing) -> HttpResponse:
        """Sent twice it is saved once; what was typed in between comes back to be saved too."""
        debriefing.is_valid()
        if not debriefing.touched and not debriefing.lost:
            tag = saved_tag(self.request)
            messages.info(self.request, _("This had been saved already."), extra_tags=tag)
            return HttpResponseRedirect(self.request.path)
        debriefing.hush()
        messages.warning(
            self.request,
            _("What was sent before is saved. What you typed since is not: save again."),
        )
        return self.respond(debriefing, str(uuid.uuid4()))

    @property
    def token(self) -> str:
        """The token that was sent; another where it makes no sense."""
        try:
            return str(uuid.UUID(self.request.POST.get("token", "")))
        except ValueError:
            return str(uuid.uuid4())

    def tell(self, count: int) -> None:
        tag = saved_tag(self.request)
        if not count:
            messages.info(self.request, _("Nothing was changed."), extra_tags=tag)
            return
        sentence = ngettext("%(count)d meeting saved.", "%(count)d meetings saved.", count)
        messages.success(self.request, sentence % {"count": count}, extra_tags=tag)
