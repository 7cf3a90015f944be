"""Where the people of a file work: the affiliation that a row speaks of, and what it changes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from math import inf
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.imports.blanks import blank
from crm.imports.bulk import Stamp, insert_all, keep_all, update_all
from crm.imports.cells import EMPTIES
from crm.imports.constraints import broken, clean_fields, rules
from crm.imports.drafts import Draft
from crm.imports.finders import REMEMBERED
from crm.imports.resources import ImportResource
from crm.imports.words import said as _
from crm.imports.writers import Stale, Written
from partners.imports.newcomers import Newcomers
from partners.imports.unknown import creates
from partners.models import Affiliation, Organisation

OWN = ("job_title", "department", "since", "until")
RULES = rules(field for field in Affiliation._meta.fields if field.name in OWN)
PART = "affiliations"


def is_current(post: Affiliation) -> bool:
    return post.until is None or post.until >= timezone.localdate()


def place_of(post: Affiliation) -> tuple[bool, int, float]:
    """Where it stands among a person's: as the database orders them, new ones first."""
    since = post.since.toordinal() if post.since else 0
    return (not post.is_primary, -since, -(post.pk or inf))


def primary_of(base: Mapping[int, Any]) -> Any:
    """The primary affiliation among those that somebody had then."""
    return next((each for each in base.values() if each.is_primary), None)


