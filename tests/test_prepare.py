"""`manage.py prepare`: everything made once, nothing that was edited since changed."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from crm.management.commands import prepare
from crm.models import User
from missions.models import Meeting
from partners.models import City, Organisation, Sector

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_cities")]


@pytest.fixture(autouse=True)
def no_static_files(settings, monkeypatch):
    """Static files have a test of their own."""
    settings.DEBUG = True
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    monkeypatch.delenv("PORT", raising=False)


def prepared(capsys, **options):
    call_command("prepare", **options)
    return capsys.readouterr().out


def test_an_empty_database_gets_everything(capsys):
    said = prepared(capsys, demonstration=True)

    assert "http://127.0.0.1:8000/" in said
    assert Organisation.objects.count() == 17
    assert City.objects.filter(name="Nagoya").exists()
    assert Sector.objects.top().count() == 11
    accounts = {user.email: list(user.groups.values_list("name", flat=True)) for user in all_()}
    assert accounts == {
        "admin@example.org": [],
        "reader@example.org": ["Reader"],
        "officer@example.org": ["Officer"],
        "steward@example.org": ["Steward"],
        "manager@example.org": ["Manager"],
    }
    assert [user.email for user in all_() if user.is_superuser] == ["admin@example.org"]


def all_():
    return User.objects.all()


def test_without_the_demonstration_there_is_no_account_and_no_organisation(capsys):
    said = prepared(capsys)
    assert "createsuperuser" in said
    assert not User.objects.exists()
    assert not Organisation.objects.exists()
    assert City.objects.exists()
    assert Group.objects.count() == 4


def test_a_random_password_is_printed_once_and_opens_every_account(capsys):
    said = prepared(capsys, demonstration=True)
    password = said.rsplit("printed only now: ", 1)[1].split()[0]
    assert len(password) >= 12
    assert all(user.check_password(password) for user in all_())

    again = prepared(capsys, demonstration=True)
    assert password not in again
    assert "changepassword" in again
    assert "steward@example.org" in again


def test_the_password_of_the_environment_is_used_and_not_repeated(capsys, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "focaccia")
    said = prepared(capsys, demonstration=True)
    assert "focaccia" not in said
    assert all(user.check_password("focaccia") for user in all_())


def test_a_second_run_changes_nothing_that_was_edited_since(capsys):
    prepared(capsys, demonstration=True)
    city, sector = City.objects.get(name="Nagoya"), Sector.objects.get(slug="robotics")
    bank, officer = (
        Organisation.objects.get(short_name="JFC"),
        User.objects.get(name="Demo officer"),
    )
    city.name_it, sector.is_retired, bank.name, officer.is_active = "Nagoia", True, "JFC", False
    for record in (city, sector, bank, officer):
        record.save()
    City.objects.get(name="Kyoto").delete()
    Meeting.objects.get(title="Visit to the Embassy").delete()
    before = [noun.history.count() for noun in (City, Sector, Organisation, Meeting)]

    said = prepared(capsys, demonstration=True)

    for record, name, value in (
        (city, "name_it", "Nagoia"),
        (sector, "is_retired", True),
        (bank, "name", "JFC"),
        (officer, "is_active", False),
    ):
        record.refresh_from_db()
        assert getattr(record, name) == value
    assert not City.objects.filter(name="Kyoto").exists()
    assert before == [noun.history.count() for noun in (City, Sector, Organisation, Meeting)]
    assert "officer@example.org" not in said


def test_a_start_that_fails_halfway_leaves_nothing(monkeypatch):
    def interrupted(command):
        raise KeyboardInterrupt

    monkeypatch.setattr(prepare.Command, "make_accounts", interrupted)
    with pytest.raises(KeyboardInterrupt):
        call_command("prepare", demonstration=True)
    for noun in (City, Sector, Organisation, User):
        assert not noun.objects.exists()


def test_the_demonstration_is_never_loaded_where_somebody_has_an_account(capsys, officer):
    prepared(capsys, demonstration=True)
    assert [user.email for user in all_()] == ["officer@example.org"]
    assert not Organisation.objects.exists()


def test_a_role_changed_by_hand_is_reset_and_it_is_said(capsys):
    prepared(capsys)
    Group.objects.get(name="Reader").permissions.clear()
    assert "Role Reader: brought back to the table" in prepared(capsys)


def test_static_files_are_collected_only_when_they_changed(capsys, settings, tmp_path):
    settings.DEBUG = False
    settings.STATIC_ROOT = tmp_path / "static"
    assert "Static files: collected." in prepared(capsys)
    assert (tmp_path / "static" / "css" / "tokens.css").exists()
    assert "Static files" not in prepared(capsys)
