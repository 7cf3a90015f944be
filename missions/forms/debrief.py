"""A meeting as one row of its mission's debrief."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.forms import VersionedModelForm
from crm.templatetags.ponti import day
from missions.forms.lines import FollowUpLine, FollowUpLines
from missions.forms.newcomers import OfferedSeveral
from missions.models import Meeting
from missions.programme import is_ahead

STATUSES = [
    (Meeting.Status.HELD, _("Held")),
    (Meeting.Status.CANCELLED, _("Not held")),
    (Meeting.Status.PLANNED, _("Still planned")),
]
UNSAID = ("", pgettext_lazy("temperature", "Not said"))


class DebriefRow(VersionedModelForm):
    """Whether it was held, what came of it, how warm they were, who attended.

    `attended` are the ids of those ticked so far; `options` whoever may have been there.
    """

    status = forms.ChoiceField(label=_("Was it held?"), choices=STATUSES, widget=forms.RadioSelect)
    attended = OfferedSeveral(
        label=_("Who attended"), widget=forms.CheckboxSelectMultiple, required=False
    )

    parts = ("attendances", "follow_ups")

    class Meta:
        model = Meeting
        fields = ("status", "temperature", "outcome")
        widgets = {"temperature": forms.RadioSelect}

    def __init__(
        self,
        *args: Any,
        attended: Sequence[str] = (),
        options: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"attended": list(attended)}
        super().__init__(*args, **kwargs)
        self.fields["temperature"].choices = [UNSAID, *Meeting.Temperature.choices]  # type: ignore[attr-defined]
        self.fields["attended"].choices = list(options)  # type: ignore[attr-defined]
        self.fields["outcome"].widget.attrs |= {"rows": 1}
        if self.is_bound:
            self._merge_attended()

    @property
    def opened(self) -> list[str]:
        """Who was ticked when the form was opened, for the merge."""
        return list(self.initial["attended"])

    def _merge_attended(self) -> None:
        """Keep whom somebody else added since the form was opened; leave out whom they removed."""
        name = self.add_prefix("opened")
        if name not in self.data:
            return
        opened = set(self.data.getlist(name))  # type: ignore[attr-defined]
        typed = self.data.getlist(self.add_prefix("attended"))  # type: ignore[attr-defined]
        now = self.initial["attended"]
        kept = [one for one in typed if one in now or one not in opened]
        self._put("attended", [*kept, *(o for o in now if o not in opened and o not in kept)])

    @property
    def changed_data(self) -> list[str]:
        """Who attended matters of a meeting that was held."""
        changed = super().changed_data
        if self.is_bound and self["status"].data != Meeting.Status.HELD:
            return [name for name in changed if name != "attended"]
        return changed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        status, meeting = cleaned.get("status"), self.instance
        if status == Meeting.Status.HELD and "status" in self.changed_data and is_ahead(meeting):
            self.add_error("status", self._still_ahead())
        if status == Meeting.Status.PLANNED and {"outcome", "temperature"} & {*self.changed_data}:
            self.add_error("status", _("Something is written about it: was it held?"))
        if status == Meeting.Status.CANCELLED:
            cleaned["temperature"] = None
        return cleaned

    def _still_ahead(self) -> ValidationError:
        meeting = self.instance
        if not meeting.local_time:
            sentence = _("It can’t have been held yet: it is on %(day)s.")
        else:
            sentence = _("It can’t have been held yet: it is on %(day)s at %(time)s there.")
        return ValidationError(
            sentence,
            code="ahead",
            params={
                "day": day(meeting.local_date),
                "time": formats.time_format(meeting.local_time) if meeting.local_time else "",
            },
        )


class DebriefLine(FollowUpLine):
    """A promise made at a meeting of the mission."""

    no_counterpart = _("A promise needs a counterpart: add whom you met on the meeting’s page.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].widget.attrs["placeholder"] = _("By when")


Promises = forms.formset_factory(DebriefLine, formset=FollowUpLines, extra=0, max_num=50)
