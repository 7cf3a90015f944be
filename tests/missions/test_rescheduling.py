"""Moving stops and meetings on a mission's page, and taking it back."""

from datetime import date, time

import pytest
from django.urls import reverse

from missions.models import Meeting
from missions.rescheduling import Refused, step_meeting
from tests.factories import make_city, make_meeting, make_mission, make_organisation, make_stop
from tests.reading import words


@pytest.fixture
def mission(db):
    return make_mission()


@pytest.fixture
def stop(mission, tokyo):
    return make_stop(mission, tokyo, 1)


@pytest.fixture
def genoese(mission, genoa):
    return make_stop(mission, genoa, 2)


def plan(stop, title, at="", on=date(2027, 3, 8), **fields):
    fields.setdefault("status", Meeting.Status.PLANNED)
    return make_meeting(
        mission=stop.mission,
        stop=stop,
        title=title,
        local_date=on,
        local_time=time.fromisoformat(at) if at else None,
        **fields,
    )


def order(stop):
    return list(stop.meetings.order_by("position", "pk").values_list("title", flat=True))


def move(client, meeting, **data):
    data = {"version": Meeting.objects.get(pk=meeting.pk).version, **data}
    url = reverse("missions:meeting-move", args=[meeting.pk])
    return client.post(url, data, follow=True)


def reschedule(client, meeting, **data):
    meeting = Meeting.objects.get(pk=meeting.pk)
    data = {
        "version": meeting.version,
        "stop": meeting.stop_id or "",
        "local_date": str(meeting.local_date or ""),
        "local_time": f"{meeting.local_time:%H:%M}" if meeting.local_time else "",
        "duration": meeting.duration or "",
        **data,
    }
    url = reverse("missions:meeting-reschedule", args=[meeting.pk])
    return client.post(url, data, follow=True)


def undo(client, response):
    """Press “Undo” in the message."""
    html = response.content.decode()
    start = html.index('action="/missions/', html.index('id="messages"')) + len('action="')
    url = html[start : html.index('"', start)].replace("&amp;", "&")
    return client.post(url, follow=True)


def state(*records):
    names = ("position", "stop_id", "local_date", "local_time", "time_zone", "duration", "fold")
    return [
        {name: getattr(type(one).objects.get(pk=one.pk), name, None) for name in names}
        for one in records
    ]


def test_a_meeting_moves_down_and_back(officer_client, stop):
    first, second, third = (plan(stop, name) for name in ("First", "Second", "Third"))
    before = state(first, second, third)
    answer = move(officer_client, first, steps="1")
    assert order(stop) == ["Second", "First", "Third"]
    assert "“First” was moved: number 2 of 3, Tokyo." in words(answer)
    answer = undo(officer_client, answer)
    assert "Undone: everything is where it was." in words(answer)
    assert state(first, second, third) == before


def test_positions_that_were_never_set_are_made_consistent(officer_client, stop):
    meetings = [plan(stop, name) for name in ("First", "Second", "Third")]
    Meeting.objects.update(position=0)
    move(officer_client, meetings[2], steps="-1")
    assert order(stop) == ["First", "Third", "Second"]
    assert sorted(stop.meetings.values_list("position", flat=True)) == [1, 2, 3]


def test_what_is_first_stays_first(officer_client, stop):
    first = plan(stop, "First")
    plan(stop, "Second")
    answer = move(officer_client, first, steps="-1")
    assert "“First” stays where it is." in words(answer)
    assert order(stop) == ["First", "Second"]


def test_a_meeting_is_dropped_between_two_of_another_stop(officer_client, stop, mission, nagoya):
    other = make_stop(mission, nagoya, 2)
    dragged = plan(stop, "Dragged", "10:00")
    one, two = plan(other, "One"), plan(other, "Two")
    before = state(dragged, one, two)
    answer = move(officer_client, dragged, stop=other.pk, after=one.pk)
    assert order(other) == ["One", "Dragged", "Two"]
    assert order(stop) == []
    undo(officer_client, answer)
    assert state(dragged, one, two) == before


