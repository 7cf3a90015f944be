"""Meetings held in each of the last months, of those that a list finds."""

from calendar import monthrange
from datetime import date

from babel.dates import format_date
from django.db.models import Count
from django.utils import timezone

from crm.charts import Columns, columns
from crm.counts import BOUND, kept
from crm.templatetags.ponti import month_year, reader_locale
from missions.filters import MeetingFilter, older
from missions.models import Meeting
from partners.filters import months_before

MONTHS = 24
# No month before this one is drawn.
EARLIEST = date(1902, 1, 1)


def held_by_month(filterset: MeetingFilter) -> Columns:
    """A column for each of the 24 months up to now, or up to the last day asked for.

    The days are counted by the database and put together into months here: a base of many
    years is read through the index of its order, and no further back than it is drawn.
    """
    today = timezone.localdate()
    last = min(max(filterset.given.get("until") or today, EARLIEST), today).replace(day=1)
    months = [months_before(last, number) for number in range(MONTHS - 1, -1, -1)]
    counts = dict.fromkeys(months, 0)
    for on, number in _by_day(filterset, months[0], end_of(last)):
        counts[on.replace(day=1)] += number
    return columns(
        (month_year(month), number, _mark(month), _url(filterset, month))
        for month, number in counts.items()
    )


def end_of(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def _by_day(filterset: MeetingFilter, first: date, last: date) -> list[tuple[date, int]]:
    address = {name: value for name, value in filterset.address.items() if name != "sort"}
    state = repr(("months", sorted(address.items()), filterset.reader.pk, first, last))
    days: list[tuple[date, int]] = kept(
        {"days": state},
        filterset.version,
        lambda _missing: {
            "days": list(
                filterset.qs.filter(
                    status=Meeting.Status.HELD,
                    age_order__lte=older(first),
                    age_order__gt=older(last) - 24 * 60,
                )
                .order_by()
                .values_list("local_date")
                .annotate(number=Count("pk"))
            )
        },
        is_large=lambda found: sum(number for _on, number in found) > BOUND,
    )["days"]
    return days


def _mark(month: date) -> str:
    """The year at its beginning, and the first month of every other quarter of it."""
    if month.month == 1:
        return str(month.year)
    return format_date(month, "LLL", locale=reader_locale()) if month.month % 3 == 1 else ""


def _url(filterset: MeetingFilter, month: date) -> str:
    return filterset.query(
        status=[Meeting.Status.HELD.value], since=month, until=end_of(month), year=None
    )
