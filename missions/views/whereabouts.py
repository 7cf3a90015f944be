"""Who goes where: the grid of a delegation."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from crm.text import record_id
from missions.views.mission_page import MissionPage
from missions.whereabouts import Grid, save_grid


class MissionWhereabouts(MissionPage, TemplateView):
    """Everyone everywhere, but where a tick is taken away; ?delegate= shows one of them alone."""

    permission_required = "missions.change_delegate"
    template_name = "missions/mission_whereabouts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        grid = Grid(self.mission, record_id(self.request.GET.get("delegate", "")))
        one = grid.delegates[0] if len(grid.delegates) == 1 else None
        return super().get_context_data(
            grid=grid,
            lines=[line.conceal(self.request.user) for line in grid.lines],
            alone=one if "delegate" in self.request.GET else None,
            **kwargs,
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        outcome = save_grid(self.mission, request.POST)
        if outcome.is_merged:
            messages.info(
                request,
                _("Somebody else changed who goes where meanwhile: their changes are kept too."),
            )
        if outcome.changes:
            messages.success(
                request,
                ngettext("Saved: %(count)d change.", "Saved: %(count)d changes.", outcome.changes)
                % {"count": outcome.changes},
            )
        else:
            messages.info(request, _("Nothing was changed."))
        return HttpResponseRedirect(reverse("missions:mission-delegation", args=[pk]))
