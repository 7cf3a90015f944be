"""Cities: reference data that stewards can add to."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.admin.records import RecordAdmin, RecordForm
from crm.when import ZONES
from partners.admin.organisations import CountryFilter
from partners.models import City


class CityForm(RecordForm):
    """A city, whose zone is chosen from those there are."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[("", ""), *((zone, zone) for zone in sorted(ZONES))]
    )


@admin.register(City)
class CityAdmin(RecordAdmin):
    """Cities of the world."""

    form = CityForm
    list_display = ["name", "native_name", "name_it", "country", "time_zone", "population"]
    list_filter = [CountryFilter]
    ordering = ["sort_name", "pk"]
    search_fields = ["search_text"]
    search_help_text = _("Name in any language")
    fieldsets = [
        (None, {"fields": ["name", "country", "time_zone"]}),
        (_("Other names"), {"fields": ["native_name", "name_it", "other_names"]}),
        (
            _("On the map"),
            {"fields": ["latitude", "longitude", "population"], "classes": ["collapse"]},
        ),
    ]

    def choice_label(self, record: Any) -> str:
        return f"{record} {record.native_name}".strip()
