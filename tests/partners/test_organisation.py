"""Organisations: what the model keeps true, and what follows from a name that changes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from partners.models import Organisation
from tests.factories import make_city, make_membership, make_organisation, make_person

pytestmark = pytest.mark.django_db


def test_a_city_of_another_country_is_refused(genoa):
    with pytest.raises(ValidationError, match="Genoa, Italy is not in Japan"):
        Organisation(name="JETRO", kind="agency", country="JP", city=genoa).full_clean()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"name": ""}, "organisation_named"),
        ({"tier": 4}, "organisation_tier_known"),
        ({"archived_why": "closed"}, "organisation_archived_whole"),
        ({"last_contact_on": "2026-03-02"}, "organisation_contact_whole"),
    ],
)
def test_the_database_itself_keeps_the_rules_of_one_row(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_organisation(**fields)


def test_an_organisation_is_not_part_of_itself_nor_of_its_own_unit():
    university = make_organisation("Nagoya University", kind="university")
    incubator = make_organisation("Incubator", kind="incubator", parent=university)
    university.parent = incubator
    with pytest.raises(ValidationError, match="Incubator is itself part of this organisation"):
        university.full_clean()
    with pytest.raises(IntegrityError, match="own_parent"), transaction.atomic():
        Organisation.objects.filter(pk=university.pk).update(parent=university)


def test_it_belongs_to_a_group_once_at_a_time():
    raise_system, iit = make_organisation("RAISE"), make_organisation("IIT")
    make_membership(iit, raise_system, since="2020-01-01", until="2021-12-31")
    make_membership(iit, raise_system, since="2022-10-01")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_membership(iit, raise_system)
    with pytest.raises(IntegrityError, match="membership_of_another"), transaction.atomic():
        make_membership(iit, iit)


def test_two_organisations_may_share_a_name_a_website_and_a_phone():
    for _ in range(2):
        make_organisation("Camera di Commercio", website="https://example.org", phone="06 6841 1")
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize("typed", ["finance japan", "JFC", "日本政策", "tokyo", "東京", "3270"])
def test_it_is_found_by_any_of_its_names_its_city_and_its_phone(tokyo, typed):
    bank = make_organisation(
        short_name="JFC", native_name="日本政策金融公庫", city=tokyo, phone="03-3270-0636"
    )
    make_organisation("Nagoya University", kind="university")
    assert list(Organisation.objects.matching(typed)) == [bank]


def test_renaming_a_city_brings_its_organisations_up_to_date_archived_ones_too(tokyo):
    embassy = make_organisation("Embassy of Italy", city=tokyo)
    closed = make_organisation("Closed Office", city=tokyo)
    closed.archive(by=None, why="closed")

    tokyo.name = "Edo"
    tokyo.save()

    for organisation in (embassy, closed):
        organisation.refresh_from_db()
        assert organisation.sort_city == "edo"
        assert "\tQedo\n" in organisation.search_text
    assert embassy.history.count() == 1


def test_renaming_an_organisation_brings_its_people_up_to_date():
    bank = make_organisation("Japan Finance Corporation")
    tanabe = make_person(organisation=bank, phone="03-3270-0636")
    version = tanabe.version

    bank.name, bank.native_name, bank.country = "People's Bank", "国民金融公庫", "IT"
    bank.save()

    tanabe.refresh_from_db()
    assert tanabe.sort_organisation == "people s bank"
    assert "国民金融公庫" in tanabe.search_text
    assert tanabe.phone_international == "+39 0332 700636"
    assert tanabe.version == version


def test_renaming_costs_the_same_number_of_queries_with_many_people(django_assert_max_num_queries):
    bank = make_organisation()
    for number in range(40):
        make_person("Haruka", f"Tanabe {number}", organisation=bank)
    bank.name = "JFC"
    with django_assert_max_num_queries(24):
        bank.save()
    assert bank.affiliations.filter(person__sort_organisation="jfc").count() == 40


def test_saving_without_a_new_name_leaves_the_people_alone(django_assert_num_queries):
    bank = make_organisation()
    make_person(organisation=bank)
    bank.notes = "Met at the Expo."
    with django_assert_num_queries(11) as queries:
        bank.save()
    assert not [query for query in queries if "partners_person" in query["sql"]]


def test_a_name_that_grows_when_folded_still_fits():
    city = make_city("ﷺ" * 200)
    organisation = make_organisation("ﷺ" * 200, city=city)
    organisation.refresh_from_db()
    assert len(organisation.sort_name) <= 200
    assert len(organisation.sort_city) <= 200


def test_archiving_says_who_when_and_why_and_restoring_forgets_it(officer):
    bank = make_organisation()
    bank.archive(by=officer, why="Merged into another")
    bank.refresh_from_db()
    assert (bank.archived_by, bank.archived_why) == (officer, "Merged into another")
    assert not Organisation.objects.active().exists()
    bank.restore()
    assert Organisation.objects.active().get() == bank
    assert bank.history.count() == 3
