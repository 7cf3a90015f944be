"""Two to ten records become one: the survivor stays, the others lead to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from crm.chronicle import in_batches
from crm.collisions import all_or_nothing
from crm.jobs import Refused
from crm.models import User
from partners.duplicates import refresh
from partners.merging.fields import column_values, settled, with_mates
from partners.merging.folding import fold
from partners.merging.journal import Journal, Tell, untold
from partners.models import Affiliation, Merge, Organisation, Person

FEWEST, MOST = 2, 10


class Changed(Refused):
    """Some of the records were changed since the page was opened: `records` says which."""

    def __init__(self, records: Sequence[Any]) -> None:
        self.records = records
        names = ", ".join(str(one) for one in records)
        super().__init__(
            _("Changed meanwhile by somebody else: %(names)s. Nothing was merged.")
            % {"names": names}
        )


@dataclass(frozen=True)
class Wish:
    """A merge as somebody asked for it.

    `versions` are those that the page showed, by id; `picks` name for each field the id of the
    record whose value is kept, or “both”. What is not picked is proposed.
    """

    survivor: int
    others: Sequence[int]
    versions: Mapping[int, int] = field(default_factory=dict)
    picks: Mapping[str, str] = field(default_factory=dict)


def join(
    model: "type[Organisation] | type[Person]", wish: Wish, user: User, tell: Tell = untold
) -> Merge:
    """Merge, whole or not at all. Raises Refused with a sentence for the reader."""
    return all_or_nothing(lambda: _joined(model, wish, user, tell))


def _joined(
    model: "type[Organisation] | type[Person]", wish: Wish, user: User, tell: Tell
) -> Merge:
    survivor, others = _locked(model, wish)
    _settle_affiliations([survivor, *others])
    merge = Merge.objects.create(
        user=user, **{"person" if model is Person else "organisation": survivor}
    )
    journal = Journal(user, f"merge {merge.pk}", tell)
    gone = [one.pk for one in others]
    journal.entries.append(
        {
            "act": "merged",
            "model": model._meta.label_lower,
            "ids": gone,
            "names": [str(one) for one in others],
        }
    )
    fold(journal, model, survivor.pk, gone, apart=[survivor.pk, *gone])
    _write_records(journal, survivor, others, wish)
    settle(journal, model, [survivor.pk, *gone])
    merge.journal = journal.entries
    merge.save(update_fields=["journal"])
    journal.close((model, pk) for pk in (survivor.pk, *gone))
    return merge


def _locked(model: Any, wish: Wish) -> tuple[Any, list[Any]]:
    """The records, locked in the order of their ids, fit to be merged."""
    ids = {wish.survivor, *wish.others}
    if len(ids) != 1 + len(wish.others):
        raise Refused(_("A record can’t be merged with itself: choose another one."))
    if not FEWEST <= len(ids) <= MOST:
        raise Refused(
            _("From %(fewest)s to %(most)s records are merged at once.")
            % {"fewest": FEWEST, "most": MOST}
        )
    rows = model.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    found = {one.pk: one for one in rows}
    if missing := ids - found.keys():
        raise Refused(
            _("A record that was to be merged is no longer there: number %(number)s.")
            % {"number": min(missing)}
        )
    for record in found.values():
        if record.merged_into_id:
            raise Refused(
                _("“%(name)s” was merged into “%(survivor)s” meanwhile. Nothing was merged.")
                % {"name": record, "survivor": record.merged_into}
            )
    changed = [
        one for pk, one in found.items() if wish.versions and one.version != wish.versions.get(pk)
    ]
    if changed:
        raise Changed(changed)
    survivor = found.pop(wish.survivor)
    others = [found[pk] for pk in wish.others]
    if survivor.is_archived and not all(one.is_archived for one in others):
        raise Refused(
            _("“%(name)s” is archived: let another one stay, or restore it first.")
            % {"name": survivor}
        )
    _refuse_two_accounts([survivor, *others])
    return survivor, others


def _refuse_two_accounts(records: Sequence[Any]) -> None:
    signed = [one for one in records if getattr(one, "user_id", None)]
    if len(signed) > 1:
        raise Refused(
            _(
                "%(first)s and %(second)s both sign in with an account of their own. Take the "
                "account off one of them first, in the administration."
            )
            % {"first": signed[0], "second": signed[1]}
        )


def _settle_affiliations(records: Sequence[Any]) -> None:
    """A post that ended yesterday is nobody's primary any more: as every night."""
    people = {one.pk for one in records if isinstance(one, Person)}
    for person in Person.objects.unsettled().filter(pk__in=people):
        person.settle_affiliations()


