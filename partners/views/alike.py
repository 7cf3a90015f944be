"""The twins that show while one types."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from crm.text import record_id
from partners.alike import twins
from partners.models import Affiliation, City, Organisation, Person


class Alike(PermissionRequiredMixin, View):
    """The twins of what has been typed so far. By POST: names and addresses stay out of logs."""

    http_method_names = ["post"]
    model: Any
    fields: tuple[str, ...]

    def post(self, request: HttpRequest) -> HttpResponse:
        record = self.model(**{name: self.typed(name) for name in self.fields})
        self.place(record)
        return render(request, "partners/alike_typed.html", {"alike": twins(record)})

    def typed(self, name: str) -> str:
        text = self.request.POST.get(name, "").replace("\0", "").strip()
        return text[: self.model._meta.get_field(name).max_length]

    def place(self, record: Any) -> None:
        """What else is chosen on the form."""


class OrganisationAlike(Alike):
    permission_required = "partners.add_organisation"
    model = Organisation
    fields = ("name", "native_name", "website", "email", "phone", "country")

    def place(self, record: Any) -> None:
        record.kind = Organisation.Kind.OTHER
        if pk := record_id(self.request.POST.get("city", "")):
            record.city = City.objects.filter(pk=pk).first()
            if record.city and not record.country:
                record.country = record.city.country


class PersonAlike(Alike):
    permission_required = "partners.add_person"
    model = Person
    fields = (
        "given_name",
        "family_name",
        "native_name",
        "native_reading",
        "email",
        "phone",
        "mobile",
    )

    def place(self, record: Any) -> None:
        pk = record_id(self.request.POST.get("affiliations-0-organisation", ""))
        employer = Organisation.objects.filter(pk=pk).first() if pk else None
        record.current_affiliations = (
            [Affiliation(organisation=employer, is_primary=True)] if employer else []
        )
