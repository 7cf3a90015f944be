"""The product's own template tags and filters, available in every template."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location
from django import template
from django.http import QueryDict
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm import navigation, search
from crm.text import script_language
from crm.when import ZONES, distance

register = template.Library()

LOCALES = {"en": "en_GB", "it": "it"}
# Where an address may be broken.
BREAKS = re.compile("(?<=[@./])")


def reader_locale() -> str:
    """The Babel locale of the reader's language."""
    return LOCALES.get(get_language() or "en", "en_GB")


def local_day(value: date | datetime | None) -> date | None:
    """The day; of an instant, the day on the reader's calendar."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


# Dates and times in the reader's language


@register.filter
def day(value: date | datetime | None) -> str:
    """“22 November 2026”."""
    on = local_day(value)
    return format_date(on, "d MMMM y", locale=reader_locale()) if on else ""


@register.filter
def day_month(value: date | datetime | None) -> str:
    """“22 November”; another year than this one is named."""
    on = local_day(value)
    if on is None:
        return ""
    pattern = "d MMMM" if on.year == timezone.localdate().year else "d MMMM y"
    return format_date(on, pattern, locale=reader_locale())


@register.filter
def weekday_day(value: date | datetime | None) -> str:
    """“Wed 25 November”; another year than this one is named."""
    on = local_day(value)
    if on is None:
        return ""
    pattern = "EEE d MMMM" if on.year == timezone.localdate().year else "EEE d MMMM y"
    return format_date(on, pattern, locale=reader_locale())


@register.filter
def month_year(value: date | datetime | None) -> str:
    """“March 2026”."""
    on = local_day(value)
    return format_date(on, "MMMM y", locale=reader_locale()) if on else ""


@register.filter
def long_day(value: date | datetime | None) -> str:
    """“Tuesday 24 November 2026”."""
    on = local_day(value)
    return format_date(on, "EEEE d MMMM y", locale=reader_locale()) if on else ""


@register.simple_tag
def period(start: date | None, end: date | None) -> str:
    """“3–8 March 2027”, “28 February – 3 March 2027”; one day where only one is known."""
    if not start or not end or start == end:
        return day(start or end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day(end)}"
    pattern = "d MMMM" if start.year == end.year else "d MMMM y"
    return f"{format_date(start, pattern, locale=reader_locale())} – {day(end)}"


@register.filter
def ago(value: date | datetime | None) -> str:
    """“today”, “tomorrow”, “6 weeks ago”, “in 9 days”."""
    on = local_day(value)
    if on is None:
        return ""
    return distance((on - timezone.localdate()).days, reader_locale())


@register.filter
def late(days: int) -> str:
    """“3 days late”, “8 weeks late”; nothing for 0."""
    if days < 1:
        return ""
    if days < 14:
        return ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days}
    weeks = days // 7
    return ngettext("%(count)d week late", "%(count)d weeks late", weeks) % {"count": weeks}


@register.filter
def clock(value: datetime | None) -> str:
    """“10:42”, on the reader's clock."""
    return timezone.localtime(value).strftime("%H:%M") if value else ""


@register.filter
def clock_in(value: datetime, zone: str) -> str:
    """“18:42”, on the clock of that zone."""
    return value.astimezone(ZoneInfo(zone)).strftime("%H:%M")


@lru_cache(maxsize=2000)
def _zone_city(zone: str, locale: str) -> str:
    if zone not in ZONES or "/" not in zone or zone.startswith("Etc/"):
        return zone.removeprefix("Etc/")
    return str(get_timezone_location(zone, locale=locale, return_city=True)).split("/")[-1]


@register.filter
def zone_city(zone: str) -> str:
    """The city that a time zone is known by: “Rome”, “Roma”."""
    return _zone_city(str(zone), reader_locale())


@register.simple_tag
def reader_zone() -> str:
    """The name of the time zone that the reader lives by."""
    return str(timezone.get_current_timezone())


@register.simple_tag
def clocks(meeting: Any, stacked: bool = False) -> str:
    """The start in the place's time first, in the reader's second; nothing where it is unknown.

    “17:00 Tokyo · 09:00 Rome”. One clock where both agree at that instant; where the reader's
    day is another, it says so.
    """
    if meeting.starts_at is None:
        return ""
    there = meeting.starts_at.astimezone(ZoneInfo(meeting.time_zone))
    here = meeting.starts_at.astimezone(timezone.get_current_timezone())
    city = meeting.where
    place = (
        city.local_name if city and city.time_zone == meeting.time_zone else None
    ) or zone_city(meeting.time_zone)
    first = (there.isoformat(timespec="minutes"), f"{there:%H:%M}", place, "")
    if there.utcoffset() == here.utcoffset():
        rows = [first]
    else:
        apart = (here.date() - there.date()).days
        note = _("day after") if apart > 0 else _("day before") if apart < 0 else ""
        second = (
            here.isoformat(timespec="minutes"),
            f"{here:%H:%M}",
            zone_city(reader_zone()),
            note,
        )
        rows = [first, second]
    spans = format_html_join(
        " ",
        '<span><time datetime="{}">{}</time> <span>{}{}</span></span>',
        (
            (at, shown, name, format_html(" <small>({})</small>", note) if note else "")
            for at, shown, name, note in rows
        ),
    )
    return format_html('<span class="clocks{}">{}</span>', " stacked" if stacked else "", spans)


