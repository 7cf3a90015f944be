"""Making a partner."""

import re

import pytest

from partners.models import Organisation
from tests.factories import make_city, make_merge, make_organisation, make_sector

pytestmark = pytest.mark.django_db
URL = "/partners/new/"


def token(client):
    return re.search(r'name="token" value="([^"]+)"', client.get(URL).content.decode()).group(1)  # type: ignore[union-attr]


def sent(client, **values):
    data = {"name": "Nagoya Innovator’s Garage", "kind": "incubator", "country": "JP"}
    data |= {"side": "partner", "token": token(client), **values}
    return client.post(URL, {name: value for name, value in data.items() if value is not None})


def test_name_kind_and_country_are_enough(officer_client):
    answer = sent(officer_client)
    garage = Organisation.objects.get()
    assert answer.url == f"/partners/{garage.pk}/"
    assert garage.history.get().history_user.email == "officer@example.org"


def test_a_city_says_the_country(officer_client, nagoya):
    sent(officer_client, city=nagoya.pk, country="")
    assert Organisation.objects.get().country == "JP"


def test_a_country_or_a_city_is_needed(officer_client):
    html = sent(officer_client, country="").content.decode()
    assert "Choose a country, or a city, which says the country." in html
    assert not Organisation.objects.exists()


def test_a_city_of_another_country_is_refused(officer_client, nagoya):
    html = sent(officer_client, city=nagoya.pk, country="IT").content.decode()
    assert "Nagoya, Japan is not in Italy." in html
    assert not Organisation.objects.exists()


def test_find_offers_cities_and_keeps_what_was_typed(officer_client, genoa):
    answer = sent(officer_client, find="city", city__typed="ジェノヴァ", kind="")
    html = answer.content.decode()
    assert "Genoa, Italy" in html
    assert "Nagoya Innovator’s Garage" in html
    assert "This field is required" not in html
    assert not Organisation.objects.exists()


def test_a_city_typed_and_not_chosen_is_asked_about(officer_client, genoa):
    html = sent(officer_client, city__typed="Genova").content.decode()
    assert "is not chosen yet" in html
    assert not Organisation.objects.exists()


def test_a_form_sent_twice_makes_one_partner(officer_client):
    data = {"name": "JFC", "kind": "finance", "country": "JP", "side": "partner"}
    data["token"] = token(officer_client)
    first, second = officer_client.post(URL, data), officer_client.post(URL, data)
    assert Organisation.objects.count() == 1
    assert first.url == second.url == f"/partners/{Organisation.objects.get().pk}/"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 300}, "at most 200 characters (it has 300)"),
        ({"name": "Nagoya\0"}, "Null characters are not allowed."),
        ({"kind": "circus"}, "Select a valid choice."),
        ({"website": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"city": "9" * 40}, "Select a valid choice."),
        ({"city": "\0"}, "Null characters are not allowed."),
        ({"sectors": "9" * 40}, "Select a valid choice."),
        ({"owner": "9" * 40}, "Select a valid choice."),
        ({"parent": "abc"}, "Select a valid choice."),
    ],
)
def test_what_can_not_be_is_said_beside_its_field(officer_client, values, message):
    answer = sent(officer_client, **values)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not Organisation.objects.exists()


def test_a_broken_token_is_no_reason_to_lose_the_form(officer_client):
    answer = sent(officer_client, token="\0")
    assert answer.status_code in {200, 302}


def test_a_retired_sector_can_not_be_newly_chosen(officer_client):
    steel = make_sector("Steel", is_retired=True)
    html = sent(officer_client, sectors=steel.pk).content.decode()
    assert "Select a valid choice." in html
    assert "Steel" not in html


@pytest.mark.parametrize(
    ("theirs", "ours", "reason"),
    [
        ({"name": "NAGOYA  innovator's garage"}, {}, "the same name"),
        (
            {"native_name": "なごのキャンパス"},
            {"native_name": "なごのキャンパス"},
            "the same native name",
        ),
        (
            {"website": "http://www.garage.example/en"},
            {"website": "https://garage.example"},
            "the same domain, garage.example",
        ),
    ],
)
def test_a_likely_duplicate_is_warned_about_with_the_reason(officer_client, theirs, ours, reason):
    known = make_organisation(**{"name": "Garage", **theirs})
    html = sent(officer_client, **ours).content.decode()
    assert f"/partners/{known.pk}/" in html
    assert reason in html
    assert Organisation.objects.count() == 1
    sent(officer_client, **ours, anyway="1")
    assert Organisation.objects.count() == 2


def test_two_chambers_in_two_countries_share_a_name_unremarked(officer_client):
    make_organisation("Nagoya Innovator’s Garage", make_city("Genoa", "IT"))
    assert sent(officer_client).status_code == 302


def test_an_archived_partner_is_not_offered_as_what_it_is_part_of(officer_client, officer):
    closed = make_organisation("Closed Bank")
    closed.archive(officer)
    html = sent(officer_client, parent=closed.pk).content.decode()
    assert "is out of use and can’t be newly chosen" in html
    assert (
        "Closed Bank" not in officer_client.get("/choices/organisations/?q=closed").content.decode()
    )


@pytest.mark.parametrize("name", ["city", "parent", "sectors", "owner"])
@pytest.mark.parametrize("value", ["9" * 5000, "0" * 30 + "9" * 40, "--5", "²", "-1"])
def test_an_id_that_no_record_can_have_is_refused(officer_client, name, value):
    answer = sent(officer_client, **{name: value})
    assert "Select a valid choice" in answer.content.decode()
    assert not Organisation.objects.exists()


def test_a_reader_makes_none(reader_client):
    assert reader_client.get(URL).status_code == 403
    assert reader_client.post(URL, {"name": "JFC"}).status_code == 403


def test_part_of_what_was_merged_meanwhile_is_part_of_what_it_became(officer_client, steward):
    kept, gone = make_organisation("Filse"), make_organisation("Filse S.p.A.")
    make_merge(steward, kept, gone)
    sent(officer_client, parent=gone.pk)
    assert Organisation.objects.get(name="Nagoya Innovator’s Garage").parent == kept
