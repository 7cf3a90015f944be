"""The form of an agreement, with its parties."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import ErrorList
from django.utils.translation import gettext_lazy as _

from crm.combos import ComboField, ComboMultipleField
from crm.days import DayField
from crm.forms import Section, VersionedModelForm
from crm.models import User
from missions import documents
from missions.choices import AgreementFinder, HomeFinder, MeetingFinder, PartnerFinder
from missions.forms.documents import DocumentInput
from missions.models import Agreement, Party
from missions.models.meeting_queries import READ_CONFIDENTIAL
from partners.models import Organisation

SIDES = {"ours": Organisation.Side.HOME, "theirs": Organisation.Side.PARTNER}
NEEDED = {
    "ours": _("A signed agreement has a party on our side: choose at least one."),
    "theirs": _("A signed agreement has a party on their side: choose at least one."),
}


def missing_sides(status: str, parties: Iterable[Organisation]) -> list[str]:
    """The sides, “ours” and “theirs”, that have no party though one has signed."""
    if status not in Agreement.SIGNED_ONCE:
        return []
    present = {organisation.side for organisation in parties}
    return [name for name, side in SIDES.items() if side not in present]


class AgreementForm(VersionedModelForm):
    """An agreement; the parties of each side are chosen by typing."""

    ours = ComboMultipleField(HomeFinder(), label=_("Our side"), required=False)
    theirs = ComboMultipleField(PartnerFinder(), label=_("Their side"), required=False)
    meeting = ComboField(
        MeetingFinder(may_read=False), label=_("The meeting it grew from"), required=False
    )
    renews = ComboField(
        AgreementFinder(),
        label=_("Renews"),
        required=False,
        help_text=_("The agreement that it takes the place of."),
    )
    signed_on = DayField(
        label=_("Signed on"), required=False, help_text=_("Empty where the date is not known.")
    )
    in_force_from = DayField(
        label=_("In force from"),
        required=False,
        help_text=_("Empty: from its signature. It may reach back before it."),
    )
    in_force_until = DayField(
        label=_("In force until"), required=False, help_text=_("Empty where no end is known.")
    )

    layout = (
        Section(_("What it is"), ("title", "kind", "protocol_number")),
        Section(_("Parties"), ("ours", "theirs")),
        Section(_("When"), ("status", "signed_on", "in_force_from", "in_force_until")),
        Section(_("The document"), ("document",)),
        Section(
            _("More"),
            ("meeting", "renews", "notes"),
            _("the meeting it grew from, what it renews, notes"),
            is_folded=True,
        ),
    )
    parts = ("parties",)

    class Meta:
        model = Agreement
        fields = (
            "title",
            "kind",
            "protocol_number",
            "status",
            "signed_on",
            "in_force_from",
            "in_force_until",
            "document",
            "meeting",
            "renews",
            "notes",
        )
        widgets = {"document": DocumentInput}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        agreement = kwargs.get("instance")
        saved: dict[str, list[Organisation]] = {name: [] for name in SIDES}
        if agreement and agreement.pk:
            parties = Organisation.objects.filter(parties__agreement=agreement)
            for organisation in parties.order_by("parties__pk"):
                side = "ours" if organisation.side == Organisation.Side.HOME else "theirs"
                saved[side].append(organisation)
        kwargs["initial"] = {**saved, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.opened = [str(one.pk) for those in saved.values() for one in those]
        if self.is_bound and self.opened:
            self._merge_parties(saved)
        meeting: Any = self.fields["meeting"]
        meeting.widget.finder = MeetingFinder(user.has_perm(READ_CONFIDENTIAL))
        self.fields["document"].help_text = _("%(types)s; at most %(size)s MB.") % {
            "types": ", ".join(documents.TYPES),
            "size": documents.MEGABYTES,
        }
        self.fields["document"].widget.user = user
        self.fields["title"].widget.attrs["autofocus"] = not (self.is_bound or self.instance.pk)

    def keep_document(self) -> None:
        """Let the document chosen wait: the form comes back."""
        bound: Any = self["document"]
        if self.is_bound and (upload := bound.data) and "document" not in self.errors:
            bound.field.widget.keep(upload)

    def _merge_parties(self, saved: dict[str, list[Organisation]]) -> None:
        """Keep the parties that somebody else added meanwhile; leave out those they removed."""
        data: Any = self.data
        if "opened" not in data:
            return
        opened = set(data.getlist("opened"))
        for name, those in saved.items():
            now = [str(one.pk) for one in those]
            kept = [one for one in data.getlist(name) if one in now or one not in opened]
            self._put(name, [*kept, *(one for one in now if one not in {*opened, *kept})])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors.keys() & {*SIDES, "status"}:
            parties = [one for name in SIDES for one in cleaned[name]]
            for name in missing_sides(cleaned["status"], parties):
                self.add_error(name, NEEDED[name])
        return cleaned

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        wanted = {one.pk: one for name in SIDES for one in self.cleaned_data[name]}
        kept = set()
        for party in self.instance.parties.all():
            if party.organisation_id in wanted:
                kept.add(party.organisation_id)
            else:
                party.delete()
        for pk, organisation in wanted.items():
            if pk not in kept:
                Party.objects.create(agreement=self.instance, organisation=organisation)


class PartyFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The parties in the administration: one on each side once it is signed."""

    def clean(self) -> None:
        super().clean()
        lines = [line.cleaned_data for line in self.forms if line.is_valid()]
        parties = [
            line["organisation"]
            for line in lines
            if line.get("organisation") and not line.get("DELETE")
        ]
        if missing := missing_sides(self.instance.status, parties):
            self._non_form_errors = ErrorList([str(NEEDED[name]) for name in missing])
