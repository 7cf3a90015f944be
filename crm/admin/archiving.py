"""Putting records away and bringing them back, one or many, with the reason."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.admin.records import RecordAdmin
from crm.collisions import whole


class ArchivedFilter(admin.SimpleListFilter):
    """Archived records are out of the list unless asked for."""

    title = _("archived")
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Archived")), ("all", _("Both"))]

    def choices(self, changelist: Any) -> Any:
        first, *rest = super().choices(changelist)
        return [{**first, "display": _("In use")}, *rest]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "all":
            return queryset
        return queryset.archived() if self.value() == "1" else queryset.active()


class ArchiveForm(forms.Form):
    """Why records are archived."""

    why = forms.CharField(label=_("Why"), max_length=300, required=False)


class ArchivableAdmin(RecordAdmin):
    """A record that is archived and restored, with the same verbs as on the pages."""

    actions = ["archive_selected", "restore_selected"]

    def get_urls(self) -> list[URLPattern]:
        info = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/archive/", wrap(self.archive_view), name=f"{info}_archive"),
            path("<int:pk>/restore/", wrap(self.restore_view), name=f"{info}_restore"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the address that archives the record, or the one that restores it."""
        record = context.get("original")
        if record is not None and record.merged_into_id:
            if request.method == "GET":
                self.say_merged(request, record)
        elif record is not None and self.has_archive_permission(request):
            act = "restore" if record.is_archived else "archive"
            info = f"{self.opts.app_label}_{self.opts.model_name}"
            context[f"{act}_url"] = reverse(f"admin:{info}_{act}", args=[record.pk])
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[no-any-return]

    def has_archive_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.archive_{self.opts.model_name}")

    def archive_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_archive_permission(request):
            raise PermissionDenied
        found = self.model._default_manager.filter(pk=pk)
        url = self._record_url(get_object_or_404(found).pk)
        form = ArchiveForm(request.POST) if request.method == "POST" else ArchiveForm()
        if form.is_valid():
            self._archive(request, found, form.cleaned_data["why"])
            return HttpResponseRedirect(url)
        return self._archive_page(request, found, form, url)

    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method == "POST":
            found = self.model._default_manager.filter(pk=pk)
            merged = found.exclude(merged_into=None).select_related("merged_into").first()
            if merged is not None:
                self.say_merged(request, merged)
            else:
                self.restore_selected(request, found)
        return HttpResponseRedirect(self._record_url(pk))

    @admin.action(description=_("Archive"), permissions=["archive"])
    def archive_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        form = ArchiveForm(request.POST) if "archive" in request.POST else ArchiveForm()
        if form.is_valid():
            self._archive(request, queryset, form.cleaned_data["why"])
            return None
        return self._archive_page(request, queryset, form, self._list_url())

    @admin.action(description=_("Restore"), permissions=["archive"])
    @whole
    def restore_selected(self, request: HttpRequest, queryset: Any) -> None:
        if not self.has_archive_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            records = list(queryset.archived().select_for_update(of=("self",)))
            for record in records:
                record.restore()
                self.settle(record, self.remembered(record))
                self.log_change(request, record, str(_("Restored from the archive.")))
        self.message_user(
            request,
            ngettext("%(count)d restored.", "%(count)d restored.", len(records))
            % {"count": len(records)},
            messages.SUCCESS,
        )

    def say_merged(self, request: HttpRequest, record: Any) -> None:
        """That the record became another one, and is brought back by undoing the merge alone."""
        names = {"name": record, "survivor": record.merged_into}
        self.message_user(
            request,
            _("%(name)s was merged into %(survivor)s: undo that merge to bring it back.") % names,
            messages.WARNING,
        )

    def _archive_page(
        self, request: HttpRequest, queryset: Any, form: ArchiveForm, back_url: str
    ) -> HttpResponse:
        """Asks why, of one record or of those that the list's action is for."""
        by_action = back_url == self._list_url()
        records = queryset.active()
        return TemplateResponse(
            request,
            "admin/archive_confirmation.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Archive"),
                "opts": self.opts,
                "records": records[:100],
                "count": records.count(),
                "selected": queryset.values_list("pk", flat=True) if by_action else [],
                "form": form,
                "back_url": back_url,
                "select_name": ACTION_CHECKBOX_NAME,
            },
        )

    @whole
    def _archive(self, request: HttpRequest, queryset: Any, why: str) -> None:
        with transaction.atomic():
            records = list(queryset.active().select_for_update(of=("self",)))
            for record in records:
                record.archive(by=request.user, why=why)
                self.settle(record, self.remembered(record))
                self.log_change(request, record, str(_("Archived.")))
        self.message_user(
            request,
            ngettext("%(count)d archived.", "%(count)d archived.", len(records))
            % {"count": len(records)},
            messages.SUCCESS,
        )

    def _record_url(self, pk: int) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])

    def _list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
