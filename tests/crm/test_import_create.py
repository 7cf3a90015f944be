"""Giving a file to be imported: taken once, privately; what is no list says why."""

import hashlib
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.models import Import, Submission
from partners.models import Organisation, Person
from tests.files import inline, raw_workbook, workbook
from tests.reading import words

pytestmark = pytest.mark.django_db
URL = reverse("import-create")
PEOPLE = "Family name;E-mail;City\r\nForlì;forli@example.org;Nagoya\r\n".encode("cp1252")


def give(client: Client, content: bytes, name: str = "people.csv", **fields: Any) -> Any:
    """Choose the file on the page, and send it."""
    data = {"token": str(uuid.uuid4()), "subject": "people", **fields}
    return client.post(URL, {**data, "file": SimpleUploadedFile(name, content)}, follow=True)


def test_a_file_is_kept_with_who_what_and_how_it_is_read(steward_client, steward) -> None:
    response = give(steward_client, PEOPLE)
    made = Import.objects.get()
    assert response.redirect_chain[0][0] == reverse("import-columns", args=[made.pk])
    assert (made.user, made.subject, made.file_name) == (steward, "people", "people.csv")
    assert made.size == len(PEOPLE)
    assert made.digest == hashlib.sha256(PEOPLE).hexdigest()
    assert made.reading == {
        "format": "csv",
        "encoding": "cp1252",
        "delimiter": ";",
        "sheet": "",
        "date_order": "dmy",
    }
    assert made.headings == ["Family name", "E-mail", "City"]
    assert made.mapping == ["family_name", "email", "city"]
    assert made.matched_by == "email"
    assert made.state == Import.State.UPLOADED
    assert made.file.read() == PEOPLE


def test_the_file_is_kept_where_nobody_can_fetch_it(steward_client, administrator_client) -> None:
    give(steward_client, PEOPLE)
    name = Import.objects.get().file.name
    for address in (f"/media/{name}", f"/static/{name}", f"/{name}"):
        assert administrator_client.get(address).status_code == 404


def test_sent_twice_it_is_one_import(steward_client) -> None:
    token = str(uuid.uuid4())
    first = give(steward_client, PEOPLE, token=token)
    second = give(steward_client, PEOPLE, token=token)
    assert first.redirect_chain == second.redirect_chain
    assert (Import.objects.count(), Submission.objects.count()) == (1, 1)


def test_a_link_chooses_what_it_brings(steward_client) -> None:
    page = steward_client.get(URL, {"subject": "people"}).content.decode()
    chosen = page[page.index('value="people"') :]
    assert "checked" in chosen[: chosen.index(">")]


BAD = {
    "empty": (b"", "The file is empty"),
    "blank": (b" \r\n", "The file is empty"),
    "headings only": (b"Family name;E-mail\r\n", "no rows: there is nothing to import"),
    "pdf": (b"%PDF-1.7", "This is a PDF"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1Workbook", "an old Excel workbook (.xls)"),
    "password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "protected by a password",
    ),
    "a million columns": (b"x," * 900_000 + b"\n1\n", "more than 500 columns"),
    "a zip bomb": (
        raw_workbook(inline("Name") + inline("Filse"), padding=51),
        "Unpacked, the workbook would take 408 MB",
    ),
    "entities": (
        raw_workbook(
            inline("Name") + inline("&a;"), head='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
        ),
        "holds a document type",
    ),
    "damaged": (workbook(["Name"], ["Filse"])[:-30], "The workbook is damaged"),
    "a quotation mark left open": (
        b'Name,Notes\nFilse,"x\n' + b"IIT,y\n" * 200_000,
        "begins on line 2 does not end",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_says_what_is_wrong_and_nothing_is_kept(kind: str, steward_client) -> None:
    content, reason = BAD[kind]
    response = give(steward_client, content, "list.xlsx")
    assert response.status_code == 400
    assert reason in words(response)
    assert not Import.objects.exists()
    assert not Submission.objects.exists()
    assert not Person.objects.exists()
    assert not Organisation.objects.exists()


def test_without_a_file_the_page_asks_for_one(steward_client) -> None:
    response = steward_client.post(URL, {"token": str(uuid.uuid4()), "subject": "people"})
    assert response.status_code == 400
    assert "There is a problem" in words(response)


def test_a_file_that_is_too_large_is_refused_by_its_size(steward_client, settings) -> None:
    settings.IMPORT_MEGABYTES = 0
    response = give(steward_client, PEOPLE)
    assert response.status_code == 400
    assert "larger than 0 MB and was not taken" in words(response)
    assert not Import.objects.exists()


def test_half_a_gigabyte_is_refused_before_anything_of_it_is_kept(steward, settings) -> None:
    settings.IMPORT_MEGABYTES = 0
    client = Client(enforce_csrf_checks=True)
    client.force_login(steward)
    content = b"Family name\n" + b"Tanabe\n" * 200_000
    response = client.post(URL, {"file": SimpleUploadedFile("people.csv", content)})
    assert response.status_code == 413
    assert [*response.context["form"].errors] == ["file"]
    assert "larger than 0 MB and was not taken" in words(response)
    assert "required" not in words(response)


def test_another_site_can_give_nothing(steward) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(steward)
    assert give(client, PEOPLE).status_code == 403
    assert not Import.objects.exists()


@pytest.mark.parametrize("role", ["reader", "officer", "manager"])
def test_only_those_who_may_import_give_files(role: str, request) -> None:
    client = request.getfixturevalue(f"{role}_client")
    assert give(client, PEOPLE).status_code == 403
    assert not Import.objects.exists()


def test_one_brings_only_what_one_may(steward_client, steward) -> None:
    response = give(steward_client, PEOPLE, subject="accounts")
    assert response.status_code == 400
    assert not Import.objects.exists()


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "it"])
def test_an_empty_list_has_headings_that_are_all_understood(
    file_format: str, language: str, steward_client, steward
) -> None:
    steward.language = language
    steward.save()
    steward_client.get("/preferences/")
    answer = steward_client.get(reverse("import-template", args=["people", file_format]))
    content = b"".join(answer)
    if file_format == "csv":
        delimiter = b";" if language == "it" else b","
        content += delimiter.join(b"x" for _each in content.split(delimiter)) + b"\r\n"
        give(steward_client, content)
        made = Import.objects.get()
        assert all(made.mapping)
        assert len(set(made.mapping)) == len(made.mapping) > 10
    else:
        assert content.startswith(b"PK")
