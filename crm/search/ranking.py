"""The best first, of however many are found.

Few are put in order all at once. Of many, each tier is read from the index by itself, the best
tier first, until there are enough: nobody orders a third of the base to see five of it.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Case, F, IntegerField, OrderBy, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from crm.search.queries import Holds, HoldsOne
from crm.search.terms import ANYWHERE, MOST_TERMS
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
    tiers = _tiers(typed, contains)
    nearness = Case(
        *(When(tier, then=Value(near)) for near, tier in enumerate(tiers)),
        default=Value(ELSEWHERE),
        output_field=IntegerField(),
    )
    return found.annotate(near=nearness).order_by("near", *(order or _own(found)))


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
    if len(found.order_by().values_list("pk")[: FEW + 1]) <= FEW:
        return list(ranked(found, typed, order)[start:stop])
    near: dict[Any, int] = {}
    tiers = _tiers(typed, indexed)
    for place, tier in [*enumerate(tiers), (ELSEWHERE, Q())]:
        # The first two tiers lie close together in the order of names, wherever that is: walking
        # that order to find them could mean walking all of it.
        ordered = found.filter(tier).order_by(*(_unwalked(order) if place < WORDS else order))
        if near:
            ordered = ordered.exclude(pk__in=list(near))
        ids = ordered.values_list("pk", flat=True)[: stop - len(near)]
        near |= dict.fromkeys(ids, place)
        if len(near) >= stop:
            break
    wanted = list(near)[start:stop]
    read = {row.pk: row for row in rows.order_by().filter(pk__in=wanted)}
    page = [read[pk] for pk in wanted if pk in read]
    for row in page:
        row.near = near[row.pk]
    return page


def _own(rows: "QuerySet[Any]") -> Sequence[Any]:
    return rows.model._meta.ordering or ["pk"]


def _tiers(typed: str, holds: Any) -> list[Q]:
    """What a record of each tier holds, though it may be of a better one."""
    if not (text := folded(typed)):
        return []
    words = Q()
    for word in text.split()[:MOST_TERMS]:
        words &= holds(f" {word}", f"\n{word}")
    return [holds(f"\n{text}\n"), holds(f"\n{text}"), words]


def contains(*pieces: str) -> Q:
    """One of these, in what was found already."""
    either = Q()
    for piece in pieces:
        either |= Q(search_text__contains=piece)
    return either


def indexed(*pieces: str) -> Q:
    """One of these, by the index where they are long enough for it."""
    if min(map(len, pieces)) < ANYWHERE:
        return contains(*pieces)
    return Q(HoldsOne(pieces) if len(pieces) > 1 else Holds(pieces))


def _unwalked(order: Sequence[Any]) -> list[Any]:
    """The same order, said so that no index of it is walked."""
    first, *rest = order
    if not isinstance(first, str):
        return [first, *rest]
    name = first.removeprefix("-")
    return [OrderBy(Coalesce(F(name), F(name)), descending=name != first), *rest]
