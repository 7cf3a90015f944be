"""The directory as a file: exactly the partners found, in the list's order."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import Export
from partners.exports import organisation_columns, person_columns
from partners.imports import ORGANISATIONS, PEOPLE
from tests.factories import make_organisation, make_sector

pytestmark = pytest.mark.django_db
URL = reverse("partners:organisation-export")
LIST = reverse("partners:organisation-list")


def body(response):
    assert response.status_code == 200, response.content.decode()[:500]
    return b"".join(response.streaming_content).decode("utf-8-sig")


def rows(client, query="", delimiter=","):
    text = body(client.get(f"{URL}?format=csv{query}"))
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_a_row_holds_what_the_directory_and_the_page_show(officer_client, officer, nagoya):
    university = make_organisation("Nagoya University", nagoya)
    incubator = make_organisation(
        "Nagoya University Incubator",
        nagoya,
        native_name="名古屋大学インキュベーション施設",
        kind="incubator",
        parent=university,
        tier=1,
        owner=officer,
        phone="052-789-5111",
        website="https://incubator.example.org/",
        notes="Ask for the director.",
    )
    incubator.sectors.add(make_sector("Robotics"), make_sector("Aerospace"))
    row = rows(officer_client)[1]
    assert row == {
        "Name": "Nagoya University Incubator",
        "Short name": "",
        "Native name": "名古屋大学インキュベーション施設",
        "Kind": "Incubator",
        "Side": "Partner",
        "Country": "Japan",
        "City": "Nagoya",
        "Sectors": "Aerospace; Robotics",
        "Part of": "Nagoya University",
        "Tier": "Strategic",
        "Owner": officer.email,
        "Last contact": "",
        "Website": "https://incubator.example.org/",
        "E-mail": "",
        "Phone": "+81 52 789 5111",
        "Address": "",
        "Key": str(incubator.key),
        "Version": str(incubator.version),
    }


def test_the_rows_are_the_lists_in_its_order(officer_client, nagoya, tokyo):
    for name, city in (("Nagoya Innovator's Garage", nagoya), ("AIRC Consortium", tokyo)):
        make_organisation(name, city)
    for query in ("", "&sort=-name", f"&city={tokyo.pk}", "&q=garage", "&sort=city"):
        shown = officer_client.get(f"{LIST}?{query[1:]}").context["page"].rows
        assert [row["Name"] for row in rows(officer_client, query)] == [one.name for one in shown]


def test_columns_are_those_asked_for_in_their_order(officer_client, nagoya):
    organisation = make_organisation("Nagoya University", nagoya, notes="Ask for the rector.")
    (row,) = rows(officer_client, "&columns=key,notes,name")
    assert list(row.items()) == [
        ("Key", str(organisation.key)),
        ("Notes", "Ask for the rector."),
        ("Name", "Nagoya University"),
    ]
    assert Export.objects.get().columns == ["key", "notes", "name"]


def test_a_column_not_known_is_named_and_nothing_is_exported(officer_client, nagoya):
    make_organisation("Nagoya University", nagoya)
    response = officer_client.get(f"{URL}?format=csv&columns=name,shoe_size")
    assert response.status_code == 400
    assert "There is no column “shoe_size” here; there are: name, short_name" in (
        response.content.decode()
    )
    assert not Export.objects.exists()


def test_a_file_without_columns_is_asked_for_again(officer_client):
    response = officer_client.get(f"{URL}?format=csv&columns=")
    assert response.status_code == 400
    assert "A file needs a column" in response.content.decode()


def test_a_column_moves_without_a_script(officer_client, nagoya):
    make_organisation("Nagoya University", nagoya)
    page = officer_client.get(
        f"{URL}?format=csv&columns=&columns=name&columns=city&columns=key&move=up:city"
    )
    assert [choice.column.name for choice in page.context["choices"]][:3] == ["city", "name", "key"]
    assert [choice.focus for choice in page.context["choices"]][:3] == ["down", "", ""]
    assert not Export.objects.exists()


def test_more_rows_than_an_address_can_name_are_refused_in_words(officer_client):
    page = officer_client.get(URL, {"ids": ",".join(map(str, range(1, 402)))})
    assert page.status_code == 400
    assert "An address names 400 rows at most" in page.content.decode()


def test_a_file_in_another_language_than_its_readers(officer_client, genoa):
    make_organisation("Regione Liguria", genoa, kind="authority")
    (row,) = rows(officer_client, "&language=it&delimiter=semicolon&columns=city,country", ";")
    assert list(row.values()) == ["Genova", "Italia"]


def test_the_archived_are_left_out_unless_the_list_shows_them(officer_client, officer, nagoya):
    make_organisation("Nagoya University", nagoya).archive(by=officer)
    assert rows(officer_client) == []
    assert len(rows(officer_client, "&archived=1")) == 1


def test_each_export_is_recorded_with_an_address_that_makes_it_again(officer_client, tokyo):
    make_organisation("Japan Finance Corporation", tokyo, tier=2)
    make_organisation("AIRC Consortium", tokyo)
    first = body(officer_client.get(f"{URL}?format=csv&tier=2&columns=name,tier&language=it"))
    export = Export.objects.get()
    assert export.address == (
        f"{URL}?tier=2&format=csv&delimiter=comma&language=it&columns=name,tier"
    )
    assert (export.subject, export.row_count) == ("partners.organisation", 1)
    assert body(officer_client.get(export.address)) == first


def test_a_workbook_is_the_same_to_the_byte_while_nothing_changes(officer_client, tokyo):
    make_organisation("Japan Finance Corporation", tokyo)
    files = [b"".join(officer_client.get(f"{URL}?format=xlsx")) for _ in range(2)]
    assert files[0] == files[1]


def test_a_file_is_one_query_however_many_sectors(officer_client, nagoya):
    for number in range(20):
        one = make_organisation(f"Partner {number:02}", nagoya)
        one.sectors.add(make_sector(f"Sector {number}"), make_sector(f"Field {number}"))
    with CaptureQueriesContext(connection) as context:
        assert len(rows(officer_client)) == 20
    reads = [q["sql"] for q in context.captured_queries if "partners_organisation" in q["sql"]]
    assert len(reads) == 1


@pytest.mark.parametrize(
    ("columns", "subject"), [(organisation_columns, ORGANISATIONS), (person_columns, PEOPLE)]
)
def test_every_column_is_one_that_an_import_knows(officer, columns, subject):
    known = {field.name for field in subject.fields} | {"last_contact_on"}
    assert {column.name for column in columns(officer)} <= known


def test_only_who_may_export_does(reader_client, officer_client):
    assert reader_client.get(f"{URL}?format=csv").status_code == 403
    assert officer_client.get(URL).status_code == 200
