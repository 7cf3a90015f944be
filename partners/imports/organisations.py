"""Organisations in files."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.imports.bulk import Stamp
from crm.imports.cells import Cell, Choice, Link, Links
from crm.imports.drafts import Draft
from crm.imports.finders import UserFinder
from crm.imports.resources import ImportResource
from crm.imports.subjects import Subject
from crm.imports.words import said
from crm.imports.writers import Written
from crm.models import Import
from crm.text import folded, sort_key
from partners.duplicates import refresh
from partners.imports.alike import note_alike, note_namesakes
from partners.imports.fields import ORGANISATION_FIELDS
from partners.imports.finders import CityFinder, SectorFinder, country_code
from partners.imports.parents import PART, Lineage, ParentFinder, ParentLink, put_under, row_of
from partners.models import Organisation, OrganisationKey, OrganisationPair

Kind = Organisation.Kind
# What lists call our kinds besides.
KINDS = {
    "azienda": Kind.COMPANY,
    "società": Kind.COMPANY,
    "ditta": Kind.COMPANY,
    "firm": Kind.COMPANY,
    "business": Kind.COMPANY,
    "企業": Kind.COMPANY,
    "会社": Kind.COMPANY,
    "ateneo": Kind.UNIVERSITY,
    "大学": Kind.UNIVERSITY,
    "CCIAA": Kind.CHAMBER,
    "商工会議所": Kind.CHAMBER,
    "ambasciata": Kind.EMBASSY,
}


class OrganisationResource(ImportResource):
    """Organisations, without the people who work there."""

    own_models = (OrganisationKey, OrganisationPair)
    phones = {"phone": "phone_international"}

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

    def __init__(self, source: Import, **kwargs: Any) -> None:
        self.parents, self.lineage = ParentFinder(source), Lineage()
        super().__init__(source, **kwargs)

    def told_missing(self) -> list[dict[str, Any]]:
        return self.parents.told()

    def more_cells(self) -> dict[str, Cell]:
        kind: Any = Organisation._meta.get_field("kind")
        return {
            "kind": Choice(kind.flatchoices, also=KINDS),
            "city": Link(CityFinder()),
            "sectors": Links(SectorFinder()),
            "parent": ParentLink(self.parents),
            "owner": Link(UserFinder()),
        }

    @classmethod
    def presumable(cls) -> dict[str, forms.Field]:
        choices = [("", "–"), *Organisation.Kind.choices]
        label = _("Kind, where the file says none")
        return {"kind": forms.ChoiceField(label=label, choices=choices, required=False)}

    def queryset(self) -> Any:
        found = Organisation.objects.select_related("city", "owner", "parent__parent__parent")
        return found.prefetch_related("sectors__parent")

    def context(self, draft: Draft) -> Mapping[str, str]:
        """A city is looked for in the record's country where the row says none."""
        if draft.is_new or "country" in draft.values:
            return draft.values
        return {**draft.values, "country": draft.record.country.code}

    def matches(self, name: str, drafts: Sequence[Draft]) -> dict[Draft, list[Any]]:
        if name != "name":
            return super().matches(name, drafts)
        wanted = [draft for draft in drafts if "name" in draft.values]
        keys = {sort_key(draft.values["name"]) for draft in wanted}
        found: dict[str, list[Organisation]] = {}
        if keys:
            for each in self.queryset().active().filter(sort_name__in=keys):
                found.setdefault(folded(each.name), []).append(each)
        return {draft: self._in_place(found, draft.values) for draft in wanted}

    def _in_place(self, found: Any, values: Mapping[str, str]) -> list[Organisation]:
        """The namesakes in the row's country, and in its city where several are."""
        named = list(found.get(folded(values["name"]), []))
        if code := country_code(values):
            named = [each for each in named if each.country == code]
        if len(named) > 1 and (city := folded(values.get("city", ""))):
            there = [e for e in named if e.city and city in e.city.search_text.split("\n")]
            named = there or named
        return named

    def check(self, drafts: Sequence[Draft]) -> None:
        super().check(drafts)
        for draft in self.lineage.circles(drafts):
            text = said("%(parent)s is itself part of this organisation.")
            self.reject(draft, "parent", text % {"parent": draft.instance.parent})
            draft.judge()

    def identity(self, draft: Draft) -> str:
        new = draft.instance
        return f"{folded(new.name)}|{new.country.code}|{new.city_id}" if new.name else ""

    def complete(self, draft: Draft) -> None:
        """The city says the country where the row does not, and who imports it the kind."""
        new = draft.instance
        kind = self.presumed("kind")
        if draft.is_new and kind and not new.kind and "kind" not in draft.values:
            new.kind = kind
            self.change(draft, "kind", "", self.fields["kind"].widget.words(kind), value=kind)
        if draft.is_new and new.city and not new.country.code and "country" not in draft.values:
            new.country = new.city.country
            country = new.city.country
            self.change(draft, "country", "", country.name, value=country.code)
        for change in draft.changes:
            if row_of(new.parent) and change["field"] == "parent":
                change["part"] = PART

    def validate_parts(self, draft: Draft) -> None:
        """Rows below may be part of what this one makes."""
        if draft.is_new and not draft.problems and "parent" in self.columns:
            self.parents.note(draft.number, draft.instance)

    def after_writing(self, items: Sequence[Written], stamp: Stamp) -> None:
        put_under(self.source, items, stamp)
        new = {item.record.pk for item in items if item.is_new}
        refresh([item.record for item in items], new=new)

    def after_undoing(self, ids: Collection[int]) -> None:
        refresh(Organisation.objects.filter(pk__in=ids))

    def find_alike(self, drafts: Sequence[Draft]) -> None:
        note_alike(drafts)
        note_namesakes(drafts)


ORGANISATIONS = Subject(
    name="organisations",
    label=_("Organisations"),
    permission="partners.import_organisation",
    resource=OrganisationResource,
    fields=ORGANISATION_FIELDS,
    list_url_name="partners:organisation-list",
)
