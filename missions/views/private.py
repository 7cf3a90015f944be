"""A delegate's private page: making its address, and opening it without an account."""

from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from crm.models import User
from missions.models import Delegate, PrivateLink
from missions.private import code_for, contacts, private_days
from missions.tokens import Refused, opened
from missions.views.mission_page import MissionPage


class DelegateLink(MissionPage, TemplateView):
    """The address of a delegate's private page: made, seen again, renewed, revoked."""

    permission_required = "missions.change_delegate"
    mission_url_kwarg = "mission_pk"
    template_name = "missions/delegate_link.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places = self.mission.delegates.select_related("organisation", "person")
        delegate = get_object_or_404(places, pk=self.kwargs["pk"])
        links = delegate.private_links.select_related("created_by", "revoked_by")
        link = links.in_force().first()
        url = self.request.build_absolute_uri(page_url(link)) if link else ""
        return super().get_context_data(
            delegate=delegate,
            link=link,
            last=None if link else links.first(),
            url=url,
            code=code_for(url) if url else None,
            may_have_one=delegate.status != Delegate.Status.DECLINED,
            **kwargs,
        )

    def post(self, request: HttpRequest, mission_pk: int, pk: int) -> HttpResponse:
        act, user = request.POST.get("act"), cast(User, request.user)
        with transaction.atomic():
            places = Delegate.objects.select_for_update(of=("self",)).filter(mission=mission_pk)
            delegate = get_object_or_404(places, pk=pk)
            link = delegate.private_links.in_force().first()
            if link and act in {"renew", "revoke"}:
                link.revoke(user)
            if act == "revoke":
                messages.success(request, _("The address opens nothing any more."))
            elif delegate.status == Delegate.Status.DECLINED:
                messages.warning(request, _("Who declined has no private page."))
            elif act == "renew" or (act == "make" and link is None):
                PrivateLink.objects.create(delegate=delegate, created_by=user)
                messages.success(request, _("The private page has its address."))
        return HttpResponseRedirect(reverse("missions:delegate-link", args=[mission_pk, pk]))


def page_url(link: PrivateLink) -> str:
    """Where a delegate's private page is."""
    return reverse("missions:delegate-page", args=[link.token])


@method_decorator(login_not_required, name="dispatch")
class DelegatePage(View):
    """The programme, the contacts and the calendar of one delegate, for who has the address.

    Opens in the browser's language, or in ?language=. Nothing keeps it and nothing finds it; it
    leads nowhere else in the product.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        asked = request.GET.get("language", "")
        known = dict(settings.LANGUAGES)
        with translation.override(asked if asked in known else translation.get_language()):
            response = self.answer(request, token)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def answer(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            link = opened(request, token)
        except Http404:
            return self.closed(request, HTTPStatus.NOT_FOUND)
        except Refused as refused:
            response = self.closed(request, HTTPStatus(refused.response.status_code))
            if after := refused.response.get("Retry-After"):
                response["Retry-After"] = after
            return response
        delegate = link.delegate
        if delegate is None:
            return self.closed(request, HTTPStatus.NOT_FOUND)
        if delegate.status == Delegate.Status.DECLINED:
            return self.closed(request, HTTPStatus.GONE)
        context = {
            "delegate": delegate,
            "mission": delegate.mission,
            "days": private_days(delegate),
            "contacts": contacts(delegate),
            "calendar": calendar_address(request, link),
        }
        return render(request, "missions/delegate_page.html", context)

    def closed(self, request: HttpRequest, status: HTTPStatus) -> HttpResponse:
        """Why it opens nothing: 404 unknown, 410 revoked, 429 too many wrong ones."""
        context = {"status": status.value}
        return render(request, "missions/delegate_page_closed.html", context, status=status)


def calendar_address(request: HttpRequest, link: PrivateLink) -> str:
    """Where a calendar subscribes to the delegate's own meetings."""
    return request.build_absolute_uri(reverse("missions:calendar-feed", args=[link.token]))
