"""The door: who gets in, how often one may try, and what one is told."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from crm.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
WRONG = "The e-mail or the password is wrong."
TOO_MANY = "Too many attempts to sign in."


def sign_in(client, email="rossi@example.org", password=PASSWORD, address="192.0.2.1", query=""):
    return client.post(LOGIN + query, {"login": email, "password": password}, REMOTE_ADDR=address)


def fail(times, email="rossi@example.org", address="192.0.2.1", client=None):
    for _ in range(times):
        response = sign_in(client or Client(), email, "wrong", address)
    return response


def test_the_right_password_opens_home(client):
    make_user()
    assert sign_in(client)["Location"] == "/"
    assert client.get("/").status_code == 200


def test_an_address_in_capitals_is_the_same_address(client):
    make_user()
    assert sign_in(client, "Rossi@Example.ORG").status_code == 302


def test_a_wrong_password_keeps_what_was_typed_and_says_so(client):
    make_user()
    page = sign_in(client, password="wrong").content.decode()
    assert WRONG in page
    assert 'value="rossi@example.org"' in page


def test_a_wrong_password_and_an_unknown_address_look_the_same(client):
    make_user()
    known = sign_in(client, password="wrong").content.decode()
    unknown = sign_in(client, "nobody@example.org").content.decode()
    assert WRONG in known
    assert WRONG in unknown


def test_a_deactivated_account_stays_out(client):
    make_user(is_active=False)
    response = sign_in(client)
    assert response["Location"] == reverse("account_inactive")
    assert "not in use" in client.get(response["Location"]).content.decode()
    assert client.get("/").status_code == 302


def test_deactivating_an_account_ends_its_sessions(client):
    user = make_user()
    sign_in(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/")["Location"].startswith(LOGIN)


@pytest.mark.parametrize(
    "path", ["/", "/preferences/", "/accounts/password/change/", "/admin/", "/admin/crm/user/"]
)
def test_a_stranger_is_sent_to_the_door_and_back(client, path):
    response = client.get(path, follow=True)
    assert response.redirect_chain[-1][0] == f"{LOGIN}?next={path}"


def test_after_signing_in_one_is_where_one_wanted_to_be(client):
    make_user()
    assert sign_in(client, query="?next=/preferences/")["Location"] == "/preferences/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_way_back_never_leads_elsewhere(client, target):
    make_user()
    assert sign_in(client, query=f"?next={target}")["Location"] == "/"


# Attempts


def test_ten_failures_a_minute_close_the_door_to_an_address():
    make_user()
    for number in range(10):
        assert WRONG in fail(1, f"guess{number}@example.org").content.decode()
    assert TOO_MANY in sign_in(Client()).content.decode()


def test_the_owner_gets_in_from_elsewhere_after_a_strangers_failures(client):
    make_user()
    fail(10, address="198.51.100.7")
    assert sign_in(client, address="192.0.2.1").status_code == 302


def test_twenty_failures_from_anywhere_close_an_account_for_a_while(monkeypatch):
    make_user()
    fail(10, address="198.51.100.7")
    fail(10, address="198.51.100.8")
    page = sign_in(Client(), address="203.0.113.9").content.decode()
    assert TOO_MANY in page
    assert "in five minutes" in page


def test_a_browser_that_was_in_before_is_not_kept_out_by_strangers(client):
    make_user()
    sign_in(client)
    client.post("/accounts/logout/")
    fail(10, address="198.51.100.7")
    fail(10, address="198.51.100.8")
    assert sign_in(client).status_code == 302


def test_a_known_browser_is_itself_limited_by_account(client):
    make_user()
    sign_in(client)
    client.post("/accounts/logout/")
    for number in range(20):
        fail(1, address=f"192.0.2.{number}", client=client)
    assert TOO_MANY in sign_in(client, address="192.0.2.99").content.decode()


def test_a_known_browser_gives_no_free_guesses_at_other_accounts(client):
    make_user()
    make_user("bianchi@example.org")
    sign_in(client)
    client.post("/accounts/logout/")
    fail(10, "bianchi@example.org", "198.51.100.7")
    fail(10, "bianchi@example.org", "198.51.100.8")
    assert TOO_MANY in sign_in(client, "bianchi@example.org").content.decode()


def test_the_link_in_the_mailbox_opens_a_door_that_strangers_closed(client):
    make_user()
    fail(10, address="198.51.100.7")
    fail(10, address="198.51.100.8")
    client.post("/accounts/password/reset/", {"email": "rossi@example.org"})
    form = client.get(reset_link(), follow=True).redirect_chain[-1][0]
    new = {"password1": "a new lantern at dusk", "password2": "a new lantern at dusk"}
    assert client.post(form, new)["Location"] == "/"
    assert client.get("/").status_code == 200


def test_signing_in_does_not_use_up_the_attempts(client):
    make_user()
    for _ in range(12):
        assert sign_in(Client()).status_code == 302


def test_too_many_requests_from_one_address_are_told_when_to_come_back(client):
    make_user()
    for _ in range(60):
        sign_in(Client(), "x", "")
    response = sign_in(client)
    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert "Try again in 60 seconds." in response.content.decode()


def test_a_made_up_forwarded_address_is_not_believed(client):
    make_user()
    for number in range(10):
        client.post(
            LOGIN,
            {"login": f"guess{number}@example.org", "password": "wrong"},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        )
    assert TOO_MANY in sign_in(client, address="127.0.0.1").content.decode()


def test_behind_a_trusted_proxy_the_visitors_address_counts(client, monkeypatch, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    make_user()
    attempt = {"login": "guess@example.org", "password": "wrong"}
    for _ in range(10):
        client.post(LOGIN, attempt, headers={"X-Forwarded-For": "10.0.0.1, 198.51.100.7"})
    attempt = {"login": "rossi@example.org", "password": PASSWORD}
    stranger = client.post(LOGIN, attempt, headers={"X-Forwarded-For": "198.51.100.7"})
    owner = Client().post(LOGIN, attempt, headers={"X-Forwarded-For": "192.0.2.1"})
    assert TOO_MANY in stranger.content.decode()
    assert owner.status_code == 302


@pytest.mark.parametrize("forwarded", ["", "nonsense", "1.2.3.4"])
def test_a_header_that_cannot_be_read_breaks_nothing(client, settings, forwarded):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    make_user()
    attempt = {"login": "rossi@example.org", "password": PASSWORD}
    response = client.post(LOGIN, attempt, headers={"X-Forwarded-For": forwarded})
    assert response.status_code == 302


# The password


def reset_link():
    found = re.search(r"https?://testserver(\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_the_answer_to_a_lost_password_does_not_tell_who_has_an_account(client):
    make_user()
    pages = [
        client.post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in ("rossi@example.org", "nobody@example.org")
    ]
    assert pages[0].redirect_chain == pages[1].redirect_chain
    assert [message.to for message in mail.outbox] == [
        ["rossi@example.org"],
        ["nobody@example.org"],
    ]
    assert "/accounts/" not in mail.outbox[1].body


def test_a_reset_link_works_once(client):
    make_user()
    client.post("/accounts/password/reset/", {"email": "rossi@example.org"})
    link = reset_link()
    new = {"password1": "a new lantern at dusk", "password2": "a new lantern at dusk"}
    client.post(client.get(link, follow=True).redirect_chain[-1][0], new)
    assert "This link has run out" in Client().get(link).content.decode()
    assert sign_in(Client(), password="a new lantern at dusk").status_code == 302


@pytest.mark.parametrize("password", ["short", "12345678901", "password123", "rossi@example.org"])
def test_a_weak_new_password_is_refused_beside_its_field(client, password):
    client.force_login(make_user())
    page = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    ).content.decode()
    assert 'id="id_password1-error"' in page


def test_changing_the_password_asks_for_the_present_one(client):
    client.force_login(make_user())
    form = {"oldpassword": "wrong", "password1": "lantern at dusk", "password2": "lantern at dusk"}
    assert (
        "not your present password"
        in client.post("/accounts/password/change/", form).content.decode()
    )
    response = client.post("/accounts/password/change/", {**form, "oldpassword": PASSWORD})
    assert response.status_code == 302
    assert sign_in(Client(), password="lantern at dusk").status_code == 302


def test_an_account_without_a_password_chooses_its_first_by_a_link(client):
    user = make_user(password=None)
    client.force_login(user)
    page = client.get("/accounts/password/change/", follow=True)
    assert "Your account has no password yet" in page.content.decode()
    client.post(page.redirect_chain[-1][0], {"email": user.email})
    new = {"password1": "a new lantern at dusk", "password2": "a new lantern at dusk"}
    client.post(client.get(reset_link(), follow=True).redirect_chain[-1][0], new)
    assert sign_in(Client(), password="a new lantern at dusk").status_code == 302


# What is shut


def test_nobody_signs_up_by_themselves(client):
    assert (
        "Accounts are made by an administrator" in client.get("/accounts/signup/").content.decode()
    )
    new = {"email": "me@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", new)
    assert not User.objects.exists()


@pytest.mark.parametrize("path", ["email/", "password/set/", "reauthenticate/", "confirm-email/"])
def test_pages_of_the_library_that_nobody_needs_do_not_exist(client, path):
    client.force_login(make_user())
    assert client.get(f"/accounts/{path}").status_code == 404


def test_signing_out_asks_and_then_ends_the_session(client):
    client.force_login(make_user())
    assert "<form" in client.get("/accounts/logout/").content.decode()
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_the_admin_has_no_door_of_its_own(client):
    assert client.get("/admin/login/")["Location"] == f"{LOGIN}?next=/admin/"
    client.force_login(make_user("reader@example.org", "Reader"))
    assert client.get("/admin/login/").status_code == 403


def test_who_may_not_enter_the_admin_is_told_so_and_not_sent_round(reader_client):
    response = reader_client.get("/admin/", follow=True)
    assert response.status_code == 403
