"""Follow-ups: the list; added, changed, done and open again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic.base import TemplateResponseMixin

from crm.collisions import whole
from crm.combos import became
from crm.counts import BOUND, bounded
from crm.following import next_url
from crm.lists import ListPage
from crm.text import record_id
from crm.views import RecordForm, RecordUpdate
from missions.filters.follow_ups import FollowUpFilter, Tab
from missions.forms import FollowUpForm
from missions.forms.follow_ups import DropForm
from missions.models import FollowUp, Meeting, Mission
from missions.models.follow_ups import FollowUpQuerySet
from missions.models.meeting_queries import READ_CONFIDENTIAL
from partners.models import Organisation


class FollowUpList(ListPage):
    """Open ones by when they are due, under Overdue, Coming and No date; or those done."""

    template_name = "missions/followup_list.html"
    permission_required = "missions.view_followup"
    filterset_class = FollowUpFilter
    export_url_name = "missions:followup-export"
    export_permission = "missions.export_followup"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        filterset, today = context["filterset"], timezone.localdate()
        context["reckoning"] = filterset.reckoning
        if filterset.tab in {Tab.DONE, Tab.DROPPED}:
            return context
        spans: list[tuple[str, str, dict[str, Any]]] = [
            ("overdue", _("Overdue"), {"due_order__lt": today}),
            ("coming", _("Coming"), {"due_order__gte": today, "due_on__isnull": False}),
            ("undated", _("No date"), {"due_on__isnull": True}),
        ]
        context["groups"] = [
            {
                "name": name,
                "label": label,
                "rows": rows,
                "count": bounded(filterset.qs.filter(**span).order_by()[: BOUND + 1].count()),
            }
            for name, label, span in spans
            if (rows := [one for one in context["page"].rows if one.urgency == name])
        ]
        return context


def named(model: type[Any], typed: str | None) -> Any:
    """The record that an address names by its id, or what it became; or nothing."""
    pk = record_id(typed)
    return became(model.objects.filter(pk=pk).first()) if pk else None


class FollowUpCreate(RecordForm):
    """A promise added at a meeting, at one of a mission's, or at a partner, as the address says."""

    permission_required = "missions.add_followup"
    model = FollowUp
    form_class = FollowUpForm
    template_name = "missions/followup_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = self.request.GET
        meeting = named(Meeting, asked.get("meeting"))
        if meeting and meeting.conceal_from(self.request.user).is_concealed:
            meeting = None
        organisation = named(Organisation, asked.get("organisation"))
        if meeting and not organisation:
            met = list(meeting.organisations.all()[:2])
            organisation = met[0] if len(met) == 1 else None
        return {
            **super().get_form_kwargs(),
            "instance": FollowUp(meeting=meeting),
            "mission": None if meeting else named(Mission, asked.get("mission")),
            "may_read": self.request.user.has_perm(READ_CONFIDENTIAL),
            "initial": {"organisation": organisation, "assignee": self.request.user},
        }


class FollowUpUpdate(RecordUpdate):
    permission_required = "missions.change_followup"
    form_class = FollowUpForm
    template_name = "missions/followup_form.html"

    def get_queryset(self) -> QuerySet[FollowUp]:
        return FollowUp.objects.visible_to(self.request.user).select_related(
            "organisation", "meeting"
        )


def back(request: HttpRequest) -> HttpResponse:
    """To the page that the act was done on."""
    return HttpResponseRedirect(next_url(request, reverse("missions:followup-list")))


class FollowUpAct(PermissionRequiredMixin, View):
    """One click on a follow-up's ring; clicking twice is clicking once."""

    permission_required = "missions.change_followup"
    http_method_names = ["post"]

    @whole
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        visible = FollowUp.objects.visible_to(request.user)
        with transaction.atomic():
            follow_up = get_object_or_404(visible.select_for_update(of=("self",)), pk=pk)
            self.act(follow_up)
        if request.htmx:  # type: ignore[attr-defined]
            context = {
                "follow_up": visible.for_list().get(pk=pk),
                "is_fresh": True,
                "within": request.POST.get("within", ""),
            }
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


class FollowUpDrop(PermissionRequiredMixin, TemplateResponseMixin, View):
    """Asks why a promise is given up; it stays with its reason, and can be opened again."""

    permission_required = "missions.change_followup"
    template_name = "missions/followup_drop.html"

    def get_follow_ups(self) -> FollowUpQuerySet:
        found: FollowUpQuerySet = FollowUp.objects.visible_to(self.request.user)
        return found

    def respond(self, follow_up: FollowUp, form: DropForm) -> HttpResponse:
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        context = {"follow_up": follow_up, "form": form, "next": asked.get("next", "")}
        return self.render_to_response(context)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        follow_up = get_object_or_404(self.get_follow_ups().for_list(), pk=pk)
        if not follow_up.is_open:
            return HttpResponseRedirect(follow_up.get_absolute_url())
        return self.respond(follow_up, DropForm())

    @whole
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = DropForm(request.POST)
        with transaction.atomic():
            rows = self.get_follow_ups().select_for_update(of=("self",))
            follow_up = get_object_or_404(rows, pk=pk)
            if follow_up.is_done:
                messages.info(request, _("It was marked done meanwhile: nothing was dropped."))
                return back(request)
            if follow_up.is_open:
                if not form.is_valid():
                    return self.respond(follow_up, form)
                follow_up.drop(request.user, form.cleaned_data["why"])
        messages.success(
            request,
            _("Dropped: %(what)s") % {"what": follow_up.what},
            extra_tags=f"undo:{reverse('missions:followup-reopen', args=[follow_up.pk])}",
        )
        return back(request)


class FollowUpReopen(FollowUpAct):
    def act(self, follow_up: FollowUp) -> None:
        follow_up.reopen()

    def tell(self, follow_up: FollowUp) -> None:
        messages.info(self.request, _("Open again: %(what)s") % {"what": follow_up.what})
