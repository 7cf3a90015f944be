"""The same rows as plain Django shows them: no facets, no shell, no counts.

Each is given its rows by the address: `where` names one of its conditions, `order` its sort, and
`skip` how many rows come before, all of which the product says in its own way.
"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.views.generic import DetailView, ListView

from missions import models as missions
from partners import models as partners

ROWS = 50


class Rows(ListView):  # type: ignore[type-arg]
    """Fifty rows of a queryset in a table."""

    filters: ClassVar[dict[str, str]] = {}

    def get_queryset(self) -> QuerySet[Any]:
        asked = self.request.GET
        rows = self.rows()
        for name, lookup in self.filters.items():
            if name in asked:
                rows = rows.filter(**{lookup: asked[name]})
        if "order" in asked:
            rows = rows.order_by(*asked["order"].split(","))
        skip = int(asked.get("skip", 0))
        return rows[skip : skip + ROWS]

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError


class Organisations(Rows):
    template_name = "bare/organisations.html"
    filters: ClassVar = {
        "city": "city",
        "country": "country",
        "tier": "tier",
        "q": "search_text__contains",
        "from": "sort_name__gte",
    }

    def rows(self) -> QuerySet[Any]:
        rows = partners.Organisation.objects.filter(archived_at=None).order_by("sort_name", "pk")
        return rows.select_related("city", "owner").prefetch_related("sectors")


class People(Rows):
    template_name = "bare/people.html"
    filters: ClassVar = {"city": "post__organisation__city", "q": "search_text__contains"}

    def rows(self) -> QuerySet[Any]:
        people = partners.Person.objects.with_primary().filter(archived_at=None)
        return people.select_related("post__organisation__city").order_by("sort_name", "pk")


class Meetings(Rows):
    template_name = "bare/meetings.html"

    def rows(self) -> QuerySet[Any]:
        meetings = missions.Meeting.objects.order_by("age_order", "pk")
        return meetings.select_related("mission", "city", "stop__city").prefetch_related(
            "organisations"
        )


class Organisation(DetailView):  # type: ignore[type-arg]
    """An organisation with its people and meetings."""

    template_name = "bare/organisation.html"

    def get_queryset(self) -> QuerySet[Any]:
        organisations = partners.Organisation.objects.select_related("city", "owner", "parent")
        return organisations.prefetch_related(
            "sectors", "affiliations__person", "meetings__mission", "follow_ups"
        )
