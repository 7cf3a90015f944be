"""Affiliations: on a person's form, on an organisation's and on their own; one is primary."""

from typing import Any

from django.contrib import admin
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.admin.records import PartForm, PartInline, RecordAdmin, RecordForm
from partners.models import Affiliation, Person


class MovesPrimary:
    """Ticking “primary” takes it from the affiliation that had it; it is no error."""

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "is_primary"}  # type: ignore[misc]


class AffiliationPartForm(MovesPrimary, PartForm):
    """An affiliation as a line of a form."""


class AffiliationForm(MovesPrimary, RecordForm):
    """An affiliation on its own."""


def yield_primary(affiliation: Affiliation) -> None:
    """Let this affiliation, about to be saved as primary, be the person's only one."""
    if not affiliation.is_primary:
        return
    others = Affiliation.objects.filter(person=affiliation.person_id, is_primary=True)
    for other in others.exclude(pk=affiliation.pk).select_for_update():
        other.is_primary = False
        other.save()


class AffiliationFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The affiliations of a person, or of an organisation's people."""

    def clean(self) -> None:
        super().clean()
        seen: set[Any] = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data.get("is_primary") or data.get("DELETE"):
                continue
            person = data.get("person") or form.instance.person_id
            if person in seen:
                form.add_error("is_primary", _("Only one is primary: untick the other."))
            seen.add(person)

    def save_new(self, form: Any, commit: bool = True) -> Affiliation:
        if commit:
            form.instance.person_id = form.instance.person_id or self.instance.pk
            yield_primary(form.instance)
        return super().save_new(form, commit)  # type: ignore[no-any-return]

    def save_existing(self, form: Any, obj: Affiliation, commit: bool = True) -> Affiliation:
        if commit:
            yield_primary(form.instance)
        return super().save_existing(form, obj, commit)  # type: ignore[no-any-return]


class AffiliationInline(PartInline):
    """Where a person works, or who works there: ended, or taken off where it was a mistake."""

    model = Affiliation
    is_removable = True
    form = AffiliationPartForm
    formset = AffiliationFormSet
    fields = ["organisation", "job_title", "department", "since", "until", "is_primary"]
    autocomplete_fields = ["organisation"]


class PeopleInline(AffiliationInline):
    """Who works for an organisation."""

    verbose_name = _("person")
    verbose_name_plural = _("people there")
    fields = ["person", "job_title", "department", "since", "until", "is_primary"]
    autocomplete_fields = ["person"]


@admin.register(Affiliation)
class AffiliationAdmin(RecordAdmin):
    """Affiliations, one by one."""

    form = AffiliationForm
    list_display = ["person", "organisation", "job_title", "since", "until", "is_primary"]
    list_display_links = ["person"]
    list_filter = ["is_primary", ("until", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "organisation"]
    ordering = ["-pk"]
    search_fields = ["person__search_text"]
    autocomplete_fields = ["person", "organisation"]
    fieldsets = [
        (None, {"fields": ["person", "organisation", "job_title", "department"]}),
        (_("When"), {"fields": ["since", "until", "is_primary"]}),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        people = Person.objects.matching(search_term)
        return queryset.filter(person__in=people) if search_term else queryset, False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        yield_primary(obj)
        super().save_model(request, obj, form, change)

    def remembered(self, obj: Any) -> Any:
        """Whose it was before."""
        return Affiliation.objects.filter(pk=obj.pk).values_list("person_id", flat=True).first()

    def settle(self, obj: Any, before: Any) -> None:
        settle_people({obj.person_id, before} - {None})

    def settle_gone(self, before: Any) -> None:
        settle_people({before} - {None})


def settle_people(ids: set[int]) -> None:
    """Let each of these people have one primary affiliation."""
    for person in Person.objects.filter(pk__in=ids):
        person.settle_affiliations()
