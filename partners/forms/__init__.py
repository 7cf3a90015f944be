"""The forms of partners: organisations and people."""

from partners.forms.organisations import ArchiveForm, OrganisationForm
from partners.forms.people import AffiliationFormSet, PersonForm

__all__ = ["AffiliationFormSet", "ArchiveForm", "OrganisationForm", "PersonForm"]
