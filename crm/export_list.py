"""The record of exports: who took what, when, and how much."""

from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst

from crm.export_page import ListExport
from crm.lists import PagedList
from crm.models import Export, User
from crm.text import record_id


class Again(NamedTuple):
    """Where the list of an export is seen, and where the same file is made again."""

    list_url: str
    file_url: str


def again(export: Export, reader: Any) -> Again | None:
    """For those who may export such rows; what was no list of ours can't be made again."""
    path, _mark, query = export.address.partition("?")
    try:
        view = getattr(resolve(path).func, "view_class", None)
    except Resolver404:
        return None
    if not (isinstance(view, type) and issubclass(view, ListExport)):
        return None
    needed: Any = view.permission_required
    if not reader.has_perms(needed):
        return None
    asked = QueryDict(query, mutable=True)
    if "columns" not in asked:
        asked["columns"] = ",".join(export.columns)
    file_url = f"{path}?{asked.urlencode(safe=',')}"
    rows, _file = view.parted(asked)
    return Again(f"{reverse(view.exported.list_url_name)}?{rows.urlencode(safe=',')}", file_url)


class ExportList(PermissionRequiredMixin, PagedList):
    """Newest first, of everybody or of one user."""

    permission_required = "crm.view_export"
    model = Export

    @cached_property
    def users(self) -> QuerySet[User]:
        """Those who ever exported."""
        return User.objects.filter(Exists(Export.objects.filter(user=OuterRef("pk"))))

    @cached_property
    def chosen(self) -> User | None:
        """The user in the address, where they ever exported."""
        asked = record_id(self.request.GET.get("user", ""))
        return self.users.filter(pk=asked).first() if asked else None

    def get_queryset(self) -> QuerySet[Export]:
        exports = super().get_queryset().select_related("user")
        return exports.filter(user=self.chosen) if self.chosen else exports

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subjects = {
            model._meta.label_lower: capfirst(str(model._meta.verbose_name_plural))
            for model in apps.get_models()
        }
        context = super().get_context_data(
            users=self.users, chosen=self.chosen, subjects=subjects, **kwargs
        )
        context["rows"] = [(one, again(one, self.request.user)) for one in context["object_list"]]
        return context
