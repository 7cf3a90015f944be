"""Files of organisations and people, read in the administration: the whole file or nothing."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _
from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from crm.formulas import unguarded
from crm.text import folded
from partners.models import City, Organisation, Person


class CityWidget(ForeignKeyWidget):
    """A city by its name in any language, in the row's country."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> City | None:
        if not value:
            return None
        named: Any = City.objects.filter(country=(row or {}).get("country") or "")
        found: list[City] = [
            city for city in named.matching(value) if folded(value) in spellings(city)
        ]
        if len(found) != 1:
            raise ValueError(
                _("No city of that country is called “%(name)s”.") % {"name": value}
                if not found
                else _("Several cities of that country are called “%(name)s”.") % {"name": value}
            )
        return found[0]


def spellings(city: City) -> list[str]:
    """Every name that the city is found by."""
    return city.search_text.split("\n")


class PlainDiff(resources.Diff):
    """What a row would change, as text."""

    def as_html(self) -> list[str]:
        return [
            str(after) if self.new or str(before) == str(after) else f"{before} → {after}"
            for before, after in zip(self.left, self.right, strict=True)
        ]


class RecordResource(resources.ModelResource):
    """A row is matched by its key; without one, by its name where exactly one record has it."""

    def get_diff_class(self) -> type[PlainDiff]:
        return PlainDiff

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        missing = {"key"} - set(dataset.headers or [])
        if missing:
            dataset.append_col([""] * len(dataset), header="key")

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Cells as they were before an export guarded them."""
        for name, value in row.items():
            if isinstance(value, str):
                row[name] = unguarded(value.replace("\x00", "")).strip()

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        if key := row.get("key"):
            try:
                found = self.locked().filter(key=uuid.UUID(str(key))).first()
            except ValueError:
                raise ValueError(_("“%(key)s” is not a key.") % {"key": key}) from None
            if found is None:
                raise ValueError(_("No record has the key %(key)s.") % {"key": key})
            return found
        namesakes = list(self.namesakes(row)[:2])
        if len(namesakes) > 1:
            raise ValueError(_("Several records have this name: give the key of the one meant."))
        return namesakes[0] if namesakes else None

    def locked(self) -> Any:
        """The records, each locked where it is read: nobody else's work is written over."""
        return self._meta.model.objects.select_for_update(of=("self",))

    def namesakes(self, row: Any) -> Any:
        """The records that have the row's name."""
        raise NotImplementedError


class OrganisationResource(RecordResource):
    """Organisations, without what is linked to them."""

    city = fields.Field("city", "city", CityWidget(City))

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
            "tier",
            "website",
            "email",
            "phone",
            "address",
            "notes",
        )
        import_id_fields = ("name",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def namesakes(self, row: Any) -> Any:
        return self.locked().filter(name=row.get("name") or "")


class PersonResource(RecordResource):
    """People, without where they work."""

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
        import_id_fields = ("family_name",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def namesakes(self, row: Any) -> Any:
        """By every name that the file has a column for: without the native one, by the others."""
        names = {name for name in ("given_name", "family_name", "native_name") if name in row}
        if not any(row[name] for name in names):
            return Person.objects.none()
        return self.locked().filter(**{name: row[name] or "" for name in names})
