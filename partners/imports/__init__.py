"""Files of organisations and of people."""

from partners.imports.organisations import ORGANISATIONS
from partners.imports.people import PEOPLE

__all__ = ["ORGANISATIONS", "PEOPLE"]
