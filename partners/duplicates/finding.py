"""Likely duplicates found: for records just written, and for ones not yet saved.

Organisations and people alike, one kind at a time; a fixed number of queries however many. Models
call this when they are saved, so it reaches their keys and pairs through the records' relations.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connections, transaction
from django.db.models import Q
from django.utils import timezone

from crm.chronicle import in_batches
from crm.imports.inserting import put_in
from partners.duplicates.keys import organisation_keys, person_keys
from partners.duplicates.organisations import compare_organisations
from partners.duplicates.people import compare_people
from partners.duplicates.scoring import LIKELY, Score
from partners.duplicates.traits import organisation_traits, person_traits

# A key that more records share is not compared by alone.
MOST = 50
# Ids and values in one query: far below what either database bears.
AT_ONCE = 5_000
# What is remembered from one batch to the next.
REMEMBERED = 5_000


class Noun(NamedTuple):
    """How records of one model are compared."""

    column: str
    traits: Callable[[Any], Any]
    keys: Callable[[Any], set[str]]
    compare: Callable[[Any, Any], Score]


NOUNS = {
    "organisation": Noun(
        "organisation_id", organisation_traits, organisation_keys, compare_organisations
    ),
    "person": Noun("person_id", person_traits, person_keys, compare_people),
}


class Likeness(NamedTuple):
    """A record that looks the same; how sure that is, from 0 to 1; and why, as codes."""

    record: Any
    score: float
    reasons: list[dict[str, Any]]


def likely(records: Sequence[Any], limit: int = 3, least: float = LIKELY) -> list[list[Likeness]]:
    """For each record its likely twins among those that are saved, the likeliest first.

    The records are of one model and need not be saved; a person's employers are read from
    `current_affiliations`, a list of Affiliation, where it is set.
    """
    if not records:
        return []
    noun, model = _noun(records[0]), type(records[0])
    mine = [noun.traits(record) for record in records]
    keys = [noun.keys(traits) for traits in mine]
    owners = _owners(model, {key for each in keys for key in each})
    wanted = {pk for each in owners.values() for pk in each}
    others = {record.pk: record for record in _fetched(model, wanted)}
    theirs = {pk: noun.traits(record) for pk, record in others.items()}
    found = []
    for traits, own_keys in zip(mine, keys, strict=True):
        alike = []
        for pk in {pk for key in own_keys for pk in owners.get(key, ())} - {traits.pk}:
            if pk in theirs:
                score = noun.compare(traits, theirs[pk])
                if score.value >= least:
                    alike.append(Likeness(others[pk], score.value, score.told()))
        alike.sort(key=lambda like: (-like.score, like.record.pk))
        found.append(alike[:limit])
    return found


def refresh(
    records: Iterable[Any], known: dict[int, Any] | None = None, new: Collection[int] = ()
) -> int:
    """Bring keys and pairs of saved records of one model up to date; how many pairs are new.

    Called after every way of writing them, with as many at once as there are. Archived ones keep
    no key and no open pair; what was dismissed stays so. Whoever writes one batch after the other
    gives each with what `for_traits()` fetches, so that nothing is read again, and the same dict
    `known` to remember traits in. No key or pair is kept yet of the ids `new`.
    """
    records = [record for record in records if record.pk]
    if not records:
        return 0
    noun, model = _noun(records[0]), type(records[0])
    old = [record.pk for record in records if record.pk not in new]
    active = {record.pk: record for record in records if record.archived_at is None}
    with transaction.atomic(savepoint=False):
        fetched = active.values() if known is not None else _fetched(model, active)
        traits = {record.pk: noun.traits(record) for record in fetched}
        keys = {pk: noun.keys(each) for pk, each in traits.items()}
        _write_keys(model, noun, old, keys)
        owners = _owners(model, {key for each in keys.values() for key in each})
        pairs = {
            (min(pk, other), max(pk, other))
            for pk, own_keys in keys.items()
            for key in own_keys
            for other in owners.get(key, ())
            if other != pk
        }
        _complete(model, traits, {pk for pair in pairs for pk in pair}, known)
        scored = {}
        for first, second in sorted(pairs):  # in one order, so that no two wait for each other
            if first in traits and second in traits:
                score = noun.compare(traits[first], traits[second])
                if score.value >= LIKELY:
                    scored[first, second] = score
        return _write_pairs(model, old, scored)


def _complete(
    model: Any, traits: dict[int, Any], wanted: set[int], known: dict[int, Any] | None
) -> None:
    """Add the traits of these records, those that are known already without reading them."""
    remembered = {} if known is None else known
    for pk in wanted - traits.keys():
        if pk in remembered:
            traits[pk] = remembered[pk]
    for record in _fetched(model, wanted - traits.keys()):
        traits[record.pk] = NOUNS[model._meta.model_name].traits(record)
    if len(remembered) > REMEMBERED:
        remembered.clear()
    remembered |= traits


def _noun(record: Any) -> Noun:
    return NOUNS[record._meta.model_name]


def _fetched(model: Any, ids: Iterable[int]) -> list[Any]:
    """The active records, with what their traits are read from."""
    rows = model.objects.active().for_traits().order_by()
    return [row for part in in_batches(ids, AT_ONCE) for row in rows.filter(pk__in=part)]


def _owners(model: Any, values: set[str]) -> dict[str, list[int]]:
    """Who has each of these keys, where they are few enough to be compared."""
    noun = NOUNS[model._meta.model_name]
    connection = connections["default"]
    table = connection.ops.quote_name(model.blocking_keys.rel.related_model._meta.db_table)
    found: defaultdict[str, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        for part in in_batches(values, AT_ONCE):
            if connection.vendor == "postgresql":
                # Value by value, so that no estimate of how many there are leads it astray.
                cursor.execute(
                    f"SELECT value, {noun.column} FROM unnest(%s::text[]) AS wanted (value), "  # noqa: S608
                    f"LATERAL (SELECT {noun.column} FROM {table} WHERE value = wanted.value"
                    f" ORDER BY {noun.column} LIMIT {MOST + 1}) AS owner",
                    [part],
                )
            else:
                cursor.execute(
                    f"SELECT value, {noun.column} FROM {table} WHERE value IN ("  # noqa: S608
                    f"SELECT value FROM {table} WHERE value IN ({', '.join(['%s'] * len(part))})"
                    f" GROUP BY value HAVING COUNT(*) <= {MOST})",
                    part,
                )
            for value, pk in cursor.fetchall():
                found[value].append(pk)
    return {value: owners for value, owners in found.items() if len(owners) <= MOST}


def _write_keys(model: Any, noun: Noun, old: list[int], keys: dict[int, set[str]]) -> None:
    """The difference between the keys that are and those that should be; only `old` have any."""
    key_model = model.blocking_keys.rel.related_model
    known = set(old)
    new = keys.keys() - known
    if new:
        pairs = ((value, pk) for pk in sorted(new) for value in keys[pk])
        put_in(key_model._meta.db_table, ["value", noun.column], pairs)
    if not old:
        return
    stored = key_model.objects.filter(**{f"{noun.column}__in": old}).order_by()
    gone = []
    missing = {(value, pk) for pk in known & keys.keys() for value in keys[pk]}
    for pk, value, owner in stored.values_list("pk", "value", noun.column):
        if (value, owner) in missing:
            missing.discard((value, owner))
        else:
            gone.append(pk)
    if gone:
        key_model.objects.filter(pk__in=gone).delete()
    if missing:
        connection = connections["default"]
        table = connection.ops.quote_name(key_model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {table} (value, {noun.column}) VALUES (%s, %s)"  # noqa: S608
                " ON CONFLICT DO NOTHING",
                sorted(missing),
            )


def _write_pairs(model: Any, old: list[int], scored: dict[tuple[int, int], Score]) -> int:
    """The difference between the pairs that are and those that should be; only `old` have any."""
    pair_model = model.pairs_first.rel.related_model
    stored = pair_model.objects.filter(Q(first__in=old) | Q(second__in=old)).order_by("pk")
    new = dict(scored)
    gone, changed = [], []
    for pair in stored if old else ():
        score = new.pop((pair.first_id, pair.second_id), None)
        if score is None:
            if not pair.is_dismissed:
                gone.append(pair.pk)
        elif (pair.score, pair.reasons) != (score.value, score.told()):
            pair.score, pair.reasons = score.value, score.told()
            changed.append(pair)
    if gone:
        pair_model.objects.filter(pk__in=gone, dismissed_at=None).delete()
    if changed:
        pair_model.objects.bulk_update(changed, ["score", "reasons"], batch_size=500)
    if new:
        now = timezone.now()
        pair_model.objects.bulk_create(
            [
                pair_model(
                    first_id=first,
                    second_id=second,
                    score=score.value,
                    reasons=score.told(),
                    found_at=now,
                )
                for (first, second), score in new.items()
            ],
            batch_size=500,
            ignore_conflicts=True,
        )
    return len(new)
