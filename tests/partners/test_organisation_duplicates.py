"""The inbox of likely duplicates, for organisations and people alike."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.models import OrganisationPair, PersonPair
from tests.factories import make_city, make_organisation, make_person

pytestmark = pytest.mark.django_db
URL = "/partners/duplicates/"


def make_twins(number=0):
    website = f"https://aqua{number}.example"
    first = make_organisation(f"Aqua{number} Robotics S.p.A.", website=website)
    return first, make_organisation(f"Aqua{number} Robotics", website=website)


def test_two_records_stand_side_by_side_with_the_reasons(steward_client):
    make_organisation("Aqua Robotics S.p.A.", country="IT", phone="010 555 0101")
    make_organisation("Aqua Robotics", country="IT", phone="+39 010 555 0101")
    html = steward_client.get(URL).content.decode()
    assert "1 pair" in html
    assert "The same phone with +39 and without, +39 010 555 0101" in html
    assert "The same name" in html


def test_a_pair_dismissed_is_gone_and_the_next_search_leaves_it(steward_client, steward):
    make_twins()
    pair = OrganisationPair.objects.get()
    answer = steward_client.post(f"{URL}{pair.pk}/dismiss/", follow=True)
    html = answer.content.decode()
    assert "Nothing looks like a duplicate" in html
    assert f"{URL}{pair.pk}/reopen/" in html
    call_command("find_duplicates", verbosity=0)
    assert OrganisationPair.objects.get().dismissed_by == steward
    assert (
        "Two, said Stella Steward" in steward_client.get(f"{URL}?show=dismissed").content.decode()
    )


def test_dismissing_can_be_undone(steward_client):
    make_twins()
    pair = OrganisationPair.objects.get()
    steward_client.post(f"{URL}{pair.pk}/dismiss/")
    steward_client.post(f"{URL}{pair.pk}/reopen/", {"next": URL})
    assert "1 pair" in steward_client.get(URL).content.decode()


def test_a_pair_that_somebody_else_saw_to_says_so(steward_client):
    answer = steward_client.post(f"{URL}77/dismiss/", follow=True)
    assert "Somebody has seen to this pair already." in answer.content.decode()


def test_one_goes_back_to_no_other_site(steward_client):
    make_twins()
    url = f"{URL}{OrganisationPair.objects.get().pk}/dismiss/"
    assert steward_client.post(url, {"next": "https://evil.example/"}).url == URL


@pytest.mark.parametrize("kind", ["partners", "people"])
def test_the_inbox_costs_the_same_for_1_and_for_20_pairs(kind, steward_client):
    def make(number):
        if kind == "partners":
            make_twins(number)
        else:
            house = make_organisation(f"Bank {number}")
            for _twice in "ab":
                make_person("Mario", f"Rossi{number}", house, email=f"m{number}@rossi.example")

    def queries():
        with CaptureQueriesContext(connection) as asked:
            steward_client.get(f"/{kind}/duplicates/")
        return len(asked)

    make(0)
    queries()
    first = queries()
    for number in range(1, 20):
        make(number)
    assert "20 pairs" in steward_client.get(f"/{kind}/duplicates/").content.decode()
    assert queries() == first


def test_a_person_dismissed_stays_so(steward_client):
    make_person("Mario", "Rossi", email="mario@rossi.example")
    make_person("Rossi", "Mario", email="mario@rossi.example")
    html = steward_client.get("/people/duplicates/").content.decode()
    assert "Family and given name swapped" in html
    steward_client.post(f"/people/duplicates/{PersonPair.objects.get().pk}/dismiss/")
    assert PersonPair.objects.get().is_dismissed


def test_a_partners_page_says_what_it_looks_like_to_stewards_only(steward_client, officer_client):
    first, second = make_twins()
    words = f'Looks like <a href="/partners/{second.pk}/">Aqua0 Robotics</a>'
    url = f"/partners/{first.pk}/"
    assert words in steward_client.get(url).content.decode()
    assert words not in officer_client.get(url).content.decode()


def test_a_command_finds_what_was_loaded_past_the_records(steward_client):
    make_twins()
    OrganisationPair.objects.all().delete()
    call_command("find_duplicates", verbosity=0)
    assert OrganisationPair.objects.count() == 1


def test_twins_show_while_one_types(officer_client):
    make_organisation("Tokyo Chamber of Commerce and Industry", website="https://tcci.example")
    html = officer_client.post(
        "/partners/alike/", {"name": "東京商工会議所", "country": "JP", "website": "tcci.example"}
    ).content.decode()
    assert "This looks like one that we have" in html
    assert "the native name and the Latin name agree" in html
    assert not officer_client.post("/partners/alike/", {"name": "\0" * 300}).content.strip()


@pytest.mark.parametrize("typed", ["Japan Finance Corporation", "Japan Finance Corp."])
def test_a_name_alone_is_enough_to_be_shown_while_one_types(officer_client, typed):
    known = make_organisation("Japan Finance Corporation", city=make_city("Tokyo", "JP"))
    html = officer_client.post("/partners/alike/", {"name": typed}).content.decode()
    assert known.get_absolute_url() in html


def test_the_same_name_in_another_city_is_another_one(officer_client):
    make_organisation("Chamber of Commerce", city=make_city("Tokyo", "JP"))
    genoa = make_city("Genoa", "IT")
    typed = {"name": "Chamber of Commerce", "city": genoa.pk}
    assert not officer_client.post("/partners/alike/", typed).content.strip()


def test_people_who_look_alike_show_while_one_types(officer_client):
    make_person("Haruka", "Ōno", mobile="+81 90 1234 5678")
    html = officer_client.post(
        "/people/alike/",
        {"given_name": "Ohno", "family_name": "Haruka", "mobile": "+81 90-1234-5678"},
    ).content.decode()
    assert "family and given name swapped" in html


def test_the_side_leads_there(steward_client, officer_client):
    assert f'href="{URL}" aria-current="page"' in steward_client.get(URL).content.decode()
    assert f'href="{URL}"' not in officer_client.get("/").content.decode()


def test_who_looks_like_what_one_types_is_told_apart_by_where_they_work(officer_client):
    make_person("Hanako", "Suzuki", organisation=make_organisation("Central Japan Federation"))
    typed = {"given_name": "Hanako", "family_name": "Suzuki"}
    html = officer_client.post("/people/alike/", typed).content.decode()
    assert ", Central Japan Federation <" in html


def test_names_and_places_of_what_looks_alike_stand_together(officer_client, genoa):
    make_organisation("Filse", genoa)
    form = {"name": "Filse S.p.A.", "kind": "company", "city": genoa.pk, "side": "home"}
    html = officer_client.post("/partners/new/", form).content.decode()
    assert "Filse</a>, Genoa, Italy: the same name; the same city." in html


def test_a_short_name_typed_as_the_name_shows_whose_it_is(officer_client, tokyo):
    make_organisation("Italian Chamber of Commerce for Japan", tokyo, short_name="ICCJ")
    html = officer_client.post("/partners/alike/", {"name": "iccj", "city": tokyo.pk})
    assert "Italian Chamber of Commerce for Japan" in html.content.decode()
