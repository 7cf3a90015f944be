"""Organisations in files."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.imports.resources import ImportResource
from crm.imports.subjects import ImportField, Subject
from partners.models import Organisation


class OrganisationResource(ImportResource):
    """Organisations, without the people who work there."""

    class Meta:
        model = Organisation
        fields = (
            "name",
            "short_name",
            "native_name",
            "kind",
            "side",
            "country",
            "city",
            "sectors",
            "parent",
            "tier",
            "owner",
            "website",
            "email",
            "phone",
            "address",
            "notes",
        )


FIELDS = (
    ImportField(
        "name",
        _("Name"),
        (
            "organisation",
            "organisation name",
            "organization",
            "organization name",
            "company",
            "company name",
            "institution",
            "partner",
            "nome",
            "denominazione",
            "ragione sociale",
            "organizzazione",
            "azienda",
            "ente",
            "istituzione",
        ),
        is_key=True,
        is_required=True,
        help_text=_("In Latin letters, in full."),
    ),
    ImportField(
        "short_name",
        _("Short name"),
        ("abbreviation", "acronym", "nome breve", "sigla", "acronimo", "abbreviazione"),
    ),
    ImportField(
        "native_name",
        _("Native name"),
        (
            "original name",
            "local name",
            "japanese name",
            "nome originale",
            "nome giapponese",
            "nome locale",
            "名称",
            "社名",
            "会社名",
            "組織名",
        ),
    ),
    ImportField(
        "kind",
        _("Kind"),
        ("type", "category", "tipo", "tipologia", "categoria", "種別"),
        is_required=True,
        help_text=_("University, Company, Chamber of commerce … in English or Italian."),
    ),
    ImportField(
        "side",
        _("Side"),
        ("lato", "parte"),
        help_text=_("Home or Partner; Partner where it is empty."),
    ),
    ImportField(
        "country",
        _("Country"),
        ("nation", "state", "country code", "paese", "nazione", "stato", "国"),
        help_text=_("Its name or its two letters; without one, the city says it."),
    ),
    ImportField(
        "city",
        _("City"),
        (
            "town",
            "place",
            "location",
            "città",
            "citta",
            "comune",
            "località",
            "luogo",
            "都市",
            "市",
        ),
        help_text=_("In any spelling: Genova, Genoa, ジェノヴァ."),
    ),
    ImportField(
        "sectors",
        _("Sectors"),
        ("sector", "industry", "industries", "field", "settore", "settori", "ambito", "ambiti"),
        help_text=_("Names in English or Italian, with a semicolon between them."),
    ),
    ImportField(
        "parent",
        _("Part of"),
        ("parent", "parent organisation", "unit of", "parte di", "fa parte di", "capogruppo"),
        help_text=_("The organisation it is a unit of, by its name or key."),
    ),
    ImportField("tier", _("Tier"), ("priority", "livello", "priorità", "fascia")),
    ImportField(
        "owner",
        _("Owner"),
        ("account manager", "responsible", "referente", "responsabile"),
        help_text=_("The colleague’s e-mail or name."),
    ),
    ImportField(
        "website",
        _("Website"),
        ("web", "web site", "url", "homepage", "site", "sito", "sito web", "sito internet"),
    ),
    ImportField(
        "email",
        _("E-mail"),
        (
            "email",
            "mail",
            "e-mail address",
            "email address",
            "posta elettronica",
            "indirizzo e-mail",
            "indirizzo email",
        ),
        is_key=True,
    ),
    ImportField(
        "phone",
        _("Phone"),
        ("telephone", "tel", "tel.", "phone number", "telefono", "numero di telefono", "電話"),
    ),
    ImportField("address", _("Address"), ("street address", "indirizzo", "sede", "住所")),
    ImportField("notes", _("Notes"), ("note", "remarks", "comments", "osservazioni", "備考")),
    ImportField(
        "key",
        pgettext_lazy("of a record", "Key"),
        ("key", "record key", "uuid", "chiave"),
        is_key=True,
        help_text=_("From an export: it says which record the row is."),
    ),
    ImportField(
        "version",
        _("Version"),
        ("record version", "versione"),
        help_text=_("From an export: it tells what was changed here since."),
    ),
)

ORGANISATIONS = Subject(
    name="organisations",
    label=_("Organisations"),
    permission="partners.import_organisation",
    resource=OrganisationResource,
    fields=FIELDS,
    list_url_name="partners:organisation-list",
)
