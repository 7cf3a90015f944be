"""Agreements and their parties."""

from pathlib import PurePath
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.admin.records import WIDGETS, PartInline, RecordAdmin
from missions.forms.agreements import PartyFormSet
from missions.models import Agreement, Party


class DocumentWidget(AdminFileWidget):
    """The document attached is read where its agreement may be seen: its store has no address."""

    template_name = "admin/widgets/document.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if self.is_initial(value):
            context["document_url"] = reverse(
                "missions:agreement-document", args=[value.instance.pk]
            )
            context["document_name"] = PurePath(value.name).name
        return context


class PartiesInline(PartInline):
    """Who signs."""

    model = Party
    formset = PartyFormSet
    fields = ["organisation"]
    autocomplete_fields = ["organisation"]
    is_removable = True


@admin.register(Agreement)
class AgreementAdmin(RecordAdmin):
    """Memoranda, letters of intent and contracts."""

    date_hierarchy = "signed_on"
    list_display = ["title", "kind", "status", "protocol_number", "signed_on", "in_force_until"]
    list_filter = ["status", "kind"]
    ordering = ["-pk"]
    search_fields = ["title", "protocol_number"]
    search_help_text = _("Title, protocol number or party")
    autocomplete_fields = ["meeting", "renews"]
    fieldsets = [
        (None, {"fields": ["title", "kind", "status", "protocol_number"]}),
        (_("When"), {"fields": ["signed_on", "in_force_from", "in_force_until"]}),
        (_("More"), {"fields": ["meeting", "renews", "document", "notes"]}),
    ]
    formfield_overrides = {**WIDGETS, models.FileField: {"widget": DocumentWidget}}
    inlines = [PartiesInline]
    parts = ["parties"]


@admin.register(Party)
class PartyAdmin(RecordAdmin):
    """Parties, one by one."""

    list_display = ["agreement", "organisation"]
    list_select_related = ["agreement", "organisation"]
    ordering = ["-pk"]
    search_fields = ["organisation__search_text"]
    autocomplete_fields = ["agreement", "organisation"]
    fieldsets = [(None, {"fields": ["agreement", "organisation"]})]
