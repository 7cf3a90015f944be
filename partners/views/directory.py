"""The directory: partners and people as lists."""

from typing import Any

from crm.counts import bounded
from crm.lists import ListPage
from partners.filters import OrganisationFilter, PersonFilter
from partners.models import Organisation


class OrganisationList(ListPage):
    """Every organisation: the address is the state, so no side is chosen unless it says so."""

    template_name = "partners/organisation_list.html"
    permission_required = "partners.view_organisation"
    filterset_class = OrganisationFilter
    create_url_name = "partners:organisation-create"
    create_permission = "partners.add_organisation"
    export_url_name = "partners:organisation-export"
    export_permission = "partners.export_organisation"
    merge_url_name = "partners:organisation-merge-chosen"
    merge_permission = "partners.merge_organisation"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        filterset = context["filterset"]
        home = filterset.tallied("side")["side"].get(Organisation.Side.HOME.value, 0)
        if home and not filterset.chosen["side"]:
            context |= {
                "home_count": home,
                "home_text": bounded(home),
                "home_url": filterset.query(side=[Organisation.Side.HOME.value]),
            }
        return context


class PersonList(ListPage):
    template_name = "partners/person_list.html"
    permission_required = "partners.view_person"
    filterset_class = PersonFilter
    create_url_name = "partners:person-create"
    create_permission = "partners.add_person"
    export_url_name = "partners:person-export"
    export_permission = "partners.export_person"
    merge_url_name = "partners:person-merge-chosen"
    merge_permission = "partners.merge_person"
