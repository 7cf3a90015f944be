"""The admin of whom we know."""

from partners.admin.affiliations import AffiliationAdmin
from partners.admin.organisations import MembershipAdmin, OrganisationAdmin
from partners.admin.people import PersonAdmin
from partners.admin.places import CityAdmin
from partners.admin.sectors import SectorAdmin

__all__ = [
    "AffiliationAdmin",
    "CityAdmin",
    "MembershipAdmin",
    "OrganisationAdmin",
    "PersonAdmin",
    "SectorAdmin",
]
