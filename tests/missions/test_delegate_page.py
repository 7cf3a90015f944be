"""The private page of a delegate from outside: their programme and contacts, and nothing else."""

from typing import Any

import pytest
from django.test import Client

from missions.models import Attendance, Delegate, Meeting, PrivateLink
from missions.tokens import WRONG_TOKENS
from tests.factories import make_meeting, make_private_link
from tests.journeys import Journey
from tests.missions.test_mission_delegation import url
from tests.reading import words


@pytest.fixture
def link(journey: Journey) -> PrivateLink:
    """The engineer's; every internal text of the journey is a word one can look for."""
    mission = journey.mission
    mission.notes, mission.aims = "SECRET mission notes", "SECRET aims"
    mission.save()
    for meeting in journey.meetings:
        meeting.notes, meeting.outcome = "SECRET notes", "SECRET outcome"
        meeting.save()
    talk, closing = journey.meetings[1], journey.meetings[5]
    closing.title = closing.purpose = "SECRET talks"
    closing.save()
    for meeting in (talk, closing):
        Attendance.objects.create(meeting=meeting, person=journey.people["tanabe"])
    tanabe = journey.people["tanabe"]
    tanabe.notes = "SECRET of a person"
    tanabe.save()
    return make_private_link(delegate=journey.delegates[1])


def read(link: PrivateLink, query: str = "", **headers: str) -> Any:
    return Client().get(f"/d/{link.token}/{query}", headers=headers)


def test_it_shows_their_programme_whom_they_meet_and_how_to_address_them(link: PrivateLink):
    said = words(read(link))
    assert "Monday 8 March 2027 14:00 Tokyo 06:00 Rome How small firms are financed" in said
    assert "A joint guarantee fund" in said
    assert "Tanabe Haruka 田辺 遥 (たなべ はるか) Director, Japan Finance Corporation" in said
    assert "Address as: Ms Tanabe" in said
    assert "Welcome by the Ambassador" not in said


def test_it_shows_the_delegation_and_whom_to_call(link: PrivateLink):
    said = words(read(link))
    assert "Giulia Parodi Regione Liguria · Head of delegation parodi@example.it" in said
    assert "+39 333 123 4567" in said
    assert "Representatives Istituto Italiano di Tecnologia" in said
    assert "Embassy of Italy in Japan: +81 3 3453 5291" in said
    assert f"/calendar/{link.token}.ics" in read(link).content.decode()


def test_nothing_internal_is_in_it(link: PrivateLink):
    html = read(link).content.decode()
    assert "SECRET" not in html
    for contact in ("tanabe@example.jp", "5253", "Send the", "Memorandum", "First talk"):
        assert contact not in html


def test_of_a_confidential_meeting_it_says_when_where_and_with_whom(link: PrivateLink):
    said = words(read(link))
    part = said[said.index("Friday 12 March") : said.index("Day not known")]
    assert part.strip() == (
        "Friday 12 March 2027 11:00 Tokyo 03:00 Rome Japan Finance Corporation 日本政策金融公庫 "
        "Tokyo 東京"
    )


def test_it_leads_nowhere_into_the_product(link: PrivateLink):
    html = read(link).content.decode()
    for path in ("/missions/", "/meetings/", "/partners/", "/people/", "/accounts/", "<script"):
        assert path not in html


def test_nobody_keeps_it_finds_it_or_learns_where_one_came_from(link: PrivateLink):
    response = read(link)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert not response.cookies


@pytest.mark.parametrize(
    ("preference", "shown", "hidden"),
    [
        ("email", ["canepa@example.it"], ["333 123"]),
        ("phone", ["333 123"], ["canepa@example.it"]),
        ("none", ["Luca Canepa"], ["333 123", "canepa@example.it"]),
    ],
)
def test_a_delegate_is_reached_as_they_wish(
    link: PrivateLink, journey: Journey, preference: str, shown: list[str], hidden: list[str]
):
    engineer = journey.people["engineer"]
    engineer.email, engineer.contact_preference = "canepa@example.it", preference
    engineer.save()
    said = words(read(link))
    assert all(one in said for one in shown)
    assert not any(one in said for one in hidden)


