"""`manage.py check_derived`: what is stored and derived is found when it has drifted."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from missions.models import Meeting
from partners.models import Affiliation, City, Organisation, Person
from tests.factories import make_affiliation, make_meeting, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(nagoya):
    return make_organisation(city=nagoya, phone="052 123 4567", tier=1)


def check(capsys, **options):
    call_command("check_derived", **options)
    return capsys.readouterr().out


def test_what_the_models_wrote_has_not_drifted(bank, capsys):
    make_meeting([bank], [make_person(organisation=bank)], local_date=date(2026, 3, 9))
    assert check(capsys) == "Everything derived is up to date.\n"


DRIFT: dict[str, tuple[Any, dict[str, Any]]] = {
    "cities whose search_text": (City, {"search_text": "nowhere"}),
    "cities whose sort_name": (City, {"sort_name": "zz"}),
    "organisations whose search_text": (Organisation, {"search_text": ""}),
    "organisations whose sort_name": (Organisation, {"sort_name": "zz"}),
    "organisations whose sort_city": (Organisation, {"sort_city": "zz"}),
    "organisations whose tier_order": (Organisation, {"tier_order": 9}),
    "organisations whose phone_international": (Organisation, {"phone_international": ""}),
    "organisations whose last contact": (Organisation, {"contact_order": 1}),
    "people whose search_text": (Person, {"search_text": ""}),
    "people whose sort_organisation": (Person, {"sort_organisation": "zz"}),
    "people whose mobile_international": (Person, {"mobile_international": "+1"}),
    "meetings whose starts_at": (Meeting, {"starts_at": timezone.now()}),
    "meetings whose age_order": (Meeting, {"age_order": 5}),
}


@pytest.mark.parametrize("sentence", DRIFT)
def test_each_kind_of_drift_is_told_and_mended(bank, sentence, capsys):
    make_meeting([bank], [make_person(organisation=bank)], local_date=date(2026, 3, 9))
    model, wrong = DRIFT[sentence]
    right = model.objects.values(*wrong).get()
    model.objects.update(**wrong)

    with pytest.raises(CommandError, match="check_derived --fix"):
        call_command("check_derived")
    assert f"1 {sentence} is out of date.\n" in capsys.readouterr().out
    assert model.objects.values(*wrong).get() == wrong

    assert "Mended." in check(capsys, fix=True)
    assert model.objects.values(*wrong).get() == right
    check(capsys)


def test_an_affiliation_that_ended_meanwhile_hands_over_to_a_current_one(bank, capsys):
    tanabe = make_person(organisation=bank)
    fund = make_organisation("Aichi Fund")
    make_affiliation(tanabe, fund)
    yesterday = timezone.localdate() - timedelta(days=1)
    Affiliation.objects.filter(organisation=bank).update(until=yesterday)

    with pytest.raises(CommandError):
        call_command("check_derived")
    assert "1 people whose primary affiliation is not a current one" in capsys.readouterr().out
    check(capsys, fix=True)

    tanabe.refresh_from_db()
    assert tanabe.affiliations.get(is_primary=True).organisation == fund
    assert tanabe.sort_organisation == "aichi fund"
    assert "Everything" in check(capsys)


def test_an_organisation_spoken_for_is_put_back_among_those_met(bank, capsys):
    meeting = make_meeting([], [make_person(organisation=bank)])
    meeting.organisations.clear()
    check(capsys, fix=True)
    assert list(meeting.organisations.all()) == [bank]
    bank.refresh_from_db()
    assert bank.is_met


def test_archived_records_are_checked_too(bank, capsys):
    bank.archive(by=None)
    Organisation.objects.update(sort_name="zz")
    check(capsys, fix=True)
    assert Organisation.objects.get().sort_name == "japan finance corporation"


def test_mending_grows_no_version_and_writes_no_history(bank, capsys):
    Organisation.objects.update(search_text="")
    check(capsys, fix=True)
    assert Organisation.objects.get().version == bank.version
    assert bank.history.count() == 1
