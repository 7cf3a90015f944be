"""Organisations, and what they belong to."""

from typing import Any

from django.contrib import admin
from django.core.cache import caches
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from crm.admin.archiving import ArchivedFilter
from crm.admin.records import PartInline, RecordAdmin
from partners.admin.affiliations import PeopleInline, settle_people
from partners.admin.merging import MergeableAdmin
from partners.models import Membership, Organisation


class CountryFilter(admin.SimpleListFilter):
    """The countries where we know somebody, read from the index at most once in ten minutes."""

    title = _("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        model: type[Model] = model_admin.model
        codes = caches["counts"].get_or_set(
            f"admin-countries-{model._meta.label_lower}",
            lambda: sorted(
                model._default_manager.order_by("country")
                .values_list("country", flat=True)
                .distinct()
            ),
            600,
        )
        named = ((code, str(countries.name(code))) for code in codes or [])
        return sorted(named, key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(country=self.value()) if self.value() else queryset


class MembershipsInline(PartInline):
    """What the organisation belongs to."""

    model = Membership
    is_removable = True
    fk_name = "member"
    verbose_name = _("membership")
    verbose_name_plural = _("belongs to")
    fields = ["group", "role", "since", "until"]
    autocomplete_fields = ["group"]


class MembersInline(PartInline):
    """What belongs to the organisation."""

    model = Membership
    is_removable = True
    fk_name = "group"
    verbose_name = _("member")
    verbose_name_plural = _("includes")
    fields = ["member", "role", "since", "until"]
    autocomplete_fields = ["member"]


@admin.register(Organisation)
class OrganisationAdmin(MergeableAdmin):
    """Organisations, with who works there and what they belong to."""

    list_display = [
        "name",
        "native_name",
        "kind",
        "place",
        "tier_words",
        "owner",
        "last_contact",
    ]
    list_filter = [ArchivedFilter, "side", "kind", "tier", "owner", CountryFilter, "is_met"]
    list_select_related = ["city", "owner"]
    ordering = ["sort_name", "pk"]
    search_fields = ["search_text"]
    search_help_text = _("Name in either script, or city")
    autocomplete_fields = ["city", "sectors", "parent", "owner"]
    readonly_fields = ["last_contact"]
    fieldsets = [
        (
            None,
            {"fields": ["name", "native_name", "short_name", "kind", "country", "city", "sectors"]},
        ),
        (_("How we know them"), {"fields": ["side", "tier", "owner", "last_contact"]}),
        (
            _("How to reach them"),
            {"fields": ["website", "email", "phone", "address"], "classes": ["collapse"]},
        ),
        (_("More"), {"fields": ["parent", "notes"], "classes": ["collapse"]}),
    ]
    inlines = [PeopleInline, MembershipsInline, MembersInline]
    parts = ["affiliations", "memberships", "members"]

    def choice_label(self, record: Any) -> str:
        return " · ".join(
            filter(None, [f"{record.name} {record.native_name}".strip(), record.place])
        )

    def choices_offered(self, found: Any) -> Any:
        return super().choices_offered(found).select_related("city")

    @admin.display(description=_("place"), ordering="sort_city")
    def place(self, organisation: Organisation) -> str:
        return organisation.place

    @admin.display(description=_("tier"), ordering="tier_order")
    def tier_words(self, organisation: Organisation) -> str:
        return f"{organisation.tier} {organisation.get_tier_display()}" if organisation.tier else ""

    @admin.display(description=_("last contact"), ordering="contact_order")
    def last_contact(self, organisation: Organisation) -> Any:
        return organisation.last_contact_on or (
            _("Met, date unknown") if organisation.is_met else _("Never")
        )

    def settle(self, obj: Any, before: Any) -> None:
        obj.settle_sectors()

    def leaving(self, obj: Any) -> Any:
        """The meetings that are found by its name."""
        return list(obj.meetings.values_list("pk", flat=True))

    def settle_gone(self, before: Any) -> None:
        meeting: Any = Organisation._meta.get_field("meetings").related_model
        meeting.objects.filter(pk__in=before).refresh_derived()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        was = {row.initial.get("person") for row in formset.forms} - {None}
        super().save_formset(request, form, formset, change)
        if isinstance(formset, PeopleInline.formset):
            now = {row.instance.person_id for row in formset.forms if row.has_changed()}
            settle_people((was | now) - {None} if formset.has_changed() else set())


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    """Memberships, one by one."""

    list_display = ["member", "group", "role", "since", "until"]
    list_display_links = ["member"]
    list_filter = [("until", admin.EmptyFieldListFilter)]
    list_select_related = ["member", "group"]
    ordering = ["-pk"]
    search_fields = ["member__search_text"]
    autocomplete_fields = ["member", "group"]
    fieldsets = [(None, {"fields": ["member", "group", "role", "since", "until"]})]

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        if not search_term:
            return queryset, False
        found = Organisation.objects.matching(search_term)
        return queryset.filter(member__in=found) | queryset.filter(group__in=found), False
