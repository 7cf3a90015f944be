"""The form of one promise."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.combos import ComboField
from crm.forms import FieldManners, Section, VersionedModelForm
from crm.models import User
from missions.models import FollowUp, Meeting, Mission
from partners.choices import OrganisationFinder, PersonFinder


class FollowUpForm(VersionedModelForm):
    """A promise. Of a `mission`, one chooses the meeting; of a meeting, it is settled.

    Without `may_read` the confidential ones are not among those to choose from.
    """

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("Meeting"), required=False)
    organisation = ComboField(
        OrganisationFinder(),
        label=_("Counterpart"),
        help_text=_("Whom we promised it to, or who promised it to us."),
        required=False,
    )
    person = ComboField(PersonFinder(), label=_("Person"), required=False)

    layout = [
        Section(_("The promise"), ["promised_by", "what", "meeting", "organisation", "person"]),
        Section(_("Seen to"), ["assignee", "due_on"]),
    ]

    class Meta:
        model = FollowUp
        fields = [
            "promised_by",
            "what",
            "meeting",
            "organisation",
            "person",
            "assignee",
            "due_on",
        ]
        widgets = {"promised_by": forms.RadioSelect}

    def __init__(
        self, *args: Any, mission: Mission | None = None, may_read: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["assignee"]
        people.queryset = User.objects.filter(is_active=True) | User.objects.filter(
            pk=self.instance.assignee_id
        )
        self.fields["what"].widget = forms.TextInput({"autofocus": True, "maxlength": 300})
        if mission is None:
            del self.fields["meeting"]
        else:
            field: Any = self.fields["meeting"]
            offered = mission.meetings.for_programme().prefetch_related("organisations")
            field.queryset = offered if may_read else offered.filter(is_confidential=False)
            field.label_from_instance = lambda meeting: meeting.heading
            field.required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        meeting = cleaned.get("meeting") or self.instance.meeting
        if "organisation" not in self.errors and not cleaned.get("organisation"):
            met = list(meeting.organisations.all()[:2]) if meeting else []
            if len(met) == 1:
                cleaned["organisation"] = met[0]
            else:
                self.add_error("organisation", _("Say with whom: choose an organisation."))
        return cleaned


class DropForm(FieldManners, forms.Form):
    """Why a promise is given up."""

    why = forms.CharField(
        label=_("Why is it given up?"),
        max_length=300,
        help_text=_("Such as: it was settled in another way, or saved by mistake."),
        error_messages={"required": _("Say why in a few words: it stays with the promise.")},
        widget=forms.TextInput({"autofocus": True}),
    )
