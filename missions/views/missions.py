"""Missions: the list, and one of them with its programme."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.views.generic import TemplateView

from crm.lists import ListPage
from crm.navigation import address
from missions.filters import MissionFilter
from missions.models import Agreement, Delegate, FollowUp, Meeting, Mission
from missions.pictures import journey_maps
from missions.tallies import count_parts
from missions.views.mission_page import MissionPage
from missions.workbench import By, Workbench
from partners.models import Membership, Organisation


class MissionList(ListPage):
    template_name = "missions/mission_list.html"
    permission_required = "missions.view_mission"
    filterset_class = MissionFilter
    export_url_name = "missions:mission-export"
    export_permission = "missions.export_mission"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        count_parts(context["page"].rows)
        return context


class MissionDetail(MissionPage, TemplateView):
    template_name = "missions/mission_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mission = self.mission
        meetings = [meeting.conceal_from(self.request.user) for meeting in self.meetings()]
        promised = FollowUp.objects.filter(meeting__mission=mission)
        promised = promised.visible_to(self.request.user)
        follow_ups = list(promised.for_list().order_by("due_order", "pk"))
        delegates = list(self.delegates())
        organisers = list(mission.organisers.select_related("organisation__city"))
        by = By.DAY if self.request.GET.get("by") == By.DAY else By.STOP
        bench = Workbench(mission, mission.stops.select_related("city"), meetings, delegates, by)
        is_over = mission.status == Mission.Status.COMPLETED
        return super().get_context_data(
            bench=bench,
            by="" if by == By.STOP else by,
            sections=bench.sections,
            meetings=meetings,
            outcomes=bench.outcomes,
            results_first=is_over and bool(bench.outcomes or follow_ups),
            may_move=self.request.user.has_perms(
                ["missions.change_meeting", "missions.change_stop"]
            ),
            follow_ups=[one for one in follow_ups if one.is_open],
            follow_ups_done=[one for one in follow_ups if not one.is_open],
            reckoning=promised.reckoned(),
            agreements=Agreement.objects.filter(meeting__mission=mission).for_list(),
            organisers=organisers,
            maps=journey_maps(mission, bench.stops, organisers),
            delegates=delegates,
            unnamed_count=sum(place.is_unnamed for place in delegates),
            log_base=address("missions:meeting-log"),
            log_url=f"{address('missions:meeting-log')}?mission={mission.pk}",
            new_follow_up_query=f"mission={mission.pk}" if meetings else "",
            **kwargs,
        )

    def meetings(self) -> QuerySet[Meeting]:
        """In the order of the programme, with whom they are and what those are part of."""
        met = Organisation.objects.select_related("parent")
        return (
            Meeting.objects.filter(mission=self.mission)
            .for_programme()
            .select_related("city", "stop__city")
            .prefetch_related(Prefetch("organisations", met))
        )

    def delegates(self) -> QuerySet[Delegate]:
        """The places, with the organisations that belong to the one they are held for."""
        today = timezone.localdate()
        current = (
            Membership.objects.filter(Q(until=None) | Q(until__gte=today))
            .filter(member__archived_at=None)
            .select_related("member")
            .order_by("member__sort_name", "pk")
        )
        return (
            Delegate.objects.filter(mission=self.mission)
            .select_related("organisation", "person")
            .prefetch_related(Prefetch("organisation__members", current))
            .order_by("pk")
        )
