"""“The whole delegation attended”, in one click, and its undoing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from crm.collisions import whole
from crm.following import next_url
from crm.text import record_id
from missions.attending import Attended, attend, take_back
from missions.models import Meeting


class AttendanceAct(PermissionRequiredMixin, View):
    """An act on who took part, from whatever page it is offered on."""

    permission_required = ("missions.change_meeting", "missions.add_attendance")
    http_method_names = ["post"]

    @whole
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        with transaction.atomic():
            locked = Meeting.objects.select_for_update(of=("self",))
            meeting = get_object_or_404(locked.select_related("mission"), pk=pk)
            if not meeting.may_be_read_by(request.user):
                raise PermissionDenied
            self.act(meeting)
        return HttpResponseRedirect(next_url(request, meeting.get_absolute_url()))

    def act(self, meeting: Meeting) -> Any:
        raise NotImplementedError


class MeetingAttendedByAll(AttendanceAct):
    def act(self, meeting: Meeting) -> None:
        if meeting.mission is None:
            messages.warning(
                self.request, _("This meeting belongs to no mission: nobody is expected.")
            )
        elif meeting.status == Meeting.Status.CANCELLED:
            messages.warning(self.request, _("This meeting is cancelled: nobody is expected."))
        else:
            self.tell(meeting, attend(meeting))

    def tell(self, meeting: Meeting, done: Attended) -> None:
        count = len(done.added)
        words = [
            ngettext(
                "%(count)d of the delegation is put down as having attended.",
                "%(count)d of the delegation are put down as having attended.",
                count,
            )
            % {"count": count}
            if count
            else _("Nobody else of the delegation is expected: nothing changed.")
        ]
        if left_out := len(done.unnamed):
            words.append(
                ngettext(
                    "%(count)d place without a name is left out.",
                    "%(count)d places without a name are left out.",
                    left_out,
                )
                % {"count": left_out}
            )
        if not count:
            messages.info(self.request, " ".join(words))
            return
        ids = ",".join(str(one.pk) for one in done.added)
        undo = reverse("missions:meeting-attended-undo", args=[meeting.pk])
        messages.success(self.request, " ".join(words), extra_tags=f"undo:{undo}?added={ids}")


class MeetingAttendedUndo(AttendanceAct):
    def act(self, meeting: Meeting) -> None:
        sent = self.request.GET.get("added", "").split(",")
        take_back(meeting, [pk for pk in map(record_id, sent) if pk])
        messages.info(self.request, _("Who took part is as it was before."))
