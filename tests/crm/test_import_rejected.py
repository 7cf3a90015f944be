"""The rejected rows as a file of the same shape, mended and given again."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from crm.imports import checking
from crm.imports.columns import propose, shape_of
from crm.imports.rejected import is_reason
from crm.imports.subjects import subjects
from crm.models import Import, User
from tests.importing import acts, make_import, problems

HEADINGS = ("Given name", "Family name", "E-mail", "Phone", "Notes")
GOOD = ("Haruka", "Tanabe", "h.tanabe@example.org", "+81 3 5253 1111", "Guarantees")
BAD = ("健司", "森", "not-an-address", "+81 52 789 2043", '=1+1; "quoted", twice')


def written(rows: tuple[Any, ...], delimiter: str) -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if '"' in text or delimiter in text else text

    return "".join(delimiter.join(map(cell, row)) + "\r\n" for row in rows)


def rejected(client: Client, source: Import) -> tuple[bytes, str]:
    """The file, and the name it is saved under."""
    with translation.override("en"):
        answer = client.get(f"/imports/{source.pk}/rejected/")
    assert answer.status_code == 200
    return answer.getvalue(), answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8-sig", ","), ("utf-8", ";"), ("cp932", ","), ("utf-16", "\t")],
)
@pytest.mark.parametrize("language", ["en", "it"])
def test_the_rejected_rows_keep_the_shape_of_the_file_and_come_back(
    encoding, delimiter, language, steward: User, steward_client: Client
):
    User.objects.filter(pk=steward.pk).update(language=language)
    data = written((HEADINGS, GOOD, BAD), delimiter).encode(encoding)
    source = make_import(steward, "people", data, "Contatti.csv")
    checking.start(source, steward)
    assert acts(source) == ["create", "reject"]
    content, name = rejected(steward_client, source)
    lines = content.decode(encoding).splitlines()
    assert lines[0].startswith(delimiter.join(HEADINGS) + delimiter)
    assert is_reason(lines[0].split(delimiter)[-1])
    assert "+81 52 789 2043" in lines[1]
    assert "'=1+1" in lines[1]
    assert "Haruka" not in content.decode(encoding)
    assert "Contatti" in name
    again = make_import(steward, "people", content, "Contatti.csv")
    assert again.reading == source.reading
    assert again.mapping[:-1] == source.mapping
    assert again.mapping[-1] == ""
    checking.start(again, steward)
    assert [row.cells[:5] for row in again.rows.all()] == [
        row.cells for row in source.rows.filter(act="reject")
    ]
    mended = content.decode(encoding).replace("not-an-address", "k.mori@example.org")
    fresh = make_import(steward, "people", mended.encode(encoding), "Contatti.csv")
    checking.start(fresh, steward)
    assert (problems(fresh), acts(fresh)) == ([], ["create"])


def test_a_file_rejected_twice_has_one_column_of_reasons(steward: User, steward_client: Client):
    data = written((HEADINGS, BAD), ",")
    first = make_import(steward, "people", data)
    checking.start(first, steward)
    content, _name = rejected(steward_client, first)
    second = make_import(steward, "people", content)
    checking.start(second, steward)
    assert rejected(steward_client, second)[0] == content


def test_a_workbook_comes_back_as_a_workbook(steward: User, steward_client: Client):
    data = written((HEADINGS, BAD), ",")
    source = make_import(steward, "people", data)
    checking.start(source, steward)
    source.reading = {"format": "xlsx", "sheet": "Contatti"}
    source.save()
    content, name = rejected(steward_client, source)
    sheet = load_workbook(BytesIO(content))["Contatti"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [*HEADINGS, "Why it was not imported"]
    assert rows[1][:5] == list(BAD)
    assert all(cell.data_type == "s" for cell in sheet[2])
    assert ".xlsx" in name
    again = make_import(steward, "people", content, "Contatti.xlsx")
    checking.start(again, steward)
    assert acts(again) == ["reject"]


def test_a_file_with_reasons_is_matched_as_the_file_without_was(steward: User):
    with translation.override("it"):
        headings = [*HEADINGS, "Why it was not imported"]
    assert shape_of(headings) == shape_of(HEADINGS)
    assert propose(headings, subjects()["people"])[-1] == ""


def test_the_reasons_are_in_the_language_of_who_reads_them(steward: User, client: Client) -> None:
    text = (
        "name,kind,country,email\nVega,planet,IT,\nOrion,company,Atlantis,\nSirio,company,IT,a@\n"
    )
    source = make_import(steward, "organisations", text)
    with translation.override("en"):
        checking.start(source, steward)
    steward.language = "it"
    steward.save()
    client.force_login(steward)
    html = client.get(f"/imports/{source.pk}/").content.decode()
    for words in ("non è tra le scelte", "Nessun Paese si chiama", "indirizzo email valido"):
        assert words in html
    file = client.get(f"/imports/{source.pk}/rejected/").getvalue().decode()
    assert "Nessun Paese si chiama" in file
