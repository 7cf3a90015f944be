"""What became of promises: kept, late, dropped or open; how many, by us and by them.

A promise is kept when it was done by its due date, or had none; late when it was done after it, or
is open and past it. The days are those of the house's calendar (`TIME_ZONE`), so that a promise
is in the same state for every reader, wherever they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, CharField, F, Q, TextChoices, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# From so many on, a share of them in percent says something.
ENOUGH = 5


class State(TextChoices):
    KEPT = "kept", _("Kept")
    LATE = "late", _("Late")
    DROPPED = "dropped", _("Dropped")
    OPEN = "open", _("Open, in time")


def house() -> ZoneInfo:
    """The zone that due dates are kept by."""
    return ZoneInfo(settings.TIME_ZONE)


def house_day(at: datetime | None = None) -> date:
    """The day of an instant, or today, on the house's calendar."""
    return timezone.localdate(at, timezone=house())


def state_of(follow_up: Any) -> State:
    """What became of one, without asking the database."""
    if follow_up.dropped_at:
        return State.DROPPED
    if follow_up.due_on is None:
        return State.KEPT if follow_up.done_at else State.OPEN
    if house_day(follow_up.done_at) <= follow_up.due_on:
        return State.KEPT if follow_up.done_at else State.OPEN
    return State.LATE


def state(prefix: str = "", today: date | None = None) -> Case:
    """What became of each, for a query; `prefix` leads to the follow-up."""
    due, done = f"{prefix}due_on", f"{prefix}done_at"
    return Case(
        When(Q(**{f"{prefix}dropped_at__isnull": False}), then=Value(State.DROPPED)),
        When(Q(**{done: None, f"{due}__lt": today or house_day()}), then=Value(State.LATE)),
        When(Q(**{done: None}), then=Value(State.OPEN)),
        When(Q(**{due: None}), then=Value(State.KEPT)),
        When(Q(**{f"{due}__gte": TruncDate(F(done), tzinfo=house())}), then=Value(State.KEPT)),
        default=Value(State.LATE),
        output_field=CharField(),
    )


@dataclass(frozen=True)
class Tally:
    """How many promises of one side became what."""

    kept: int = 0
    late: int = 0
    dropped: int = 0
    open: int = 0

    @property
    def judged(self) -> int:
        """Those that became something: the others have time yet."""
        return self.kept + self.late + self.dropped

    @property
    def count(self) -> int:
        return self.judged + self.open

    @property
    def percent(self) -> int | None:
        """The share kept of those judged; nothing where they are too few to speak of one."""
        return round(100 * self.kept / self.judged) if self.judged >= ENOUGH else None


@dataclass(frozen=True)
class Reckoning:
    """The promises of both sides."""

    us: Tally = Tally()
    them: Tally = Tally()

    def __bool__(self) -> bool:
        return bool(self.us.count or self.them.count)

    @property
    def count(self) -> int:
        return self.us.count + self.them.count

    @property
    def all(self) -> Tally:
        """Both sides together."""
        both = (self.us, self.them)
        return Tally(*(sum(getattr(one, name) for one in both) for name in State.values))


def reckon(rows: Iterable[tuple[str, str, int]]) -> Reckoning:
    """Of rows of who promised, what became of it, and how many."""
    counts: Mapping[str, dict[str, int]] = {"us": {}, "them": {}}
    for by, became, count in rows:
        counts[by][became] = count
    return Reckoning(Tally(**counts["us"]), Tally(**counts["them"]))
