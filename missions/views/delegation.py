"""The delegation of a mission: its places, by the organisations they are held for."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.db.models import F, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from crm.collisions import whole
from missions.delegation import Delegation
from missions.forms.delegates import PlaceForm
from missions.models import Delegate, Meeting, Mission, PrivateLink
from missions.removing import NotRestored, consequences, remove, restore
from missions.views.mission_page import MissionPage
from partners.models import Affiliation, Organisation


def places_of(mission: Mission) -> QuerySet[Delegate]:
    """By organisation, the named first; each with whom the person works for today."""
    current = Affiliation.objects.current().select_related("organisation")
    return (
        Delegate.objects.filter(mission=mission)
        .select_related("organisation", "person")
        .prefetch_related(Prefetch("person__affiliations", current, to_attr="current"))
        .order_by(
            "organisation__sort_name",
            "organisation_id",
            F("person__sort_name").asc(nulls_last=True),
            "pk",
        )
    )


def employers(delegate: Delegate) -> list[Organisation]:
    """Whom the person in a place works for, the primary first; read from places_of()."""
    rows: list[Affiliation] = getattr(delegate.person, "current", []) if delegate.person else []
    return [row.organisation for row in rows]


@dataclass
class Place:
    """A place as its row shows it."""

    delegate: Delegate
    form: PlaceForm
    link: PrivateLink | None
    expected: int
    misses: int

    @property
    def works_elsewhere(self) -> list[Organisation]:
        """Whom the person works for, where the place is held for somebody else."""
        found = employers(self.delegate)
        return [] if self.delegate.organisation in found else found

    @property
    def works_for_nobody(self) -> bool:
        return bool(self.delegate.person) and not employers(self.delegate)


@dataclass
class Group:
    """An organisation and the places held for it."""

    organisation: Organisation
    places: list[Place] = field(default_factory=list)

    @property
    def named(self) -> int:
        return sum(place.delegate.person_id is not None for place in self.places)

    @property
    def open(self) -> int:
        return sum(place.delegate.is_unnamed for place in self.places)


class MissionDelegation(MissionPage, TemplateView):
    template_name = "missions/mission_delegation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        delegates = list(places_of(self.mission))
        statuses = Counter(one.status for one in delegates)
        return super().get_context_data(
            groups=self.groups(delegates),
            count=len(delegates),
            confirmed=statuses[Delegate.Status.CONFIRMED],
            invited=statuses[Delegate.Status.INVITED],
            declined=statuses[Delegate.Status.DECLINED],
            unnamed=sum(one.is_unnamed for one in delegates),
            **kwargs,
        )

    def groups(self, delegates: list[Delegate]) -> list[Group]:
        meetings = Meeting.objects.filter(mission=self.mission).exclude(
            status=Meeting.Status.CANCELLED
        )
        delegation = Delegation(delegates, meetings.only("mission", "stop", "status"))
        links = {
            link.delegate_id: link
            for link in PrivateLink.objects.in_force().filter(delegate__in=delegates)
        }
        groups = []
        for organisation, rows in groupby(delegates, key=lambda one: one.organisation):
            group = Group(organisation)
            for one in rows:
                expected = len(delegation.itinerary(one))
                misses = len(delegation.meetings) - expected
                form = PlaceForm(
                    instance=one, initial={"version": one.version}, auto_id=f"id_{one.pk}_%s"
                )
                group.places.append(Place(one, form, links.get(one.pk), expected, misses))
            groups.append(group)
        return groups


def delegation_url(mission_pk: int, place: int | None = None) -> str:
    """The delegation's page, at one of its places."""
    url = reverse("missions:mission-delegation", args=[mission_pk])
    return f"{url}#place-{place}" if place else url


class DelegateAct(PermissionRequiredMixin, View):
    """Something done with one place, by POST; back to the delegation after it."""

    permission_required = "missions.change_delegate"
    http_method_names = ["post"]

    @whole
    def post(self, request: HttpRequest, mission_pk: int, pk: int) -> HttpResponse:
        with transaction.atomic():
            places = Delegate.objects.select_for_update(of=("self",)).filter(mission=mission_pk)
            self.act(get_object_or_404(places.select_related("organisation", "person"), pk=pk))
        return HttpResponseRedirect(delegation_url(mission_pk, pk))

    def act(self, delegate: Delegate) -> None:
        raise NotImplementedError


class DelegateChange(DelegateAct):
    """Role and status, changed in the row of a place."""

    def act(self, delegate: Delegate) -> None:
        kept = (delegate.role, delegate.status)
        form = PlaceForm(self.request.POST, instance=delegate)
        name = delegate.person or delegate.organisation
        if not form.is_valid():
            messages.error(self.request, _("This could not be read: choose again."))
        elif (delegate.role, delegate.status) == kept:
            return
        elif form.cleaned_data["version"] != delegate.version:
            messages.warning(
                self.request,
                _(
                    "Somebody changed the place of %(name)s meanwhile: here is how it stands now. "
                    "Choose again if it should be otherwise."
                )
                % {"name": name},
            )
        else:
            form.save()
            close_page(delegate, self.request.user)
            messages.success(
                self.request,
                _("%(name)s: %(role)s, %(status)s.")
                % {
                    "name": name,
                    "role": delegate.get_role_display(),
                    "status": delegate.get_status_display(),
                },
            )


def close_page(delegate: Delegate, by: Any) -> None:
    """Revoke the private page of a delegate who declined."""
    if delegate.status == Delegate.Status.DECLINED:
        for link in delegate.private_links.filter(revoked_at=None):
            link.revoke(by)


class DelegateRemove(MissionPage, TemplateView):
    """Says what removing a place means before it is done."""

    permission_required = "missions.change_delegate"
    mission_url_kwarg = "mission_pk"
    template_name = "missions/delegate_remove.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places = self.mission.delegates.select_related("organisation", "person", "mission")
        delegate = get_object_or_404(places, pk=self.kwargs["pk"])
        return super().get_context_data(
            delegate=delegate, consequences=consequences(delegate), **kwargs
        )

    @whole
    def post(self, request: HttpRequest, mission_pk: int, pk: int) -> HttpResponse:
        with transaction.atomic():
            places = Delegate.objects.select_for_update(of=("self",)).filter(mission=mission_pk)
            delegate = get_object_or_404(places, pk=pk)
            name = delegate.person or delegate.organisation
            row = remove(delegate)
        messages.success(
            request,
            _("%(name)s has no place in the delegation any more.") % {"name": name},
            extra_tags=f"undo:{reverse('missions:delegate-restore', args=[mission_pk, row])}",
        )
        return HttpResponseRedirect(delegation_url(mission_pk))


class DelegateRestore(PermissionRequiredMixin, View):
    """Puts back a place that was removed."""

    permission_required = "missions.change_delegate"
    http_method_names = ["post"]

    @whole
    def post(self, request: HttpRequest, mission_pk: int, row: int) -> HttpResponse:
        get_object_or_404(Mission, pk=mission_pk)
        removed = Delegate.history.filter(mission_id=mission_pk, history_type="-")
        try:
            delegate = restore(get_object_or_404(removed, pk=row))
        except NotRestored as why:
            messages.warning(request, str(why))
            return HttpResponseRedirect(delegation_url(mission_pk))
        messages.success(
            request,
            _("%(name)s is in the delegation again.")
            % {"name": delegate.person or delegate.organisation},
        )
        return HttpResponseRedirect(delegation_url(mission_pk, delegate.pk))
