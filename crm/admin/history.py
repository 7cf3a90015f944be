"""The versions of a record: what changed in each, and the way back to one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Field, ForeignKey, Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from crm.collisions import whole
from crm.models import ArchivableRecord
from crm.templatetags.ponti import day
from crm.versions import Change, in_words

UNTOLD = {"version", "created_at", "updated_at"}


class HistoryAdmin(SimpleHistoryAdmin):
    """A list of versions with what changed, and a page for each that can restore it.

    Restoring brings back the record's own columns; what is linked to it (sectors, lines of the
    form, whether it is archived) stays as it is today, and the page says so.
    """

    history_list_per_page = 20
    object_history_template = "admin/record_history.html"
    object_history_form_template = "admin/record_version.html"

    def change_url(self, obj: Any) -> str:
        opts = self.model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self._number(object_id)
        return super().history_view(request, object_id, extra_context)  # type: ignore[no-any-return]

    def set_history_delta_changes(
        self,
        request: HttpRequest,
        historical_records: Any,
        foreign_keys_are_objs: bool = True,
    ) -> None:
        """What each version changed of the one before it, in words."""
        rows = list(historical_records)
        if not rows:
            return
        earlier = (
            type(rows[-1])
            .objects.filter(id=rows[-1].id, history_id__lt=rows[-1].history_id)
            .order_by("-history_id")
            .first()
        )
        for row, before in zip(rows, [*rows[1:], earlier], strict=True):
            if before is None:
                continue
            delta = row.diff_against(before, excluded_fields=UNTOLD, foreign_keys_are_objs=True)
            row.history_delta_changes = [
                {
                    "field": capfirst(self.model._meta.get_field(change.field).verbose_name),
                    "old": self._value(change.field, change.old),
                    "new": self._value(change.field, change.new),
                }
                for change in delta.changes
            ]

    def _value(self, name: str, value: Any) -> str:
        field = self.model._meta.get_field(name)
        if field.many_to_many:
            key = field.m2m_reverse_field_name()
            value = [row[key] for row in value]
        return in_words(field, value)

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A version beside the record as it is; sent, it restores the version."""
        row = get_object_or_404(
            self.model.history.model,
            id=self._number(object_id),
            history_id=self._number(version_id),
        )
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            return self._restore(request, row)
        record = self.get_queryset(request).filter(pk=row.id).first()
        opts = self.model._meta
        context = {
            **self.admin_site.each_context(request),
            "title": _("Version of %(date)s") % {"date": day(timezone.localdate(row.history_date))},
            "opts": opts,
            "original": record,
            "row": row,
            "changes": self._against(record, row) if record else [],
            "may_restore": record is not None and self.has_change_permission(request, record),
            "history_url": reverse(
                f"admin:{opts.app_label}_{opts.model_name}_history", args=[row.id]
            ),
            "change_url": self.change_url(record) if record else "",
            **(extra_context or {}),
        }
        return self.render_history_view(request, self.object_history_form_template, context)  # type: ignore[no-any-return]

    def restorable(self, row: Any) -> Sequence["Field[Any, Any]"]:
        """The record's own columns: those that a form can write."""
        return [
            field
            for field in row.tracked_fields
            if field.editable and not field.primary_key and field.name not in UNTOLD
        ]

    def _then(self, row: Any) -> Any:
        """The record as it was; what it linked and was merged since is what that became."""
        then = row.instance
        for field in self.restorable(row):
            if isinstance(field, ForeignKey) and issubclass(field.related_model, ArchivableRecord):
                pk = getattr(then, field.attname)
                became = field.related_model._default_manager.became([pk])  # type: ignore[attr-defined]
                setattr(then, field.attname, became.get(pk, pk))
        return then

    def _against(self, record: Model, row: Any) -> list[Change]:
        """Each column that restoring would change: as it is, and as it would be."""
        changes = []
        then = self._then(row)
        for field in self.restorable(row):
            if getattr(record, field.attname) != getattr(then, field.attname):
                changes.append(
                    Change(
                        field.name,
                        str(capfirst(field.verbose_name)),
                        in_words(field, self._related(record, field.name)),
                        in_words(field, self._related(then, field.name)),
                    )
                )
        return changes

    def _related(self, record: Model, name: str) -> Any:
        try:
            return getattr(record, name)
        except (Model.DoesNotExist, AttributeError):  # type: ignore[attr-defined]
            return _("deleted")

    @whole
    def _restore(self, request: HttpRequest, row: Any) -> HttpResponse:
        with transaction.atomic():
            record = get_object_or_404(self.model._base_manager.select_for_update(), pk=row.id)
            before = self.remembered(record)
            then = self._then(row)
            for field in self.restorable(row):
                setattr(record, field.attname, getattr(then, field.attname))
            try:
                record.full_clean()
            except ValidationError as error:
                for sentence in error.messages:
                    self.message_user(request, sentence, messages.ERROR)
                return HttpResponseRedirect(request.path)
            record._change_reason = str(_("Restored an earlier version"))
            record.save()
            self.settle(record, before)
            self.log_change(request, record, str(_("Restored an earlier version.")))
        self.message_user(
            request,
            _(
                "The fields of “%(record)s” are as they were then. What is linked to it stayed "
                "as it is today."
            )
            % {"record": record},
            messages.SUCCESS,
        )
        return HttpResponseRedirect(self.change_url(record))

    def _number(self, text: str) -> int:
        """An id of an address, or a page that is not found."""
        try:
            number = int(unquote(text))
        except ValueError:
            raise Http404 from None
        if not 0 < number < 2**63:
            raise Http404
        return number

    def remembered(self, obj: Any) -> Any:
        """See `RecordAdmin`."""

    def settle(self, obj: Any, before: Any) -> None:
        """See `RecordAdmin`."""
