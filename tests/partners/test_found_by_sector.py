"""An organisation is found by its sectors, in every language, whoever writes them and however."""

import pytest
from django.core.management import CommandError, call_command

from crm.imports import checking, undoing, writing
from partners.merging.joining import Wish, join
from partners.merging.undoing import undo
from partners.models import Organisation, Sector
from tests.factories import make_organisation, make_sector
from tests.importing import make_import

pytestmark = pytest.mark.django_db
PARTS = ("affiliations", "memberships", "members")


@pytest.fixture
def robotics():
    industry = make_sector("Manufacturing", name_it="Manifattura")
    return make_sector("Robotics", industry, name_it="Robotica")


@pytest.fixture
def space():
    return make_sector("Space", name_it="Spazio")


@pytest.fixture
def institute(nagoya, robotics):
    return make_organisation("Chubu Institute", nagoya, [robotics])


def found(typed):
    """The names of what is found, once nothing that is derived has drifted."""
    call_command("check_derived")
    return [one.name for one in Organisation.objects.matching(typed)]


@pytest.mark.parametrize(
    "typed", ["robotics Nagoya", "robotica Giappone", "Chubu manifattura", "manufactur robot"]
)
def test_sector_and_place_and_name_find_it_together(institute, typed):
    assert found(typed) == ["Chubu Institute"]


def test_a_form_that_changes_the_sectors_changes_what_finds_it(institute, space, officer_client):
    address = f"/partners/{institute.pk}/edit/"
    data = {
        "version": 1,
        "name": "Chubu Institute",
        "kind": "research",
        "city": institute.city_id,
        "country": "JP",
        "side": "partner",
        "sectors": [space.pk],
    }
    assert officer_client.post(address, data).status_code == 302
    assert found("spazio nagoya") == ["Chubu Institute"]
    assert found("robot") == []


def test_a_new_organisation_is_found_by_its_sectors_at_once(space, officer_client):
    data = {"name": "Star", "kind": "company", "country": "JP", "side": "partner"}
    officer_client.post("/partners/new/", {**data, "sectors": [space.pk]})
    assert found("space giappone") == ["Star"]


def test_the_administration_changes_what_finds_it_too(institute, space, officer_client):
    data = {
        "version": 1,
        "name": "Chubu Institute",
        "kind": "research",
        "country": "JP",
        "side": "partner",
        "sectors": [space.pk],
        **{f"{name}-{form}_FORMS": 0 for name in PARTS for form in ("TOTAL", "INITIAL")},
    }
    address = f"/admin/partners/organisation/{institute.pk}/change/"
    assert officer_client.post(address, data).status_code == 302
    assert found("spazio") == ["Chubu Institute"]
    assert found("robot") == []


def test_a_sector_that_is_renamed_finds_them_by_its_new_name(institute, robotics):
    robotics.name, robotics.name_it = "Automation", "Automazione"
    robotics.save()
    robotics.parent.name = "Factories"
    robotics.parent.save()
    assert found("automazione factories nagoya") == ["Chubu Institute"]
    assert found("robot") == []


def test_a_sector_that_moves_in_the_tree_takes_its_partners_along(institute, robotics, space):
    robotics.parent = space
    robotics.save()
    assert found("robotics space") == ["Chubu Institute"]
    assert found("manufacturing") == []


@pytest.mark.parametrize("many", [False, True])
def test_a_sector_that_is_deleted_finds_nothing_any_more(
    institute, space, administrator_client, many
):
    institute.sectors.set([space])
    institute.settle_sectors()
    if many:
        address = "/admin/partners/sector/"
        data = {"action": "delete_selected", "_selected_action": [space.pk], "post": "yes"}
    else:
        address, data = f"/admin/partners/sector/{space.pk}/delete/", {"post": "yes"}
    administrator_client.post(address, data)
    assert not Sector.objects.filter(pk=space.pk).exists()
    assert found("space") == []


def test_an_import_and_its_undoing_change_what_finds_them(institute, space, steward):
    source = make_import(
        steward,
        "organisations",
        "name;kind;country;sectors\n"
        "Chubu Institute;company;JP;Space\n"
        "New One;company;JP;Robotics\n",
        matched_by="name",
    )
    checking.start(source, steward)
    writing.start(source, steward)
    assert found("space") == ["Chubu Institute"]
    assert found("robotica manifattura") == ["New One"]
    undoing.start(source, steward)
    assert found("robotics nagoya") == ["Chubu Institute"]
    assert found("space") == []


def test_a_merge_brings_what_finds_them_together_and_its_undoing_parts_it(
    institute, space, steward
):
    other = make_organisation("Aichi Institute", sectors=[space])
    merge = join(Organisation, Wish(institute.pk, [other.pk]), steward)
    survivor = Organisation.objects.get(pk=institute.pk)
    names = {sector.slug for sector in survivor.sectors.all()}
    assert ("Chubu Institute" in found("space")) is ("space" in names)
    undo(merge.pk, steward)
    assert found("robotics") == ["Chubu Institute"]
    assert found("space") == ["Aichi Institute"]


def test_sectors_written_past_all_that_are_noticed(institute, space):
    institute.sectors.add(space)
    with pytest.raises(CommandError):
        call_command("check_derived")
    call_command("check_derived", fix=True)
    assert found("space robotics") == ["Chubu Institute"]


def test_many_organisations_are_brought_up_to_date_in_few_queries(
    robotics, django_assert_num_queries
):
    for number in range(3):
        make_organisation(f"Institute {number}", sectors=[robotics])
    with django_assert_num_queries(4):
        Organisation.objects.refresh_derived()


def test_a_slip_in_a_sector_that_is_chosen_is_forgiven(robotics, officer_client):
    page = officer_client.get("/choices/sectors/?q=robotisc").content.decode()
    assert "Robotics" in page
