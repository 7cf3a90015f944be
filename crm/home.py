"""Home, and the answer that monitors ask for."""

from datetime import date, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView

from crm.counts import BOUND, bounded
from crm.models import User
from missions.models import Agreement, FollowUp, Meeting, Mission
from missions.reminders import agreements_of, meetings_of
from missions.tallies import count_parts
from partners.models import Organisation

# Rows of a section; the lists have the rest.
SHOWN = 5


class Home(TemplateView):
    """What needs its reader today. Each section costs the same however many records there are."""

    template_name = "crm/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        today = timezone.localdate()
        context: dict[str, Any] = {"today": today, "now": timezone.now()}
        if user.has_perm("missions.view_meeting"):
            context |= next_meetings(user, today)
        if user.has_perm("missions.view_followup"):
            context |= follow_ups(user, today)
        if user.has_perm("partners.view_organisation"):
            context |= gone_quiet(user, today)
        if user.has_perm("missions.view_agreement"):
            context |= agreements_to_watch(user, today)
        if user.has_perm("missions.view_mission"):
            context |= missions_under_way()
        context["zones"] = other_zones(context)
        return super().get_context_data(**context, **kwargs)


def next_meetings(user: User, today: date) -> dict[str, Any]:
    """The meetings planned that I attend, logged, or have with a partner of mine; else the last.

    A meeting leaves the section an hour after it began.
    """
    since = timezone.now() - timedelta(hours=1)
    upcoming = (
        Meeting.objects.upcoming(today - timedelta(days=1))
        .filter(Q(starts_at__gte=since) | Q(starts_at=None, local_date__gte=today))
        .filter(meetings_of(user))
    )
    rows = list(upcoming.for_list()[:SHOWN])
    latest = [] if rows else list(Meeting.objects.held().newest_first().for_list()[:SHOWN])
    tomorrow = today + timedelta(days=1)
    counts = upcoming.order_by().aggregate(
        today=Count("pk", filter=Q(local_date=today)),
        tomorrow=Count("pk", filter=Q(local_date=tomorrow)),
    )
    for meeting in [*rows, *latest]:
        meeting.conceal_from(user)
    return {
        "may_see_meetings": True,
        "meetings": rows,
        "meetings_tomorrow": counts["tomorrow"],
        "meetings_today": counts["today"],
        "latest_meetings": latest,
    }


def follow_ups(user: User, today: date) -> dict[str, Any]:
    """My open promises, the late ones and the ones to come; and the late ones that are nobody's."""
    mine = FollowUp.objects.open().visible_to(user).filter(assignee=user)
    counts = mine.order_by().aggregate(
        overdue=Count("pk", filter=Q(due_order__lt=today)), all=Count("pk")
    )
    unclaimed = FollowUp.objects.overdue(today).visible_to(user).filter(assignee=None)
    return {
        "may_see_follow_ups": True,
        "unclaimed": (rows := list(unclaimed.for_list()[:SHOWN])),
        "unclaimed_count": bounded(unclaimed.order_by()[: BOUND + 1].count()) if rows else "",
        "overdue": mine.filter(due_order__lt=today).for_list()[:SHOWN],
        "coming": mine.filter(due_order__gte=today).for_list()[:SHOWN],
        "overdue_count": counts["overdue"],
        "coming_count": counts["all"] - counts["overdue"],
        "open_count": counts["all"],
    }


def gone_quiet(user: User, today: date) -> dict[str, Any]:
    """Partners of mine without contact for longer than their tier bears."""
    mine = Organisation.objects.active().partners().filter(owner=user)
    quiet = mine.gone_quiet(today)
    return {
        "may_see_partners": True,
        "quiet": quiet.order_by("tier_order", "-contact_order", "pk")[:SHOWN],
        "quiet_count": quiet.order_by().count(),
        "owned_count": mine.order_by().count(),
    }


def agreements_to_watch(user: User, today: date) -> dict[str, Any]:
    """Agreements that end within 90 days, soonest first; and those of mine that sleep."""
    expiring = Agreement.objects.expiring(today=today)
    dormant = agreements_of(user).dormant(today).in_state(Agreement.State.IN_FORCE, today)
    return {
        "dormant": dormant.for_list()[:SHOWN],
        "dormant_count": dormant.order_by().count(),
        "may_see_agreements": True,
        "agreements": expiring.for_list()[:SHOWN],
        "agreements_count": expiring.order_by().count(),
    }


def missions_under_way() -> dict[str, Any]:
    """Missions planned or going on, with what is still open; else the latest."""
    under_way = Mission.objects.under_way()
    rows = list(under_way.for_list().order_by("start_order", "pk")[:SHOWN])
    latest = [] if rows else list(Mission.objects.for_list()[:3])
    count_parts([*rows, *latest])
    return {
        "may_see_missions": True,
        "missions": rows,
        "missions_count": under_way.order_by().count() if len(rows) == SHOWN else len(rows),
        "latest_missions": latest,
    }


def other_zones(context: dict[str, Any]) -> list[str]:
    """The clocks worth showing beside the reader's: where my meetings and missions are."""
    here = timezone.localtime().utcoffset()
    zones = [meeting.time_zone for meeting in context.get("meetings", [])]
    for mission in [*context.get("missions", []), *context.get("latest_missions", [])]:
        zones += [stop.city.time_zone for stop in mission.stops.all()]
    apart: list[str] = []
    for zone in dict.fromkeys(zones):
        if timezone.now().astimezone(ZoneInfo(zone)).utcoffset() != here:
            apart.append(zone)
    return apart[:2]


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
