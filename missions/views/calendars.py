"""Calendars: of a mission, of one meeting, and the private feeds; a user's own feed."""

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header, http_date
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views import View

from crm.models import User
from missions.calendars import (
    as_delegates_know,
    calendar,
    known_to,
    meetings_of_delegate,
    meetings_of_user,
)
from missions.models import Delegate, Meeting, Mission, PrivateLink
from missions.tokens import Refused, opened


def answer(
    request: HttpRequest, body: bytes, meetings: QuerySet[Meeting], file_name: str = ""
) -> HttpResponse:
    """The calendar, or “not modified” where the program has this very one.

    Told by its content alone: the date of the last change does not move when a meeting leaves.
    """
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    changed = meetings.order_by().aggregate(last=Max("updated_at"))["last"]
    response["ETag"] = etag
    if changed:
        response["Last-Modified"] = http_date(changed.timestamp())
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    if file_name:
        name = f"{slugify(file_name) or 'ponti'}.ics"
        response["Content-Disposition"] = content_disposition_header(True, name) or ""
    conditional: HttpResponse = get_conditional_response(request, etag=etag, response=response)  # type: ignore[assignment]
    return conditional


class SignedInCalendar(PermissionRequiredMixin, View):
    """A calendar for somebody signed in, to be saved."""

    permission_required = "missions.view_meeting"

    def send(self, name: str, meetings: QuerySet[Meeting]) -> HttpResponse:
        body = calendar(name, meetings, known_to(self.request.user), self.page)
        return answer(self.request, body, meetings, name)

    def page(self, meeting: Meeting) -> str:
        return self.request.build_absolute_uri(meeting.get_absolute_url())


class MissionCalendar(SignedInCalendar):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        mission = get_object_or_404(Mission, pk=pk)
        return self.send(mission.title, Meeting.objects.filter(mission=mission))


class MeetingCalendar(SignedInCalendar):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        meetings = Meeting.objects.filter(pk=pk)
        meeting = get_object_or_404(meetings.prefetch_related("organisations"))
        if meeting.local_date is None:
            raise Http404(_("A meeting without a date can’t stand in a calendar."))
        return self.send(meeting.conceal_from(request.user).heading, meetings)


@method_decorator(login_not_required, name="dispatch")
class CalendarFeed(View):
    """The private feed behind a token: a user's meetings, or a delegate's itinerary."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            link = opened(request, token)
        except Refused as refused:
            return refused.response
        if link.user:
            return self.of_user(link.user)
        return self.of_delegate(link.delegate)  # type: ignore[arg-type]  # a link is of one or of the other

    def of_user(self, user: User) -> HttpResponse:
        """What the user may see today: nothing, once they may no longer see meetings."""
        may_see = user.has_perm("missions.view_meeting")
        meetings = meetings_of_user(user) if may_see else Meeting.objects.none()
        with override(user.language or None):
            name = _("Ponti: %(name)s") % {"name": user}
            body = calendar(name, meetings, known_to(user), self.page)
        return answer(self.request, body, meetings)

    def of_delegate(self, delegate: Delegate) -> HttpResponse:
        meetings = meetings_of_delegate(delegate)
        body = calendar(delegate.mission.title, meetings, as_delegates_know)
        return answer(self.request, body, meetings)

    def page(self, meeting: Meeting) -> str:
        return self.request.build_absolute_uri(meeting.get_absolute_url())


class FeedAct(View):
    """What a user does with the address of their own feed, in their preferences."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            for link in user.private_links.in_force():
                link.revoke(user)
            messages.success(request, self.act(user))
        return HttpResponseRedirect(f"{reverse('preferences')}#calendar")

    def act(self, user: User) -> str:
        raise NotImplementedError


class FeedRenew(FeedAct):
    """A new address; the one before opens nothing from now on."""

    def act(self, user: User) -> str:
        PrivateLink.objects.create(user=user, created_by=user)
        return _("Your calendar has a new private address.")


class FeedRevoke(FeedAct):
    def act(self, user: User) -> str:
        return _("The private address of your calendar is revoked.")
