"""What combos ask for while one types: organisations, people, cities."""

from crm.combos import ChoicesView
from partners.choices import CityFinder, OrganisationFinder, PersonFinder, SectorFinder


class OrganisationChoices(ChoicesView):
    finder = OrganisationFinder()
    permission_required = "partners.view_organisation"


class PersonChoices(ChoicesView):
    finder = PersonFinder()
    permission_required = "partners.view_person"


class CityChoices(ChoicesView):
    finder = CityFinder()
    permission_required = "partners.view_city"


class SectorChoices(ChoicesView):
    finder = SectorFinder()
    permission_required = "partners.view_sector"
