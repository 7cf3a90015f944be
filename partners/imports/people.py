"""People in files, with where they work."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.imports.resources import ImportResource
from crm.imports.subjects import ImportField, Subject
from partners.models import Affiliation, Person


class PersonResource(ImportResource):
    """People, and one affiliation a row."""

    part_models = (Affiliation,)

    class Meta:
        model = Person
        fields = (
            "given_name",
            "family_name",
            "native_name",
            "native_reading",
            "name_order",
            "form_of_address",
            "languages",
            "email",
            "phone",
            "mobile",
            "contact_preference",
            "source",
            "notes",
        )


FIELDS = (
    ImportField(
        "name",
        _("Full name"),
        (
            "name",
            "person",
            "contact",
            "contact name",
            "nome e cognome",
            "cognome e nome",
            "nominativo",
            "contatto",
            "nome completo",
            "persona",
        ),
        is_key=True,
        help_text=_("Given name first, or “Tanabe, Haruka”; it is split in two."),
    ),
    ImportField(
        "given_name",
        _("Given name"),
        ("first name", "firstname", "forename", "given names", "nome", "nome proprio", "名"),
    ),
    ImportField(
        "family_name",
        _("Family name"),
        ("last name", "lastname", "surname", "cognome", "姓"),
        is_key=True,
        help_text=_("A row finds its person by all the names that the file has."),
    ),
    ImportField(
        "native_name",
        _("Native name"),
        ("original name", "japanese name", "nome originale", "nome giapponese", "氏名", "名前"),
        help_text=_("In its own script: 田辺 遥."),
    ),
    ImportField(
        "native_reading",
        _("Reading"),
        ("furigana", "kana", "lettura", "フリガナ", "ふりがな", "よみがな"),
    ),
    ImportField(
        "name_order",
        _("Name order"),
        ("order of names", "ordine del nome", "ordine dei nomi"),
        help_text=_("Given name first, or Family name first."),
    ),
    ImportField(
        "form_of_address",
        _("Form of address"),
        ("title", "salutation", "appellativo", "titolo", "敬称"),
    ),
    ImportField(
        "job_title",
        _("Job title"),
        ("position", "role", "post", "incarico", "ruolo", "qualifica", "carica", "役職"),
    ),
    ImportField(
        "department",
        _("Department"),
        ("division", "unit", "office", "ufficio", "reparto", "dipartimento", "部署"),
    ),
    ImportField(
        "organisation",
        _("Organisation"),
        (
            "organization",
            "company",
            "company name",
            "institution",
            "employer",
            "organizzazione",
            "azienda",
            "ente",
            "istituzione",
            "società",
            "会社名",
            "所属",
            "勤務先",
        ),
        help_text=_("One that we have: by any of its names."),
    ),
    ImportField(
        "organisation_native_name",
        _("Organisation’s native name"),
        ("nome originale dell’organizzazione",),
        help_text=_("Tells organisations of one name apart."),
    ),
    ImportField(
        "organisation_key",
        _("Organisation’s key"),
        ("organisation key", "chiave dell’organizzazione"),
    ),
    ImportField(
        "city",
        _("City"),
        ("organisation’s city", "town", "città", "citta", "città dell’organizzazione"),
        help_text=_("The organisation’s: tells organisations of one name apart."),
    ),
    ImportField(
        "country",
        _("Country"),
        ("organisation’s country", "nation", "paese", "nazione", "paese dell’organizzazione"),
        help_text=_("The organisation’s: tells organisations of one name apart."),
    ),
    ImportField("since", _("Since"), ("from", "start", "start date", "dal", "da", "inizio")),
    ImportField("until", _("Until"), ("to", "end", "end date", "al", "fino al", "fine")),
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
            "メール",
            "メールアドレス",
        ),
        is_key=True,
    ),
    ImportField(
        "phone",
        _("Phone"),
        (
            "telephone",
            "tel",
            "tel.",
            "phone number",
            "telefono",
            "telefono fisso",
            "電話",
            "電話番号",
        ),
    ),
    ImportField(
        "mobile",
        _("Mobile"),
        (
            "mobile phone",
            "cell",
            "cell phone",
            "cellulare",
            "telefono cellulare",
            "携帯",
            "携帯電話",
        ),
    ),
    ImportField(
        "contact_preference",
        _("Contact preference"),
        ("preferred contact", "preferenza di contatto", "preferenza"),
        help_text=_("Any way, By e-mail, By phone, Not to be contacted."),
    ),
    ImportField(
        "languages",
        _("Languages"),
        ("language", "lingua", "lingue"),
        help_text=_("As codes: ja, en, it."),
    ),
    ImportField("source", _("Where from"), ("source", "origin", "fonte", "provenienza", "origine")),
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

PEOPLE = Subject(
    name="people",
    label=_("People"),
    permission="partners.import_person",
    resource=PersonResource,
    fields=FIELDS,
    list_url_name="partners:person-list",
)
