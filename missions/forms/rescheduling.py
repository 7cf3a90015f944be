"""The small form that moves a meeting in time, or to another stop."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.days import DayField
from crm.forms import VersionedModelForm
from crm.templatetags.ponti import period
from missions.models import Meeting, Stop
from missions.rescheduling import zone_at


class RescheduleForm(VersionedModelForm):
    """When a planned meeting is, and at which stop; of one that was held, only the stop."""

    local_date = DayField(label=_("Date"), required=False)

    class Meta:
        model = Meeting
        fields = ("local_date", "local_time", "duration", "fold", "stop")
        widgets = {"fold": forms.RadioSelect}
        labels = {"duration": _("Minutes")}
        help_texts = {"local_time": "", "duration": "", "local_date": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stop: Any = self.fields["stop"]
        stop.queryset = Stop.objects.filter(mission=self.instance.mission_id).select_related("city")
        stop.empty_label = str(_("Without a stop"))
        stop.label_from_instance = lambda one: ", ".join(
            filter(None, [str(one), str(period(one.starts_on, one.ends_on))])
        )
        self.fields["fold"].choices = Meeting._meta.get_field("fold").choices  # type: ignore[attr-defined]
        for name in ("local_date", "local_time", "duration", "fold"):
            self.fields[name].disabled = not self.is_planned

    @property
    def is_planned(self) -> bool:
        return bool(self.instance.status == Meeting.Status.PLANNED)

    @property
    def asks_which(self) -> bool:
        """Whether the hour is one that the clocks show twice."""
        return bool(self["fold"].errors) or self.instance.fold is not None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        # The hour is checked on the clock of the stop chosen.
        self.instance.time_zone = zone_at(self.instance, cleaned.get("stop"))
        return cleaned

    @property
    def columns(self) -> dict[str, Any]:
        """What it says of the meeting beside its stop."""
        if not self.is_planned:
            return {}
        names = ("local_date", "local_time", "duration", "fold")
        return {name: self.cleaned_data[name] for name in names}
