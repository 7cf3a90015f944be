"""What every answer carries, whatever it is."""

import pytest
from django.test import Client

from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/inactive/",
        "/preferences/",
        "/nowhere/",
        "/health/",
        "/admin/",
        "/admin/login/",
        "/admin/crm/user/",
        "/admin/nowhere/",
    ],
)
@pytest.mark.parametrize("is_in", [True, False], ids=["signed in", "stranger"])
def test_every_answer_carries_the_strict_policy(administrator_client, path, is_in):
    response = (administrator_client if is_in else Client()).get(path)
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_refused_form_carries_it_too():
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {})
    assert response.status_code == 403
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY


def test_the_session_is_out_of_reach_of_scripts(client, reader):
    client.post("/accounts/login/", {"login": reader.email, "password": PASSWORD})
    client.get("/")
    for name in ("sessionid", "csrftoken", "device"):
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name


def test_what_somebody_signed_in_sees_is_kept_by_no_cache_on_the_way(reader_client):
    assert reader_client.get("/people/")["Cache-Control"] == "private, no-cache"
    assert reader_client.get("/nowhere/")["Cache-Control"] == "private, no-cache"
