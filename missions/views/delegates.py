"""One place in a delegation: its page with the itinerary, and its form."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from crm.text import record_id
from crm.views import RecordForm, RecordUpdate
from missions.delegation import by_day, itinerary
from missions.forms.delegates import DelegateForm, NewDelegates
from missions.forms.newcomers import NOBODY
from missions.models import Delegate, Meeting
from missions.rescheduling import lock
from missions.views.delegation import close_page, delegation_url, employers, places_of
from missions.views.mission_page import MissionPage
from partners.models import Organisation, Person


class DelegateDetail(MissionPage, TemplateView):
    """A delegate's own itinerary, day by day on the clocks of the places."""

    mission_url_kwarg = "mission_pk"
    template_name = "missions/delegate_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        delegate = get_object_or_404(places_of(self.mission), pk=self.kwargs["pk"])
        delegate.mission = self.mission
        meetings = [one.conceal_from(self.request.user) for one in itinerary(delegate)]
        total = self.mission.meetings.exclude(status=Meeting.Status.CANCELLED).count()
        may_link = self.request.user.has_perm("missions.change_delegate")
        found = employers(delegate)
        return super().get_context_data(
            delegate=delegate,
            days=by_day(meetings),
            expected=len(meetings),
            total=total,
            link=delegate.private_links.in_force().first() if may_link else None,
            works_elsewhere=[] if delegate.organisation in found else found,
            works_for_nobody=bool(delegate.person) and not found,
            **kwargs,
        )


class DelegatePlace(MissionPage, RecordForm):
    """What adding a place and changing one share: the form, and somebody not yet known."""

    model = Delegate
    form_class = DelegateForm
    template_name = "missions/delegate_form.html"
    mission_url_kwarg = "mission_pk"

    def get_parts(self) -> dict[str, Any]:
        return {"new_people": self.new_people}

    @cached_property
    def new_people(self) -> Any:
        data = self.request.POST.copy() if self.request.method == "POST" else None
        if data is not None and (not self.may_add_people or "new_people-TOTAL_FORMS" not in data):
            data.update({"new_people-TOTAL_FORMS": "0", "new_people-INITIAL_FORMS": "0"})
            data["new_people-TOTAL_FORMS"] = "0"
        options = [("", _("The organisation that the place is held for"))]
        return NewDelegates(data, prefix="new_people", form_kwargs={"options": options})

    @property
    def may_add_people(self) -> bool:
        return self.request.user.has_perm("partners.add_person")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "has_newcomer": bool(self.new_people.used),
            "may_add": self.may_add_people,
        }

    def get_locked(self) -> Any:
        """The mission is locked too, so that nobody is named twice at once."""
        lock(self.mission.pk)
        return super().get_locked()

    def save(self, form: DelegateForm, parts: dict[str, Any]) -> None:
        held_for: Organisation = form.cleaned_data["organisation"]
        if form.cleaned_data.get("person") is None and (used := parts["new_people"].used):
            is_free = used[0].cleaned_data["organisation"] == NOBODY
            form.instance.person = used[0].save(None if is_free else held_for)
        self.object = form.save()
        close_page(self.object, self.request.user)
        person = self.object.person
        if "person" in form.changed_data or "organisation" in form.changed_data:
            self.tell_employer(person, held_for)

    def tell_employer(self, person: Person | None, held_for: Organisation) -> None:
        """Say so where somebody fills a place held for an organisation they don't work for."""
        if person is None:
            return
        work = person.affiliations.current().select_related("organisation")
        found = [row.organisation for row in work]
        if held_for in found:
            return
        names = {"name": person.name, "organisation": held_for.name}
        if found:
            text = _(
                "%(name)s works for %(employer)s, not for %(organisation)s. That is fine if they "
                "travel in its name."
            )
            messages.warning(self.request, text % {**names, "employer": found[0].name})
        else:
            text = _(
                "We don’t know whom %(name)s works for. The place is held for %(organisation)s."
            )
            messages.warning(self.request, text % names)

    def get_success_url(self) -> str:
        return delegation_url(self.mission.pk, self.object.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            may_add_people=self.may_add_people,
            cancel_url=delegation_url(self.mission.pk, self.object.pk if self.object else None),
            **kwargs,
        )


class DelegateCreate(DelegatePlace):
    """A place more; ?organisation= says for whom."""

    permission_required = "missions.add_delegate"

    def get_form_kwargs(self) -> dict[str, Any]:
        pk = record_id(self.request.GET.get("organisation", ""))
        held_for = Organisation.objects.active().filter(pk=pk).first() if pk else None
        return {
            **super().get_form_kwargs(),
            "instance": Delegate(mission=self.mission),
            "initial": {"organisation": held_for},
        }


class DelegateUpdate(DelegatePlace, RecordUpdate):
    permission_required = "missions.change_delegate"

    def get_queryset(self) -> Any:
        places = Delegate.objects.filter(mission=self.mission)
        return places.select_related("organisation", "person")
