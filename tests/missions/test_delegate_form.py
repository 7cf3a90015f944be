"""A place is added, named, split and changed."""

from typing import Any

from django.test import Client

from missions.models import Delegate
from partners.models import Person
from tests.factories import make_person
from tests.journeys import Journey
from tests.missions.test_followup_form import entries
from tests.missions.test_mission_delegation import url
from tests.reading import words

NO_NEWCOMER = {"new_people-TOTAL_FORMS": "1", "new_people-INITIAL_FORMS": "0"}


def fill(client: Client, address: str, **changes: Any) -> Any:
    """The form as opened, with these answers, sent."""
    sent = entries(client.get(address), **changes)
    return client.post(address, {**NO_NEWCOMER, **sent}, follow=True)


def test_a_place_is_held_for_an_organisation_before_it_has_a_name(
    officer_client: Client, journey: Journey
):
    address = url(journey, f"new/?organisation={journey.home['region'].pk}")
    fill(officer_client, address, role="speaker")
    place = Delegate.objects.latest("pk")
    assert (place.organisation, place.person, place.role) == (
        journey.home["region"],
        None,
        "speaker",
    )


def test_a_form_sent_twice_adds_one_place(officer_client: Client, journey: Journey):
    address = url(journey, f"new/?organisation={journey.home['region'].pk}")
    sent = {**NO_NEWCOMER, **entries(officer_client.get(address))}
    officer_client.post(address, sent)
    officer_client.post(address, sent)
    assert Delegate.objects.count() == 5


def test_naming_someone_fills_the_place(officer_client: Client, journey: Journey):
    anna = make_person("Anna", "Ferro", journey.home["iit"])
    place = journey.delegates[2]
    fill(officer_client, url(journey, f"{place.pk}/edit/"), person=anna.pk)
    place.refresh_from_db()
    assert place.person == anna
    assert Delegate.objects.count() == 4


def test_one_is_named_and_the_rest_kept_open(officer_client: Client, journey: Journey):
    anna = make_person("Anna", "Ferro", journey.home["iit"])
    place = journey.delegates[2]
    fill(officer_client, url(journey, f"{place.pk}/edit/"), person=anna.pk, keeps_open="on")
    place.refresh_from_db()
    own = Delegate.objects.get(person=anna)
    assert place.person is None
    assert own.organisation == place.organisation
    assert list(own.missed_stops.all()) == [journey.stops[2]]


def test_a_person_has_one_place_and_the_form_says_which(officer_client: Client, journey: Journey):
    place = journey.delegates[2]
    response = fill(
        officer_client, url(journey, f"{place.pk}/edit/"), person=journey.people["head"].pk
    )
    assert (
        "Giulia Parodi has a place in this delegation already, held for Regione Liguria"
        in words(response)
    )


def test_somebody_not_yet_known_is_added_without_leaving(officer_client: Client, journey: Journey):
    place = journey.delegates[2]
    new = {
        "new_people-0-given_name": "Anna",
        "new_people-0-family_name": "Ferro",
        "new_people-0-job_title": "Engineer",
    }
    fill(officer_client, url(journey, f"{place.pk}/edit/"), **new)
    place.refresh_from_db()
    assert str(place.person) == "Anna Ferro"
    post = Person.objects.get(family_name="Ferro").affiliations.get()
    assert (post.organisation, post.job_title) == (journey.home["iit"], "Engineer")


def test_a_namesake_is_asked_about_before_anything_is_saved(
    officer_client: Client, journey: Journey
):
    place = journey.delegates[2]
    new = {"new_people-0-given_name": "Giulia", "new_people-0-family_name": "Parodi"}
    response = fill(officer_client, url(journey, f"{place.pk}/edit/"), **new)
    assert "Giulia Parodi is known already" in words(response)
    assert Person.objects.filter(family_name="Parodi").count() == 1


def test_choosing_and_adding_at_once_is_asked_about(officer_client: Client, journey: Journey):
    anna = make_person("Anna", "Ferro", journey.home["iit"])
    place = journey.delegates[2]
    response = fill(
        officer_client,
        url(journey, f"{place.pk}/edit/"),
        person=anna.pk,
        **{"new_people-0-given_name": "Berta"},
    )
    assert "not both" in words(response)


def test_who_works_elsewhere_is_taken_and_it_is_said(officer_client: Client, journey: Journey):
    place = journey.delegates[2]
    response = fill(
        officer_client, url(journey, f"{place.pk}/edit/"), person=journey.people["tanabe"].pk
    )
    place.refresh_from_db()
    assert place.person == journey.people["tanabe"]
    assert "works for Japan Finance Corporation, not for Istituto" in words(response)


def test_the_second_to_save_is_told_what_changed(officer_client: Client, journey: Journey):
    place = journey.delegates[1]
    address = url(journey, f"{place.pk}/edit/")
    sent = {**NO_NEWCOMER, **entries(officer_client.get(address), role="speaker")}
    place.status = Delegate.Status.DECLINED
    place.save()
    response = officer_client.post(address, sent)
    assert "Somebody saved this meanwhile" in words(response)
    place.refresh_from_db()
    assert place.role == "member"


def test_people_of_the_organisation_are_offered_first(officer_client: Client, journey: Journey):
    make_person("Luca", "Abate", journey.partners["jfc"])
    address = f"/choices/colleagues/{journey.home['iit'].pk}/"
    offered = words(officer_client.get(address))
    assert "Luca Canepa" in offered
    found = words(officer_client.get(address, {"q": "luca"}))
    assert found.index("Luca Canepa") < found.index("Luca Abate")


def test_without_scripts_find_offers_the_organisations_people(
    officer_client: Client, journey: Journey
):
    address = url(journey, f"{journey.delegates[2].pk}/edit/")
    sent = {**NO_NEWCOMER, **entries(officer_client.get(address)), "find": "person"}
    assert "Luca Canepa" in words(officer_client.post(address, sent))