def _write_records(journal: Journal, survivor: Any, others: Sequence[Any], wish: Wish) -> None:
    """The columns of the records themselves: the others give way, the survivor takes over."""
    model = type(survivor)
    before = {one.pk: _columns(one) for one in (survivor, *others)}
    columns = settled(survivor, others, wish.picks)
    if isinstance(survivor, Person):
        for other in others:
            if other.user_id:
                columns["user_id"], other.user = other.user_id, None
    gone = {one.pk for one in others}
    for other in others:
        if getattr(other, "parent_id", None) in gone:
            other.parent_id = survivor.pk
        if not other.is_archived:
            other.archived_at, other.archived_by = timezone.now(), journal.user
            other.archived_why = (_("Merged into %(name)s") % {"name": survivor})[:300]
        other.merged_into = survivor
        _save(journal, other, before[other.pk])
    for name, value in columns.items():
        setattr(survivor, name, value)
    if isinstance(survivor, Organisation):
        above = (columns["parent_id"], *(one.parent_id for one in (survivor, *others)))
        survivor.parent = _parent(survivor, gone, above)
    try:
        survivor.full_clean(exclude=list(model.DERIVED))
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    _save(journal, survivor, before[survivor.pk])


def _parent(
    survivor: Organisation, gone: set[int], wanted: Sequence[int | None]
) -> Organisation | None:
    """The first of these that is not itself part of what is merged, if one was wanted at all."""
    if wanted[0] is None:
        return None
    for pk in filter(None, wanted):
        parent = Organisation.objects.get(pk=pk)
        if not {survivor.pk, *gone} & set(parent.lineage_ids()):
            return parent
    return None


def _columns(record: Any) -> dict[str, Any]:
    """What a merge may change in a record: all but what is derived, and its version."""
    left_out = {"version", "updated_at", "last_contact_on", "is_met", "contact_order"}
    left_out |= set(record.DERIVED)
    return column_values(
        record, (one.name for one in record._meta.fields if one.name not in left_out)
    )


def _save(journal: Journal, record: Any, before: dict[str, Any]) -> None:
    now = _columns(record)
    changed = (name for name, value in now.items() if value != before[name])
    after = {name: now[name] for name in sorted(with_mates(type(record), changed))}
    journal.note(type(record), [record.pk], {name: before[name] for name in after}, after)
    record._history_user, record._change_reason = journal.user, journal.reason
    record.save()


def settle(journal: Journal, model: Any, ids: Sequence[int]) -> None:
    """Bring up to date what is derived from these records, in them and in all that names them."""
    for path in settings.AFTER_MERGES:
        for added in import_string(path)(model, ids):
            journal.added(type(added), [added])
    people = set(ids) if model is Person else journal.touched.get(Person, set())
    if model is Organisation:
        working = Affiliation.objects.filter(organisation__in=ids)
        people = people | set(working.values_list("person", flat=True))
        organisations = {*ids, *journal.touched.get(Organisation, ())}
        _refresh(Organisation, organisations)
    for batch in in_batches(people):
        for person in Person.objects.unsettled().filter(pk__in=batch):
            person.settle_affiliations()
    _refresh(Person, people)
    for touched, pks in journal.touched.items():
        if getattr(touched, "DERIVED", ()) and touched not in (Organisation, Person):
            for batch in in_batches(pks):
                touched._default_manager.filter(pk__in=batch).refresh_derived()  # type: ignore[attr-defined]
    model.objects.filter(pk__in=ids).refresh_dependents()


def _refresh(model: Any, ids: Iterable[int]) -> None:
    for batch in in_batches(ids):
        rows = model.objects.filter(pk__in=batch)
        rows.refresh_derived()
        refresh(rows)
