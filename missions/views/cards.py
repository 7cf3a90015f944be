"""A whole delegation as vCards."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View

from missions.models import Delegate, Mission
from partners.exports import PERMISSION
from partners.models import Person
from partners.vcards import for_cards
from partners.views.cards import send_cards


class DelegationCards(PermissionRequiredMixin, View):
    """The named people of a delegation, but for who declined."""

    permission_required = (PERMISSION, "missions.view_delegate")
    http_method_names = ["get", "options"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        mission = get_object_or_404(Mission, pk=pk)
        going = mission.delegates.exclude(status=Delegate.Status.DECLINED).exclude(person=None)
        if not going.exists():
            messages.warning(
                request, _("Nobody in the delegation has a name yet: no card to save.")
            )
            return redirect("missions:mission-delegation", pk=mission.pk)
        people = for_cards(Person.objects.filter(pk__in=going.order_by().values("person")))
        words = _("The delegation of %(mission)s") % {"mission": mission}
        return send_cards(request, people.order_by("sort_name", "pk"), title=words, words=words)
