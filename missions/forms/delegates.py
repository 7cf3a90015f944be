"""The form of a place in the delegation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.combos import ComboField, ComboWidget
from crm.forms import Section, VersionedModelForm
from crm.text import record_id
from missions.choices import ColleagueFinder
from missions.forms.newcomers import NewcomerFormSet, NewPersonForm
from missions.models import Delegate
from partners.choices import OrganisationFinder

ADDITIONS = [("person", _("Add “{typed}” as a new person"))]

NewDelegates = forms.formset_factory(
    NewPersonForm, formset=NewcomerFormSet, extra=1, max_num=1, absolute_max=1
)


class DelegateForm(VersionedModelForm):
    """For whom a place is held, who fills it, in which role.

    `has_newcomer` says whether somebody not yet known is named beside it. Somebody named for an
    unnamed place takes it, or with `keeps_open` a place of their own beside it.
    """

    organisation = ComboField(OrganisationFinder(), label=_("Place held for"))
    person = ComboField(
        ColleagueFinder(),
        label=_("Person"),
        required=False,
        help_text=_("Empty: one or more representatives, still unnamed."),
    )
    keeps_open = forms.BooleanField(
        label=_("Keep this place open for its other representatives"), required=False
    )

    layout = [
        Section(_("The place"), ["organisation", "person", "keeps_open"]),
        Section(_("In the delegation"), ["role", "status"]),
    ]

    class Meta:
        model = Delegate
        fields = ["organisation", "person", "role", "status"]

    def __init__(
        self, *args: Any, has_newcomer: bool = False, may_add: bool = False, **kwargs: Any
    ) -> None:
        self.has_newcomer = has_newcomer
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        held_for = self.data.get("organisation") if self.is_bound else self["organisation"].initial
        finder = ColleagueFinder(record_id(str(getattr(held_for, "pk", held_for) or "")))
        attrs = field.widget.attrs
        field.widget = ComboWidget(finder, additions=ADDITIONS if may_add else (), attrs=attrs)
        if not (self.instance.pk and self.instance.is_unnamed):
            del self.fields["keeps_open"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        person = cleaned.get("person")
        if person and self.has_newcomer:
            self.add_error(
                "person", _("Choose somebody or add a new person, not both: clear one of the two.")
            )
        elif person:
            self._check_only_place(person)
        return cleaned

    def _check_only_place(self, person: Any) -> None:
        places = Delegate.objects.filter(mission=self.instance.mission_id, person=person)
        other = places.exclude(pk=self.instance.pk).select_related("organisation").first()
        if other:
            self.add_error(
                "person",
                ValidationError(
                    _(
                        "%(name)s has a place in this delegation already, held for "
                        "%(organisation)s: change that one."
                    ),
                    params={"name": person.name, "organisation": other.organisation.name},
                ),
            )

    def save(self, commit: bool = True) -> Delegate:
        """The place; with `keeps_open` a new one like it, for the person named."""
        place: Delegate = self.instance
        if not (self.cleaned_data.get("keeps_open") and place.person_id):
            return super().save(commit)  # type: ignore[no-any-return]
        rest = Delegate.objects.get(pk=place.pk)
        own = Delegate.objects.create(
            mission_id=place.mission_id,
            organisation=place.organisation,
            person=place.person,
            role=place.role,
            status=place.status,
        )
        own.missed_stops.add(*rest.missed_stops.values_list("pk", flat=True))
        own.missed_meetings.add(*rest.missed_meetings.values_list("pk", flat=True))
        rest.save()
        return own


class PlaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Role and status alone, as they are changed in the row of a place."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Delegate
        fields = ["role", "status"]
