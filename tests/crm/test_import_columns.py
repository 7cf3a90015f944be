"""Matching the columns of a file: by headings, by last time, by hand; refused where unclear."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.imports import writing
from crm.imports.columns import letter, propose, shape_of
from crm.imports.subjects import subjects
from crm.models import Import, ImportShape, User
from partners.models import Organisation, Person
from tests.crm.test_import_create import give
from tests.factories import make_import, make_organisation, make_user
from tests.files import workbook
from tests.reading import words

pytestmark = pytest.mark.django_db
LIST = "Cognome;Nome;Posta elettronica;Colore\r\nTanabe;Haruka;h.tanabe@example.org;blu\r\n"


def page_of(source: Import) -> str:
    return reverse("import-columns", args=[source.pk])


def given(client: Client, content: bytes | str = LIST, **fields: Any) -> Import:
    """The import of the file that was just given."""
    content = content.encode() if isinstance(content, str) else content
    assert give(client, content, **fields).status_code == 200
    return Import.objects.latest("pk")


def send(client: Client, source: Import, *mapping: str, **fields: Any) -> Any:
    """Choose the fields of the columns, and send the page."""
    chosen = {f"column-{index}": name for index, name in enumerate(mapping)}
    data = {"act": "check", "matched_by": "email", **chosen, **fields}
    return client.post(page_of(source), data, follow=True)


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (["Family name", "Given name", "E-mail"], ["family_name", "given_name", "email"]),
        (["COGNOME", "nome", "Posta elettronica"], ["family_name", "given_name", "email"]),
        (["family_name", "EMAIL", "Key"], ["family_name", "email", "key"]),
        (["Ｆａｍｉｌｙ　ｎａｍｅ", "e mail", "__version"], ["family_name", "email", "version"]),
        (["E-mail", "Mail", "Colour"], ["email", "", ""]),
        (["Mail", "E-mail"], ["", "email"]),
        (["E-mail", "email", ""], ["", "", ""]),
        (["Ragione sociale", "Data inizio", "Data fine"], ["organisation", "since", "until"]),
        (["氏名", "会社", "役職"], ["native_name", "organisation", "job_title"]),
    ],
)
def test_a_heading_means_its_field_in_either_language(
    headings: list[str], fields: list[str]
) -> None:
    assert propose(headings, subjects()["people"]) == fields


def test_files_with_the_same_headings_have_one_shape() -> None:
    assert shape_of(["Name", "CITTÀ"]) == shape_of(["name", "Città"])
    assert shape_of(["Name", "City"]) != shape_of(["City", "Name"])


def test_columns_are_named_as_in_a_spreadsheet() -> None:
    assert [letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_the_page_shows_how_the_file_is_read_and_what_is_in_each_column(steward_client) -> None:
    page = words(steward_client.get(page_of(given(steward_client))))
    for text in ("UTF-8", "Semicolon", "4 columns", "Cognome", "Tanabe", "h.tanabe@example.org"):
        assert text in page
    assert page.count("By its heading") == 3
    assert page.count("Not imported") == 1
    assert "An empty cell leaves what is there; a hyphen in it empties the field." in page


def test_two_headings_alike_are_left_to_a_person(steward_client) -> None:
    source = given(steward_client, "Cognome;Telefono;Telefono\r\nTanabe;1;2\r\n")
    assert source.mapping == ["family_name", "", ""]
    page = words(steward_client.get(page_of(source)))
    assert page.count("Another column is called the same") == 2


def test_a_field_filled_from_two_columns_is_refused_beside_both(steward_client) -> None:
    source = given(steward_client)
    response = send(steward_client, source, "family_name", "family_name", "email", "")
    assert response.status_code == 400
    page = words(response)
    assert "“Family name” is filled from column B too" in page
    assert "“Family name” is filled from column A too" in page
    source.refresh_from_db()
    assert source.state == Import.State.UPLOADED
    assert source.mapping == ["family_name", "given_name", "email", ""]
    assert not ImportShape.objects.exists()


def test_the_key_must_have_a_column(steward_client) -> None:
    response = send(steward_client, given(steward_client), "family_name", matched_by="email")
    assert response.status_code == 400
    assert "No column goes to “E-mail”" in words(response)


def test_nothing_matched_is_refused(steward_client) -> None:
    response = send(steward_client, given(steward_client))
    assert response.status_code == 400
    assert "No column goes anywhere yet" in words(response)


def test_a_required_field_without_a_column_is_said(steward_client) -> None:
    source = given(steward_client, "Nome;Città\r\nFilse;Genova\r\n", subject="organisations")
    assert "No column for Kind" in words(steward_client.get(page_of(source)))


def test_what_no_column_says_may_be_said_of_all_new_records(steward_client) -> None:
    make_organisation("Filse", kind="finance", country="IT")
    text = "Name,Country\nVega,Italy\nFilse,Italy\n"
    source = given(steward_client, text, subject="organisations")
    page = words(steward_client.get(page_of(source)))
    assert "What kind all of them are can be said below." in page
    assert "Kind, where the file says none" in page
    fields = {"matched_by": "name", "presumed-kind": "company"}
    send(steward_client, source, "name", "country", **fields)
    rows = list(source.rows.order_by("number"))
    assert [row.act for row in rows] == ["create", "same"]
    assert steward_client.get(page_of(source)).context["form"].missing == []
    source.refresh_from_db()
    writing.start(source, source.user)
    assert Organisation.objects.get(name="Vega").kind == "company"
    assert Organisation.objects.get(name="Filse").kind == "finance"


def test_a_field_that_there_is_not_is_refused(steward_client) -> None:
    response = send(steward_client, given(steward_client), "is_superuser", "", "email")
    assert response.status_code == 400


def test_matched_columns_lead_on_and_are_remembered_for_the_next_file(steward_client) -> None:
    source = given(steward_client)
    response = send(
        steward_client, source, "family_name", "given_name", "email", "notes", only_fills="on"
    )
    assert response.redirect_chain[0][0] == source.get_absolute_url()
    source.refresh_from_db()
    assert source.state == Import.State.CHECKED
    assert not Person.objects.exists()
    again = given(steward_client)
    assert again.mapping == ["family_name", "given_name", "email", "notes"]
    assert (again.matched_by, again.only_fills) == ("email", True)
    assert "As last time" in words(steward_client.get(page_of(again)))


def test_what_one_matched_is_not_another_s(steward_client) -> None:
    send(steward_client, given(steward_client), "family_name", "given_name", "email", "notes")
    other = Client()
    other.force_login(make_user("sofia@example.org", "Steward"))
    assert given(other).mapping == ["family_name", "given_name", "email", ""]


def test_it_is_read_again_as_one_says(steward_client) -> None:
    source = given(steward_client)
    read = {"act": "read", "encoding": "utf-8", "delimiter": ",", "date_order": "mdy"}
    response = steward_client.post(page_of(source), read, follow=True)
    assert "1 column" in words(response)
    source.refresh_from_db()
    assert source.reading["delimiter"] == ","
    assert source.reading["date_order"] == "mdy"


def test_read_again_keeps_what_was_chosen_where_the_columns_stay(steward_client) -> None:
    source = given(steward_client)
    read = {"act": "read", "encoding": "utf-8", "delimiter": ";", "date_order": "ymd"}
    steward_client.post(page_of(source), {**read, "column-0": "family_name", "column-3": "notes"})
    source.refresh_from_db()
    assert source.mapping == ["family_name", "", "", "notes"]


def test_letters_that_do_not_fit_are_refused_and_the_file_stays_as_it_was(steward_client) -> None:
    source = given(steward_client, LIST.replace("Haruka", "Niccolò").encode("cp1252"))
    read = {"act": "read", "encoding": "utf-8", "delimiter": ";", "date_order": "dmy"}
    response = steward_client.post(page_of(source), read)
    assert response.status_code == 400
    assert "can’t be read as utf-8: choose another" in words(response)
    source.refresh_from_db()
    assert source.reading["encoding"] == "cp1252"


def test_another_sheet_is_chosen(steward_client) -> None:
    content = workbook(
        ["Cognome"], ["Tanabe"], title="Soci", Ospiti=[["E-mail"], ["a@example.org"]]
    )
    source = given(steward_client, content, name="soci.csv")
    page = words(steward_client.get(page_of(source)))
    assert "this is an Excel workbook: read as one" in page
    read = {"act": "read", "sheet": "Ospiti", "date_order": "dmy"}
    steward_client.post(page_of(source), read)
    source.refresh_from_db()
    assert (source.headings, source.mapping) == (["E-mail"], ["email"])


def test_a_list_of_something_else_is_noticed_and_taken_as_that(steward_client) -> None:
    source = given(steward_client, subject="organisations")
    assert "this is a list of people" in words(steward_client.get(page_of(source)))
    response = steward_client.post(page_of(source), {"move": "people"}, follow=True)
    assert "this is a list of" not in words(response)
    source.refresh_from_db()
    assert source.subject == "people"
    assert source.mapping == ["family_name", "given_name", "email", ""]


def test_cards_are_matched_without_asking_how_they_are_written(steward_client) -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Tanabe;Haruka;;;\r\nEND:VCARD\r\n"
    source = given(steward_client, card, name="tanabe.vcf")
    assert source.reading["format"] == "vcard"
    page = words(steward_client.get(page_of(source)))
    assert "Tanabe" in page
    assert "Read again" not in page


def test_rows_that_cannot_be_taken_are_told_on_the_page(steward_client) -> None:
    source = given(steward_client, b"Cognome;Nome\r\nTa\x00nabe;Haruka\r\nMori;Emi;x\r\n")
    page = words(steward_client.get(page_of(source)))
    assert "Line 2: The cell holds a NUL character" in page
    assert "Line 3: The row has a cell more than there are columns: “x”" in page


def test_what_is_wrong_in_a_column_that_is_left_out_does_no_harm(steward_client) -> None:
    source = given(
        steward_client, b"Cognome;Posta elettronica;Colore\r\nMori;a@example.org;\x00\r\n"
    )
    assert "Line 2" not in words(steward_client.get(page_of(source)))
    send(steward_client, source, "family_name", "email", "")
    assert [row.act for row in source.rows.all()] == ["create"]


def test_a_file_that_is_no_longer_kept_says_so(steward_client, steward) -> None:
    source = make_import(steward, state=Import.State.UPLOADED)
    assert "The file is no longer kept" in words(steward_client.get(page_of(source)))


def test_an_import_that_has_gone_on_is_not_matched_again(steward_client, steward) -> None:
    source = make_import(steward, state=Import.State.WRITTEN)
    address = reverse("import-detail", args=[source.pk])
    assert steward_client.get(page_of(source)).url == address
    response = steward_client.post(page_of(source), {"act": "check", "column-0": "email"})
    assert response.url == address
    source.refresh_from_db()
    assert source.mapping == ["family_name", "email"]


def test_it_can_be_given_up_and_nothing_is_left_of_the_file(
    steward_client, django_capture_on_commit_callbacks
) -> None:
    source = given(steward_client)
    page = steward_client.get(page_of(source))
    storage, name = source.file.storage, str(source.file.name)
    address = reverse("import-cancel", args=[source.pk])
    with django_capture_on_commit_callbacks(execute=True):
        response = steward_client.post(address, {"stamp": page.context["rows_stamp"]}, follow=True)
    assert "Nothing was written" in response.content.decode()
    source.refresh_from_db()
    assert (source.state, source.file.name) == (Import.State.CANCELLED, "")
    assert not storage.exists(name)
    assert send(steward_client, source, "family_name", "", "email").status_code == 200
    source.refresh_from_db()
    assert source.state == Import.State.CANCELLED


def test_500_columns_cost_no_more_queries_than_one(
    steward_client, django_assert_max_num_queries, steward: User
) -> None:
    wide = ";".join(f"c{n}" for n in range(400))
    source = given(steward_client, f"{wide}\r\n{wide}\r\n")
    with django_assert_max_num_queries(10):
        steward_client.get(page_of(source))
