"""What every list of the product stands on."""

from typing import Any, ClassVar, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Model, QuerySet
from django.urls import resolve
from django.views.generic import ListView, TemplateView

from crm.filters import ListFilter
from crm.imports.subjects import import_address
from crm.models import SavedView
from crm.navigation import address
from crm.pagination import PAGE_SIZE


class PagedList(ListView):  # type: ignore[type-arg]
    """A list that Django pages, without filters: the page asked for, or the nearest there is."""

    paginate_by = PAGE_SIZE

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()


class Saved(NamedTuple):
    """The saved view that a list was opened from, and what its address says now."""

    view: SavedView
    query: str
    is_changed: bool
    may_change: bool


class ListPage(PermissionRequiredMixin, TemplateView):
    """A list: a filter set, the rows with what they show, and one template.

    The template gets `filterset` (see crm.filters.ListFilter), `page`, `panels`, `headings`,
    `create_url` where the reader may add to the list, `import_url` where they may bring one,
    `export_url` where they may take it out,
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
        saved = self.saved_view(filterset)
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
            import_url=import_address(filterset._meta.model, self.request.user),
            picks=bool(export_url or merge_url),
            saved=saved,
            save_query=urlencode({"list": self.request.resolver_match.view_name})  # type: ignore[union-attr]
            + filterset.query(view=None).replace("?", "&", 1).rstrip("&"),
            **kwargs,
        )

    def saved_view(self, filterset: ListFilter) -> Saved | None:
        """The view that the address comes from; one that is not for the reader is left out."""
        if not (asked := filterset.part("view")):
            return None
        page = self.request.resolver_match.view_name  # type: ignore[union-attr]
        view = SavedView.objects.seen_by(self.request.user).filter(page=page, pk=asked).first()
        if view is None:
            filterset.address.pop("view", None)
            filterset.ignored.append(f"view={asked}")
            return None
        query = filterset.query(view=None)[1:]
        return Saved(
            view,
            query,
            is_changed=sorted(parse_qsl(query)) != sorted(parse_qsl(view.query)),
            may_change=view.may_be_changed_by(self.request.user),
        )

    def _offered(self, url_name: str, permission: str) -> str:
        """The address of an act, for those who may."""
        return address(url_name) if self.request.user.has_perm(permission) else ""


def list_page(url_name: str) -> type[ListPage] | None:
    """The list of a URL name; nothing where there is none."""
    found = getattr(resolve(url).func, "view_class", None) if (url := address(url_name)) else None
    return found if isinstance(found, type) and issubclass(found, ListPage) else None
