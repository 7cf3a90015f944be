"""The record of exports."""

import pytest
from django.urls import reverse

from crm.models import Export
from tests.factories import make_person

pytestmark = pytest.mark.django_db
URL = reverse("export-list")


def make_export(user, **fields):
    fields.setdefault("row_count", 12)
    return Export.objects.create(
        user=user,
        subject="partners.person",
        file_format="csv",
        columns=["given_name", "email"],
        **fields,
    )


def test_a_manager_reads_who_took_what_and_how_much(manager_client, officer):
    make_export(officer, filter_words="City: Nagoya", row_count=3120)
    page = manager_client.get(URL).content.decode()
    for words in ("Olga Officer", "People, CSV", "City: Nagoya", "3,120", "2 columns"):
        assert words in page


@pytest.mark.parametrize("client", ["reader_client", "officer_client", "steward_client"])
def test_others_do_not(client, request):
    assert request.getfixturevalue(client).get(URL).status_code == 403


def test_it_narrows_to_one_user(manager_client, officer, manager):
    make_export(officer, filter_words="City: Nagoya")
    make_export(manager, filter_words="City: Osaka")
    page = manager_client.get(URL, {"user": officer.pk}).content.decode()
    assert "City: Nagoya" in page
    assert "City: Osaka" not in page


@pytest.mark.parametrize(
    "query", ["?user=abc", "?user=99999", "?page=-1", "?page=drop", "?user=%00"]
)
def test_an_absurd_address_shows_a_sane_page(manager_client, officer, query):
    make_export(officer)
    response = manager_client.get(URL + query)
    assert response.status_code == 200
    assert "1 export" in response.content.decode()


def test_the_empty_record_says_what_fills_it(manager_client):
    assert "Each export will be a line here" in manager_client.get(URL).content.decode()


def test_the_queries_do_not_grow_with_the_rows(
    manager_client, officer, django_assert_max_num_queries
):
    make_export(officer)
    with django_assert_max_num_queries(10) as few:
        manager_client.get(URL)
    for _ in range(60):
        make_export(officer)
    with django_assert_max_num_queries(len(few)):
        page = manager_client.get(URL).content.decode()
    assert "1 to 50" in page
    assert page.count("People, CSV") == 50


def test_a_list_is_seen_and_made_again_from_its_record(
    officer_client, manager_client, officer, nagoya
):
    """Rows chosen and searched, ticks, columns, delimiter, and the language it was made in."""
    people = [make_person(name, "Tanabe", contact_preference="none") for name in ("Haruka", "Yuki")]
    make_person("Kenji", "Tanabe")
    people[1].archive(by=officer)
    ids = ",".join(str(one.pk) for one in people)
    asked = (
        f"?q=tanabe&ids={ids}&archived=1&sort=-name&format=csv&delimiter=tab&language=it"
        "&uncontactable=1&columns=version,contact_preference,given_name"
    )
    made = b"".join(officer_client.get(reverse("partners:person-export") + asked))
    assert made.decode("utf-8-sig").count("\n") == 3
    ((_export, again),) = manager_client.get(URL).context["rows"]
    assert b"".join(manager_client.get(again.file_url)) == made
    shown = manager_client.get(again.list_url).context["page"].rows
    assert [one.given_name for one in shown] == ["Yuki", "Haruka"]


def test_a_record_of_something_else_than_a_list_says_no_more_than_it_was(manager_client, officer):
    make_export(officer, address="/people/4.vcf")
    make_export(officer, address="")
    assert "Make it again" not in manager_client.get(URL).content.decode()
    make_export(officer, address="/people/export/?format=csv")
    page = manager_client.get(URL).content.decode()
    assert "/people/export/?format=csv&amp;columns=given_name,email" in page
