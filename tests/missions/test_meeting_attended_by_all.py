"""The whole delegation attended: in one click on the pages, and on the form."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from missions.models import Attendance, Meeting
from tests.factories import make_meeting, make_organisation
from tests.journeys import Journey
from tests.missions.meeting_form import entries, page, value
from tests.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(journey: Journey) -> Meeting:
    """The Ambassador's welcome, held yesterday; the engineer did not go along to it."""
    meeting = journey.meetings[0]
    meeting.status = Meeting.Status.HELD
    meeting.local_date = timezone.localdate() - timedelta(days=1)
    meeting.save()
    return meeting


def down(meeting: Meeting) -> dict[str, str]:
    """Who is put down, and for whom they spoke."""
    rows = meeting.attendances.select_related("person", "organisation")
    return {str(row.person): str(row.organisation) for row in rows}


def attend(client: Client, meeting: Meeting, **data: Any) -> Any:
    return client.post(f"/meetings/{meeting.pk}/whole-delegation/", data, follow=True)


def test_everyone_named_and_expected_speaks_for_whom_their_place_is_held(
    officer_client: Client, held: Meeting
) -> None:
    said = words(attend(officer_client, held))
    assert down(held) == {"Giulia Parodi": "Regione Liguria", "Aiko Morelli": "Regione Liguria"}
    assert "2 of the delegation are put down as having attended." in said
    assert "1 place without a name is left out." in said


def test_doing_it_twice_adds_nobody_and_who_is_down_stays_as_they_are(
    officer_client: Client, held: Meeting, journey: Journey
) -> None:
    iit = journey.home["iit"]
    Attendance.objects.create(meeting=held, person=journey.people["head"], organisation=iit)
    attend(officer_client, held)
    assert "nothing changed" in words(attend(officer_client, held))
    assert down(held)["Giulia Parodi"] == "Istituto Italiano di Tecnologia"
    assert held.attendances.count() == 2


def test_it_is_undone_by_one_click_and_only_it(
    officer_client: Client, held: Meeting, journey: Journey
) -> None:
    Attendance.objects.create(meeting=held, person=journey.people["tanabe"])
    answer = attend(officer_client, held).content.decode()
    undo = re.search(r'action="(/meetings/\d+/whole-delegation/undo/[^"]+)"', answer)
    assert undo
    officer_client.post(undo[1])
    assert list(down(held)) == ["Tanabe Haruka"]


def test_the_last_contact_of_a_partner_spoken_for_follows(
    officer_client: Client, held: Meeting, journey: Journey
) -> None:
    partner = make_organisation("Kyoto Chamber")
    journey.delegates[0].organisation = partner
    journey.delegates[0].save()
    attend(officer_client, held)
    partner.refresh_from_db()
    assert partner.last_contact_on == held.local_date
    assert partner in held.organisations.all()
    added = ",".join(str(pk) for pk in held.attendances.values_list("pk", flat=True))
    officer_client.post(f"/meetings/{held.pk}/whole-delegation/undo/?added={added}")
    assert not held.attendances.exists()


def test_of_a_cancelled_meeting_or_of_no_mission_nobody_is_expected(
    officer_client: Client, held: Meeting
) -> None:
    Meeting.objects.filter(pk=held.pk).update(status="cancelled")
    assert "cancelled: nobody is expected" in words(attend(officer_client, held))
    assert "belongs to no mission" in words(attend(officer_client, make_meeting()))
    assert not Attendance.objects.filter(meeting=held).exists()


def test_it_comes_back_to_the_page_it_was_clicked_on_but_to_no_other_site(
    officer_client: Client, held: Meeting
) -> None:
    here = f"/missions/{held.mission_id}/programme/"
    assert attend(officer_client, held, next=here).redirect_chain[-1][0] == here
    away = attend(officer_client, held, next="https://elsewhere.example/")
    assert away.redirect_chain[-1][0] == held.get_absolute_url()


def test_the_pages_offer_it_until_everyone_is_down(
    officer_client: Client, reader_client: Client, held: Meeting
) -> None:
    pages = (held.get_absolute_url(), f"/missions/{held.mission_id}/programme/")
    for path in pages:
        assert "The whole delegation attended" in words(officer_client.get(path))
        assert "The whole delegation attended" not in words(reader_client.get(path))
    attend(officer_client, held)
    for path in pages:
        officer_client.get(path)
        assert "The whole delegation attended" not in words(officer_client.get(path))


def test_it_was_held_opens_the_form_with_everyone_expected(
    officer_client: Client, journey: Journey
) -> None:
    meeting = journey.meetings[0]
    Attendance.objects.create(meeting=meeting, person=journey.people["tanabe"])
    html = page(officer_client.get(f"/meetings/{meeting.pk}/edit/?status=held"))
    for name in ("tanabe", "head", "interpreter"):
        assert f'value="{value(journey.people[name])}"' in html
    assert value(journey.people["engineer"]) not in html
    opened = re.findall(r'name="who_opened" value="([^"]+)"', html)
    assert value(journey.people["tanabe"]) in opened
    assert value(journey.people["head"]) not in opened


def test_whom_the_form_filled_in_are_saved_with_it(
    officer_client: Client, journey: Journey
) -> None:
    meeting, people = journey.meetings[0], journey.people
    embassy = value(journey.partners["embassy"])
    answer = officer_client.post(
        f"/meetings/{meeting.pk}/edit/",
        entries(
            embassy,
            people["head"],
            people["interpreter"],
            version=meeting.version,
            who_opened=[embassy],
            mission=meeting.mission_id,
            stop=meeting.stop_id,
            **{f"spoke_for_{people['interpreter'].pk}": journey.home["region"].pk},
        ),
    )
    assert answer.status_code == 302, page(answer)
    assert down(meeting) == {"Giulia Parodi": "Regione Liguria", "Aiko Morelli": "Regione Liguria"}


def test_the_form_adds_the_whole_delegation_and_keeps_what_was_typed(
    officer_client: Client, journey: Journey
) -> None:
    sent = entries(
        journey.partners["embassy"],
        mission=journey.mission.pk,
        stop=journey.stops[0].pk,
        outcome="They will write",
    )
    offered = page(officer_client.post("/meetings/log/", {**sent, "find": ""}))
    assert "Add the whole delegation: 3 more people" in offered
    html = page(officer_client.post("/meetings/log/", {**sent, "whole_delegation": "1"}))
    for name in ("head", "engineer", "interpreter"):
        assert f'value="{value(journey.people[name])}"' in html
    assert "They will write" in html
    assert "Aiko Morelli spoke for" in html
    assert "Add the whole delegation" not in html
    assert not Attendance.objects.filter(person=journey.people["head"]).exists()


def test_a_confidential_meeting_is_not_touched_by_who_may_not_read_it(
    reader_client: Client, journey: Journey
) -> None:
    assert attend(reader_client, journey.meetings[5]).status_code == 403
