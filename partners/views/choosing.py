"""Rows ticked in a list, on their way to the page that merges them."""

from typing import ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from crm.address_parts import IdsField
from partners.merging.joining import FEWEST, MOST


class ChosenMerge(PermissionRequiredMixin, View):
    """From the address of rows (`ids`) to that of one of them, with the others."""

    http_method_names = ["get", "options"]
    list_url_name: ClassVar[str]
    merge_url_name: ClassVar[str]

    def get(self, request: HttpRequest) -> HttpResponseRedirect:
        try:
            ids = IdsField().clean(request.GET.getlist("ids"))
        except ValidationError:
            ids = []
        if not FEWEST <= len(ids) <= MOST:
            messages.warning(
                request, _("Choose from two to %(most)d rows to merge.") % {"most": MOST}
            )
            return HttpResponseRedirect(reverse(self.list_url_name))
        page = reverse(self.merge_url_name, args=ids[:1])
        others = urlencode({"with": ids[1:]}, doseq=True)
        return HttpResponseRedirect(f"{page}?{others}")


class OrganisationMergeChosen(ChosenMerge):
    permission_required = "partners.merge_organisation"
    list_url_name = "partners:organisation-list"
    merge_url_name = "partners:organisation-merge"


class PersonMergeChosen(ChosenMerge):
    permission_required = "partners.merge_person"
    list_url_name = "partners:person-list"
    merge_url_name = "partners:person-merge"
