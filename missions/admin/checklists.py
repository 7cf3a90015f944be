"""Checklists: the templates, and the tasks of missions."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.admin.records import PartInline, RecordAdmin
from missions.models import Checklist, ChecklistStep, Task


class StepsInline(PartInline):
    """The lines of a template."""

    model = ChecklistStep
    fields = ["what", "days_before"]
    is_removable = True


@admin.register(Checklist)
class ChecklistAdmin(RecordAdmin):
    """Templates that missions are prepared from."""

    list_display = ["name"]
    search_fields = ["name"]
    ordering = ["name", "pk"]
    fieldsets = [(None, {"fields": ["name"]})]
    inlines = [StepsInline]
    parts = ["steps"]


@admin.register(ChecklistStep)
class ChecklistStepAdmin(RecordAdmin):
    """The lines of templates, one by one."""

    list_display = ["what", "checklist", "days_before"]
    list_select_related = ["checklist"]
    ordering = ["checklist", "-days_before", "pk"]
    search_fields = ["what", "checklist__name"]
    autocomplete_fields = ["checklist"]
    fieldsets = [(None, {"fields": ["checklist", "what", "days_before"]})]


@admin.register(Task)
class TaskAdmin(RecordAdmin):
    """The tasks of missions, one by one."""

    date_hierarchy = "due_on"
    list_display = ["what", "mission", "assignee", "due_on", "done_at"]
    list_select_related = ["mission", "assignee"]
    ordering = ["due_on", "pk"]
    search_fields = ["what", "mission__title"]
    autocomplete_fields = ["mission", "assignee"]
    readonly_fields = ["done_at", "done_by"]
    fieldsets = [
        (None, {"fields": ["mission", "what", "due_on", "assignee"]}),
        (_("Done"), {"fields": ["done_at", "done_by"]}),
    ]
