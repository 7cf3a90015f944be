"""Moving the stops and meetings of a programme, and taking it back.

Each act locks the mission, so that two people move one after the other; saves only what moved,
which writes its history; and gives an Act that undoes exactly that, as long as nobody has saved
one of its records since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from crm import when
from crm.templatetags.ponti import weekday_day, zone_city
from missions.contact import settle_meeting
from missions.models import Meeting, Mission, Stop

SALT = "missions.rescheduling"
MODELS: dict[str, Any] = {"m": Meeting, "s": Stop}
READ: dict[str, Any] = {"local_date": date.fromisoformat, "local_time": time.fromisoformat}

Columns = Mapping[str, Any]


class Refused(Exception):
    """An act that can't be done; its text is the sentence that says why."""


@dataclass(frozen=True)
class Act:
    """What an act changed: of each record its letter, id, version after, and columns before."""

    changes: tuple[tuple[str, int, int, Columns], ...]
    # What is worth saying beside that it was done.
    note: str = ""

    @property
    def token(self) -> str:
        """What its undoing needs, signed, for an address."""
        return signing.dumps(self.changes, salt=SALT, compress=True)

    @classmethod
    def read(cls, token: str) -> "Act":
        """Raises Refused where it was not made here."""
        try:
            return cls(tuple(tuple(one) for one in signing.loads(token, salt=SALT)))
        except signing.BadSignature:
            raise Refused(_("This can’t be undone: its address is damaged.")) from None


class Changes:
    """The records that an act changes, saved one by one, each with what it was before."""

    def __init__(self) -> None:
        self.made: list[tuple[str, int, int, Columns]] = []

    def save(self, record: Meeting | Stop, **columns: Any) -> None:
        """Give the record these columns, and save it where one of them is new."""
        old = {name: getattr(record, name) for name in columns}
        new = {name: value for name, value in columns.items() if value != old[name]}
        if not new:
            return
        for name, value in new.items():
            setattr(record, name, value)
        record.save()
        kept = {
            name: old[name].isoformat() if isinstance(old[name], date | time) else old[name]
            for name in new
        }
        letter = "m" if isinstance(record, Meeting) else "s"
        self.made.append((letter, record.pk, record.version, kept))

    def renumber(self, records: Sequence[Any], moved: Any = None, **columns: Any) -> None:
        """Positions from 1 on; the one that moved gets its other columns in the same saving."""
        for position, one in enumerate(records, start=1):
            self.save(one, position=position, **(columns if one is moved else {}))

    def act(self, note: str = "") -> Act:
        return Act(tuple(self.made), note)


def lock(mission_id: int | None) -> None:
    """Let whoever else moves something of this mission wait."""
    missions = Mission.objects.filter(pk__in=[mission_id]).select_for_update(no_key=True)
    list(missions.values_list("pk"))


def tell_the_form(mission_id: int) -> None:
    """The stops are on the mission's form too: its version grows, so that nobody undoes this."""
    Mission.objects.get(pk=mission_id).save()


def locked_stops(mission_id: int) -> list[Stop]:
    stops = Stop.objects.filter(mission=mission_id).select_related("city")
    return list(stops.select_for_update(of=("self",)).order_by("position", "pk"))


def locked_meetings(mission_id: int | None, stop: Stop | None, pk: int) -> list[Meeting]:
    """The meetings of a stop in their order, after them the one with that id if it is elsewhere."""
    rows = Meeting.objects.filter(mission=mission_id).select_related("stop__city", "city", "author")
    locked = rows.select_for_update(of=("self",))
    found = list(locked.filter(stop=stop).order_by("position", "pk"))
    if pk not in {one.pk for one in found}:
        found += locked.filter(pk=pk)
    return found


def the_moved(rows: Sequence[Meeting], pk: int) -> Meeting:
    """The meeting to move among those locked; refused where it left the mission meanwhile."""
    moved = next((one for one in rows if one.pk == pk), None)
    if moved is None:
        raise Refused(_("This meeting left the mission meanwhile."))
    return moved


