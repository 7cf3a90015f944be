"""The list of imports: whose, when, what of, what came of them."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from tests.factories import make_import, make_user
from tests.reading import words

pytestmark = pytest.mark.django_db
URL = reverse("import-list")


def test_it_says_who_when_what_and_what_came_of_it(steward_client, administrator) -> None:
    make_import(
        administrator,
        digest="01a9bc7f" + "0" * 56,
        state="written",
        row_count=1300,
        counts={"create": 1198, "update": 99, "left": 2, "reject": 1},
    )
    page = words(steward_client.get(URL))
    for text in (
        "1 import",
        "People of Nagoya.csv",
        "22 November 2026",
        "SHA-256 01a9bc7f",
        "Ada Administrator",
        "People",
        "Imported",
        "1,300",
        "1198 new",
        "2 left out",
        "99 changed",
        "1 rejected",
    ):
        assert text in page


def test_an_import_whose_columns_wait_leads_to_them(steward_client, steward) -> None:
    source = make_import(steward, state="uploaded")
    page = steward_client.get(URL).content.decode()
    assert reverse("import-columns", args=[source.pk]) in page


def test_one_sees_imports_of_what_one_may_import_only() -> None:
    user = make_user("half@example.org")
    user.user_permissions.add(Permission.objects.get(codename="import_person"))
    client = Client()
    client.force_login(user)
    make_import(user, "organisations", file_name="partners.xlsx")
    source = make_import(user, "people")
    page = words(client.get(URL))
    assert "1 import" in page
    assert source.file_name in page
    assert "partners.xlsx" not in page
    other = make_import(user, "organisations", state="uploaded")
    assert client.get(reverse("import-columns", args=[other.pk])).status_code == 403


def test_the_empty_list_offers_to_import(steward_client) -> None:
    response = steward_client.get(URL)
    assert "No file has been imported yet" in words(response)
    assert reverse("import-create") in response.content.decode()


def test_the_side_leads_stewards_there_and_nobody_else(steward_client, officer_client) -> None:
    assert f'href="{URL}"' in steward_client.get("/preferences/").content.decode()
    assert f'href="{URL}"' not in officer_client.get("/preferences/").content.decode()


def test_the_queries_do_not_grow_with_the_rows(
    steward_client, steward, administrator, django_assert_max_num_queries
) -> None:
    make_import(steward)
    with django_assert_max_num_queries(8):
        steward_client.get(URL)
    for number in range(20):
        make_import(steward if number % 2 else administrator)
    with django_assert_max_num_queries(8):
        steward_client.get(URL)
