"""The reader's own language, theme and clock."""

from collections import defaultdict
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.generic import UpdateView

from crm.following import next_url
from crm.models import User
from crm.templatetags.ponti import zone_city

AREAS = {
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe",
    "Indian", "Pacific",
}  # fmt: skip


def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every zone that people live by, under its continent, by the city it is known by."""
    areas: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for zone in available_timezones():
        area, slash, _rest = zone.partition("/")
        if slash and area in AREAS:
            areas[area].append((zone, f"{zone_city(zone)} ({zone})"))
    return [
        *((area, sorted(areas[area], key=lambda one: one[1])) for area in sorted(areas)),
        (str(_("Other")), [("UTC", "UTC")]),
    ]


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ["language", "theme", "time_zone", "wants_digest", "digest_hour"]
        widgets = {
            "theme": forms.RadioSelect,
            "language": forms.RadioSelect,
            "wants_digest": forms.RadioSelect(choices=[(True, _("Yes")), (False, _("No"))]),
            "digest_hour": forms.Select(choices=[(hour, f"{hour:02}:00") for hour in range(24)]),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", _("As the browser")),
            ("en", "English"),
            ("it", "Italiano"),
        ]
        zones = zone_choices()
        kept = self.instance.time_zone
        if not any(kept == zone for _area, rows in zones for zone, _label in rows):
            zones.append((str(_("Yours")), [(kept, kept)]))
        self.fields["time_zone"].widget = forms.Select(choices=zones)

    def save(self, commit: bool = True) -> User:
        """Writes its own columns only: an account deactivated meanwhile stays so."""
        account: User = self.instance
        account.save(update_fields=self.Meta.fields)
        return account


class Preferences(UpdateView):  # type: ignore[type-arg]
    """One's own account's; what a form leaves out stays as it is."""

    form_class = PreferencesForm
    template_name = "crm/preferences.html"
    context_object_name = "account"

    def get_object(self, queryset: Any = None) -> User:
        return User.objects.get(email=self.request.user.get_username())

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if data := kwargs.get("data"):
            kept = {name: getattr(self.object, name) for name in PreferencesForm.Meta.fields}
            kwargs["data"] = {**kept, **data.dict()}
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        link = self.object.private_links.filter(revoked_at=None).first()
        return super().get_context_data(calendar_link=link, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        with override(self.object.language or get_language()):
            messages.success(self.request, gettext("Your preferences are saved."))
        return response

    def get_success_url(self) -> str:
        return next_url(self.request, reverse("preferences"))
