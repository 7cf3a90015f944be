"""The programme on the road: what is on the page, and for whom."""

from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from missions.models import Attendance, Meeting
from tests.factories import (
    make_delegate,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
)
from tests.journeys import Journey
from tests.reading import words

pytestmark = pytest.mark.django_db


def page(client: Client, mission: Any) -> str:
    response = client.get(f"/missions/{mission.pk}/programme/")
    assert response.status_code == 200
    return words(response)


def test_the_days_come_in_order_and_what_has_none_last(
    reader_client: Client, journey: Journey
) -> None:
    read = page(reader_client, journey.mission)
    order = ["Monday 8 March 2027", "Wednesday 10 March 2027", "Friday 12 March 2027"]
    places = [read.index(day) for day in order]
    assert places == sorted(places)
    assert "Meetings without a date are left out of calendars. Time not known yet" in read
    assert "09:30 Tokyo 01:30 Rome" in read


def test_it_says_whom_we_meet_and_how_to_address_and_call_them(
    reader_client: Client, journey: Journey
) -> None:
    tanabe = journey.people["tanabe"]
    Attendance.objects.create(meeting=journey.meetings[1], person=tanabe)
    response = reader_client.get(f"/missions/{journey.mission.pk}/programme/")
    read = words(response)
    assert "Tanabe Haruka 田辺 遥 (たなべ はるか)" in read
    assert "Director, Japan Finance Corporation Address as: Ms Tanabe" in read
    assert 'href="tel:+81352531112"' in response.content.decode()
    assert "Giulia Parodi (head of delegation); Luca Canepa" in read
    assert "Istituto Italiano di Tecnologia (representatives)" in read


def test_whoever_is_not_to_be_called_has_no_phone_on_it(
    reader_client: Client, journey: Journey
) -> None:
    tanabe = journey.people["tanabe"]
    Attendance.objects.create(meeting=journey.meetings[1], person=tanabe)
    for preference in ("none", "email"):
        tanabe.contact_preference = preference
        tanabe.save()
        assert "+81 3 5253 1112" not in page(reader_client, journey.mission)


def test_a_person_who_came_with_us_is_one_of_us(reader_client: Client, journey: Journey) -> None:
    guide = make_person("Marta", "Ferri", journey.home["region"])
    Attendance.objects.create(meeting=journey.meetings[0], person=guide)
    assert "Aiko Morelli (interpreter); Marta Ferri" in page(reader_client, journey.mission)


def test_a_confidential_meeting_keeps_its_secrets(
    reader_client: Client, officer_client: Client, journey: Journey
) -> None:
    Meeting.objects.filter(pk=journey.meetings[5].pk).update(place="Room 9", purpose="The rate")
    assert "Room 9" in page(officer_client, journey.mission)
    read = page(reader_client, journey.mission)
    for secret in ("Conclusions", "Room 9", "The rate", "Ask for the rate"):
        assert secret not in read


def test_the_address_leads_to_a_map_and_a_call_to_itself(
    reader_client: Client, journey: Journey
) -> None:
    Meeting.objects.filter(pk=journey.meetings[1].pk).update(place="https://call.example/1?a=b")
    html = reader_client.get(f"/missions/{journey.mission.pk}/programme/").content.decode()
    assert "search?query=Mita+2-5-4%2C+Minato%2C+Tokyo%2C+Japan" in html
    assert 'href="https://call.example/1?a=b"' in html


def test_today_is_the_day_on_the_clock_of_the_place(
    reader_client: Client, journey: Journey
) -> None:
    Meeting.objects.filter(pk=journey.meetings[0].pk).update(
        local_date=timezone.localdate(timezone=timezone.get_fixed_timezone(9 * 60))
    )
    html = reader_client.get(f"/missions/{journey.mission.pk}/programme/").content.decode()
    assert html.count("data-today>Today") == 1


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_a_mission_with_nothing_in_it_is_a_sane_page(reader_client: Client, status: str) -> None:
    read = page(reader_client, make_mission("Empty", status=status))
    assert "Dates not known" in read
    assert "No meetings yet" in read
    assert ("This mission is cancelled." in read) == (status == "cancelled")


def test_markup_and_breaks_in_names_are_only_letters(reader_client: Client) -> None:
    mission = make_mission("<script>alert(1)</script>")
    person = make_person("Ha\nru", "<b>Tanabe</b>", make_organisation("A & <i>B</i>"))
    make_meeting([], [person], mission=mission, title="<img src=x>", place="Room <9>")
    html = reader_client.get(f"/missions/{mission.pk}/programme/").content.decode()
    for raw in ("<script>alert", "<b>Tanabe", "<i>B", "<img", "<9>"):
        assert raw not in html
    for path in (f"/missions/{mission.pk}/programme.ics",):
        assert reader_client.get(path).status_code == 200


def test_it_is_held_leads_to_the_form_and_back(
    officer_client: Client, reader_client: Client, journey: Journey
) -> None:
    held = (
        f"/meetings/{journey.meetings[0].pk}/edit/?status=held&amp;"
        f"next=/missions/{journey.mission.pk}/programme/%23meeting-{journey.meetings[0].pk}"
    )
    address = f"/missions/{journey.mission.pk}/programme/"
    assert held in officer_client.get(address).content.decode()
    assert "It was held" not in reader_client.get(address).content.decode()


def test_the_number_of_queries_does_not_grow(
    officer_client: Client, django_assert_max_num_queries: Any
) -> None:
    mission = make_mission()
    partner = make_organisation()

    def add(count: int) -> None:
        person = make_person("Haruka", f"Tanabe{count}", partner, phone="+81 3 5253 1111")
        make_meeting(
            [partner],
            [person],
            mission=mission,
            status="planned",
            local_date=date(2027, 3, 1 + count),
            local_time=time(9),
        )
        make_delegate(mission, partner, person=make_person("Luca", f"Canepa{count}"))

    def cost() -> int:
        with django_assert_max_num_queries(40) as counted:
            page(officer_client, mission)
        return len(counted)

    add(0)
    one = cost()
    for count in range(1, 20):
        add(count)
    assert cost() == one


def test_the_worker_is_a_script_that_holds_nothing_of_anybody(reader_client: Client) -> None:
    response = reader_client.get("/missions/worker.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"


def test_signing_out_clears_the_device(reader_client: Client) -> None:
    response = reader_client.post("/accounts/logout/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
