"""People: named in every script, and working where they work now."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from partners.models import Affiliation, Person
from tests.factories import make_affiliation, make_organisation, make_person

pytestmark = pytest.mark.django_db

YESTERDAY = date(2026, 11, 21)


@pytest.fixture
def bank():
    return make_organisation(native_name="日本政策金融公庫")


def test_somebody_without_any_name_is_refused():
    with pytest.raises(IntegrityError, match="person_named"), transaction.atomic():
        make_person("", "")


def test_the_name_is_written_in_the_order_they_write_it():
    assert make_person(name_order="family").name == "Tanabe Haruka"
    assert make_person().name == "Haruka Tanabe"
    assert make_person("", "", native_name="田辺 遥").name == "田辺 遥"


@pytest.mark.parametrize(
    "typed",
    [
        "haruka tanabe",
        "Tanabe Haruka",
        "田辺",
        "たなべ",
        "finance",
        "政策金融",
        "5253",
        "h.tanabe@",
    ],
)
def test_a_person_is_found_by_any_name_by_their_organisation_and_their_phone(bank, typed):
    tanabe = make_person(
        organisation=bank,
        native_name="田辺 遥",
        native_reading="たなべ はるか",
        phone="03-5253-1111",
        email="h.tanabe@jfc.example",
    )
    make_person("Kenji", "Morikawa")
    tanabe.settle_affiliations()
    assert list(Person.objects.matching(typed)) == [tanabe]


def test_a_phone_is_kept_as_typed_and_read_in_the_country_they_work_in(bank):
    tanabe = make_person(organisation=bank, phone="03-5253-1111", mobile="+39 348 000 1111")
    assert tanabe.phone == "03-5253-1111"
    assert tanabe.phone_international == "+81 3 5253 1111"
    assert tanabe.mobile_international == "+39 348 000 1111"


def test_only_one_affiliation_is_primary(bank):
    tanabe = make_person(organisation=bank)
    with pytest.raises(IntegrityError), transaction.atomic():
        Affiliation.objects.create(person=tanabe, organisation=bank, is_primary=True)


def test_the_first_affiliation_becomes_primary_by_itself(bank):
    tanabe = make_person()
    assert tanabe.sort_organisation == "zzzzzzzz"
    assert make_affiliation(tanabe, bank).is_primary
    assert tanabe.sort_organisation == "japan finance corporation"


def test_when_the_primary_one_ends_the_latest_current_one_takes_over(bank):
    tanabe = make_person(organisation=bank)
    old = make_affiliation(tanabe, make_organisation("Aichi Fund"), since="2020-04-01")
    new = make_affiliation(tanabe, make_organisation("Nagoya Fund"), since="2024-04-01")
    ended = tanabe.affiliations.get(organisation=bank)
    ended.until = YESTERDAY
    ended.save()

    tanabe.settle_affiliations()

    assert tanabe.primary_affiliation() == new
    assert not tanabe.affiliations.get(pk=old.pk).is_primary
    assert not tanabe.affiliations.get(pk=ended.pk).is_primary
    tanabe.refresh_from_db()
    assert tanabe.sort_organisation == "nagoya fund"
    assert "finance" not in tanabe.search_text
    assert ended.history.count() == 3


def test_an_affiliation_is_refused_when_it_ends_before_it_starts_or_has_ended_and_is_primary(bank):
    tanabe = make_person()
    with pytest.raises(ValidationError, match="ends before it starts"):
        Affiliation(
            person=tanabe, organisation=bank, since="2024-04-01", until="2020-04-01"
        ).full_clean()
    with pytest.raises(ValidationError, match="has ended is not primary"):
        Affiliation(person=tanabe, organisation=bank, is_primary=True, until=YESTERDAY).full_clean()


def test_somebody_who_asked_not_to_be_contacted_is_left_out_of_the_contactable():
    make_person(contact_preference="none")
    morikawa = make_person("Kenji", "Morikawa")
    assert list(Person.objects.contactable()) == [morikawa]
