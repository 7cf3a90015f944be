"""People, with where they work."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from crm.admin.archiving import ArchivedFilter
from partners.admin.affiliations import AffiliationInline
from partners.admin.merging import MergeableAdmin
from partners.exports import PERMISSION, export_people
from partners.models import Person


@admin.register(Person)
class PersonAdmin(MergeableAdmin):
    """People: the ones we meet, and our own staff."""

    list_display = [
        "name",
        "native_name",
        "organisation",
        "job_title",
        "email",
        "contact_preference",
    ]
    list_display_links = ["name"]
    list_filter = [
        ArchivedFilter,
        "contact_preference",
        "name_order",
        ("user", admin.EmptyFieldListFilter),
    ]
    ordering = ["sort_name", "pk"]
    search_fields = ["search_text"]
    search_help_text = _("Name in either script, organisation, e-mail or phone")
    autocomplete_fields = ["user"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "given_name",
                    "family_name",
                    "native_name",
                    "native_reading",
                    "name_order",
                ]
            },
        ),
        (
            _("How to reach them"),
            {"fields": ["email", "phone", "mobile", "contact_preference"]},
        ),
        (
            _("More"),
            {
                "fields": ["form_of_address", "photo", "languages", "source", "user", "notes"],
                "classes": ["collapse"],
            },
        ),
    ]
    inlines = [AffiliationInline]
    parts = ["affiliations"]

    actions = ["export_selected", *MergeableAdmin.actions]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    @admin.action(description=_("Export selected people"), permissions=["export"])
    def export_selected(self, request: HttpRequest, queryset: Any) -> HttpResponseBase:
        """As on the pages: it asks how, keeps the record, then sends the file."""
        return export_people(request, queryset)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_primary().select_related("post__organisation")

    def choice_label(self, record: Any) -> str:
        name = f"{record.name} {record.native_name}".strip() if record.given_name else record.name
        primary = getattr(record, "post", None)
        return f"{name} · {primary.organisation}" if primary else name

    @admin.display(description=_("name"), ordering="sort_name")
    def name(self, person: Person) -> str:
        return person.name

    @admin.display(description=_("organisation"), ordering="sort_organisation")
    def organisation(self, person: Any) -> str:
        return str(person.post.organisation) if person.post else ""

    @admin.display(description=_("job title"))
    def job_title(self, person: Any) -> str:
        return person.post.job_title if person.post else ""

    def settle(self, obj: Any, before: Any) -> None:
        obj.settle_affiliations()
