"""The contact list as a file: which columns, whose rows, and the page that asks how.

Sectors, tier and notes are ours alone: they stay out of lists that travel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django_countries import countries

from crm.exports import Column, Delimiter, Format, Labels, Sheet, send_export
from crm.filters import FlagField
from crm.workbooks import Unfit
from partners.models import Person

PERMISSION = "partners.export_person"
REFUSES = Q(contact_preference=Person.ContactPreference.NONE)
ARCHIVED = Q(archived_at__isnull=False)


def first_known(*paths: str) -> Coalesce:
    """The first text that is not empty; nothing where none is."""
    return Coalesce(
        *(NullIf(F(path), Value("")) for path in paths), Value(""), output_field=TextField()
    )


class KeyText(Cast):
    """A key as it is usually written; SQLite keeps it without its hyphens."""

    def __init__(self, path: str) -> None:
        super().__init__(path, TextField())

    def as_sqlite(
        self, compiler: Any, connection: Any, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        sql, params = compiler.compile(self.get_source_expressions()[0])
        places = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)]
        parts = (f"substr({sql}, {start}, {length})" for start, length in places)
        return " || '-' || ".join(parts), tuple(params) * len(places)


def columns() -> list[Column]:
    """The contact list: one row a person, with the primary current affiliation."""
    of_city = "post__organisation__city__name"
    city = [f"{of_city}_it", of_city] if get_language() == "it" else [of_city]
    return [
        Column("given_name", gettext_lazy("Given name"), "given_name", width=16),
        Column("family_name", gettext_lazy("Family name"), "family_name", width=18),
        Column("native_name", gettext_lazy("Native name"), "native_name", width=16),
        Column("native_reading", gettext_lazy("Reading"), "native_reading", width=18),
        Column("form_of_address", gettext_lazy("Form of address"), "form_of_address", width=14),
        Column("job_title", gettext_lazy("Job title"), first_known("post__job_title"), width=24),
        Column("department", gettext_lazy("Department"), first_known("post__department"), width=20),
        Column(
            "organisation",
            gettext_lazy("Organisation"),
            first_known("post__organisation__name"),
            width=36,
        ),
        Column(
            "organisation_native_name",
            gettext_lazy("Organisation’s native name"),
            first_known("post__organisation__native_name"),
            width=26,
        ),
        Column("city", gettext_lazy("City"), first_known(*city), width=14),
        Column(
            "country",
            gettext_lazy("Country"),
            first_known("post__organisation__country"),
            labels=lambda: Labels(list(countries)),
            width=14,
        ),
        Column("email", gettext_lazy("E-mail"), "email", width=30),
        Column("phone", gettext_lazy("Phone"), first_known("phone_international", "phone")),
        Column("mobile", gettext_lazy("Mobile"), first_known("mobile_international", "mobile")),
        Column(
            "contact_preference",
            gettext_lazy("Contact preference"),
            "contact_preference",
            labels=lambda: Labels(Person.ContactPreference.choices),
        ),
        Column("languages", gettext_lazy("Languages"), "languages", width=12),
        Column("source", gettext_lazy("Where from"), "source", width=24),
        Column("key", pgettext_lazy("of a record", "Key"), KeyText("key"), width=38),
    ]


class ExportForm(forms.Form):
    """How the file is to be."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=Format, widget=forms.RadioSelect, initial=Format.CSV
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Delimiter"),
        choices=Delimiter,
        required=False,
        help_text=gettext_lazy("Between the columns of a CSV file."),
    )
    uncontactable = FlagField(required=False)
    with_archived = FlagField(required=False)


@dataclass
class Request:
    """An export as it was asked for: of whom, in words, and by which part of the product.

    `data` holds the choices of ExportForm, and everything else that has to come along when they
    are sent; `leaves_archived` says that the archived among the people wait for a tick.
    """

    people: QuerySet[Person]
    words: str
    data: QueryDict
    back_url: str
    leaves_archived: bool = False

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """The file where its format was chosen, else the page that asks."""
        if "format" not in self.data:
            return self.page(request, ExportForm(initial={"delimiter": Delimiter.usual()}))
        form = ExportForm(self.data)
        if form.is_valid():
            try:
                return self.file(request, form.cleaned_data)
            except Unfit as error:
                form.add_error(None, str(error))
        return self.page(request, form, status=400)

    def file(self, request: HttpRequest, choices: Mapping[str, Any]) -> HttpResponseBase:
        """Raises Unfit where a workbook can't hold the rows."""
        people, words = self.people, [self.words]
        if choices["uncontactable"]:
            words.append(_("With those who asked not to be contacted"))
        else:
            people = people.exclude(REFUSES)
        if self.leaves_archived and choices["with_archived"]:
            words.append(_("With the archived"))
        elif self.leaves_archived:
            people = people.exclude(ARCHIVED)
        return send_export(
            request,
            Sheet(columns(), people),
            title=_("People"),
            file_format=Format(choices["format"]),
            delimiter=Delimiter(choices["delimiter"] or Delimiter.usual()),
            filter_words="; ".join(filter(None, words)),
        )

    def page(self, request: HttpRequest, form: ExportForm, status: int = 200) -> HttpResponseBase:
        left_out = ARCHIVED if self.leaves_archived else Q(pk=None)
        counts = self.people.order_by().aggregate(
            found=Count("pk"),
            uncontactable=Count("pk", filter=REFUSES & ~left_out),
            archived=Count("pk", filter=left_out),
        )
        counts["ready"] = counts["found"] - counts["uncontactable"] - counts["archived"]
        carried = [
            (name, value)
            for name, values in self.data.lists()
            if name not in {*form.fields, "csrfmiddlewaretoken"}
            for value in values
        ]
        context = {
            "form": form,
            "words": self.words,
            "carried": carried,
            "back_url": self.back_url,
            "column_names": [column.heading for column in columns()],
            **counts,
        }
        return TemplateResponse(request, "partners/person_export.html", context, status=status)


def export_people(request: HttpRequest, queryset: QuerySet[Person]) -> HttpResponseBase:
    """The administration's action on the people chosen there: asks how, then sends the file.

    Raises PermissionDenied for those who may not export.
    """
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    chosen = Person.objects.with_primary().filter(pk__in=queryset.order_by().values("pk"))
    count = queryset.count()
    words = ngettext(
        "%(count)d person chosen in the administration",
        "%(count)d people chosen in the administration",
        count,
    ) % {"count": count}
    return Request(
        chosen.order_by("sort_name", "pk"),
        words,
        request.POST,
        back_url=reverse("admin:partners_person_changelist"),
        leaves_archived=True,
    ).answer(request)
