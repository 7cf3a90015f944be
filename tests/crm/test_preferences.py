"""The reader's language, theme and clock."""

import pytest
from django.test import Client

from crm.models import User
from crm.preferences import PreferencesForm
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_language_theme_and_zone_are_kept(reader, reader_client):
    reader_client.post(
        "/preferences/", {"language": "it", "theme": "dark", "time_zone": "Asia/Tokyo"}
    )
    reader.refresh_from_db()
    assert (reader.language, reader.theme, reader.time_zone) == ("it", "dark", "Asia/Tokyo")


def test_the_page_speaks_the_chosen_language_in_the_chosen_theme(reader_client):
    page = reader_client.post(
        "/preferences/", {"language": "it", "theme": "dark"}, follow=True
    ).content.decode()
    assert '<html lang="it" data-theme="dark">' in page


def test_a_switch_in_the_menu_changes_one_thing_and_comes_back(reader, reader_client):
    response = reader_client.post("/preferences/", {"theme": "dark", "next": "/partners/?city=3"})
    reader.refresh_from_db()
    assert response["Location"] == "/partners/?city=3"
    assert (reader.theme, reader.time_zone) == ("dark", "Europe/Rome")


def test_the_way_back_never_leads_elsewhere(reader_client):
    response = reader_client.post(
        "/preferences/", {"theme": "dark", "next": "https://evil.example/"}
    )
    assert response["Location"] == "/preferences/"


@pytest.mark.parametrize(
    "wrong",
    [{"time_zone": "Mars/Base"}, {"time_zone": ""}, {"language": "tlh"}, {"theme": "\x00"}],
)
def test_what_does_not_exist_is_refused_beside_its_field(reader, reader_client, wrong):
    page = reader_client.post("/preferences/", wrong)
    assert 'class="error"' in page.content.decode()
    reader.refresh_from_db()
    assert (reader.language, reader.theme, reader.time_zone) == ("", "auto", "Europe/Rome")


def test_one_changes_nobody_elses_preferences(reader_client):
    other = make_user("bianchi@example.org")
    reader_client.post("/preferences/", {"id": other.pk, "email": "x@example.org", "theme": "dark"})
    other.refresh_from_db()
    assert (other.theme, other.email) == ("auto", "bianchi@example.org")


def test_a_stranger_chooses_the_language_of_the_door():
    client = Client()
    door = "/accounts/login/?next=/partners/"
    response = client.post("/language/", {"language": "it", "next": door})
    assert response["Location"] == door
    assert '<html lang="it">' in client.get(door).content.decode()


def test_the_door_speaks_the_browsers_language():
    page = Client(headers={"Accept-Language": "it-IT,it;q=0.9"}).get("/accounts/login/")
    assert '<html lang="it">' in page.content.decode()


def test_an_account_deactivated_meanwhile_stays_so(reader):
    form = PreferencesForm(
        {"theme": "dark", "time_zone": "Europe/Rome", "digest_hour": "7"}, instance=reader
    )
    assert form.is_valid()
    User.objects.update(is_active=False)
    form.save()
    reader.refresh_from_db()
    assert (reader.theme, reader.is_active) == ("dark", False)
