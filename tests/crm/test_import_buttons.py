"""Where lists offer to bring a file: on the pages and in the admin, to those who may."""

import pytest

PAGES = [
    ("/partners/", "organisations"),
    ("/people/", "people"),
    ("/meetings/", "meetings"),
    ("/admin/partners/organisation/", "organisations"),
    ("/admin/partners/person/", "people"),
    ("/admin/missions/meeting/", "meetings"),
]


@pytest.mark.parametrize(("address", "subject"), PAGES)
def test_a_list_offers_to_import_to_those_who_may(address, subject, steward_client, officer_client):
    link = f"/imports/new/?subject={subject}"
    assert link in steward_client.get(address).content.decode()
    assert "/imports/new/" not in officer_client.get(address).content.decode()


def test_a_list_of_what_no_file_brings_offers_nothing(steward_client):
    assert "?subject=" not in steward_client.get("/missions/").content.decode()
