"""Sectors: reference data, two levels deep."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.admin.records import RecordAdmin
from crm.text import folded
from partners.models import Organisation, Sector


@admin.register(Sector)
class SectorAdmin(RecordAdmin):
    """The tree of sectors; a retired one stays readable."""

    list_display = ["name", "name_it", "parent", "position", "is_retired"]
    list_filter = ["is_retired", ("parent", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["parent"]
    ordering = ["position", "name", "pk"]
    search_fields = ["name", "name_it"]
    autocomplete_fields = ["parent"]
    fieldsets = [
        (None, {"fields": ["name", "name_it", "parent", "slug"]}),
        (_("Order"), {"fields": ["position", "is_retired"]}),
    ]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ["name"]}

    def leaving(self, obj: Any) -> Any:
        """Whose sector it was."""
        return list(obj.organisations.values_list("pk", flat=True))

    def settle_gone(self, before: Any) -> None:
        Organisation.objects.filter(pk__in=before).refresh_derived()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj else []

    def choices_offered(self, found: Any) -> Any:
        return found.choosable()

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Found by a part of either name, whatever the accents; there are some forty."""
        typed = folded(search_term)
        found = [
            pk
            for pk, *names in Sector.objects.values_list("pk", "name", "name_it", "slug")
            if any(typed in folded(name) for name in names)
        ]
        return queryset.filter(pk__in=found) if typed else queryset, False