class Posts:
    """Reads the affiliation of each row; the person's own are prefetched."""

    def __init__(self, resource: ImportResource) -> None:
        self.resource = resource
        self.newcomers = Newcomers(resource.source)
        # The organisations read so far: the next rows mostly speak of the same.
        self.known: dict[int, Organisation] = {}
        # What the organisations are called at which people of the batch ever worked.
        self.names_then: dict[int | None, str] = {}

    def read(self, draft: Draft) -> None:
        values = draft.values
        said = [name for name in OWN if name in values]
        names_one = "organisation" in values or "organisation_key" in values
        draft.notes["post"] = None
        mine = self.mine(draft)
        primary = next((post for post in mine if post.is_primary and is_current(post)), None)
        if names_one:
            post = self._named(draft, mine)
            if post is None:
                self._add(draft, primary, said)
                return
        elif said:
            if primary is None:
                if any(values[name] != EMPTIES for name in said):
                    self.resource.reject(
                        draft, said[0], _("Say for which organisation: the person has none here.")
                    )
                return
            post = primary
        else:
            return
        self._change(draft, post, said)

    def mine(self, draft: Draft) -> list[Affiliation]:
        """What the person has, the primary and the current ones first."""
        if draft.is_new:
            return []
        posts = list(draft.record.affiliations.all())
        return sorted(posts, key=lambda post: (not post.is_primary, not is_current(post), -post.pk))

    def _named(self, draft: Draft, mine: list[Affiliation]) -> Affiliation | None:
        values, cell = draft.values, self.resource.fields["organisation"].widget
        if key := values.get("organisation_key"):
            meant = getattr(cell.finder.of_key(key), "pk", None)
            return next((post for post in mine if post.organisation_id == meant), None)
        named = [post for post in mine if cell.says(values["organisation"], post.organisation)]
        if not named and (meant := cell.finder.meant(values["organisation"], values)):
            named = [post for post in mine if post.organisation_id == meant]
        return next(iter(named), None)

    def _add(self, draft: Draft, primary: Affiliation | None, said: Sequence[str]) -> None:
        """An organisation that the person does not work for yet."""
        resource, values = self.resource, draft.values
        if values.get("organisation") == EMPTIES:
            return
        try:
            cell = resource.fields["organisation"].widget
            organisation: Organisation = cell.clean(values.get("organisation", ""), row=values)
        except ValueError as error:
            column = "organisation_key" if "organisation_key" in values else "organisation"
            resource.reject(draft, column, error.args[0])
            return
        base = draft.notes.get("base_posts")
        if base is not None and self._was_left(draft, base, organisation, said):
            return
        if resource.source.only_fills and primary is not None:
            return
        more: dict[str, Any] = {}
        if draft.is_stale and self._has_moved(draft, primary, base):
            resource.conflict(draft, "organisation", "organisation")
            if base is not None:
                more["exported"] = self.names_then.get(
                    getattr(primary_of(base), "organisation_id", None), ""
                )
        # Only looked at: its key is drawn when it is written.
        post = blank(Affiliation, key=None)
        post.organisation = organisation
        resource.change(
            draft,
            "organisation",
            str(primary.organisation) if primary else "",
            str(organisation),
            value=organisation.pk,
            part=PART,
            id=None,
            **({} if organisation.pk else {"creates": creates(organisation)}),
            **more,
        )
        draft.notes["post"] = post
        for name in said:
            self._set(draft, post, name)
        if draft.is_new:
            post.is_primary = is_current(post)
            draft.instance.current_affiliations = [post] if post.is_primary else []

    def _change(self, draft: Draft, post: Affiliation, said: Sequence[str]) -> None:
        draft.notes["post"] = post
        for name in said:
            self._set(draft, post, name)

    def _set(self, draft: Draft, post: Affiliation, name: str) -> None:
        """A cell against what the affiliation holds."""
        resource = self.resource
        text, cell, before = draft.values[name], resource.fields[name].widget, getattr(post, name)
        if post.pk and cell.says(text, before):
            return
        try:
            value = cell.empty if text == EMPTIES else cell.clean(text)
        except ValueError as error:
            resource.reject(draft, name, error.args[0])
            return
        if value == before or (resource.source.only_fills and post.pk and before):
            return
        more: dict[str, Any] = {}
        if draft.is_stale and post.pk:
            then = (draft.notes.get("base_posts") or {}).get(post.pk)
            if then is not None and getattr(then, name) == value:
                return
            if then is None or getattr(then, name) != before:
                resource.conflict(draft, name, name)
                if then is not None:
                    more["exported"] = cell.words(getattr(then, name))
        setattr(post, name, value)
        resource.change(
            draft,
            name,
            cell.words(before) if post.pk else "",
            cell.words(value),
            value=cell.stored(value),
            part=PART,
            id=post.pk,
            was=cell.stored(before),
            **more,
        )

    def _was_left(
        self, draft: Draft, base: dict[int, Any], organisation: Organisation, said: Sequence[str]
    ) -> bool:
        """Whether the row says what it was exported with; a colleague took that away since."""
        for then in base.values():
            if then.organisation_id == organisation.pk:
                cells = ((draft.values[name], self.resource.fields[name].widget) for name in said)
                olds = (getattr(then, name) for name in said)
                return all(
                    cell.says(text, old) for (text, cell), old in zip(cells, olds, strict=True)
                )
        return False

    def _has_moved(
        self, draft: Draft, primary: Affiliation | None, base: dict[int, Any] | None
    ) -> bool:
        """Whether a colleague said since that the person works elsewhere."""
        then = primary_of(base or {})
        now = primary.organisation_id if primary else None
        return base is None or (then.organisation_id if then else None) != now

    def read_bases(self, drafts: Sequence[Draft]) -> None:
        """The affiliations as they were at the version that each row was exported with."""
        if not drafts:
            return
        ids = {draft.record.pk for draft in drafts}
        later: dict[int, list[Any]] = {}
        history: Any = self.resource.model.history
        for row in history.filter(id__in=ids).order_by("history_id"):
            later.setdefault(row.id, []).append(row)
        kept: dict[int, list[Any]] = {}
        posts: Any = Affiliation.history
        for row in posts.filter(person_id__in=ids).order_by("history_id"):
            kept.setdefault(row.person_id, []).append(row)
        ids = {row.organisation_id for rows in kept.values() for row in rows}
        named = Organisation.objects.filter(pk__in=ids).order_by()
        self.names_then = dict(named.values_list("pk", "name"))
        for draft in drafts:
            if draft.base is None:
                continue
            version = draft.version or 0
            ends = next(
                (row.history_date for row in later[draft.record.pk] if row.version > version), None
            )
            found: dict[int, Any] = {}
            for row in kept.get(draft.record.pk, []):
                if ends is None or row.history_date < ends:
                    found[row.id] = row
            draft.notes["base_posts"] = {
                pk: row for pk, row in found.items() if row.history_type != "-"
            }

    def validate(self, draft: Draft) -> None:
        """What a form would say of the affiliation."""
        post = draft.notes.get("post")
        if post is None:
            return
        changed = {change["field"] for change in draft.changes if change.get("part") == PART}
        try:
            clean_fields(post, [rule for rule in RULES if rule.field.name in changed])
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                for text in texts:
                    self.resource.reject(draft, name, text)
        for text in broken(post):
            self.resource.reject(draft, "until", text)

    # Writing

    def taken_since(self, items: Sequence[Written]) -> list[Written]:
        """The items whose affiliation is no longer as it was shown."""
        taken = []
        for item in items:
            mine = {post.pk: post for post in item.record.affiliations.all()}
            for change in item.part_changes(PART):
                if change["id"] is None:
                    continue
                cell = self.resource.fields[change["field"]].widget
                post = mine.get(change["id"])
                if post is None or cell.stored(getattr(post, change["field"])) != change["was"]:
                    taken.append(item)
                    break
        return taken

    def before_writing(self, items: Sequence[Written]) -> None:
        """Let each person have the affiliations that they will have."""
        changes = {item: item.part_changes(PART) for item in items}
        wanted = {
            change["value"]
            for each in changes.values()
            for change in each
            if change["field"] == "organisation"
        }
        coming: dict[str, tuple[int, Any]] = {}
        for item, each in changes.items():
            for change in each:
                if "creates" in change:
                    coming.setdefault(
                        change["creates"]["key"], (item.row.number, change["creates"])
                    )
        organisations: dict[Any, Organisation] = {**self._standing(wanted - {None})}
        organisations |= self.newcomers.ready(coming)
        self.written: list[Affiliation] = []
        self.added: list[Affiliation] = []
        for item, each in changes.items():
            posts = [] if item.is_new else list(item.record.affiliations.all())
            held = {post.pk: (post.is_primary, post) for post in posts}
            added = self._put(item, each, posts, organisations)
            settle_primary(posts, added)
            told = {change["id"] for change in each}
            self.written += [
                post for pk, (was, post) in held.items() if pk in told or post.is_primary != was
            ]
            item.record.current_affiliations = sorted(filter(is_current, posts), key=place_of)

    def _standing(self, wanted: Collection[int]) -> dict[int, Organisation]:
        """These organisations; one merged into another meanwhile is not where anybody works."""
        here = Organisation.objects.filter(merged_into=None)
        now = dict(here.filter(pk__in=wanted).values_list("pk", "version"))
        fresh = {pk: each for pk, each in self.known.items() if now.get(pk) == each.version}
        fresh |= here.select_related("city").in_bulk(now.keys() - fresh.keys())
        self.known = fresh if len(self.known) > REMEMBERED else self.known | fresh
        return fresh

    def _put(
        self,
        item: Written,
        changes: Sequence[dict[str, Any]],
        posts: list[Affiliation],
        organisations: dict[Any, Organisation],
    ) -> Affiliation | None:
        """Set what changes; the affiliation that is added, if there is one."""
        by_id: dict[Any, Affiliation] = {post.pk: post for post in posts}
        added = None
        for change in changes:
            name, value = change["field"], change["value"]
            if name == "organisation":
                if "creates" in change:
                    value = change["creates"]["key"]
                if value not in organisations:
                    raise Stale([item.row.number])
                added = blank(Affiliation)
                added.person, added.organisation = item.record, organisations[value]
                by_id[None] = added
                posts.append(added)
                self.added.append(added)
                continue
            field: Any = Affiliation._meta.get_field(name)
            setattr(by_id[change["id"]], name, field.to_python(value))
        return added

    def after_writing(self, stamp: Stamp) -> None:
        self.newcomers.save(stamp)
        for post in self.added:
            # Both have their ids by now.
            post.person, post.organisation = post.person, post.organisation
        # Never two primary ones at a time: those that stop being it go first.
        self.written.sort(key=lambda post: post.is_primary)
        for is_primary in (False, True):
            part = [post for post in self.written if post.is_primary == is_primary]
            update_all(part, {*OWN, "is_primary"})
        insert_all(self.added)
        keep_all(self.written, stamp)
        keep_all(self.added, stamp, is_new=True)


def settle_primary(posts: list[Affiliation], added: Affiliation | None) -> None:
    """Let one current affiliation be primary: the one added, else the one that is, else the latest.

    In memory, as `Person.settle_affiliations()` does in the database.
    """
    current = [post for post in posts if is_current(post)]
    primary = added if added in current else next((p for p in current if p.is_primary), None)
    if primary is None and current:
        primary = max(current, key=lambda post: (post.since or date.min, post.pk or 0))
    for post in posts:
        post.is_primary = post is primary
