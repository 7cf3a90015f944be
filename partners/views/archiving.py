"""Putting a record away, and bringing it back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views.generic import View
from django.views.generic.base import TemplateResponseMixin

from crm.collisions import whole
from partners.forms import ArchiveForm


def open_follow_ups(record: Any) -> tuple[int, Any]:
    """How many promises stay open, and the sentence that counts them."""
    words = ngettext_lazy(
        "%(count)d open follow-up stays open.", "%(count)d open follow-ups stay open.", "count"
    )
    return record.follow_ups.open().count(), words


class RecordArchive(PermissionRequiredMixin, TemplateResponseMixin, View):
    """Asks why, and says in numbers what stays."""

    model: Any
    template_name = "partners/archive_form.html"
    restore_url_name: str

    def consequences(self, record: Any) -> list[tuple[int, Any]]:
        """What stays as it is, in numbers: how many, and the sentence that counts them."""
        raise NotImplementedError

    def respond(self, record: Any, form: ArchiveForm) -> HttpResponse:
        said = [words % {"count": count} for count, words in self.consequences(record) if count]
        context = {"record": record, "form": form, "consequences": said}
        return self.render_to_response(context)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = get_object_or_404(self.model, pk=pk)
        if record.is_archived:
            return HttpResponseRedirect(record.get_absolute_url())
        return self.respond(record, ArchiveForm())

    @whole
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ArchiveForm(request.POST)
        with transaction.atomic():
            record = get_object_or_404(self.model.objects.select_for_update(of=("self",)), pk=pk)
            if not record.is_archived:
                if not form.is_valid():
                    return self.respond(record, form)
                record.archive(request.user, form.cleaned_data["why"])
        messages.success(
            request,
            _("%(name)s is archived.") % {"name": record},
            extra_tags=f"undo:{reverse(self.restore_url_name, args=[record.pk])}",
        )
        return HttpResponseRedirect(record.get_absolute_url())


class RecordRestore(PermissionRequiredMixin, View):
    """Back into lists, with one click."""

    model: Any
    http_method_names = ["post"]

    @whole
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        with transaction.atomic():
            record = get_object_or_404(self.model.objects.select_for_update(of=("self",)), pk=pk)
            if record.merged_into_id:
                messages.error(
                    request,
                    _("%(name)s was merged into %(survivor)s: undo that merge to bring it back.")
                    % {"name": record, "survivor": record.merged_into},
                )
                return HttpResponseRedirect(record.merged_into.get_absolute_url())
            if record.is_archived:
                record.restore()
        messages.success(request, _("%(name)s is back in the lists.") % {"name": record})
        return HttpResponseRedirect(record.get_absolute_url())
