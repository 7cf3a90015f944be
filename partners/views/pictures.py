"""Partners to look at: the map, and the grid of coverage."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.views.generic import TemplateView

from crm.counts import bounded
from partners.coverage import BY, CoverageFilter, grid
from partners.mapping import MapFilter, partners_map
from partners.models import Organisation


class Map(PermissionRequiredMixin, TemplateView):
    """The directory as circles on the world: the same filters find the same partners."""

    template_name = "partners/map.html"
    permission_required = "partners.view_organisation"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filterset = MapFilter(
            self.request.GET, queryset=Organisation.objects.all(), request=self.request
        )
        return super().get_context_data(
            filterset=filterset,
            panels=filterset.panels,
            map=partners_map(filterset),
            world_url=filterset.query(whole=["1"]),
            zoomed_url=filterset.query(whole=None),
            table_url=filterset.list_url(),
            **kwargs,
        )


class Coverage(PermissionRequiredMixin, TemplateView):
    """Where our partners are and what they do, and which of these cells have grown cold."""

    template_name = "partners/coverage.html"
    permission_required = "partners.view_organisation"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filterset = CoverageFilter(
            self.request.GET, queryset=Organisation.objects.all(), request=self.request
        )
        whole = grid(filterset)
        return super().get_context_data(
            filterset=filterset,
            grid=whole,
            found_text=bounded(whole.found),
            panels=filterset.panels,
            switches=[
                (name, label, filterset.query(by=None if name == "sector" else name))
                for name, label in BY.items()
            ],
            all_url=filterset.list_url(),
            **kwargs,
        )
