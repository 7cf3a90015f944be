"""The forms of a person and of their affiliations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.combos import LineComboField
from crm.days import DayField
from crm.forms import FieldManners, Section, VersionedModelForm
from crm.parts import PartFormSet
from partners.choices import OrganisationFinder
from partners.models import Affiliation, Person


class PersonForm(VersionedModelForm):
    """What staff say of a person; where they work is in the lines of AffiliationFormSet."""

    parts = ("affiliations",)

    layout = (
        Section(
            _("Names"),
            (
                "given_name",
                "family_name",
                "name_order",
                "native_name",
                "native_reading",
                "form_of_address",
            ),
            _("One of them is enough"),
        ),
        Section(
            _("How to reach them"),
            ("email", "phone", "mobile", "contact_preference"),
        ),
        Section(_("Where from"), ("source",)),
        Section(
            _("More"),
            ("photo", "languages", "notes"),
            _("photograph, languages, notes"),
            is_folded=True,
        ),
    )

    class Meta:
        model = Person
        fields = (
            "given_name",
            "family_name",
            "name_order",
            "native_name",
            "native_reading",
            "form_of_address",
            "email",
            "phone",
            "mobile",
            "contact_preference",
            "source",
            "photo",
            "languages",
            "notes",
        )
        widgets = {"name_order": forms.RadioSelect, "contact_preference": forms.RadioSelect}


class AffiliationForm(FieldManners, forms.ModelForm):  # type: ignore[type-arg]
    """One line: where they work."""

    organisation = LineComboField(OrganisationFinder(), label=_("Organisation"))

    class Meta:
        model = Affiliation
        fields = ("organisation", "job_title", "department", "since", "until", "is_primary")
        field_classes = {"since": DayField, "until": DayField}


class BaseAffiliationFormSet(PartFormSet):
    """Where a person works and worked; one current affiliation is primary."""

    owner_field = "person"
    told_by = ("organisation", "job_title", "department", "since", "until")
    combos = {"organisation": OrganisationFinder()}

    def clean(self) -> None:
        primary = [form for form in self.kept if form.cleaned_data.get("is_primary")]
        primary += [
            form
            for form in self.kept
            if not form.has_changed() and form.instance.is_primary and form not in primary
        ]
        for form in primary[1:]:
            form.add_error("is_primary", _("Only one affiliation is primary."))

    def in_order(self) -> list[Any]:
        """Those that stop being primary first: there is never more than one."""
        return sorted(self.kept, key=lambda form: form.instance.is_primary)

    def save(self) -> None:
        if any(form.instance.is_primary for form in self.kept):
            shown = [form.instance.pk for form in self.kept if form.instance.pk]
            for other in self.owner.affiliations.filter(is_primary=True).exclude(pk__in=shown):
                other.is_primary = False
                other.save()
        super().save()
        self.owner.settle_affiliations()


AffiliationFormSet: Any = forms.formset_factory(
    AffiliationForm,
    formset=BaseAffiliationFormSet,
    extra=1,
    can_delete=True,
    max_num=100,
    absolute_max=200,
)
