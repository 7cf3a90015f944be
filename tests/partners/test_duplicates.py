"""Likely duplicates: found as records change."""

import pytest

from partners.duplicates import likely, refresh
from partners.duplicates.wording import in_words
from partners.models import (
    Organisation,
    OrganisationKey,
    OrganisationPair,
    Person,
    PersonKey,
    PersonPair,
)
from tests.factories import make_affiliation, make_organisation, make_person

pytestmark = pytest.mark.django_db


def codes(pair):
    return [reason["code"] for reason in pair.reasons]


def test_two_scripts_of_one_chamber_are_a_pair(tokyo):
    first = make_organisation("Tokyo Chamber of Commerce and Industry", tokyo)
    second = make_organisation("東京商工会議所", tokyo)
    pair = OrganisationPair.objects.get()
    assert (pair.first, pair.second) == (first, second)
    assert codes(pair) == ["names-agree", "city"]


def test_chambers_of_two_cities_are_no_pair(genoa, nagoya):
    make_organisation("Camera di Commercio", genoa)
    make_organisation("Camera di Commercio", nagoya)
    assert not OrganisationPair.objects.exists()


def test_family_and_given_name_swapped_with_one_mobile():
    make_person("Haruka", "Ōno", mobile="+81 90 1234 5678")
    make_person("Ohno", "Haruka", mobile="+81 90-1234-5678")
    assert codes(PersonPair.objects.get()) == ["mobile", "swapped"]


def test_an_archived_record_has_neither_keys_nor_open_pairs(officer):
    make_organisation("Aqua Robotics S.r.l.", website="https://aqua.example")
    second = make_organisation("Aqua Robotics Srl", website="https://www.aqua.example/en")
    assert OrganisationPair.objects.count() == 1
    second.archive(officer, "Twice in the list")
    assert not OrganisationPair.objects.exists()
    assert not OrganisationKey.objects.filter(organisation=second).exists()
    second.restore()
    assert OrganisationPair.objects.count() == 1


def test_a_pair_vanishes_with_its_reason():
    make_person("Mario", "Rossi", email="mario@rossi.example")
    second = make_person("Mario", "Rossi", email="mario@rossi.example")
    second.given_name, second.email = "Carlo", "carlo@rossi.example"
    second.save()
    assert not PersonPair.objects.exists()


def test_a_new_affiliation_brings_colleagues_together():
    aqua = make_organisation("Aqua Robotics")
    make_person("Mario", "Rossi", aqua, email="mario.rossi@aqua.example")
    second = make_person("M.", "Rossi", phone="+39 010 123456")
    assert not PersonPair.objects.exists()
    make_affiliation(second, aqua)
    assert PersonKey.objects.filter(person=second, value__startswith="o:").exists()


def test_what_was_dismissed_is_not_proposed_again(steward):
    first = make_person("Mario", "Rossi", email="mario@rossi.example")
    make_person("Mario", "Rossi", email="mario@rossi.example")
    pair = PersonPair.objects.get()
    PersonPair.objects.update(dismissed_by=steward, dismissed_at=first.created_at)
    assert refresh(Person.objects.all()) == 0
    pair.refresh_from_db()
    assert pair.is_dismissed


def test_one_switchboard_is_no_reason(tokyo):
    embassy = make_organisation("Embassy of Italy", tokyo, phone="+81 3 3453 5291")
    for given, family in [("Anna", "Verdi"), ("Carlo", "Neri"), ("Piero", "Bruni")]:
        make_person(given, family, embassy, phone="+81 3 3453 5291")
    assert not PersonPair.objects.exists()


def test_likely_twins_of_unsaved_records_cost_the_same_for_many(django_assert_num_queries):
    for number in range(20):
        make_person("Mario", "Rossi", email=f"mario{number}@rossi.example")
    new = [Person(given_name="Mario", family_name="Rossi", email="mario7@rossi.example")]
    with django_assert_num_queries(3):
        [[twin]] = likely(new)
    assert twin.record.email == "mario7@rossi.example"
    with django_assert_num_queries(3):
        assert [len(twins) for twins in likely(new * 20)] == [1] * 20


