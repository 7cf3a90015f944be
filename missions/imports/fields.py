"""The columns that a file of meetings may have; their names are those of its export."""

from django.utils.translation import gettext_lazy as _

from crm.imports.subjects import RECORD_FIELDS, ImportField

SUBJECT_LABEL = _("Meetings")

FIELDS = (
    ImportField(
        "title",
        _("Title"),
        ("subject", "meeting", "topic", "titolo", "oggetto", "incontro", "件名"),
        is_key=True,
        help_text=_("With its date it may say which meeting the row is."),
    ),
    ImportField(
        "date",
        _("Date"),
        ("day", "meeting date", "when", "data", "giorno", "data dell’incontro", "日付"),
        attribute="local_date",
    ),
    ImportField(
        "time",
        _("Time"),
        ("hour", "start", "start time", "ora", "orario", "inizio", "時間", "時刻"),
        help_text=_("The local time of the place."),
        attribute="local_time",
    ),
    ImportField(
        "time_zone",
        _("Time zone"),
        ("timezone", "zone", "fuso orario", "fuso"),
        help_text=_("Like Asia/Tokyo; without one, the city’s."),
    ),
    ImportField(
        "duration",
        _("Duration in minutes"),
        ("duration", "minutes", "durata", "minuti", "durata in minuti"),
    ),
    ImportField(
        "organisations",
        _("Organisations met"),
        (
            "organisations",
            "organisation",
            "organizations",
            "organization",
            "partner",
            "partners",
            "company",
            "with",
            "organizzazioni",
            "organizzazione",
            "organizzazioni incontrate",
            "azienda",
            "ente",
            "enti",
            "con",
            "訪問先",
        ),
        help_text=_("By any of their names or by key, with a semicolon between them."),
    ),
    ImportField(
        "people",
        _("People"),
        (
            "participants",
            "attendees",
            "contacts",
            "persone",
            "partecipanti",
            "presenti",
            "contatti",
            "参加者",
        ),
        help_text=_("By e-mail or name, with a semicolon between them."),
    ),
    ImportField("status", _("Status"), ("state", "stato"), help_text=_("Held where it is empty.")),
    ImportField("format", _("Format"), ("type", "kind", "formato", "tipo", "modalità")),
    ImportField(
        "mission",
        _("Mission"),
        ("trip", "journey", "missione", "viaggio"),
        help_text=_("One that we have: by its title or key."),
    ),
    ImportField("city", _("City"), ("town", "città", "citta", "località", "都市")),
    ImportField(
        "country",
        _("Country"),
        ("nation", "paese", "nazione", "国"),
        help_text=_("Tells cities of one name apart."),
    ),
    ImportField(
        "place",
        _("Place"),
        ("venue", "room", "address", "location", "luogo", "sede", "sala", "indirizzo", "場所"),
    ),
    ImportField(
        "sectors",
        _("Sectors"),
        ("sector", "topics", "settore", "settori", "ambito", "ambiti"),
        help_text=_("Names in English or Italian, with a semicolon between them."),
    ),
    ImportField("purpose", _("Purpose"), ("aim", "aims", "agenda", "scopo", "obiettivo", "目的")),
    ImportField(
        "outcome",
        _("Outcome"),
        ("result", "results", "conclusion", "esito", "risultato", "risultati", "結果"),
        help_text=_("What came of it; may be shared."),
    ),
    ImportField(
        "notes",
        _("Internal notes"),
        ("note", "notes", "remarks", "minutes of the meeting", "note interne", "備考"),
    ),
    ImportField("temperature", _("Temperature"), ("warmth", "temperatura")),
    ImportField(
        "confidential",
        _("Confidential"),
        ("is confidential", "secret", "riservato", "riservata"),
        help_text=_("Yes or no."),
        attribute="is_confidential",
    ),
    *RECORD_FIELDS,
)
# Columns that a meeting keeps under another name.
NAMED = {field.name: field.attribute for field in FIELDS if field.attribute}
