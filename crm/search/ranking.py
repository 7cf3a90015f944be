"""The best first, of however many are found.

Few are put in order all at once. Of many, each tier is read from the index by itself, the best
tier first, until there are enough: nobody orders a third of the base to see five of it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from crm.search.documents import BESIDE, words
from crm.search.queries import HoldsOne
from crm.search.terms import ANYWHERE, MOST_TERMS, ways_of
from crm.text import folded

# So many are put in order at once.
FEW = 500
# Named exactly so, beginning so, with words that begin so; and those that have it elsewhere.
EXACT, BEGUN, WORDS, ELSEWHERE = range(4)
Rows = TypeVar("Rows", bound="QuerySet[Any]")


def ranked(found: Rows, typed: str, order: Sequence[Any] = ()) -> Rows:
    """What was found in the order of how near the names are to what was typed, as `near`.

    Then in an order of their own.
    """
    return found.annotate(near=_nearness(typed)).order_by("near", *(order or _own(found)))


def best(
    rows: "QuerySet[Any]",
    found: "QuerySet[Any]",
    typed: str,
    start: int,
    stop: int,
    order: Sequence[Any] = (),
) -> list[Any]:
    """What is `found` among the rows, best first, from the place `start` up to `stop`.

    Ranked as above, each with how `near` it is; nothing typed takes them all for as near.
    """
    order = order or _own(found)
    ids = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
    if not ids:
        return []
    if len(ids) <= FEW:
        return list(ranked(rows.filter(pk__in=ids), typed, order)[start:stop])
    near: dict[int, int] = {}
    for tier in _tiers(rows, found, typed):
        better = tier.exclude(pk__in=list(near)) if near else tier
        ordered = better.order_by("near", *order).values_list("pk", "near")
        near |= dict(ordered[: stop - len(near)])
        if len(near) >= stop:
            break
    wanted = list(near)[start:stop]
    read = {row.pk: row for row in rows.order_by().filter(pk__in=wanted)}
    page = [read[pk] for pk in wanted if pk in read]
    for row in page:
        row.near = near[row.pk]
    return page


def likest(
    rows: "QuerySet[Any]",
    found: "QuerySet[Any]",
    typed: str,
    start: int,
    stop: int,
    order: Sequence[Any] = (),
) -> list[Any]:
    """What is `found` but for a slip, as `best()`; of more than FEW none is nearer than another."""
    texts = dict(found.order_by().values_list("pk", "search_text")[: FEW + 1])
    if len(texts) > FEW:
        return best(rows, found, "", start, stop, order)
    tiers: defaultdict[int, list[Any]] = defaultdict(list)
    asked = ways_of(typed)
    for pk, text in texts.items():
        tiers[_alike(text, asked)].append(pk)
    near = Case(
        *(When(pk__in=ids, then=Value(tier)) for tier, ids in tiers.items()),
        default=Value(ELSEWHERE),
        output_field=IntegerField(),
    )
    listed = rows.filter(pk__in=list(texts)).annotate(near=near)
    return list(listed.order_by("near", *(order or _own(found)))[start:stop])


def _alike(text: str, asked: "Sequence[tuple[str, frozenset[str]]]") -> int:
    """How near a record's names are to words, each of which may be written with a slip."""

    def fits(name: str, way: "tuple[str, frozenset[str]]") -> bool:
        return name.startswith(way[0]) or name in way[1]

    names = [[*words(line)] for line in text.split("\n") if not line.startswith(BESIDE)]
    begun = [name for name in names if len(name) >= len(asked) and all(map(fits, name, asked))]
    if begun:
        return EXACT if len(asked) in map(len, begun) else BEGUN
    said = {word for name in names for word in name}
    return WORDS if all(any(fits(word, way) for word in said) for way in asked) else ELSEWHERE


def _own(rows: "QuerySet[Any]") -> Sequence[Any]:
    return rows.model._meta.ordering or ["pk"]


def _nearness(typed: str) -> Case:
    if not (text := folded(typed)):
        return Case(default=Value(ELSEWHERE), output_field=IntegerField())
    return Case(
        When(search_text__contains=f"\n{text}\n", then=Value(EXACT)),
        When(search_text__contains=f"\n{text}", then=Value(BEGUN)),
        When(_all_begun(text, _contains), then=Value(WORDS)),
        default=Value(ELSEWHERE),
        output_field=IntegerField(),
    )


def _tiers(rows: "QuerySet[Any]", found: "QuerySet[Any]", typed: str) -> "Iterator[QuerySet[Any]]":
    """The rows of each tier, with better ones among them: who is named so has what was typed."""
    if text := folded(typed):
        exact = Q(search_text__contains=f"\n{text}\n")
        nearness = Case(
            When(exact, then=Value(EXACT)), default=Value(BEGUN), output_field=IntegerField()
        )
        yield rows.filter(_indexed(f"\n{text}")).annotate(near=nearness)
        yield rows.filter(_all_begun(text, _indexed)).annotate(near=Value(WORDS))
    yield found.annotate(near=Value(ELSEWHERE))


def _all_begun(text: str, having: Callable[..., Q]) -> Q:
    every = Q()
    for word in text.split()[:MOST_TERMS]:
        every &= having(f" {word}", f"\n{word}")
    return every


def _contains(*pieces: str) -> Q:
    """One of these, in what was found already."""
    either = Q()
    for piece in pieces:
        either |= Q(search_text__contains=piece)
    return either


def _indexed(*pieces: str) -> Q:
    """One of these, by the index where they are long enough for it."""
    if min(map(len, pieces)) < ANYWHERE:
        return _contains(*pieces)
    return Q(HoldsOne(pieces))
