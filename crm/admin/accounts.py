"""Accounts, which only an Administrator touches, and the record of exports."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.admin.paging import BoundedPaginator
from crm.models import Export, User
from crm.roles import ROLE_NAMES
from crm.when import ZONES

# Roles are made by the project (crm/roles.py), addresses are the users' own.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)


def role_name(group: Group) -> str:
    """A role as its reader calls it."""
    return str(ROLE_NAMES.get(group.name, group.name))


class RoleFilter(admin.SimpleListFilter):
    """By role."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ROLE_NAMES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account. Without a password nobody can sign in: a link to choose one is sent."""

    time_zone = forms.TypedChoiceField(
        label=_("Time zone"), choices=[(zone, zone) for zone in sorted(ZONES)]
    )

    class Meta:
        model = User
        fields = ["email", "name", "language", "time_zone", "groups", "is_superuser", "is_active"]
        widgets = {"groups": forms.CheckboxSelectMultiple}
        labels = {"groups": _("Roles"), "is_superuser": _("Administrator")}
        help_texts = {
            "groups": "",
            "is_superuser": _("May do everything: delete records, and manage accounts."),
        }

    # Who fills it in.
    user: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            self.fields["groups"].label_from_instance = role_name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """So that an Administrator always remains."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance == self.user and not (data.get("is_superuser") and data.get("is_active")):
            raise forms.ValidationError(
                _("You can’t take your own rights away: ask another Administrator.")
            )
        return data

    def save(self, commit: bool = True) -> User:
        if self.instance._state.adding:
            self.instance.set_unusable_password()
        return super().save(commit)  # type: ignore[no-any-return]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """Accounts are deactivated, never deleted."""

    form = add_form = AccountForm
    add_form_template = None
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_display = ["email", "name", "roles", "is_administrator", "is_active", "last_login"]
    list_filter = ["is_active", RoleFilter]
    search_fields = ["email", "name"]
    ordering = ["email"]
    filter_horizontal = []
    readonly_fields = ["last_login", "created_at", "person_link"]
    actions = ["send_password_link", "deactivate"]
    fieldsets = [
        (None, {"fields": ["email", "name", "is_active"]}),
        (_("What they may do"), {"fields": ["groups", "is_superuser"]}),
        (_("Preferences"), {"fields": ["language", "time_zone"]}),
        (_("Also"), {"fields": ["person_link", "last_login", "created_at"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "name"]}),
        (_("What they may do"), {"fields": ["groups", "is_superuser"]}),
        (_("Preferences"), {"fields": ["language", "time_zone"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).select_related("person").prefetch_related("groups")

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, *args, **kwargs)
        form.user = request.user
        return form

    def choices_offered(self, found: QuerySet[User]) -> QuerySet[User]:
        """Colleagues who are still here."""
        return found.filter(is_active=True).select_related(None).prefetch_related(None)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(role_name(group) for group in user.groups.all())

    @admin.display(description=_("Administrator"), boolean=True, ordering="is_superuser")
    def is_administrator(self, user: User) -> bool:
        return user.is_superuser

    @admin.display(description=_("person"))
    def person_link(self, user: User) -> str:
        """Who they are; a person is linked to an account on the person's own form."""
        return str(getattr(user, "person", None) or _("Linked on the person’s form."))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return request.user.is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the address that sets the password."""
        if (user := context.get("original")) is not None:
            context["password_url"] = reverse("admin:auth_user_password_change", args=[user.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            self._send_link(request, [form.instance])

    @admin.action(description=_("Send a link to choose a password"))
    def send_password_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._send_link(request, list(queryset.filter(is_active=True)))

    def _send_link(self, request: HttpRequest, users: list[User]) -> None:
        for user in users:
            form = ResetPasswordForm({"email": user.email})
            if form.is_valid():
                form.save(request)
        self.message_user(
            request,
            ngettext(
                "A link to choose a password was sent to %(count)d person.",
                "A link to choose a password was sent to %(count)d people.",
                len(users),
            )
            % {"count": len(users)},
            messages.SUCCESS,
        )

    @admin.action(description=_("Deactivate"))
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        with transaction.atomic():
            leaving = list(queryset.exclude(pk=request.user.pk or 0).filter(is_active=True))
            for user in leaving:
                user.is_active = False
                user.save(update_fields=["is_active"])
                self.log_change(request, user, str(_("Deactivated.")))
        count = len(leaving)
        self.message_user(
            request,
            ngettext("%(count)d account deactivated.", "%(count)d accounts deactivated.", count)
            % {"count": count},
            messages.SUCCESS,
        )


@admin.register(Export)
class ExportAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The record of exports: read, never written."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    date_hierarchy = "created_at"
    list_display = ["created_at", "user", "subject", "file_format", "row_count", "filter_words"]
    list_filter = ["file_format", "subject"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__name", "filter_words"]
    fields = [
        "created_at",
        "user",
        "subject",
        "file_format",
        "filter_words",
        "address",
        "columns",
        "row_count",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return False
