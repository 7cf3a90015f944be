"""Meetings: the list, and one of them whole."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Prefetch
from django.views.generic import DetailView

from crm.lists import ListPage
from crm.navigation import address
from missions.attending import absent_from
from missions.filters import MeetingFilter
from missions.models import Agreement, Attendance, Meeting
from missions.months import held_by_month
from partners.models import Organisation


class MeetingList(ListPage):
    template_name = "missions/meeting_list.html"
    permission_required = "missions.view_meeting"
    filterset_class = MeetingFilter
    export_url_name = "missions:meeting-export"
    export_permission = "missions.export_meeting"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for meeting in context["page"].rows:
            meeting.conceal_from(self.request.user)
        filterset = context["filterset"]
        context["all_url"], context["mine_url"] = (
            filterset.query(mine=None),
            filterset.query(mine=1),
        )
        if context["page"].number == 1:
            context["months"] = held_by_month(filterset)
        context["days_carried"] = [
            (name, value)
            for name, values in filterset.address.items()
            if name not in {"since", "until"}
            for value in values
        ]
        return context


class MeetingDetail(PermissionRequiredMixin, DetailView):  # type: ignore[type-arg]
    permission_required = "missions.view_meeting"
    queryset = Meeting.objects.select_related(
        "mission", "city", "stop__city", "author"
    ).prefetch_related(
        Prefetch("organisations", Organisation.objects.select_related("city", "parent")), "sectors"
    )

    def get_object(self, queryset: Any = None) -> Meeting:
        meeting: Meeting = super().get_object(queryset)
        return meeting.conceal_from(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting = self.object
        attendances = list(
            Attendance.objects.filter(meeting=meeting)
            .select_related("person", "organisation")
            .order_by("pk")
        )
        ours = [
            one
            for one in attendances
            if one.organisation and one.organisation.side == Organisation.Side.HOME
        ]
        follow_ups = list(
            meeting.follow_ups.visible_to(self.request.user).for_list().order_by("due_order", "pk")
        )
        may_put_down = self.request.user.has_perms(
            ["missions.change_meeting", "missions.add_attendance"]
        )
        present = {one.person_id for one in attendances}
        is_asked = may_put_down and meeting.mission_id and not meeting.is_concealed
        return super().get_context_data(
            absent=absent_from(meeting, present) if is_asked else [],
            attendances_ours=ours,
            attendances_theirs=[one for one in attendances if one not in ours],
            follow_ups=[one for one in follow_ups if one.is_open],
            follow_ups_done=[one for one in follow_ups if not one.is_open],
            agreements=Agreement.objects.filter(meeting=meeting).for_list(),
            log_url=f"{address('missions:meeting-log')}?meeting={meeting.pk}",
            new_follow_up_query=f"meeting={meeting.pk}",
            **self.neighbours(),
            **kwargs,
        )

    def neighbours(self) -> dict[str, Any]:
        """The meetings before and after this one in the mission's programme, and its number."""
        meeting = self.object
        if meeting.mission_id is None:
            return {}
        order = list(
            Meeting.objects.filter(mission=meeting.mission_id)
            .for_programme()
            .values_list("pk", flat=True)
        )
        place = order.index(meeting.pk)
        beside = {
            one.pk: one.conceal_from(self.request.user)
            for one in Meeting.objects.filter(
                pk__in=[*order[max(place - 1, 0) : place], *order[place + 1 : place + 2]]
            ).prefetch_related("organisations")
        }
        return {
            "number": place + 1,
            "of": len(order),
            "previous": beside.get(order[place - 1]) if place else None,
            "following": beside.get(order[place + 1]) if place + 1 < len(order) else None,
        }
