"""The directory and the contact list as files."""

from typing import Any

from crm.export_page import ListExport
from partners.exports import ORGANISATIONS, PEOPLE
from partners.filters import OrganisationFilter, PersonFilter
from partners.models import Person


class OrganisationExport(ListExport):
    permission_required = ("partners.view_organisation", "partners.export_organisation")
    exported = ORGANISATIONS
    filterset_class = OrganisationFilter


class PersonExport(ListExport):
    permission_required = ("partners.view_person", "partners.export_person")
    exported = PEOPLE
    filterset_class = PersonFilter

    def get_queryset(self) -> Any:
        return Person.objects.with_primary()
