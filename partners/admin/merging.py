"""Merging from a list: the selected records go to the page that compares them."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crm.admin.archiving import ArchivableAdmin
from partners.alike import looks_like
from partners.merging.joining import FEWEST, MOST


class MergeableAdmin(ArchivableAdmin):
    """Records of which several may become one."""

    actions = [*ArchivableAdmin.actions, "merge_selected"]

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.merge_{self.opts.model_name}")

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Say at once what the new one looks like."""
        if twin := looks_like(obj):
            link = format_html('<a href="{}">{}</a>', twin.record.get_absolute_url(), twin.record)
            names = {"name": obj, "twin": link, "reason": twin.reason}
            said = format_html(str(_("{name} looks like {twin}: {reason}.")), **names)
            self.message_user(request, said, messages.WARNING)
        return super().response_add(request, obj, post_url_continue)

    @admin.action(description=_("Merge …"), permissions=["merge"])
    def merge_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """On to the page where they are compared."""
        ids = list(queryset.standing().order_by("pk").values_list("pk", flat=True)[: MOST + 1])
        if not FEWEST <= len(ids) <= MOST:
            self.message_user(
                request,
                _("Choose from %(fewest)s to %(most)s records to merge.")
                % {"fewest": FEWEST, "most": MOST},
                messages.ERROR,
            )
            return None
        url = reverse(f"partners:{self.opts.model_name}-merge", args=ids[:1])
        return HttpResponseRedirect(f"{url}?{urlencode({'with': ids[1:]}, doseq=True)}")
