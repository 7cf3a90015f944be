"""Local times and the instants they stand for."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_timedelta
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ZONES = available_timezones()


class NonexistentTime(ValueError):
    """The clocks jump over this local time."""


class AmbiguousTime(ValueError):
    """The clocks show this local time twice."""


def instant(day: date, at: time, zone: str, fold: int | None = None) -> datetime:
    """The UTC instant of a local time; `fold` 0 or 1 chooses between two equal readings.

    Raises NonexistentTime, or AmbiguousTime where `fold` is None and the choice matters.
    """
    place = ZoneInfo(zone)
    first = datetime.combine(day, at.replace(fold=0), place)
    second = first.replace(fold=1)
    if first.utcoffset() != second.utcoffset():
        if first.astimezone(UTC).astimezone(place).replace(tzinfo=None) != first.replace(
            tzinfo=None
        ):
            raise NonexistentTime
        if fold is None:
            raise AmbiguousTime
    return (second if fold else first).astimezone(UTC)


def validate_zone(value: str) -> None:
    """Refuse what is not an IANA time zone."""
    if value not in ZONES:
        raise ValidationError(
            _("“%(value)s” is not a time zone. Write it like Asia/Tokyo."),
            params={"value": value},
        )


def distance(days: int, locale: str) -> str:
    """How far a day is from today: “tomorrow”, “6 weeks ago”, “in 9 days”."""
    if days in {-1, 0, 1}:
        return (gettext("today"), gettext("tomorrow"), gettext("yesterday"))[days]
    if abs(days) < 14 or 0 < days <= 90:
        unit = "day"
    elif abs(days) < 90:
        unit = "week"
    elif abs(days) < 730:
        unit = "month"
    else:
        unit = "year"
    # With an endless threshold Babel keeps to the unit asked for.
    return format_timedelta(
        timedelta(days=days),
        granularity=unit,  # type: ignore[arg-type]
        threshold=float("inf"),
        add_direction=True,
        locale=locale,
    )
