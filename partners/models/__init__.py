"""Who we know: cities, sectors, organisations and people; what looks alike, and what was merged."""

from partners.models.affiliations import Affiliation
from partners.models.likenesses import OrganisationKey, OrganisationPair, PersonKey, PersonPair
from partners.models.memberships import Membership
from partners.models.merges import Merge
from partners.models.organisations import Organisation
from partners.models.people import Person
from partners.models.places import City
from partners.models.sectors import Sector

__all__ = [
    "Affiliation",
    "City",
    "Membership",
    "Merge",
    "Organisation",
    "OrganisationKey",
    "OrganisationPair",
    "Person",
    "PersonKey",
    "PersonPair",
    "Sector",
]
