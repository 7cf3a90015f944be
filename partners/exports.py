"""Organisations and people as files: which columns, and what stays out of them.

Sectors and tier are ours alone: they stay out of lists of people. So do notes, unless asked for.
The columns have the names of the fields that an import knows them by.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy
from django_countries import countries

from crm.address_parts import MOST_CHOSEN
from crm.cells import (
    Joined,
    KeyText,
    Labels,
    choice_column,
    days,
    first_known,
    local_name,
    record_columns,
)
from crm.export_page import Exported, LeftOut, Request
from crm.exports import Column
from crm.models import User
from partners.models import Organisation, Person, Sector

PERMISSION = "partners.export_person"
REFUSES = Q(contact_preference=Person.ContactPreference.NONE)
ARCHIVED = Q(archived_at__isnull=False)


def country_labels() -> Labels:
    return Labels(list(countries))


def person_name(path: str = "") -> Coalesce:
    """The name in Latin letters as the person writes it, else the native one."""
    given, family = F(f"{path}given_name"), F(f"{path}family_name")
    latin = Case(
        When(
            Q(**{f"{path}name_order": Person.NameOrder.FAMILY_FIRST}),
            then=Concat(family, Value(" "), given),
        ),
        default=Concat(given, Value(" "), family),
        output_field=TextField(),
    )
    return Coalesce(
        NullIf(Trim(latin), Value("")),
        F(f"{path}native_name"),
        Value(""),
        output_field=TextField(),
    )


def organisation_columns(reader: User) -> list[Column]:
    """The directory: one row an organisation."""
    sectors = Sector.objects.filter(organisations=OuterRef("pk"))
    return [
        Column("name", _("Name"), "name", width=36),
        Column("short_name", _("Short name"), "short_name", width=14),
        Column("native_name", _("Native name"), "native_name", width=26),
        choice_column("kind", _("Kind"), Organisation.Kind, width=20),
        choice_column("side", _("Side"), Organisation.Side, width=10),
        Column("country", _("Country"), "country", labels=country_labels, width=14),
        Column("city", _("City"), local_name("city__"), width=14),
        Column("sectors", _("Sectors"), Joined(sectors, local_name()), width=30),
        Column("parent", _("Part of"), first_known("parent__name"), width=30),
        choice_column("tier", _("Tier"), Organisation.Tier, width=10),
        Column("owner", _("Owner"), first_known("owner__email"), width=26),
        Column("last_contact_on", _("Last contact"), "last_contact_on", labels=days, width=12),
        Column("website", _("Website"), "website", width=30),
        Column("email", _("E-mail"), "email", width=30),
        Column("phone", _("Phone"), first_known("phone_international", "phone")),
        Column("address", _("Address"), "address", width=36),
        Column("notes", _("Notes"), "notes", width=40, is_usual=False),
        *record_columns(),
    ]


def person_columns(reader: User) -> list[Column]:
    """The contact list: one row a person, with the primary current affiliation."""
    organisation = "post__organisation"
    return [
        Column("given_name", _("Given name"), "given_name", width=16),
        Column("family_name", _("Family name"), "family_name", width=18),
        Column("native_name", _("Native name"), "native_name", width=16),
        Column("native_reading", _("Reading"), "native_reading", width=18),
        choice_column("name_order", _("Name order"), Person.NameOrder, is_usual=False),
        Column("form_of_address", _("Form of address"), "form_of_address", width=14),
        Column("job_title", _("Job title"), first_known("post__job_title"), width=24),
        Column("department", _("Department"), first_known("post__department"), width=20),
        Column("organisation", _("Organisation"), first_known(f"{organisation}__name"), width=36),
        Column(
            "organisation_native_name",
            _("Organisation’s native name"),
            first_known(f"{organisation}__native_name"),
            width=26,
        ),
        Column(
            "organisation_key",
            _("Organisation’s key"),
            Coalesce(KeyText(f"{organisation}__key"), Value(""), output_field=TextField()),
            width=38,
            is_usual=False,
        ),
        Column("city", _("City"), local_name(f"{organisation}__city__"), width=14),
        Column(
            "country",
            _("Country"),
            first_known(f"{organisation}__country"),
            labels=country_labels,
            width=14,
        ),
        Column("since", _("Since"), "post__since", labels=days, width=12, is_usual=False),
        Column("until", _("Until"), "post__until", labels=days, width=12, is_usual=False),
        Column("email", _("E-mail"), "email", width=30),
        Column("phone", _("Phone"), first_known("phone_international", "phone")),
        Column("mobile", _("Mobile"), first_known("mobile_international", "mobile")),
        choice_column("contact_preference", _("Contact preference"), Person.ContactPreference),
        Column("languages", _("Languages"), "languages", width=12),
        Column("source", _("Where from"), "source", width=24),
        Column("notes", _("Notes"), "notes", width=40, is_usual=False),
        *record_columns(),
    ]


ORGANISATIONS = Exported(
    title=_("Partners"),
    heading=_("Export partners"),
    everything=_("Every partner of the directory"),
    counted=ngettext_lazy("%(number)s partner", "%(number)s partners", "count"),
    columns=organisation_columns,
    list_url_name="partners:organisation-list",
    export_url_name="partners:organisation-export",
)
PEOPLE = Exported(
    title=_("People"),
    heading=_("Export people"),
    everything=_("Everybody in the contact list"),
    counted=ngettext_lazy("%(number)s person", "%(number)s people", "count"),
    columns=person_columns,
    list_url_name="partners:person-list",
    export_url_name="partners:person-export",
    left_out=(
        LeftOut(
            "uncontactable",
            REFUSES,
            _("With those who asked not to be contacted"),
            ngettext_lazy(
                "Also %(count)d person who asked not to be contacted",
                "Also %(count)d people who asked not to be contacted",
                "count",
            ),
        ),
    ),
)
PUT_AWAY = LeftOut(
    "archived",
    ARCHIVED,
    _("With the archived"),
    ngettext_lazy("Also %(count)d person archived", "Also %(count)d people archived", "count"),
)


def export_people(request: HttpRequest, queryset: QuerySet[Person]) -> HttpResponseBase:
    """The administration's action on the people chosen there: asks how, then sends the file.

    Raises PermissionDenied for those who may not export.
    """
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    chosen = Person.objects.with_primary().filter(pk__in=queryset.order_by().values("pk"))
    ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_CHOSEN + 1])
    count = queryset.count()
    words = ngettext(
        "%(count)d person chosen in the administration",
        "%(count)d people chosen in the administration",
        count,
    ) % {"count": count}
    asked = {"format", "delimiter", "language", "columns", "move", "csrfmiddlewaretoken"}
    asked |= {one.name for one in (*PEOPLE.left_out, PUT_AWAY)}
    return Request(
        PEOPLE,
        request.user,  # type: ignore[arg-type]
        chosen.order_by("sort_name", "pk"),
        words,
        request.POST,
        back_url=reverse("admin:partners_person_changelist"),
        carried=[
            (name, value)
            for name, values in request.POST.lists()
            if name not in asked
            for value in values
        ],
        # The list of people has the same rows where its address can name them all.
        parts={"ids": ",".join(map(str, ids))} if len(ids) <= MOST_CHOSEN else None,
        left_out=(*PEOPLE.left_out, PUT_AWAY),
    ).answer(request)
