"""The delegation page: places by organisation, how far they are, changed in place."""

from typing import Any

import pytest
from django.test import Client

from missions.models import Delegate, PrivateLink
from tests.factories import make_affiliation, make_delegate, make_person, make_private_link
from tests.journeys import Journey
from tests.reading import words


def url(journey: Journey, rest: str = "") -> str:
    return f"/missions/{journey.mission.pk}/delegation/{rest}"


def test_it_counts_the_places_by_status(reader_client: Client, journey: Journey):
    said = words(reader_client.get(url(journey)))
    assert "4 places 3 confirmed 1 invited 1 unnamed" in said


def test_the_places_stand_under_the_organisations_they_are_held_for(
    reader_client: Client, journey: Journey
):
    said = words(reader_client.get(url(journey)))
    order = [
        said.index(part)
        for part in ("Istituto Italiano", "Luca Canepa", "Representatives", "Regione", "Giulia")
    ]
    assert order == sorted(order)
    assert "2 places, 1 still open" in said


def test_a_reader_is_offered_nothing_to_change(reader_client: Client, journey: Journey):
    html = reader_client.get(url(journey)).content.decode()
    for word in ("Add a place", "Private page", "Remove", "<select"):
        assert word not in html[html.index("<main") :]


def test_who_asked_not_to_be_contacted_shows_no_phone(reader_client: Client, journey: Journey):
    engineer = journey.people["engineer"]
    engineer.contact_preference = "none"
    engineer.save()
    said = words(reader_client.get(url(journey)))
    assert "Asked not to be contacted" in said
    assert "333 123" not in said


def test_it_says_who_works_for_somebody_else(reader_client: Client, journey: Journey):
    make_affiliation(journey.people["interpreter"], journey.partners["embassy"])
    assert "Works for Embassy of Italy in Japan" in words(reader_client.get(url(journey)))


def test_role_and_status_are_changed_in_place(officer_client: Client, journey: Journey):
    place = journey.delegates[2]
    sent = {"role": "speaker", "status": "confirmed", "version": place.version}
    response = officer_client.post(url(journey, f"{place.pk}/change/"), sent, follow=True)
    place.refresh_from_db()
    assert (place.role, place.status) == ("speaker", "confirmed")
    assert "Istituto Italiano di Tecnologia: Speaker, Confirmed." in words(response)


def test_a_change_to_what_somebody_changed_meanwhile_is_asked_again(
    officer_client: Client, journey: Journey
):
    place = journey.delegates[2]
    opened = place.version
    place.role = Delegate.Role.SPEAKER
    place.save()
    sent = {"role": "member", "status": "confirmed", "version": opened}
    response = officer_client.post(url(journey, f"{place.pk}/change/"), sent, follow=True)
    place.refresh_from_db()
    assert place.role == "speaker"
    assert "changed the place" in words(response)


@pytest.mark.parametrize("sent", [{}, {"role": "king", "status": "x", "version": "y"}])
def test_a_damaged_change_changes_nothing(officer_client: Client, journey: Journey, sent: Any):
    place = journey.delegates[0]
    response = officer_client.post(url(journey, f"{place.pk}/change/"), sent, follow=True)
    assert "could not be read" in words(response)


def test_who_declines_loses_the_private_page(officer_client: Client, journey: Journey):
    place = journey.delegates[1]
    make_private_link(delegate=place)
    sent = {"role": place.role, "status": "declined", "version": place.version}
    officer_client.post(url(journey, f"{place.pk}/change/"), sent)
    assert not PrivateLink.objects.in_force().exists()


def test_a_place_of_another_mission_is_not_found(officer_client: Client, journey: Journey):
    other = Delegate.objects.exclude(mission=journey.mission).first()
    assert other is None
    assert officer_client.post("/missions/999/delegation/1/change/").status_code == 404


def test_queries_do_not_grow_with_the_places(
    officer_client: Client, journey: Journey, django_assert_max_num_queries: Any
):
    def count(rows: int) -> int:
        for number in range(rows):
            person = make_person(f"Guest {number}", "Rossi", journey.home["iit"])
            place = make_delegate(journey.mission, journey.home["iit"], person=person)
            make_private_link(delegate=place)
        with django_assert_max_num_queries(40) as queries:
            officer_client.get(url(journey))
        return len(queries)

    assert count(1) == count(20)
