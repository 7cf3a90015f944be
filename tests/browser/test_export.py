"""The third story: people are narrowed down, and the exported CSV holds exactly them."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from crm.models import Export
from tests.browser.conftest import PageAs
from tests.factories import make_city, make_organisation, make_person


@pytest.fixture
def contacts(db: None) -> None:
    nagoya, tokyo = make_city("Nagoya"), make_city("Tokyo")
    federation = make_organisation("Central Japan Economic Federation", nagoya)
    make_person(
        "Emi", "Moriyama", federation, "Secretary", native_name="森山 恵美", phone="+81 52 962 8091"
    )
    make_person("Aki", "Noda", federation, contact_preference="none")
    make_person("Haruka", "Tanabe", make_organisation("Japan Finance Corporation", tokyo))


@pytest.mark.parametrize(
    ("language", "theme", "delimiter", "heading"),
    [("en", "light", ",", "Family name"), ("it", "dark", ";", "Cognome")],
)
def test_the_people_found_are_the_people_exported(
    page_as: PageAs, contacts, tmp_path: Path, language, theme, delimiter, heading
):
    page = page_as("Officer", language, theme)
    page.goto("/people/")
    page.locator("#facets").get_by_role("link", name="Nagoya").click()
    expect(page.locator("main")).to_contain_text("Moriyama")
    expect(page.locator("main")).not_to_contain_text("Tanabe")
    page.locator("main a[href*='/people/export/']").first.click()
    with page.expect_download() as download:
        page.locator("main form button.primary").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)

    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\r\n")
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file, delimiter=delimiter)
    assert row[heading] == "Moriyama"
    assert "+81 52 962 8091" in row.values()
    record = Export.objects.get()
    assert (record.row_count, record.file_format) == (1, "csv")
    assert "Nagoya" in record.filter_words
