"""What can be imported: each subject with its fields, named once for files, pages and tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class ImportField:
    """A field that a column of a file may go to.

    `name` is the lasting name that exports use too. `aliases` are further headings, in any
    language, that mean it; its name and its label in every language mean it anyway.
    `attribute` is what the model calls it, where that is something else.
    `is_key` says that a row may find its record by it.
    """

    name: str
    label: str | Promise
    aliases: tuple[str, ...] = ()
    attribute: str = ""
    is_key: bool = False
    is_required: bool = False
    help_text: str | Promise = ""


# What a row finds its record by, and tells what was changed since: as crm.cells exports them.
RECORD_FIELDS = (
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


@dataclass(frozen=True)
class Subject:
    """A noun that files bring: `resource` is the import-export resource that reads its rows."""

    name: str
    label: str | Promise
    permission: str
    resource: type[Any]
    fields: Sequence[ImportField]
    list_url_name: str

    def field(self, name: str) -> ImportField | None:
        """The field of this name, or that the model calls so."""
        named = (field for field in self.fields if name and name in {field.name, field.attribute})
        return next(named, None)


def subjects() -> dict[str, Subject]:
    """Every subject by its name, in the order of the settings."""
    found: list[Subject] = [import_string(path) for path in settings.IMPORT_SUBJECTS]
    return {subject.name: subject for subject in found}


def import_address(model: type[Model], user: Any) -> str:
    """Where a file of these records is given; nothing for those who may not import them."""
    for subject in subjects().values():
        if subject.resource._meta.model is model and user.has_perm(subject.permission):
            return f"{reverse('import-create')}?subject={subject.name}"
    return ""