def check_version(record: Meeting | Stop, seen: int) -> None:
    """Refuse to move what was saved since the page was opened."""
    if record.version != seen:
        raise Refused(
            _("%(name)s changed it meanwhile. The page now shows how it is: move it again.")
            % {"name": author_of(record)}
        )


def author_of(record: Meeting | Stop) -> str:
    """Who saved it last."""
    row = record.history.select_related("history_user").first()
    return str(row.history_user) if row and row.history_user else _("Somebody")


@transaction.atomic
def move_stop(stop: Stop, steps: int, seen: int) -> Act:
    """So many places down, up where negative, among the stops of its mission."""
    lock(stop.mission_id)
    stops = locked_stops(stop.mission_id)
    moved = next((one for one in stops if one.pk == stop.pk), None)
    if moved is None:
        raise Refused(_("This stop was removed meanwhile."))
    check_version(moved, seen)
    place, changes = stops.index(moved), Changes()
    if 0 <= place + steps < len(stops):
        stops.insert(place + steps, stops.pop(place))
        changes.renumber(stops)
    if changes.made:
        tell_the_form(stop.mission_id)
    return changes.act()


@transaction.atomic
def step_meeting(meeting: Meeting, steps: int, seen: int) -> Act:
    """So many places down, up where negative, among the meetings of its stop."""
    lock(meeting.mission_id)
    rows = locked_meetings(meeting.mission_id, meeting.stop, meeting.pk)
    moved = the_moved(rows, meeting.pk)
    check_version(moved, seen)
    place, changes = rows.index(moved), Changes()
    if moved.stop_id == meeting.stop_id and 0 <= place + steps < len(rows):
        rows.insert(place + steps, rows.pop(place))
        changes.renumber(rows)
    return changes.act()


@transaction.atomic
def move_meeting(meeting: Meeting, stop: Stop | None, after: int | None, seen: int) -> Act:
    """To another place: among the meetings of `stop`, after the one with that id, or first.

    At another stop it keeps its date and its time on the clock of the place; the note says where
    that is another clock.
    """
    lock(meeting.mission_id)
    rows = locked_meetings(meeting.mission_id, stop, meeting.pk)
    moved = the_moved(rows, meeting.pk)
    check_version(moved, seen)
    others = [one for one in rows if one is not moved]
    ids = [one.pk for one in others]
    if after is not None and after not in ids:
        raise Refused(
            _("Somebody changed the order meanwhile. The page now shows how it is: move it again.")
        )
    others.insert(ids.index(after) + 1 if after is not None else 0, moved)
    changes = Changes()
    if moved.stop_id == (stop.pk if stop else None) and rows == others:
        return changes.act()
    zone = zone_at(moved, stop)
    check_hour(moved, zone)
    note = note_of(moved, zone)
    changes.renumber(others, moved, stop_id=stop.pk if stop else None, time_zone=zone)
    return changes.act(note)


@transaction.atomic
def reschedule(meeting: Meeting, stop: Stop | None, **columns: Any) -> Act:
    """Another date, time or duration, at this stop or at another: what a checked form says.

    Among the meetings of its stop it goes where its new time puts it.
    """
    lock(meeting.mission_id)
    rows = locked_meetings(meeting.mission_id, stop, meeting.pk)
    moved = the_moved(rows, meeting.pk)
    stop_id, zone = stop.pk if stop else None, zone_at(moved, stop)
    others = [one for one in rows if one is not moved]
    is_elsewhere, was_on = moved.stop_id != stop_id, moved.local_date
    wanted = Meeting(
        local_date=columns.get("local_date", moved.local_date),
        local_time=columns.get("local_time", moved.local_time),
        fold=columns.get("fold", moved.fold),
        time_zone=moved.time_zone,
    )
    note = note_of(wanted, zone)
    wanted.time_zone = zone
    old_place = len(others) if is_elsewhere else rows.index(moved)
    others.insert(place_by_time(others, wanted, old_place), moved)
    changes = Changes()
    if not is_elsewhere and rows == others:
        changes.save(moved, time_zone=zone, **columns)
    else:
        changes.renumber(others, moved, stop_id=stop_id, time_zone=zone, **columns)
    if moved.local_date != was_on:
        settle_meeting(moved)
    return changes.act(note)