def test_across_zones_it_keeps_its_wall_time_and_date_and_says_so(officer_client, stop, genoese):
    meeting = plan(stop, "Talk", "10:00")
    answer = move(officer_client, meeting, stop=genoese.pk, after="")
    meeting.refresh_from_db()
    assert (meeting.local_date, meeting.local_time) == (date(2027, 3, 8), time(10))
    assert meeting.time_zone == "Europe/Rome"
    assert meeting.starts_at.hour == 9
    assert "It is at 10:00 on Mon 8 March 2027 by the clocks of Rome now, not of Tokyo." in words(
        answer
    )
    undo(officer_client, answer)
    meeting.refresh_from_db()
    assert (meeting.time_zone, meeting.starts_at.hour) == ("Asia/Tokyo", 1)


def test_a_zone_that_was_chosen_stays_at_another_stop(officer_client, stop, genoese):
    call = plan(stop, "Call", "10:00", time_zone="America/New_York")
    move(officer_client, call, stop=genoese.pk, after="")
    call.refresh_from_db()
    assert call.time_zone == "America/New_York"


@pytest.mark.parametrize(
    ("on", "words_wanted"),
    [(date(2027, 3, 28), "jump over 02:30"), (date(2027, 10, 31), "show 02:30 twice")],
)
def test_an_hour_that_is_none_there_or_two_is_not_moved_there(
    officer_client, stop, genoese, on, words_wanted
):
    meeting = plan(stop, "Night", "02:30", on=on)
    answer = move(officer_client, meeting, stop=genoese.pk, after="")
    assert words_wanted in words(answer)
    assert order(genoese) == []


def test_somebody_elses_change_is_told_and_nothing_is_lost(
    officer_client, manager_client, stop, manager
):
    first = plan(stop, "First")
    plan(stop, "Second")
    seen = first.version
    reschedule(manager_client, first, duration="30")
    answer = move(officer_client, first, steps="1", version=seen)
    assert f"{manager.name} changed it meanwhile." in words(answer)
    assert order(stop) == ["First", "Second"]


def test_a_neighbour_that_went_elsewhere_is_told(officer_client, stop, genoese):
    first, second = plan(stop, "First"), plan(stop, "Second")
    move(officer_client, second, stop=genoese.pk, after="")
    answer = move(officer_client, first, stop=stop.pk, after=second.pk)
    assert "Somebody changed the order meanwhile." in words(answer)


def test_undo_refuses_what_somebody_changed_since(officer_client, manager_client, manager, stop):
    first, second = plan(stop, "First"), plan(stop, "Second")
    moved = move(officer_client, first, steps="1")
    move(manager_client, second, steps="1")
    answer = undo(officer_client, moved)
    assert f"{manager.name} changed it since: nothing was undone." in words(answer)
    assert order(stop) == ["First", "Second"]


def test_an_address_that_was_tampered_with_undoes_nothing(officer_client, mission):
    url = reverse("missions:programme-undo", args=[mission.pk])
    answer = officer_client.post(f"{url}?token=forged", follow=True)
    assert "This can’t be undone: its address is damaged." in words(answer)


def test_a_move_is_not_undone_on_another_mission(officer_client, stop):
    first, _second = plan(stop, "First"), plan(stop, "Second")
    html = move(officer_client, first, steps="1").content.decode()
    token = html.split("token=")[1].split('"')[0]
    url = reverse("missions:programme-undo", args=[make_mission().pk])
    answer = officer_client.post(f"{url}?token={token}", follow=True)
    assert "nothing was undone" in words(answer)
    assert order(stop) == ["Second", "First"]


def test_stops_change_places_and_back(officer_client, mission, stop, nagoya):
    other = make_stop(mission, nagoya, 2)
    url = reverse("missions:stop-move", args=[other.pk])
    answer = officer_client.post(url, {"steps": "-1", "version": other.version}, follow=True)
    assert "The stops are now: Nagoya, Tokyo." in words(answer)
    assert list(mission.stops.order_by("position")) == [other, stop]
    undo(officer_client, answer)
    assert list(mission.stops.order_by("position")) == [stop, other]


def test_a_meeting_gets_another_time_and_its_place_in_time(officer_client, stop):
    early = plan(stop, "Early", "09:00", duration=60)
    plan(stop, "Late", "15:00")
    plan(stop, "Some time")
    before = state(early)
    answer = reschedule(officer_client, early, local_time="17:00", duration="45")
    early.refresh_from_db()
    assert (early.local_time, early.duration) == (time(17), 45)
    assert order(stop) == ["Late", "Early", "Some time"]
    assert "“Early” was rescheduled." in words(answer)
    undo(officer_client, answer)
    assert state(early) == before
    assert order(stop) == ["Early", "Late", "Some time"]


