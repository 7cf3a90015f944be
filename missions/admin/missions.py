"""Missions, with their stops, organisers and delegates."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.admin.records import PartInline, RecordAdmin
from missions.models import Delegate, Initiative, Mission, Organiser, Stop, Task
from partners.models import City

# Missions that a list can be narrowed to; the older ones are found by search.
NEWEST_SHOWN = 30


class NewestMissions(admin.RelatedFieldListFilter):
    """Narrows to a mission: the newest, since there may be thousands."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        newest = Mission.objects.order_by("-pk")[:NEWEST_SHOWN]
        return [(str(mission.pk), mission.title) for mission in newest]


@admin.register(Initiative)
class InitiativeAdmin(RecordAdmin):
    """What missions serve."""

    date_hierarchy = "starts_on"
    list_display = ["name", "starts_on", "ends_on"]
    search_fields = ["name"]
    ordering = ["name", "pk"]
    fieldsets = [(None, {"fields": ["name", "description", "starts_on", "ends_on"]})]


class StopsInline(PartInline):
    """Where the mission stays, in order."""

    model = Stop
    fields = ["position", "city", "starts_on", "ends_on"]
    autocomplete_fields = ["city"]
    is_removable = True


class OrganisersInline(PartInline):
    """Who organises the mission."""

    model = Organiser
    fields = ["organisation", "role"]
    autocomplete_fields = ["organisation"]
    is_removable = True


class DelegatesInline(PartInline):
    """The places in the delegation."""

    model = Delegate
    fields = ["organisation", "person", "role", "status"]
    autocomplete_fields = ["organisation", "person"]
    is_removable = True


class TasksInline(PartInline):
    """What has to be done before it leaves."""

    model = Task
    fields = ["what", "due_on", "assignee"]
    autocomplete_fields = ["assignee"]
    is_removable = True


@admin.register(Mission)
class MissionAdmin(RecordAdmin):
    """Missions: journeys out, and delegations received."""

    date_hierarchy = "starts_on"
    list_display = ["title", "direction", "status", "initiative", "starts_on", "ends_on"]
    list_filter = ["status", "direction", "initiative"]
    list_select_related = ["initiative"]
    search_fields = ["title"]
    autocomplete_fields = ["initiative"]
    fieldsets = [
        (None, {"fields": ["title", "status", "direction", "initiative"]}),
        (_("When"), {"fields": ["starts_on", "ends_on"]}),
        (_("What for"), {"fields": ["aims", "notes"]}),
        (_("On the journey"), {"fields": ["emergency"]}),
    ]
    inlines = [StopsInline, OrganisersInline, DelegatesInline, TasksInline]
    parts = ["stops", "organisers", "delegates", "tasks"]


@admin.register(Stop)
class StopAdmin(RecordAdmin):
    """Stops, one by one."""

    date_hierarchy = "starts_on"
    list_display = ["mission", "position", "city", "starts_on", "ends_on"]
    list_filter = [("mission", NewestMissions)]
    list_select_related = ["mission", "city"]
    ordering = ["mission", "position", "pk"]
    search_fields = ["mission__title"]
    autocomplete_fields = ["mission", "city"]
    fieldsets = [
        (None, {"fields": ["mission", "position", "city"]}),
        (_("When"), {"fields": ["starts_on", "ends_on", "notes"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("city", "mission")

    def choice_label(self, record: Any) -> str:
        return f"{record} · {record.mission}"

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        if not search_term:
            return queryset, False
        cities = City.objects.matching(search_term).order_by()
        return (
            queryset.filter(
                Q(mission__title__icontains=search_term) | Q(city__in=cities.values("pk"))
            ),
            False,
        )


@admin.register(Organiser)
class OrganiserAdmin(RecordAdmin):
    """Organisers, one by one."""

    list_display = ["organisation", "mission", "role"]
    list_filter = ["role"]
    list_select_related = ["organisation", "mission"]
    ordering = ["-pk"]
    search_fields = ["organisation__search_text"]
    autocomplete_fields = ["mission", "organisation"]
    fieldsets = [(None, {"fields": ["mission", "organisation", "role"]})]


@admin.register(Delegate)
class DelegateAdmin(RecordAdmin):
    """Delegates, one by one."""

    list_display = ["organisation", "person", "mission", "role", "status"]
    list_filter = ["status", "role"]
    list_select_related = ["organisation", "person", "mission"]
    ordering = ["-pk"]
    search_fields = ["organisation__search_text"]
    autocomplete_fields = [
        "mission",
        "organisation",
        "person",
        "missed_stops",
        "missed_meetings",
    ]
    fieldsets = [
        (None, {"fields": ["mission", "organisation", "person", "role", "status"]}),
        (_("Where they don’t go"), {"fields": ["missed_stops", "missed_meetings"]}),
    ]