@transaction.atomic
def undo(mission: Mission, act: Act) -> None:
    """Put back exactly what an act changed; refused whole where anything was saved since."""
    lock(mission.pk)
    pairs = []
    for letter, pk, version, before in act.changes:
        rows = MODELS[letter].objects.filter(mission=mission, pk=pk)
        record = rows.select_for_update(of=("self",)).first()
        if record is None:
            raise Refused(_("It was removed since: nothing was undone."))
        if record.version != version:
            raise Refused(
                _("%(name)s changed it since: nothing was undone.") % {"name": author_of(record)}
            )
        pairs.append((record, before))
    for record, before in pairs:
        for name, value in before.items():
            read = READ.get(name)
            setattr(record, name, read(value) if read and value is not None else value)
        if before.get("stop_id") and not mission.stops.filter(pk=before["stop_id"]).exists():
            raise Refused(_("Its stop was removed since: nothing was undone."))
        record.save()
        if "local_date" in before:
            settle_meeting(record)
    if any(letter == "s" for letter, *_rest in act.changes):
        tell_the_form(mission.pk)


# Zones


def zone_at(meeting: Meeting, stop: Stop | None) -> str:
    """The zone it has at a stop: the stop's, unless it was chosen or its own city settles it."""
    is_own = meeting.city is not None or meeting.time_zone != meeting.own_zone
    return meeting.time_zone if is_own or stop is None else stop.city.time_zone


def check_hour(meeting: Meeting, zone: str) -> None:
    """Refuse a zone where its wall time does not exist, or exists twice."""
    if zone == meeting.time_zone or not (meeting.local_date and meeting.local_time):
        return
    words = {"zone": zone_city(zone), "time": f"{meeting.local_time:%H:%M}"}
    try:
        when.instant(meeting.local_date, meeting.local_time, zone, meeting.fold)
    except when.NonexistentTime:
        raise Refused(
            _("That night the clocks in %(zone)s jump over %(time)s: give it another time first.")
            % words
        ) from None
    except when.AmbiguousTime:
        raise Refused(
            _("That night the clocks in %(zone)s show %(time)s twice: give it another time first.")
            % words
        ) from None


def note_of(meeting: Meeting, zone: str) -> str:
    """That the clock of the place becomes another one, where a time is known."""
    if zone == meeting.time_zone or not (meeting.local_date and meeting.local_time):
        return ""
    return _("It is at %(time)s on %(day)s by the clocks of %(new)s now, not of %(old)s.") % {
        "time": f"{meeting.local_time:%H:%M}",
        "day": weekday_day(meeting.local_date),
        "new": zone_city(zone),
        "old": zone_city(meeting.time_zone),
    }


# Places


def instant_of(meeting: Meeting) -> datetime | None:
    """Where it stands in time; one without a time at the end of its day."""
    if meeting.local_date is None:
        return None
    at = meeting.local_time or time.max
    zone = ZoneInfo(meeting.time_zone)
    local = datetime.combine(meeting.local_date, at, zone).replace(fold=meeting.fold or 0)
    return local.astimezone(UTC)


def place_by_time(others: Sequence[Meeting], moved: Meeting, old_place: int) -> int:
    """Where among the others its time puts it: where it was, if that is right or nothing tells."""
    at = instant_of(moved)
    times = [instant_of(one) for one in others]
    known = [one for one in times if one is not None]
    if at is None or known != sorted(known):
        return old_place
    earlier = [place for place, one in enumerate(times) if one is not None and one < at]
    later = [place for place, one in enumerate(times) if one is not None and one > at]
    lowest = earlier[-1] + 1 if earlier else 0
    highest = later[0] if later else len(others)
    return min(max(old_place, lowest), highest)
