"""The imports there were: whose, when, what of, and what came of them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from crm.imports.subjects import Subject, subjects
from crm.lists import PagedList
from crm.models import Import


def importable(user: Any) -> dict[str, Subject]:
    """The subjects of which the user may read files in."""
    return {
        name: subject for name, subject in subjects().items() if user.has_perm(subject.permission)
    }


class Importers:
    """For those who may read in files of anything at all."""

    request: HttpRequest
    subjects: dict[str, Subject]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.subjects = importable(request.user)
        if not self.subjects:
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class ImportList(Importers, PagedList):
    """Newest first, everybody's, of what the reader may import."""

    model = Import
    template_name = "crm/import_list.html"

    def get_queryset(self) -> QuerySet[Import]:
        found = Import.objects.filter(subject__in=self.subjects).select_related("user")
        return found.order_by("-created_at", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(subjects=self.subjects, **kwargs)