def test_a_date_is_typed_as_people_say_it(officer_client, stop):
    meeting = plan(stop, "Talk", "09:00")
    reschedule(officer_client, meeting, local_date="9 March 2027")
    meeting.refresh_from_db()
    assert meeting.local_date == date(2027, 3, 9)


def test_an_hour_that_does_not_exist_is_answered_in_place(officer_client, genoese):
    meeting = plan(genoese, "Night", "10:00", on=date(2027, 3, 28))
    answer = reschedule(officer_client, meeting, local_time="02:30")
    assert "jump over 02:30" in words(answer)
    meeting.refresh_from_db()
    assert meeting.local_time == time(10)


def test_an_hour_that_exists_twice_is_asked_about(officer_client, genoese):
    meeting = plan(genoese, "Night", "10:00", on=date(2027, 10, 31))
    assert "Before the clocks go back" in words(
        reschedule(officer_client, meeting, local_time="02:30")
    )
    reschedule(officer_client, meeting, local_time="02:30", fold="1")
    meeting.refresh_from_db()
    assert (meeting.fold, meeting.starts_at.hour) == (1, 1)


def test_a_held_meeting_keeps_its_time_and_changes_only_its_stop(officer_client, stop, genoese):
    partner = make_organisation()
    held = make_meeting(
        [partner],
        mission=stop.mission,
        stop=stop,
        title="Held",
        local_date=date(2026, 3, 9),
        local_time=time(10),
    )
    reschedule(officer_client, held, local_date="2026-03-20", stop=genoese.pk)
    held.refresh_from_db()
    partner.refresh_from_db()
    assert (held.stop, held.local_date) == (genoese, date(2026, 3, 9))
    assert partner.last_contact_on == date(2026, 3, 9)


def test_who_saved_meanwhile_is_told_beside_what_was_typed(
    officer_client, manager_client, manager, stop
):
    meeting = plan(stop, "Talk", "09:00", duration=60)
    seen = meeting.version
    reschedule(manager_client, meeting, duration="30")
    answer = reschedule(officer_client, meeting, local_time="11:00", version=seen)
    assert f"{manager.name} saved it" in words(answer)
    meeting.refresh_from_db()
    assert (meeting.local_time, meeting.duration) == (time(9), 30)


def test_every_move_is_in_the_history_of_what_moved(officer_client, officer, stop):
    first, second = plan(stop, "First"), plan(stop, "Second")
    move(officer_client, first, steps="1")
    assert [one.history.first().history_user for one in (first, second)] == [officer, officer]


def test_a_confidential_meeting_is_moved_only_by_who_may_read_it(reader_client, stop):
    assert move(reader_client, plan(stop, "Secret", is_confidential=True)).status_code == 403


def test_htmx_takes_the_workbench_and_the_message_in_one_answer(officer_client, stop):
    first = plan(stop, "First")
    plan(stop, "Second")
    url = reverse("missions:meeting-move", args=[first.pk])
    data = {"version": first.version, "steps": "1"}
    answer = officer_client.post(url, data, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert answer["HX-Retarget"] == "#workbench"
    assert 'id="workbench"' in html
    assert 'hx-swap-oob="innerHTML"' in html
    assert "<main" not in html


def test_the_date_line_changes_the_readers_day_and_not_the_local_one(officer_client, mission, stop):
    honolulu = make_city("Honolulu", "US", time_zone="Pacific/Honolulu")
    meeting = plan(stop, "Talk", "10:00")
    move(officer_client, meeting, stop=make_stop(mission, honolulu, 2).pk, after="")
    meeting.refresh_from_db()
    assert meeting.local_date == date(2027, 3, 8)
    assert meeting.local_start.isoformat() == "2027-03-08T10:00:00-10:00"


def test_a_meeting_that_left_the_mission_meanwhile_is_not_moved(mission, stop):
    opened = plan(stop, "Talk")
    Meeting.objects.filter(pk=opened.pk).update(mission=make_mission("Another"), stop=None)
    with pytest.raises(Refused, match="left the mission"):
        step_meeting(opened, 1, opened.version)
