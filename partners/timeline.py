"""One timeline of a partner or a person: meetings, promises done or dropped and agreements."""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

PAGE = 20
SHOWN = 8
MEETINGS, FOLLOW_UPS, AGREEMENTS = "meetings", "follow-ups", "agreements"
KINDS = (MEETINGS, FOLLOW_UPS, AGREEMENTS)
MINUTE = 60_000_000
DAY = 1440 * MINUTE
UNDATED = MINUTE


class Place(NamedTuple):
    """Where an entry stands: `age` in microseconds, growing as it grows old; then kind and id."""

    age: int
    kind: int
    pk: int

    def __str__(self) -> str:
        return ".".join(map(str, self))

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place that an address names; nothing where it makes no sense."""
        parts = text.split(".")
        if len(parts) != 3 or len(text) > 60 or not text.isascii():
            return None
        try:
            place = cls(*map(int, parts))
        except ValueError:
            return None
        oldest = -DAY
        newest = -(date.max.toordinal() * DAY)
        sane = newest <= place.age <= oldest or place.age == UNDATED
        return place if sane and 0 <= place.kind < 3 and 0 <= place.pk < 2**63 else None


@dataclass(frozen=True)
class Entry:
    """A line of the timeline; `record` is a meeting, a follow-up done or dropped, or an agreement.

    `others` are the organisations it is with, besides the one whose timeline it is.
    """

    place: Place
    record: Any
    on: date | None
    opens_past: bool = False
    others: Sequence[Any] = ()

    @property
    def kind(self) -> str:
        return KINDS[self.place.kind]


@dataclass(frozen=True)
class Timeline:
    """A page of it; `older` is the `after=` of the next."""

    entries: list[Entry]
    older: str
    is_first: bool

    def __bool__(self) -> bool:
        return bool(self.entries)


def _meetings(record: Any, after: Place | None) -> Any:
    rows = record.meetings.newest_first()
    if after is None:
        return rows
    age = after.age // MINUTE
    same = Q(age_order=age, pk__gt=after.pk if after.kind == 0 else 2**62)
    if after.age % MINUTE:
        return rows.filter(age_order__gt=age)
    return rows.filter(Q(age_order__gt=age) | same)


def _follow_ups(record: Any, after: Place | None, reader: Any) -> Any:
    rows = record.follow_ups.visible_to(reader).ended().order_by("-ended_at", "pk")
    if after is None:
        return rows
    if after.age == UNDATED:
        return rows.none()
    at = _instant(after.age)
    if after.kind == 0:
        return rows.filter(ended_at__lte=at)
    same = Q(ended_at=at, pk__gt=after.pk) if after.kind == 1 else Q(pk=None)
    return rows.filter(Q(ended_at__lt=at) | same)


def _agreements(record: Any, after: Place | None) -> Any:
    rows = record.agreements.order_by("-signed_order", "pk")
    if after is None:
        return rows
    if after.age == UNDATED:
        return rows.filter(signed_on=None, pk__gt=after.pk if after.kind == 2 else 0)
    on = _instant(after.age).date()
    if after.age % DAY == 0:
        same = Q(signed_on=on, pk__gt=after.pk if after.kind == 2 else 0)
        return rows.filter(Q(signed_order__lt=on) | same)
    return rows.filter(signed_order__lte=on)


def _age(at: datetime) -> int:
    at = at.astimezone(UTC)
    since = at - datetime.combine(at.date(), datetime.min.time(), UTC)
    return -(at.toordinal() * DAY + since // timedelta(microseconds=1))


def _instant(age: int) -> datetime:
    days, rest = divmod(-age, DAY)
    start = datetime.combine(date.fromordinal(days), datetime.min.time(), UTC)
    return start + timedelta(microseconds=rest)


def _places(
    record: Any, after: Place | None, shown: Iterable[str], reader: Any
) -> Iterable[Iterable[Place]]:
    """The first few places of each kind, a query each, whatever there is in all."""
    if MEETINGS in shown:
        rows = _meetings(record, after).values_list("age_order", "pk")[: PAGE + 1]
        yield [Place(age * MINUTE, 0, pk) for age, pk in rows]
    if FOLLOW_UPS in shown:
        rows = _follow_ups(record, after, reader).values_list("ended_at", "pk")[: PAGE + 1]
        yield [Place(_age(at), 1, pk) for at, pk in rows]
    if AGREEMENTS in shown and hasattr(record, "agreements"):
        rows = _agreements(record, after).values_list("signed_on", "pk")[: PAGE + 1]
        yield [Place(-on.toordinal() * DAY if on else UNDATED, 2, pk) for on, pk in rows]


def _fetched(record: Any, places: list[Place], reader: Any) -> dict[tuple[int, int], Any]:
    ids: dict[int, list[int]] = {0: [], 1: [], 2: []}
    for place in places:
        ids[place.kind].append(place.pk)
    found: dict[tuple[int, int], Any] = {}
    if ids[0]:
        rows = record.meetings.filter(pk__in=ids[0]).order_by()
        rows = rows.select_related("mission", "city", "stop__city")
        for row in rows.prefetch_related("organisations", "attendances__person"):
            found[0, row.pk] = row.conceal_from(reader)
    if ids[1]:
        rows = record.follow_ups.filter(pk__in=ids[1]).select_related("organisation", "meeting")
        found.update({(1, row.pk): row for row in rows})
    if ids[2]:
        rows = record.agreements.filter(pk__in=ids[2]).prefetch_related("organisations", "renewals")
        found.update({(2, row.pk): row for row in rows})
    return found


def _day(kind: int, row: Any) -> date | None:
    if kind == 0:
        day: date | None = row.local_date
        return day
    if kind == 1:
        return timezone.localdate(row.done_at or row.dropped_at)
    signed: date | None = row.signed_on
    return signed


def timeline(record: Any, reader: Any, show: str = "", after: str = "") -> Timeline:
    """A page of the timeline of an organisation or a person.

    `show` is one of KINDS, anything else means all; `after` continues where a page ended. The
    work is that of one page: a few queries, whatever the number of entries.
    """
    start = Place.read(after) if after else None
    shown = [show] if show in KINDS else list(KINDS)
    merged = list(heapq.merge(*map(sorted, _places(record, start, shown, reader))))
    places, more = merged[:PAGE], len(merged) > PAGE
    rows = _fetched(record, places, reader)
    today = timezone.localdate()
    entries: list[Entry] = []
    was_future = start is None
    for place in places:
        row = rows.get((place.kind, place.pk))
        if row is None:
            continue
        on = _day(place.kind, row)
        is_past = on is not None and on <= today
        met = [row.organisation] if place.kind == 1 else row.organisations.all()
        others = [each for each in met if each != record][:SHOWN]
        entries.append(Entry(place, row, on, was_future and is_past, others))
        was_future = was_future and not is_past and on is not None
    return Timeline(entries, str(places[-1]) if more else "", start is None)
