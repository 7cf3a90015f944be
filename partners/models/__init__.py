"""Who we know: cities, sectors, organisations and people."""

from partners.models.organisations import Membership, Organisation
from partners.models.people import Affiliation, Person
from partners.models.places import City
from partners.models.sectors import Sector

__all__ = ["Affiliation", "City", "Membership", "Organisation", "Person", "Sector"]
