"""One meeting is logged on one form of the administration."""

from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from crm.models import User
from missions.admin.missions import NEWEST_SHOWN
from missions.models import FollowUp, Meeting
from tests.factories import (
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_sector,
    make_stop,
)

pytestmark = pytest.mark.django_db
ADD = "/admin/missions/meeting/add/"


def form(**fields: Any) -> dict[str, Any]:
    """The form as a browser sends it, with one line for a person and one for a promise."""
    data: dict[str, Any] = {
        "token": "0b5c7a52-9d38-4b0e-8f5e-1f5f8d0c1a11",
        "status": "held",
        "format": "in-person",
        "position": "0",
        "attendances-TOTAL_FORMS": "1",
        "attendances-INITIAL_FORMS": "0",
        "follow_ups-TOTAL_FORMS": "1",
        "follow_ups-INITIAL_FORMS": "0",
        "follow_ups-0-promised_by": "us",
    }
    return data | fields


def change(meeting: Meeting) -> str:
    return f"/admin/missions/meeting/{meeting.pk}/change/"


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(said) for name, said in response.context["adminform"].errors.items()}


def test_the_whole_meeting_is_logged_at_once(officer_client: Client, officer: User, tokyo: Any):
    jfc = make_organisation("Japan Finance Corporation", city=tokyo)
    tanabe = make_person(organisation=jfc)
    mission = make_mission()
    stop = make_stop(mission, tokyo)
    sent = form(
        mission=mission.pk,
        stop=stop.pk,
        local_date="2026-10-14",
        local_time="17:30",
        outcome="They accept the wording.",
        **{
            "attendances-0-person": tanabe.pk,
            "follow_ups-0-what": "Send the list of firms",
            "follow_ups-0-due_on": "2026-12-01",
        },
    )
    response = officer_client.post(ADD, sent)
    assert response.status_code == 302, errors(response)
    meeting = Meeting.objects.get()
    assert meeting.author == officer
    assert meeting.time_zone == "Asia/Tokyo"
    assert meeting.starts_at is not None
    assert meeting.starts_at.isoformat() == "2026-10-14T08:30:00+00:00"
    assert meeting.attendances.get().organisation == jfc
    assert list(meeting.organisations.all()) == [jfc]
    assert meeting.follow_ups.get().organisation == jfc
    jfc.refresh_from_db()
    assert jfc.last_contact_on == date(2026, 10, 14)


def test_a_form_sent_twice_is_saved_once(officer_client: Client):
    jfc = make_organisation()
    first = officer_client.post(ADD, form(organisations=[jfc.pk]))
    second = officer_client.post(ADD, form(organisations=[jfc.pk]))
    assert first.status_code == second.status_code == 302
    assert Meeting.objects.count() == 1
    assert second["Location"] == f"/admin/missions/meeting/{Meeting.objects.get().pk}/change/"


def test_a_stop_of_another_mission_is_refused_at_the_field(officer_client: Client, tokyo: Any):
    stop = make_stop(make_mission("Mission to Korea"), tokyo)
    response = officer_client.post(ADD, form(mission=make_mission().pk, stop=stop.pk))
    assert errors(response)["stop"] == ["This stop belongs to another mission."]


def test_a_stop_brings_its_mission(officer_client: Client, tokyo: Any):
    mission = make_mission()
    stop = make_stop(mission, tokyo)
    assert officer_client.post(ADD, form(stop=stop.pk)).status_code == 302
    assert Meeting.objects.get().mission == mission


def test_a_promise_without_counterpart_asks_for_it_where_two_were_met(officer_client: Client):
    met = [make_organisation().pk, make_organisation("Nagoya University").pk]
    response = officer_client.post(
        ADD, form(organisations=met, **{"follow_ups-0-what": "Send the list"})
    )
    assert "Choose the counterpart: several organisations were met." in response.text
    assert not Meeting.objects.exists()
    assert not FollowUp.objects.exists()


def test_an_hour_shown_twice_is_asked_about(officer_client: Client, genoa: Any):
    when = {"city": genoa.pk, "local_date": "2025-10-26", "local_time": "02:30"}
    response = officer_client.post(ADD, form(**when))
    assert "fold" in errors(response)
    assert 'type="hidden" name="fold"' not in response.text
    assert officer_client.post(ADD, form(**when, fold="1")).status_code == 302
    assert str(Meeting.objects.get().starts_at) == "2025-10-26 01:30:00+00:00"


def test_an_ordinary_hour_asks_nothing(officer_client: Client):
    assert 'type="hidden" name="fold"' in officer_client.get(ADD).text


