"""Follow-ups: done, and open again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View

from missions.models import FollowUp


def back(request: HttpRequest) -> HttpResponse:
    """To the page that the act was done on."""
    url = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()):
        url = reverse("missions:followup-list")
    return HttpResponseRedirect(url)


class FollowUpAct(PermissionRequiredMixin, View):
    """One click on a follow-up's ring; clicking twice is clicking once."""

    permission_required = "missions.change_followup"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        visible = FollowUp.objects.visible_to(request.user)
        with transaction.atomic():
            follow_up = get_object_or_404(visible.select_for_update(of=("self",)), pk=pk)
            self.act(follow_up)
        if request.htmx:  # type: ignore[attr-defined]
            context = {"follow_up": visible.for_list().get(pk=pk), "is_fresh": True}
            return render(request, "missions/followup_row.html", context)
        self.tell(follow_up)
        return back(request)

    def act(self, follow_up: FollowUp) -> Any:
        raise NotImplementedError

    def tell(self, follow_up: FollowUp) -> None:
        raise NotImplementedError


class FollowUpDone(FollowUpAct):
    def act(self, follow_up: FollowUp) -> None:
        follow_up.mark_done(self.request.user)  # type: ignore[arg-type]

    def tell(self, follow_up: FollowUp) -> None:
        messages.success(
            self.request,
            _("Done: %(what)s") % {"what": follow_up.what},
            extra_tags=f"undo:{reverse('missions:followup-reopen', args=[follow_up.pk])}",
        )


class FollowUpReopen(FollowUpAct):
    def act(self, follow_up: FollowUp) -> None:
        follow_up.reopen()

    def tell(self, follow_up: FollowUp) -> None:
        messages.info(self.request, _("Open again: %(what)s") % {"what": follow_up.what})