# Marks


@register.simple_tag
@lru_cache(maxsize=200)
def icon(name: str) -> SafeString:
    """A 16 px icon of our own set (includes/icons.html), to stand beside a word."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def monogram(record: Any, big: bool = False) -> SafeString:
    """Two letters: square and tinted by kind for an organisation, round for a person or a user.

    A person's portrait stands for them where there is one.
    """
    size = " big" if big else ""
    if (family := getattr(record, "kind_family", None)) is not None:
        return format_html(
            '<span class="mono{}" data-kind="{}" aria-hidden="true">{}</span>',
            size,
            family,
            record.monogram,
        )
    if url := getattr(record, "photo_url", ""):
        return format_html('<img class="mono person{}" src="{}" alt="">', size, url)
    letters = getattr(record, "initials", "") or "".join(
        word[0] for word in str(record).split("@")[0].split()[:2]
    )
    return format_html(
        '<span class="mono person{}" aria-hidden="true">{}</span>', size, letters.upper()
    )


@register.simple_tag
def native(record: Any) -> str:
    """The native name, set in its own script; nothing where there is none."""
    name = record.native_name
    if not name:
        return ""
    language = getattr(record, "native_language", None)
    if language is None:
        language = script_language(name, str(getattr(record, "country", "")))
    return format_html('<span class="native" lang="{}" dir="auto">{}</span>', language, name)


@register.simple_tag
def contact(organisation: Any) -> SafeString:
    """The last contact: a date, “Met, date unknown” or “Never”, told by shape and by words."""
    if organisation.last_contact_on:
        state, words = "dated", day(organisation.last_contact_on)
    elif organisation.is_met:
        state, words = "undated", _("Met, date unknown")
    else:
        state, words = "never", _("Never")
    return format_html('<span class="contact {}">{}</span>', state, words)


@register.filter
def marked(text: str, asked: Any) -> str:
    """A text with what was asked for marked in it, whatever its spelling.

    `asked` has what was `typed`, and whether it `is_similar` only.
    """
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", piece) if is_match else piece,)
            for piece, is_match in search.marked(str(text), asked.typed, asked.is_similar)
        ),
    )


@register.filter
def breakable(text: str) -> str:
    """A text that a narrow column breaks after “@”, “.” or “/” rather than within a word."""
    return format_html_join("", "{}<wbr>", ((piece,) for piece in BREAKS.split(str(text))))


# Addresses


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's query string with these parameters set, as “?a=1&b=2”; the others stay.

    None or "" drops a parameter, a list sets several values. Any change goes back to the first
    page: `page` and `after` are dropped unless they are what is set.
    """
    parameters: QueryDict = context["request"].GET.copy()
    for name in ("page", "after"):
        parameters.pop(name, None)
    for name, value in changes.items():
        values = value if isinstance(value, list | tuple) else [value]
        parameters.setlist(name, [str(one) for one in values if one not in (None, "")])
    encoded = parameters.urlencode()
    return f"?{encoded}" if encoded else str(context["request"].path)


@register.simple_tag(takes_context=True)
def kept(context: Context, *without: str) -> list[tuple[str, str]]:
    """The query string's parameters but these, page and after: the hidden fields of a GET form."""
    return [
        (name, value)
        for name, values in context["request"].GET.lists()
        if name not in {*without, "page", "after"}
        for value in values
    ]


@register.inclusion_tag("includes/nav.html", takes_context=True)
def nav(context: Context, part: str) -> dict[str, Any]:
    """The links of the side: “pages”, “views” (theirs, and those pinned) or “stewardship”."""
    request = context["request"]
    if part == "views":
        links = navigation.links(request, navigation.VIEWS) + navigation.pinned(request)
    else:
        entries = navigation.PAGES if part == "pages" else navigation.STEWARDSHIP
        links = navigation.links(request, entries)
    return {"links": links, "part": part, "overdue_count": context.get("overdue_count")}


@register.simple_tag(takes_context=True)
def pick(context: Context, record: Any) -> str:
    """The box that chooses a row of a list, for includes/list_selection.html."""
    if not context.get("picks"):
        return ""
    name = getattr(record, "heading", "") or str(record)
    return format_html(
        '<input class="row-pick" type="checkbox" name="ids" value="{}" form="selection"'
        ' aria-label="{}">',
        record.pk,
        _("Choose %(name)s") % {"name": name},
    )


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """The value at a key that a template holds in a variable."""
    return mapping.get(key)


@register.filter
def undo_url(message: Any) -> str:
    """Where a message is undone: messages.success(…, extra_tags=f"undo:{address}")."""
    tags = str(message.extra_tags or "")
    return tags.removeprefix("undo:") if tags.startswith("undo:") else ""


@register.filter
def saved_draft(message: Any) -> str:
    """The draft that the browser may forget now: messages.success(…, extra_tags=saved_tag(…))."""
    tags = str(message.extra_tags or "")
    return tags.removeprefix("saved:") if tags.startswith("saved:") else ""