def test_an_hour_that_does_not_exist_is_refused(officer_client: Client, genoa: Any):
    response = officer_client.post(
        ADD, form(city=genoa.pk, local_date="2026-03-29", local_time="02:30")
    )
    assert "jump over 02:30" in errors(response)["local_time"][0]


def test_changing_the_zone_keeps_the_time_on_the_wall(officer_client: Client):
    meeting = make_meeting(
        local_date=date(2026, 10, 14), local_time=time(17, 30), time_zone="Asia/Tokyo"
    )
    sent = form(
        version=meeting.version,
        local_date="2026-10-14",
        local_time="17:30",
        time_zone="Europe/Rome",
    )
    assert officer_client.post(change(meeting), sent).status_code == 302
    meeting.refresh_from_db()
    assert meeting.local_time == time(17, 30)
    assert str(meeting.starts_at) == "2026-10-14 15:30:00+00:00"


def test_whom_it_was_not_with_after_all_loses_the_contact(officer_client: Client):
    jfc = make_organisation()
    meeting = make_meeting([jfc], local_date=date(2026, 10, 14), time_zone="Asia/Tokyo")
    sent = form(version=meeting.version, local_date="2026-10-14", time_zone="Asia/Tokyo")
    assert officer_client.post(change(meeting), sent).status_code == 302
    jfc.refresh_from_db()
    assert not jfc.is_met


def test_the_second_to_save_is_told_and_loses_nothing(
    officer_client: Client, steward_client: Client
):
    meeting = make_meeting(time_zone="Asia/Tokyo", notes="First notes")
    opened = meeting.version
    theirs = form(version=opened, time_zone="Asia/Tokyo", notes="First notes", place="Room 4")
    assert steward_client.post(change(meeting), theirs).status_code == 302
    mine = form(version=opened, time_zone="Asia/Tokyo", notes="My notes")
    response = officer_client.post(change(meeting), mine)
    assert response.status_code == 200
    assert "Stella Steward" in response.text
    assert "Room 4" in response.text
    assert "My notes" in response.text
    merged = response.context["adminform"].form
    again = form(
        version=merged["version"].value(),
        time_zone="Asia/Tokyo",
        notes="My notes",
        place=merged["place"].value(),
    )
    assert officer_client.post(change(meeting), again).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.notes, meeting.place) == ("My notes", "Room 4")


def test_a_part_changed_meanwhile_is_not_overwritten(officer_client: Client, officer: User):
    jfc = make_organisation()
    meeting = make_meeting([jfc], time_zone="Asia/Tokyo")
    promise = make_followup(jfc, meeting=meeting, what="Send the list")
    opened = promise.version
    promise.what = "Send the list of firms"
    promise.save()
    sent = form(
        version=meeting.version,
        time_zone="Asia/Tokyo",
        organisations=[jfc.pk],
        **{
            "follow_ups-INITIAL_FORMS": "1",
            "follow_ups-0-id": promise.pk,
            "follow_ups-0-meeting": meeting.pk,
            "follow_ups-0-version": opened,
            "follow_ups-0-what": "Send the brochure",
            "follow_ups-0-organisation": jfc.pk,
        },
    )
    response = officer_client.post(change(meeting), sent)
    assert response.status_code == 200
    assert "Send the list of firms" in response.text
    promise.refresh_from_db()
    assert promise.what == "Send the list of firms"


def test_restoring_a_version_brings_its_own_fields_back_and_settles_the_rest(
    officer_client: Client,
):
    jfc = make_organisation()
    meeting = make_meeting([jfc], local_date=date(2026, 10, 14), time_zone="Asia/Tokyo")
    first = meeting.history.latest()
    meeting.status = Meeting.Status.CANCELLED
    meeting.outcome = "Nobody came"
    meeting.save()
    address = f"/admin/missions/meeting/{meeting.pk}/history/{first.history_id}/"
    assert "stays as it is today" in officer_client.get(address).text
    response = officer_client.post(address, follow=True)
    assert "What is linked to it stayed as it is today." in response.text
    before = meeting.version
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.HELD
    assert meeting.outcome == ""
    assert meeting.version == before + 1
    jfc.refresh_from_db()
    assert jfc.last_contact_on == date(2026, 10, 14)


