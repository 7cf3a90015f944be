"""Rows ticked are the rows exported; a list is saved, pinned, changed and updated."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from crm.models import Export, SavedView
from tests.browser.conftest import PageAs, axe_findings, scrolls_sideways
from tests.factories import make_city, make_organisation


@pytest.fixture
def directory(db: None) -> None:
    nagoya, tokyo = make_city("Nagoya"), make_city("Tokyo")
    for name in ("AIRC Consortium", "Japan Finance Corporation", "Shibuya Start-up Support"):
        make_organisation(name, tokyo, tier=1)
    make_organisation("Nagoya University", nagoya)


def test_the_rows_ticked_are_the_rows_exported(page_as: PageAs, directory, tmp_path: Path):
    page = page_as("Steward")
    page.goto("/partners/")
    expect(page.locator("input.row-pick").first).to_be_hidden()
    page.get_by_text("Select", exact=True).click()
    bar = page.locator("#selection")
    expect(bar.get_by_role("button", name="Export")).to_be_disabled()
    page.get_by_label("Choose Shibuya Start-up Support").check()
    page.get_by_label("Choose AIRC Consortium").check()
    expect(bar.get_by_role("status")).to_have_text("2 chosen")
    expect(bar.get_by_role("button", name="Merge…")).to_be_enabled()
    assert not axe_findings(page)
    bar.get_by_role("button", name="Export").click()
    expect(page.locator("main")).to_contain_text("2 partners")
    page.get_by_role("button", name="Move Short name up").click()
    with page.expect_download() as download:
        page.locator("main form button.primary").click()
    path = tmp_path / "partners.csv"
    download.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:2] == ["Short name", "Name"]
    assert [row[1] for row in rows[1:]] == ["AIRC Consortium", "Shibuya Start-up Support"]
    assert Export.objects.get().filter_words == "Rows chosen: 2"


def test_a_list_is_saved_pinned_changed_and_updated(page_as: PageAs, directory):
    page = page_as("Officer")
    page.goto("/partners/")
    page.locator("#facets").get_by_role("link", name="Tokyo").click()
    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name", exact=True).fill("Ours in Tokyo")
    page.get_by_label("Pin it to my side").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".from-view b")).to_have_text("Ours in Tokyo")
    page.goto("/")
    page.locator("#side").get_by_role("link", name="Ours in Tokyo").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("3 partners")
    page.locator("#facets").get_by_role("link", name="Strategic").click()
    page.get_by_role("button", name="Update view").click()
    expect(page.locator("main")).to_contain_text("Updated: Ours in Tokyo")
    assert "tier=1" in SavedView.objects.get().query


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_in_exports_and_views(page_as: PageAs, directory, theme, width):
    page = page_as("Administrator", "it" if theme == "dark" else "en", theme, width)
    for address in (
        "/partners/export/",
        "/people/export/?columns=nothing&format=csv",
        "/meetings/export/?ctiy=1&format=csv",
        "/views/new/?list=partners:organisation-list&tier=1",
    ):
        page.goto(address)
        assert not axe_findings(page), address
        assert not scrolls_sideways(page), address
    page.goto("/views/new/?list=partners:organisation-list&tier=1")
    page.locator("main input[name=name]").fill("Strategic ones of the whole directory")
    page.locator("main input[name=is_pinned]").check()
    page.locator("main button.primary").click()
    page.wait_for_url("**/partners/?*view=*")
    for address in (page.url, f"{page.url}&sort=-name", "/views/", "/exports/"):
        page.goto(address)
        assert not axe_findings(page), address
        assert not scrolls_sideways(page), address
