"""A list from a spreadsheet: given, matched, mended, looked through; nothing is written."""

from typing import Any

import pytest
from playwright.sync_api import expect

from partners.models import Person
from tests.browser.conftest import PageAs, axe_findings, scrolls_sideways

LIST = (
    "姓;名;E-mail;Telefono;Note;Note\r\n"
    "鈴木;一郎;suzuki@example.org;+81 52 962 8091;VIP;x\r\n"
    "田辺;遥;tanabe@example.org;０３-５２５３-１１１１;;;;\r\n"
).encode("cp932")


def file(name: str, content: bytes) -> Any:
    """A file as the browser is given it."""
    return {"name": name, "mimeType": "text/csv", "buffer": content}


@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [("en", "light", 1280), ("it", "dark", 1280), ("it", "light", 390), ("en", "dark", 390)],
)
def test_columns_are_matched_and_nothing_is_written(
    page_as: PageAs, language: str, theme: str, width: int
) -> None:
    page = page_as("Steward", language, theme, width)
    found = []
    page.goto("/imports/new/?subject=people")
    page.locator("main form.ledger button.primary").click()
    expect(page.locator("#problems")).to_be_visible()
    found += axe_findings(page)
    page.locator("input[type=file]").set_input_files(file("soci.csv", LIST))
    page.locator("main form.ledger button.primary").click()
    expect(page.locator("table.columns")).to_contain_text("鈴木")
    found += axe_findings(page)
    page.get_by_label("Note").first.select_option("phone")
    page.locator("main .submit button.primary").click()
    expect(page.locator("table.columns .error").first).to_be_visible()
    found += axe_findings(page)
    assert width == 1280 or not scrolls_sideways(page)
    page.get_by_label("Note").first.select_option("notes")
    page.locator("main .submit button.primary").click()
    expect(page.locator("main")).to_contain_text("一郎 鈴木")
    assert not Person.objects.exists()
    page.goto("/imports/")
    expect(page.locator("table.imports")).to_contain_text("soci.csv")
    found += axe_findings(page)
    assert not found


def test_it_all_works_without_scripts(page_as: PageAs) -> None:
    page = page_as("Steward", java_script_enabled=False)
    page.goto("/imports/new/?subject=people")
    page.locator("input[type=file]").set_input_files(file("soci.csv", LIST))
    page.locator("main form.ledger button.primary").click()
    page.get_by_label("Between columns").select_option(",")
    page.get_by_role("button", name="Read again").click()
    expect(page.locator("main")).to_contain_text("1 column")
    page.get_by_label("Between columns").select_option(";")
    page.get_by_role("button", name="Read again").click()
    expect(page.locator("main")).to_contain_text("6 columns")
    page.get_by_role("button", name="See what would change").click()
    expect(page.locator("h1")).to_contain_text("soci.csv")


def test_a_file_that_is_too_large_is_told_before_it_is_sent(page_as: PageAs, settings: Any) -> None:
    settings.IMPORT_MEGABYTES = 1
    page = page_as("Steward")
    page.goto("/imports/new/")
    page.locator("input[type=file]").set_input_files(file("soci.csv", b"x" * (2 << 20)))
    expect(page.locator("[data-part=too-large]")).to_contain_text("larger than 1 MB")