def test_the_form_costs_the_same_at_one_person_and_at_twenty(
    officer_client: Client, django_assert_max_num_queries: Any
):
    jfc = make_organisation()
    one = make_meeting([jfc], [make_person(organisation=jfc)])
    many = make_meeting([jfc], [make_person("Emi", f"Mori {n}", jfc) for n in range(20)])
    for number in range(20):
        make_followup(jfc, meeting=many, what=f"Promise {number}", person=many.people.first())
    make_followup(jfc, meeting=one, person=one.people.first())
    officer_client.get(change(one))
    with django_assert_max_num_queries(60) as at_one:
        officer_client.get(change(one))
    with django_assert_max_num_queries(len(at_one)):
        officer_client.get(change(many))


@pytest.mark.parametrize(
    "typed", ["japan fin", "日本政策", "tanabe", "CORPORATIÓN", "tanabe citta", "tanebe"]
)
def test_a_meeting_is_found_by_whom_it_was_with(officer_client: Client, typed: str):
    jfc = make_organisation(native_name="日本政策金融公庫")
    people = [make_person(organisation=jfc)]
    make_meeting([jfc], people, title="La città", is_confidential=True)
    response = officer_client.get("/admin/missions/meeting/", {"q": typed})
    assert response.context["cl"].result_count == 1


def test_a_retired_sector_is_not_newly_chosen(officer_client: Client):
    retired = make_sector("Telex", is_retired=True)
    response = officer_client.post(ADD, form(sectors=[retired.pk]))
    assert errors(response)["sectors"] == ["“Telex” is retired: choose another."]


def test_another_city_brings_its_zone_where_none_was_chosen(
    officer_client: Client, officer: User, tokyo: Any, genoa: Any
):
    meeting = make_meeting([make_organisation()], city=tokyo, author=officer)
    shown = officer_client.get(change(meeting)).context["adminform"].form
    data = form(
        version=meeting.version,
        organisations=[*meeting.organisations.values_list("pk", flat=True)],
        city=genoa.pk,
        time_zone=shown["time_zone"].value(),
    )
    officer_client.post(change(meeting), data)
    meeting.refresh_from_db()
    assert meeting.time_zone == "Europe/Rome"


def test_deleting_a_meeting_takes_its_contact_away(administrator_client: Client):
    jfc = make_organisation()
    meeting = make_meeting([jfc], local_date=date(2026, 10, 14))
    data = {"action": "delete_selected", "_selected_action": [meeting.pk], "post": "yes"}
    administrator_client.post("/admin/missions/meeting/", data)
    jfc.refresh_from_db()
    assert (jfc.is_met, jfc.last_contact_on) == (False, None)


def test_the_list_is_narrowed_to_the_newest_missions_only(officer_client: Client):
    old = make_mission("Mission to Korea")
    for number in range(NEWEST_SHOWN):
        make_mission(f"Mission {number}")
    html = officer_client.get("/admin/missions/meeting/").content.decode()
    assert "Mission 29" in html
    assert old.title not in html


def test_an_untitled_meeting_takes_its_name_from_whom_we_met(officer_client: Client):
    jfc = make_organisation("Japan Finance Corporation")
    officer_client.post(ADD, form(organisations=jfc.pk))
    assert Meeting.objects.get().title == "Meeting with Japan Finance Corporation"


def test_a_stop_of_another_mission_is_the_only_error_told(officer_client: Client, tokyo: Any):
    stop = make_stop(make_mission(), tokyo)
    other = make_mission("Mission to Korea")
    response = officer_client.post(ADD, form(mission=other.pk, stop=stop.pk))
    assert errors(response) == {"stop": ["This stop belongs to another mission."]}


@pytest.mark.parametrize("nonsense", ["1e9", "abc", "-1", "²", "9" * 30])
def test_ids_that_no_record_has_are_refused_with_a_sentence(officer_client: Client, nonsense: str):
    chosen = dict.fromkeys(("organisations", "sectors", "mission", "stop", "city"), nonsense)
    response = officer_client.post(ADD, form(**chosen, **{"attendances-0-person": nonsense}))
    assert response.status_code == 200
    assert set(errors(response)) == set(chosen)


def test_an_officer_takes_a_mistaken_attendance_off(officer_client: Client):
    meeting = make_meeting()
    attendance = meeting.attendances.create(person=make_person())
    officer_client.post(
        change(meeting),
        form(
            version=meeting.version,
            **{
                "attendances-INITIAL_FORMS": "1",
                "attendances-0-id": attendance.pk,
                "attendances-0-version": attendance.version,
                "attendances-0-person": attendance.person_id,
                "attendances-0-DELETE": "on",
            },
        ),
    )
    assert not meeting.attendances.exists()
