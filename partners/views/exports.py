"""The contact list as a file."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.generic import View

from partners.exports import PERMISSION, ExportForm, Request
from partners.filters import PersonFilter
from partners.models import Person


class PersonExport(PermissionRequiredMixin, View):
    """Exactly the people that the list of the same address finds, in its order.

    Without a format it is the page that asks for one. What the list would leave out of an
    address because nobody understands it is refused here, and nobody exports more than they meant.
    """

    permission_required = PERMISSION
    http_method_names = ["get", "options"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.GET.copy()
        for name in ExportForm.base_fields:
            asked.pop(name, None)
        people = PersonFilter(asked, queryset=Person.objects.with_primary(), request=request)
        back_url = reverse("partners:person-list")
        if not people.is_valid():
            context = {"ignored": people.ignored, "back_url": back_url + people.query()}
            template = "partners/person_export_refused.html"
            return TemplateResponse(request, template, context, status=400)
        return Request(
            people.ordered, people.words, request.GET, back_url=back_url + people.query()
        ).answer(request)
