"""What every page of a mission stands on: the mission, and the links to its other pages."""

from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import ContextMixin

from missions.models import Mission

PAGES: list[tuple[str, str | Promise]] = [
    ("missions:mission-detail", _("Workbench")),
    ("missions:mission-programme", _("Programme")),
    ("missions:mission-delegation", _("Delegation")),
    ("missions:mission-debrief", _("Debrief")),
    ("missions:mission-report", _("Report")),
    ("missions:mission-acquaintances", _("Who we know")),
]
BRIEFING = "missions:mission-briefing"
CALENDAR = "missions:mission-calendar"


class Tab(NamedTuple):
    """A page of a mission as one reader sees it; `here` is the value of its aria-current."""

    url: str
    label: str | Promise
    here: str


def opens_for(request: HttpRequest, url_name: str, mission: Mission) -> str:
    """The address of a mission's page, or nothing where there is none or it stays closed.

    Whether it opens is what the view itself asks for: no second table of permissions.
    """
    try:
        url = reverse(url_name, args=[mission.pk])
    except NoReverseMatch:
        return ""
    view = getattr(resolve(url).func, "view_class", None)
    needed = getattr(view, "permission_required", None) or ()
    needed = (needed,) if isinstance(needed, str) else needed
    return url if request.user.has_perms(needed) else ""


def tabs(request: HttpRequest, mission: Mission) -> list[Tab]:
    """The mission's pages that this reader may open, and which of them is open."""
    found: list[Tab] = []
    for url_name, label in PAGES:
        if url := opens_for(request, url_name, mission):
            is_root = url_name == "missions:mission-detail"
            within = request.path.startswith(url) and not is_root
            here = "page" if request.path == url else "true" if within else ""
            found.append(Tab(url, label, here))
    return found


class MissionPage(PermissionRequiredMixin, ContextMixin):
    """Put first among the bases of a view under /missions/<id>/.

    The template gets `mission`, and `tabs`, `briefing_url` and `calendar_url` for
    missions/mission_tabs.html and missions/mission_actions.html.
    """

    permission_required: Any = "missions.view_mission"
    mission_url_kwarg = "pk"
    request: HttpRequest
    kwargs: dict[str, Any]

    def get_missions(self) -> QuerySet[Mission]:
        return Mission.objects.select_related("initiative")

    @cached_property
    def mission(self) -> Mission:
        return get_object_or_404(self.get_missions(), pk=self.kwargs[self.mission_url_kwarg])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mission = self.mission
        return super().get_context_data(
            **{
                "mission": mission,
                "tabs": tabs(self.request, mission),
                "briefing_url": opens_for(self.request, BRIEFING, mission),
                "calendar_url": opens_for(self.request, CALENDAR, mission),
                **kwargs,
            }
        )
