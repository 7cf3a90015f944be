"""The cast: one user for each role, signed in where a test asks, and the cities they go to."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone, translation

from crm.models import User
from crm.roles import sync_roles
from partners.management.commands import load_cities
from partners.models import City
from tests.factories import PASSWORD, make_city, make_user
from tests.journeys import Journey, make_journey

# When every test begins: a Sunday at noon in Rome, before the journey of tests/journeys.py.
NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, with the roles in it."""
    with django_db_blocker.unblock():
        sync_roles()


@pytest.fixture(autouse=True)
def same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the day or the hour it runs at; the clock goes on from NOW."""
    began = time.monotonic()
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(seconds=time.monotonic() - began))


@pytest.fixture(autouse=True)
def clean_slate(request: pytest.FixtureRequest) -> Any:
    """Every test starts in English, with nothing cached."""
    caches["counts"].clear()
    if request.node.get_closest_marker("django_db") or DATABASE_FIXTURES & set(
        request.fixturenames
    ):
        request.getfixturevalue("db")
        caches["default"].clear()
    with translation.override("en"):
        yield


@pytest.fixture
def reader(db: None) -> User:
    return make_user("reader@example.org", "Reader", name="Rita Reader")


@pytest.fixture
def officer(db: None) -> User:
    return make_user("officer@example.org", "Officer", name="Olga Officer")


@pytest.fixture
def steward(db: None) -> User:
    return make_user("steward@example.org", "Steward", name="Stella Steward")


@pytest.fixture
def manager(db: None) -> User:
    return make_user("manager@example.org", "Manager", name="Marco Manager")


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("admin@example.org", PASSWORD, name="Ada Administrator")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def reader_client(reader: User) -> Client:
    return signed_in(reader)


@pytest.fixture
def officer_client(officer: User) -> Client:
    return signed_in(officer)


@pytest.fixture
def steward_client(steward: User) -> Client:
    return signed_in(steward)


@pytest.fixture
def manager_client(manager: User) -> Client:
    return signed_in(manager)


@pytest.fixture
def administrator_client(administrator: User) -> Client:
    return signed_in(administrator)


@pytest.fixture
def nagoya(db: None) -> City:
    return make_city(
        "Nagoya",
        native_name="名古屋",
        other_names="ナゴヤ",
        latitude=35.1815,
        longitude=136.9064,
        population=2191279,
    )


@pytest.fixture
def tokyo(db: None) -> City:
    return make_city(
        "Tokyo",
        native_name="東京",
        other_names="Tokio",
        latitude=35.6895,
        longitude=139.6917,
        population=9733276,
    )


@pytest.fixture
def genoa(db: None) -> City:
    return make_city(
        "Genoa",
        "IT",
        name_it="Genova",
        other_names="ジェノヴァ|Gênes",
        latitude=44.4063,
        longitude=8.9339,
        population=558745,
    )


@pytest.fixture
def journey(officer: User) -> Journey:
    """A mission planned by the officer, with all that belongs to one."""
    return make_journey(officer)


@pytest.fixture
def few_cities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seven cities of the tests stand for the file of the world's, which takes seconds."""
    names = ("geonames_id", "Tokyo", "Nagoya", "Osaka", "Kyoto", "Genoa", "Rome", "Milan")
    lines = load_cities.FILE.read_text(encoding="utf-8").splitlines(keepends=True)
    few = [line for line in lines if {*line.split(",")[:2]} & {*names}]
    file = tmp_path / "cities.csv"
    file.write_text("".join(few), encoding="utf-8")
    monkeypatch.setattr(load_cities, "FILE", file)
