"""The admin: the same door and the same clothes as the pages."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from crm.following import is_ours
from crm.models import User

APPS = ["partners", "missions", "crm"]
MODELS = [
    "Organisation",
    "Person",
    "City",
    "Sector",
    "Membership",
    "Affiliation",
    "Meeting",
    "Mission",
    "FollowUp",
    "Agreement",
    "Initiative",
    "Stop",
    "Organiser",
    "Delegate",
    "Attendance",
    "Party",
    "Checklist",
    "ChecklistStep",
    "Task",
    "User",
    "Export",
]


def _rank(names: list[str], name: str) -> int:
    """Where a name stands in a list; after it where it is not in it."""
    return names.index(name) if name in names else len(names)


class ChoicesView(AutocompleteJsonView):
    """What an autocomplete offers: records in use, named so that two namesakes differ."""

    def process_request(self, request: HttpRequest) -> tuple[str, Any, Any, str]:
        term, *rest = super().process_request(request)
        return (term.replace("\x00", "")[:200], *rest)  # type: ignore[return-value]

    def get_queryset(self) -> QuerySet[Any]:
        found = super().get_queryset()
        if (offered := getattr(self.model_admin, "choices_offered", None)) is not None:
            found = offered(found)
        return found

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        named = getattr(self.model_admin, "choice_label", str)
        return {"id": str(getattr(obj, to_field_name)), "text": named(obj)}

    def has_perm(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Colleagues can be named as owners by whoever may not see their accounts."""
        return self.model_admin.model is User or super().has_perm(request, obj)


class PontiAdminSite(AdminSite):
    site_title = site_header = _("Ponti")
    index_title = _("Administration")
    enable_nav_sidebar = False
    empty_value_display = "–"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The nouns people look for first, then the rest by name; accounts at the end."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda entry: _rank(MODELS, entry["object_name"]))
        return sorted(apps, key=lambda app: _rank(APPS, app["app_label"]))

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.has_perm("crm.enter_admin")

    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """To the product's own door; whoever is inside already and may not enter is told so."""
        following = request.GET.get("next", "")
        if not request.user.is_authenticated:
            return redirect_to_login(following or reverse(f"{self.name}:index"))
        if not self.has_permission(request):
            raise PermissionDenied
        if is_ours(request, following):
            return redirect(following)
        return redirect(f"{self.name}:index")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_logout")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> JsonResponse:
        return ChoicesView.as_view(admin_site=self)(request)  # type: ignore[return-value]
