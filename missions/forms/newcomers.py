"""People and organisations first met at a meeting: added on its form, saved with it."""

from collections.abc import Sequence
from copy import copy
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from crm.forms import FieldManners
from crm.text import folded, sort_key
from partners.alike import twins
from partners.models import Affiliation, Organisation, Person

NEW = "new"
NOBODY = "none"


class Offered(forms.ChoiceField):
    """One of what the form offers now; a choice that has left the form since is no choice."""

    def to_python(self, value: Any) -> str:
        keys = {key for key, _label in cast(list[tuple[str, Any]], self.choices)}
        return str(value) if value in keys else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """What was not asked has not changed."""
        return data is not None and super().has_changed(initial, data)


class OfferedSeveral(forms.MultipleChoiceField):
    """Some of what the form offers now; those that have left the form since are no choice."""

    def to_python(self, value: Any) -> list[str]:
        keys = {key for key, _label in cast(list[tuple[str, Any]], self.choices)}
        return [each for each in super().to_python(value) if each in keys]


class NewPersonForm(FieldManners, forms.Form):
    """A person not yet known, and the organisation they spoke for."""

    given_name = forms.CharField(label=_("Given name"), max_length=100, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=100, required=False)
    native_name = forms.CharField(label=_("Native name"), max_length=100, required=False)
    job_title = forms.CharField(label=_("Job title"), max_length=200, required=False)
    organisation = Offered(label=_("Works for"), required=False)
    is_another = forms.BooleanField(label=_("Another person of the same name"), required=False)

    def __init__(self, *args: Any, options: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [  # type: ignore[attr-defined]
            *(options or [("", _("The organisation met"))]),
            (NOBODY, _("No organisation")),
        ]
        self.twins: list[Person] = []

    @property
    def is_used(self) -> bool:
        """Whether somebody is named here."""
        return any(
            self.data.get(self.add_prefix(name), "").strip()
            for name in ("given_name", "family_name", "native_name", "job_title")
        )

    @property
    def full_name(self) -> str:
        """The name typed so far, as it is written."""
        given, family, native = (
            self.data.get(self.add_prefix(f"{part}_name"), "").replace("\x00", "").strip()
            for part in ("given", "family", "native")
        )
        return " ".join(filter(None, [given, family])) or native

    def clean(self) -> dict[str, Any]:
        cleaned = {**self.cleaned_data}
        names = [cleaned.get(f"{part}_name", "") for part in ("given", "family", "native")]
        if not any(names):
            if self.is_used and not self.errors:
                raise ValidationError(_("A person needs a name."))
            return cleaned
        same = Q(sort_name=sort_key(names[1], names[0])) if any(names[:2]) else Q(pk=None)
        if names[2]:
            same |= Q(search_text__contains=folded(names[2]), native_name=names[2])
        named = dict(zip(("given_name", "family_name", "native_name"), names, strict=True))
        self.twins = list(Person.objects.active().filter(same)[:3]) or [
            like.record for like in twins(Person(**named))
        ]
        if self.twins and not cleaned.get("is_another"):
            raise ValidationError(
                _("%(name)s is known already: choose them above, or say it is another person."),
                params={"name": self.twins[0].name},
            )
        return cleaned

    def save(self, organisation: Organisation | None) -> Person:
        """The person, with what they do at the organisation as primary affiliation."""
        names = {f"{part}_name": self.cleaned_data[f"{part}_name"] for part in ("given", "family")}
        person = Person.objects.create(**names, native_name=self.cleaned_data["native_name"])
        if organisation:
            Affiliation.objects.create(
                person=person,
                organisation=organisation,
                job_title=self.cleaned_data["job_title"],
                is_primary=True,
            )
            person.settle_affiliations()
        return person


class NewOrganisationForm(FieldManners, forms.ModelForm):  # type: ignore[type-arg]
    """An organisation not yet known: a partner, to be completed later."""

    is_another = forms.BooleanField(label=_("Another organisation, not that one"), required=False)

    class Meta:
        model = Organisation
        fields = ("name", "native_name", "kind", "country")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.twins: list[Any] = []
        for field in self.fields.values():
            field.help_text = ""
        self.fields["country"].choices = [("", ""), *countries]  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """One that looks like a partner we have is asked about."""
        super()._post_clean()  # type: ignore[misc]
        if not self.is_used or self.errors:
            return
        self.twins = [like.record for like in twins(copy(self.instance))]
        if self.twins and not self.cleaned_data.get("is_another"):
            self.add_error(
                None,
                ValidationError(
                    _("%(name)s is known already: choose it above, or say it is another one."),
                    params={"name": self.twins[0]},
                ),
            )

    @property
    def is_used(self) -> bool:
        """Whether an organisation is named here."""
        return bool(self.named)

    @property
    def named(self) -> str:
        """The name typed so far."""
        return " ".join(self.data.get(self.add_prefix("name"), "").replace("\x00", "").split())


class NewcomerFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """Lines for those first met; an empty line is nobody. What RecordForm asks of parts."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.empty_permitted = True
        form.index = index

    @property
    def used(self) -> list[Any]:
        """The lines that name somebody."""
        return [form for form in self.forms if self.is_bound and form.is_used]

    @property
    def changes_something(self) -> bool:
        return bool(self.used)

    def with_another_line(self) -> "NewcomerFormSet":
        """The same lines as typed, and an empty one after them."""
        data = self.data.copy()  # type: ignore[attr-defined]
        total = min(self.total_form_count() + 1, self.absolute_max)
        data[self.management_form.add_prefix("TOTAL_FORMS")] = str(total)
        return type(self)(data, prefix=self.prefix, form_kwargs=self.form_kwargs)

    def hush(self) -> None:
        """Show what was typed without judging it."""
        for form in self.forms:
            form.hush()
        self._errors = [form.errors for form in self.forms]
        self._non_form_errors = self.error_class(renderer=self.renderer)  # type: ignore[attr-defined]


NewPeople = forms.formset_factory(NewPersonForm, formset=NewcomerFormSet, extra=1, max_num=50)
NewOrganisations = forms.formset_factory(
    NewOrganisationForm, formset=NewcomerFormSet, extra=1, max_num=20
)
