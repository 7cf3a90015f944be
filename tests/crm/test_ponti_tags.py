"""The product's own tags: dates in the reader's words, two clocks, marks, addresses."""

from datetime import date, time, timedelta

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone, translation

from tests.factories import make_city, make_meeting, make_organisation, make_person

pytestmark = pytest.mark.django_db


def rendered(source, address="/", **context):
    template = engines["django"].from_string(source)
    return template.render(context, RequestFactory().get(address)).strip()


def words(html):
    """What is read, without the tags."""
    return " ".join(
        engines["django"].from_string("{{ it|striptags }}").render({"it": html}).split()
    )


def clocks(meeting, zone="Europe/Rome", language="en"):
    with timezone.override(zone), translation.override(language):
        return words(rendered("{% clocks meeting %}", meeting=meeting))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "22 November 2026 · 22 November 2026 · Sunday 22 November 2026"),
        ("it", "22 novembre 2026 · 22 novembre 2026 · domenica 22 novembre 2026"),
    ],
)
def test_dates_are_written_in_the_readers_language(language, expected, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2027, 1, 3))
    with translation.override(language):
        assert (
            rendered("{{ on|day }} · {{ on|day_month }} · {{ on|long_day }}", on=date(2026, 11, 22))
            == expected
        )


def test_this_year_goes_without_saying(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 11, 24))
    source = "{{ on|day_month }} · {{ on|weekday_day }}"
    assert rendered(source, on=date(2026, 11, 25)) == "25 November · Wed 25 November"


@pytest.mark.parametrize(
    ("days", "english", "italian"),
    [
        (0, "today", None),
        (1, "tomorrow", None),
        (-1, "yesterday", None),
        (9, "in 9 days", "tra 9 giorni"),
        (82, "in 82 days", "tra 82 giorni"),
        (-13, "13 days ago", "13 giorni fa"),
        (-42, "6 weeks ago", "6 settimane fa"),
        (-100, "3 months ago", "3 mesi fa"),
        (-800, "2 years ago", "2 anni fa"),
        (400, "in 13 months", "tra 13 mesi"),
    ],
)
def test_how_far_a_day_is(days, english, italian):
    on = timezone.localdate() + timedelta(days=days)
    assert rendered("{{ on|ago }}", on=on) == english
    if italian:
        with translation.override("it"):
            assert rendered("{{ on|ago }}", on=on) == italian


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, ""), (1, "1 day late"), (13, "13 days late"), (14, "2 weeks late"), (59, "8 weeks late")],
)
def test_how_late_a_promise_is(days, expected):
    assert rendered("{{ days|late }}", days=days) == expected


@pytest.mark.parametrize("name", ["day", "day_month", "weekday_day", "long_day", "ago", "clock"])
def test_a_date_that_is_not_known_stays_empty(name):
    assert rendered("{{ on|" + name + " }}", on=None) == ""


# Two clocks


def test_the_place_comes_first_and_the_reader_second(nagoya):
    meeting = make_meeting(city=nagoya, local_date=date(2026, 11, 25), local_time=time(17))
    assert clocks(meeting) == "17:00 Nagoya 09:00 Rome"
    assert clocks(meeting, language="it") == "17:00 Nagoya 09:00 Roma"


def test_a_meeting_without_a_city_is_named_after_its_zone():
    meeting = make_meeting(
        local_date=date(2026, 11, 25), local_time=time(17), time_zone="Asia/Tokyo"
    )
    assert clocks(meeting) == "17:00 Tokyo 09:00 Rome"


def test_a_zone_of_its_own_is_not_called_by_the_city(nagoya):
    meeting = make_meeting(
        city=nagoya, local_date=date(2026, 11, 25), local_time=time(9), time_zone="Europe/Rome"
    )
    assert clocks(meeting, "Asia/Tokyo") == "09:00 Rome 17:00 Tokyo"


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Asia/Seoul"])
def test_one_clock_is_enough_where_both_agree(tokyo, zone):
    meeting = make_meeting(city=tokyo, local_date=date(2026, 11, 25), local_time=time(17))
    assert clocks(meeting, zone) == "17:00 Tokyo"


def test_the_readers_other_day_is_named(tokyo):
    early = make_meeting(city=tokyo, local_date=date(2026, 11, 25), local_time=time(5))
    assert clocks(early) == "05:00 Tokyo 21:00 Rome (day before)"
    late = make_meeting(
        city=make_city("New York", "US", time_zone="America/New_York"),
        local_date=date(2026, 11, 25),
        local_time=time(20),
    )
    assert clocks(late) == "20:00 New York 02:00 Rome (day after)"


def test_summer_time_is_kept_apart(tokyo):
    meeting = make_meeting(city=tokyo, local_date=date(2026, 7, 1), local_time=time(17))
    assert clocks(meeting) == "17:00 Tokyo 10:00 Rome"


@pytest.mark.parametrize("known", [{}, {"local_date": date(2026, 11, 25)}])
def test_a_time_that_is_not_known_shows_no_clock(tokyo, known):
    assert clocks(make_meeting(city=tokyo, **known)) == ""


# Marks


def test_the_three_states_of_contact():
    dated = make_organisation()
    make_meeting([dated], local_date=date(2026, 10, 14))
    undated = make_organisation()
    make_meeting([undated])
    never = make_organisation()
    for organisation, expected in (
        (dated, "14 October 2026"),
        (undated, "Met, date unknown"),
        (never, "Never"),
    ):
        organisation.refresh_from_db()
        assert words(rendered("{% contact it %}", it=organisation)) == expected


def test_a_native_name_is_set_in_its_language(nagoya):
    jfc = make_organisation(native_name="日本政策金融公庫")
    tag = '<span class="native" lang="ja" dir="auto">{}</span>'
    assert rendered("{% native it %}", it=jfc) == tag.format("日本政策金融公庫")
    assert rendered("{% native it %}", it=nagoya) == tag.format("名古屋")
    assert rendered("{% native it %}", it=make_person()) == ""


def test_a_name_cannot_smuggle_markup():
    jfc = make_organisation("<b>Filse</b>", native_name="<script>alert(1)</script>")
    page = rendered("{% native it %}{% monogram it %}", it=jfc)
    assert "<script" not in page
    assert "<b>" not in page


def test_a_monogram_is_square_for_an_organisation_and_round_for_a_person(officer):
    assert 'data-kind="finance"' in rendered("{% monogram it %}", it=make_organisation())
    assert "person" in rendered("{% monogram it %}", it=make_person())
    assert ">OO<" in rendered("{% monogram it %}", it=officer)


# Addresses


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% query sort='city' %}", "?q=jfc&city=3&city=4&sort=city"),
        ("{% query page=2 %}", "?q=jfc&city=3&city=4&page=2"),
        ("{% query city=None %}", "?q=jfc"),
        ("{% query q='' city='' %}", "/partners/"),
    ],
)
def test_a_link_changes_one_parameter_and_keeps_the_others(source, expected):
    address = "/partners/?q=jfc&city=3&city=4&page=7&after=abc"
    assert rendered(source, address).replace("&amp;", "&") == expected
