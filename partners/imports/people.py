"""People in files, with where they work."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from crm.imports.bulk import Stamp
from crm.imports.cells import Cell, Languages, Link
from crm.imports.drafts import Draft
from crm.imports.finders import Finder
from crm.imports.reading import Cells
from crm.imports.resources import ImportResource
from crm.imports.subjects import Subject
from crm.imports.writers import Written
from crm.models import Import
from crm.text import folded, sort_key
from partners.duplicates import refresh
from partners.imports.alike import note_alike
from partners.imports.fields import PERSON_FIELDS
from partners.imports.names import NAMES, names_beside
from partners.imports.newcomers import questions_of_new
from partners.imports.organisations import OrganisationResource
from partners.imports.posts import Posts
from partners.imports.unknown import AskingFinder
from partners.models import Affiliation, Person, PersonKey, PersonPair


class PersonResource(ImportResource):
    """People, and one affiliation a row.

    An organisation that the person does not work for yet is added, becomes the primary one where
    it has not ended, and leaves the others as they are.
    """

    part_models = ((Affiliation, "person"),)
    own_models = (PersonKey, PersonPair)
    companion = OrganisationResource
    phones = {"phone": "phone_international", "mobile": "mobile_international"}

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

    def __init__(self, source: Import, **kwargs: Any) -> None:
        self.employers = AskingFinder(source, "organisation_key", may_create=True)
        super().__init__(source, **kwargs)
        self.posts = Posts(self)
        # Of those written in this import, for their likely duplicates among one another.
        self.known: dict[int, Any] = {}

    def more_cells(self) -> dict[str, Cell]:
        return {
            "languages": Languages(),
            "organisation": Link(self.employers),
            "job_title": Cell(),
            "department": Cell(),
            "since": self.day(),
            "until": self.day(),
        }

    def queryset(self) -> Any:
        posts = Affiliation.objects.select_related("organisation__city")
        return Person.objects.prefetch_related(Prefetch("affiliations", queryset=posts))

    # Names

    def read(self, number: int, given: Cells) -> Draft:
        draft = super().read(number, given)
        values = draft.values
        if "name" in values:
            values.update(names_beside(values["name"], values))
        return draft

    def field_names(self) -> list[str]:
        names = NAMES if "name" in self.columns else ()
        return list(dict.fromkeys([*self.columns, *names]))

    def column(self, name: str | None) -> int | None:
        found = super().column(name)
        return super().column("name") if found is None and name in NAMES else found

    def matches(self, name: str, drafts: Sequence[Draft]) -> dict[Draft, list[Any]]:
        """By all the names that the row has, in whichever order they are kept."""
        if name not in {"name", *NAMES}:
            return super().matches(name, drafts)
        wanted = [draft for draft in drafts if any(each in draft.values for each in NAMES)]
        keys, natives = set(), set()
        for draft in wanted:
            given, family, native = (draft.values.get(each, "") for each in NAMES)
            keys |= {sort_key(family, given), sort_key(native)} - {""}
            natives |= {native} - {""}
        found: dict[int, Person] = {}
        if wanted:
            named = (
                Q(sort_name__in=keys) | Q(native_name__in=natives)
                if natives
                else Q(sort_name__in=keys)
            )
            found = {each.pk: each for each in self.queryset().active().filter(named)}
        by_name: dict[str, list[Person]] = {}
        for each in found.values():
            for text in {
                folded(each.family_name),
                folded(each.given_name),
                folded(each.native_name),
            }:
                by_name.setdefault(text, []).append(each)
        return {draft: self._namesakes(by_name, draft.values) for draft in wanted}

    def _namesakes(
        self, by_name: Mapping[str, list[Person]], values: Mapping[str, str]
    ) -> list[Person]:
        said = {name: folded(values[name]) for name in NAMES if name in values}
        any_of = by_name.get(next(iter(said.values())), [])
        return [
            each
            for each in any_of
            if all(folded(getattr(each, name)) == text for name, text in said.items())
        ]

    def identity(self, draft: Draft) -> str:
        new, values = draft.instance, draft.values
        names = [folded(getattr(new, name)) for name in NAMES]
        if not any(names):
            return ""
        other = new.email or values.get("organisation_key") or values.get("organisation", "")
        return "|".join([*names, folded(other)])

    # Where they work

    @classmethod
    def questions(cls, user: Any) -> dict[str, forms.Field]:
        return questions_of_new() if user.has_perm("partners.add_organisation") else {}

    def told_missing(self) -> list[dict[str, Any]]:
        return self.employers.told()

    def prepare_links(self, name: str, finder: Finder, cell: Link, drafts: Sequence[Draft]) -> None:
        finder.prepare(
            (draft.values.get("organisation", ""), draft.values)
            for draft in drafts
            if "organisation" in draft.values or "organisation_key" in draft.values
        )

    def prepare(self, drafts: Sequence[Draft]) -> None:
        super().prepare(drafts)
        self.posts.read_bases([draft for draft in drafts if draft.is_stale])

    def complete(self, draft: Draft) -> None:
        self.posts.read(draft)

    def validate_parts(self, draft: Draft) -> None:
        self.posts.validate(draft)

    def taken_since(self, items: Sequence[Written]) -> list[Written]:
        return self.posts.taken_since([item for item in items if not item.is_new])

    def before_writing(self, items: Sequence[Written]) -> None:
        self.posts.before_writing(items)

    def after_writing(self, items: Sequence[Written], stamp: Stamp) -> None:
        self.posts.after_writing(stamp)
        new = {item.record.pk for item in items if item.is_new}
        refresh([item.record for item in items], self.known, new)

    def after_undoing(self, ids: Collection[int]) -> None:
        refresh(Person.objects.filter(pk__in=ids))

    def find_alike(self, drafts: Sequence[Draft]) -> None:
        note_alike(drafts)


PEOPLE = Subject(
    name="people",
    label=_("People"),
    permission="partners.import_person",
    resource=PersonResource,
    fields=PERSON_FIELDS,
    list_url_name="partners:person-list",
)
