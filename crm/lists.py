"""What every list of the product stands on."""

from typing import Any, ClassVar

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Model, QuerySet
from django.views.generic import TemplateView

from crm.filters import ListFilter
from crm.navigation import address


class ListPage(PermissionRequiredMixin, TemplateView):
    """A list: a filter set, the rows with what they show, and one template.

    The template gets `filterset` (see crm.filters.ListFilter), `page`, `panels`, `headings`,
    `create_url` where the reader may add to the list, `export_url` where they may take it out,
    and `merge_url` where they may merge some of it; with one of the last two its rows have boxes.
    """

    filterset_class: ClassVar[type[ListFilter]]
    create_url_name: ClassVar[str] = ""
    create_permission: ClassVar[str] = ""
    export_url_name: ClassVar[str] = ""
    export_permission: ClassVar[str] = ""
    merge_url_name: ClassVar[str] = ""
    merge_permission: ClassVar[str] = ""

    def get_queryset(self) -> QuerySet[Any]:
        """Every row the list could show, with what a row needs."""
        model: type[Model] = self.filterset_class._meta.model
        return model._default_manager.for_list()  # type: ignore[attr-defined,no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filterset = self.filterset_class(
            self.request.GET, queryset=self.get_queryset(), request=self.request
        )
        export_url = self._offered(self.export_url_name, self.export_permission)
        merge_url = self._offered(self.merge_url_name, self.merge_permission)
        return super().get_context_data(
            filterset=filterset,
            panels=filterset.panels,
            page=filterset.rows_page,
            headings=filterset.headings,
            create_url=self._offered(self.create_url_name, self.create_permission),
            export_url=export_url,
            merge_url=merge_url,
            picks=bool(export_url or merge_url),
            **kwargs,
        )

    def _offered(self, url_name: str, permission: str) -> str:
        """The address of an act, for those who may."""
        return address(url_name) if self.request.user.has_perm(permission) else ""
