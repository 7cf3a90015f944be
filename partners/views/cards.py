"""People as vCards: a right of its own, and each is recorded, as with every export."""

from collections.abc import Iterable
from typing import cast

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.generic import View

from crm.models import Export, User
from partners.exports import PERMISSION
from partners.models import Person
from partners.vcards import COLUMNS, cards, for_cards
from partners.views.merged import LeadsOn


def send_cards(
    request: HttpRequest, people: Iterable[Person], *, title: str, words: str
) -> HttpResponse:
    """The cards as a file to be saved, once their export is recorded; `words` say whose."""
    rows = list(people)
    body = cards(rows)
    Export.objects.create(
        user=cast(User, request.user),
        subject=Person._meta.label_lower,
        file_format="vcf",
        filter_words=words,
        address=request.get_full_path(),
        columns=COLUMNS,
        row_count=len(rows),
    )
    response = HttpResponse(body, content_type="text/vcard; charset=utf-8")
    name = f"{slugify(title) or 'contacts'}.vcf"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


class PersonCard(PermissionRequiredMixin, LeadsOn, View):
    permission_required = PERMISSION
    model = Person
    says_so = False
    http_method_names = ["get", "options"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = get_object_or_404(for_cards(Person.objects.all()), pk=pk)
        return send_cards(request, [person], title=person.name, words=person.name)
