"""The contact list as a file: exactly the people found, and a record of it."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from crm.exports import Sheet
from crm.models import Export
from partners.models import Person
from tests.factories import make_affiliation, make_organisation, make_person

pytestmark = pytest.mark.django_db
URL = reverse("partners:person-export")


def body(response):
    assert response.status_code == 200, response.content.decode()[:500]
    return b"".join(response.streaming_content)


def rows(response, delimiter=","):
    text = body(response).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def names(client, query=""):
    return [row[0] for row in rows(client.get(f"{URL}?format=csv{query}"))[1:]]


@pytest.fixture
def nagoya_university(nagoya):
    return make_organisation("Nagoya University", nagoya, native_name="名古屋大学")


@pytest.fixture
def haruka(nagoya_university):
    return make_person(
        "Haruka",
        "Tanabe",
        nagoya_university,
        "Professor",
        native_name="田辺 遥",
        native_reading="たなべ はるか",
        email="tanabe@example.org",
        phone="052-789-5111",
        mobile="+81 90 1234 5678",
        languages="ja, en",
        source="Business card",
    )


def test_a_row_holds_what_a_contact_list_needs(officer_client, haruka):
    headings, row = rows(officer_client.get(f"{URL}?format=csv"))
    assert dict(zip(headings, row, strict=True)) == {
        "Given name": "Haruka",
        "Family name": "Tanabe",
        "Native name": "田辺 遥",
        "Reading": "たなべ はるか",
        "Form of address": "",
        "Job title": "Professor",
        "Department": "",
        "Organisation": "Nagoya University",
        "Organisation’s native name": "名古屋大学",
        "City": "Nagoya",
        "Country": "Japan",
        "E-mail": "tanabe@example.org",
        "Phone": "+81 52 789 5111",
        "Mobile": "+81 90 1234 5678",
        "Contact preference": "Any way",
        "Languages": "ja, en",
        "Where from": "Business card",
        "Key": str(haruka.key),
        "Version": str(haruka.version),
    }


def test_the_rows_are_the_people_found_in_the_lists_order(officer_client, haruka, tokyo):
    make_person("Kenji", "Asakura", make_organisation("Shibuya Start-up Support", tokyo))
    make_person("Yuki", "Sawatari")
    assert names(officer_client) == ["Kenji", "Yuki", "Haruka"]
    assert names(officer_client, "&sort=-name") == ["Haruka", "Yuki", "Kenji"]
    assert names(officer_client, f"&city={tokyo.pk}") == ["Kenji"]
    assert names(officer_client, "&q=tanabe") == ["Haruka"]


def test_a_facet_matches_any_current_affiliation_and_the_row_shows_the_primary(
    officer_client, haruka, tokyo
):
    make_affiliation(haruka, make_organisation("Japan Finance Corporation", tokyo))
    found = rows(officer_client.get(f"{URL}?format=csv&city={tokyo.pk}"))
    assert len(found) == 2
    assert found[1][7] == "Nagoya University"


def test_every_page_of_the_list_is_in_the_file(officer_client):
    Person.objects.bulk_create(
        Person(given_name=f"Person {number:03}", sort_name=f"{number:03}") for number in range(120)
    )
    assert names(officer_client) == [f"Person {number:03}" for number in range(120)]


def test_somebody_who_asked_not_to_be_contacted_is_left_out_unless_asked_for(
    officer_client, haruka
):
    make_person("Kenji", "Asakura", contact_preference="none")
    assert names(officer_client) == ["Haruka"]
    assert names(officer_client, "&uncontactable=0") == ["Haruka"]
    assert names(officer_client, "&uncontactable=1") == ["Kenji", "Haruka"]
    assert Export.objects.latest("pk").filter_words == "With those who asked not to be contacted"


def test_the_archived_are_left_out_unless_asked_for(officer_client, officer, haruka):
    make_person("Kenji", "Asakura").archive(by=officer)
    assert names(officer_client) == ["Haruka"]
    assert names(officer_client, "&archived=1") == ["Kenji", "Haruka"]


def test_an_italian_reader_gets_semicolons_and_italian_words(officer_client, officer, genoa):
    officer.language = "it"
    officer.save()
    make_person("Marta", "Ferrando", make_organisation("Liguria International", genoa))
    found = rows(officer_client.get(f"{URL}?format=csv"), ";")
    assert found[1][9:11] == ["Genova", "Italia"]


@pytest.mark.parametrize(
    ("delimiter", "character"), [("comma", ","), ("semicolon", ";"), ("tab", "\t")]
)
def test_the_delimiter_can_be_chosen(officer_client, haruka, delimiter, character):
    response = officer_client.get(f"{URL}?format=csv&delimiter={delimiter}")
    assert rows(response, character)[1][0] == "Haruka"


def test_a_workbook_holds_the_same_text(officer_client, haruka):
    plain = rows(officer_client.get(f"{URL}?format=csv"))
    sheet = load_workbook(io.BytesIO(body(officer_client.get(f"{URL}?format=xlsx")))).active
    assert [[cell.value or "" for cell in row] for row in sheet.rows] == plain
    assert {cell.data_type for row in sheet for cell in row if cell.value} == {"s"}


def test_the_file_is_sent_with_its_length_and_a_name(officer_client, haruka):
    response = officer_client.get(f"{URL}?format=csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="people-2')
    assert int(response["Content-Length"]) == len(body(response))
    assert response["Cache-Control"] == "private, no-store"


def test_each_export_is_recorded(officer_client, officer, haruka, nagoya):
    body(officer_client.get(f"{URL}?format=csv&city={nagoya.pk}"))
    export = Export.objects.get()
    assert (export.user, export.subject, export.file_format) == (officer, "partners.person", "csv")
    assert export.filter_words == "City: Nagoya"
    assert export.address.startswith(
        f"{URL}?city={nagoya.pk}&format=csv&delimiter=comma&language=en&columns=given_name,family"
    )
    assert export.row_count == 1
    assert export.columns[0] == "given_name"


def test_a_file_that_fails_half_way_is_not_sent_and_leaves_no_record(
    officer_client, haruka, monkeypatch
):
    whole = Sheet.chunks

    def broken(self):
        yield next(whole(self))
        raise ConnectionError

    monkeypatch.setattr(Sheet, "chunks", broken)
    with pytest.raises(ConnectionError):
        officer_client.get(f"{URL}?format=csv")
    assert not Export.objects.exists()


def test_what_a_workbook_cannot_hold_is_refused_in_words(officer_client, haruka, monkeypatch):
    monkeypatch.setattr("crm.workbooks.ROWS", 1)
    make_person("Kenji", "Asakura")
    response = officer_client.get(f"{URL}?format=xlsx")
    assert response.status_code == 400
    assert "more than 1 rows, and a workbook holds no more: choose CSV" in response.content.decode()
    assert not Export.objects.exists()


@pytest.mark.parametrize("query", ["city=abc", "sort=drop", "page=-1", "q=" + "a" * 300, "ctiy=5"])
def test_an_address_not_understood_exports_nothing(officer_client, haruka, query):
    response = officer_client.get(f"{URL}?format=csv&{query}")
    assert response.status_code == 400
    assert "Nothing was exported" in response.content.decode()
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    "query", ["format=exe", "format=csv&delimiter=pipe", "format=csv&uncontactable=no"]
)
def test_a_format_not_known_is_asked_for_again(officer_client, haruka, query):
    response = officer_client.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert "Export people" in response.content.decode()


def test_without_a_format_a_page_asks_and_says_whom_it_is_about(officer_client, haruka, nagoya):
    make_person("Kenji", "Asakura", haruka.primary_affiliation().organisation)
    person = make_person("Yuki", organisation=haruka.primary_affiliation().organisation)
    Person.objects.filter(pk=person.pk).update(contact_preference="none")
    page = officer_client.get(f"{URL}?city={nagoya.pk}").content.decode()
    assert "2 people" in page
    assert "City: Nagoya" in page
    assert "Also 1 person who asked not to be contacted" in page
    assert f'<input type="hidden" name="city" value="{nagoya.pk}">' in page
    assert not Export.objects.exists()


def test_only_who_may_export_does(reader_client, officer_client, client, haruka):
    assert reader_client.get(URL).status_code == 403
    assert reader_client.get(f"{URL}?format=csv").status_code == 403
    assert client.get(f"{URL}?format=csv").status_code == 302
    assert officer_client.get(URL).status_code == 200
    assert officer_client.head(f"{URL}?format=csv").status_code == 405