def test_it_opens_in_the_browsers_language_or_the_one_asked_for(link: PrivateLink):
    assert 'lang="it"' in read(link, **{"accept-language": "it"}).content.decode()
    assert "lunedì 8 marzo 2027" in words(read(link, "?language=it"))
    assert "Monday 8 March" in words(read(link, "?language=en", **{"accept-language": "it"}))
    assert read(link, "?language=xx").status_code == 200


def test_it_remembers_the_day_it_was_opened_by_its_delegate(
    link: PrivateLink, officer_client: Client
):
    officer_client.get(f"/d/{link.token}/")
    link.refresh_from_db()
    assert link.opened_on is None
    read(link)
    link.refresh_from_db()
    assert link.opened_on


def test_a_revoked_address_says_that_it_is_closed(link: PrivateLink, officer: Any):
    link.revoke(officer)
    response = read(link)
    assert response.status_code == 410
    assert "This page is closed" in words(response)
    assert "Spring mission" not in response.content.decode()


def test_it_closes_for_who_declined(link: PrivateLink, journey: Journey):
    place = journey.delegates[1]
    place.status = Delegate.Status.DECLINED
    place.save()
    assert read(link).status_code == 410


def test_it_goes_with_the_place(link: PrivateLink, journey: Journey):
    journey.delegates[1].delete()
    response = Client().get(f"/d/{link.token}/")
    assert response.status_code == 404
    assert "Nothing is at this address" in words(response)


def test_a_users_token_opens_no_delegates_page(officer: Any):
    token = make_private_link(user=officer).token
    assert Client().get(f"/d/{token}/").status_code == 404


def test_guessing_is_stopped(link: PrivateLink):
    guesser = Client()
    answers = [guesser.get(f"/d/guess-{n}/").status_code for n in range(WRONG_TOKENS + 1)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_an_unnamed_place_has_a_page_too(journey: Journey):
    said = words(read(make_private_link(delegate=journey.delegates[2])))
    assert "Istituto Italiano di Tecnologia" in said
    assert "Conclusions" not in said


def test_queries_do_not_grow_with_the_programme(
    link: PrivateLink, journey: Journey, django_assert_max_num_queries: Any
):
    def count(rows: int) -> int:
        for number in range(rows):
            meeting = make_meeting(
                [journey.partners["jfc"]],
                [journey.people["suzuki"]],
                mission=journey.mission,
                stop=journey.stops[0],
                status=Meeting.Status.PLANNED,
                title=f"Visit {number}",
            )
            assert meeting.pk
        with django_assert_max_num_queries(40) as queries:
            read(link)
        return len(queries)

    read(link)
    assert count(1) == count(20)


def test_an_officer_makes_renews_and_revokes_the_address(officer_client: Client, journey: Journey):
    address = url(journey, f"{journey.delegates[0].pk}/link/")
    officer_client.post(address, {"act": "make"})
    officer_client.post(address, {"act": "make"})
    first = PrivateLink.objects.get()
    page = officer_client.get(address).content.decode()
    assert f"/d/{first.token}/" in page
    assert '<svg class="qr"' in page
    assert "Olga Officer" in page
    officer_client.post(address, {"act": "renew"})
    second = PrivateLink.objects.in_force().get()
    assert second.token != first.token
    officer_client.post(address, {"act": "revoke"})
    assert not PrivateLink.objects.in_force().exists()
    assert "The last address was closed on" in words(officer_client.get(address))


def test_who_declined_is_given_no_address(officer_client: Client, journey: Journey):
    place = journey.delegates[0]
    place.status = Delegate.Status.DECLINED
    place.save()
    officer_client.post(url(journey, f"{place.pk}/link/"), {"act": "make"})
    assert not PrivateLink.objects.exists()


def test_readers_never_see_an_address(reader_client: Client, journey: Journey, link: PrivateLink):
    assert reader_client.get(url(journey, f"{link.delegate_id}/link/")).status_code == 403
    for page in ("", f"{link.delegate_id}/"):
        assert link.token not in reader_client.get(url(journey, page)).content.decode()