def test_a_batch_costs_the_same_for_few_and_many(django_assert_max_num_queries):
    Organisation.objects.bulk_create(
        Organisation(name=f"Aqua Robotics {letter}", country="JP", kind="company")
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    )
    records = list(Organisation.objects.all())
    with django_assert_max_num_queries(8):
        refresh(records[:2])
    with django_assert_max_num_queries(8):
        refresh(records[2:20])


def test_the_reasons_are_told_in_words(tokyo):
    site = "https://www.tokyo-cci.example"
    make_organisation("東京商工会議所", tokyo, website=site, phone="03-5555-0131")
    make_organisation(
        "Tokyo Chamber of Commerce and Industry", tokyo, website=site, phone="+81 3 5555 0131"
    )
    assert in_words(OrganisationPair.objects.get().reasons) == [
        "the native name and the Latin name agree",
        "the same domain, tokyo-cci.example",
        "the same phone after +81 / 0, +81 3 5555 0131",
        "the same city",
    ]


def test_a_name_swapped_and_an_address_shared_are_told_in_words():
    make_person("Haruka", "Tanabe", email="tanabe@jfc.example")
    make_person("Tanabe", "Haruka", email="tanabe@jfc.example")
    assert in_words(PersonPair.objects.get().reasons) == [
        "the same e-mail, tanabe@jfc.example",
        "family and given name swapped",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ospedale San Giorgio", "Ospedale S. Giorgio"),
        ("Teatro Sant'Agostino", "Teatro S. Agostino"),
        ("Laboratorio Analisi Dott. Ferretti", "Laboratorio Analisi Ferretti s.a.s."),
        ("株式会社みなとテクノス", "Minato Technos Co., Ltd."),
        ("Institut Océanographique de la Riviera", "Riviera Oceanographic Institute"),
        ("Hirose Electric Co., Ltd.", "Hirose Denki K.K."),
    ],
)
def test_an_institution_written_in_two_ways_is_a_pair(nagoya, one, other):
    make_organisation(one, nagoya)
    make_organisation(other, nagoya)
    assert OrganisationPair.objects.exists()


def test_a_name_that_is_the_short_name_of_another_is_a_pair(genoa):
    make_organisation("Società Italiana Bonifiche Portuali", genoa, short_name="SIBP")
    make_organisation("SIBP S.p.A.", genoa)
    assert OrganisationPair.objects.exists()


@pytest.mark.parametrize(
    ("one", "other", "is_pair"),
    [
        (("Maria Grazia", "Olcese"), ("M. Grazia", "Olcese"), True),
        (("Maria Grazia", "Olcese"), ("M. Rosa", "Olcese"), False),
        (("Yuki", "Hasegawa"), ("Yuki", "Hasegwa"), True),
        (("Katharina", "Vogel"), ("Katarina", "Vogel"), True),
        (("Elena", "Gallo"), ("Elena", "Gatto"), False),
    ],
)
def test_two_of_one_house_whose_names_are_nearly_the_same(
    one: tuple[str, str], other: tuple[str, str], is_pair: bool
) -> None:
    aqua = make_organisation("Aqua Robotics")
    make_person(*one, aqua)
    make_person(*other, aqua)
    assert PersonPair.objects.exists() is is_pair


def test_two_latin_names_are_said_to_be_the_same_whoever_has_a_native_one():
    make_person("Hanako", "Suzuki", native_name="鈴木 花子", email="suzuki@chubu.example")
    make_person("Hanako", "Suzuki", email="suzuki@chubu.example")
    assert "the same name" in in_words(PersonPair.objects.get().reasons)


def test_letters_that_stand_for_a_name_are_told_as_capitals():
    assert in_words([{"code": "acronym", "value": "tcci"}]) == ["TCCI is short for the other"]
