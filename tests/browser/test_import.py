"""A list with mistakes, from the file to what it did, and back again."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from crm.models import Import, ImportRow
from partners.models import Person
from tests.browser.conftest import PageAs, assert_axe_clean, scrolls_sideways
from tests.factories import make_import, make_import_row, make_organisation, make_person, make_user

FILE = """Nome;Cognome;Posta elettronica;Ente
Haruka;Tanabe;h.tanabe@example.org;Japan Finance Corporation
Kenji;Mori;not-an-address;Japan Finance Corporation
Sakura;Ito;sakura@example.org;Nowhere Inc.
Alessio;Rossi;alessio@example.org;Japan Finance Corporation
"""


def test_a_list_is_matched_looked_at_imported_and_undone(page_as: PageAs, tmp_path: Path) -> None:
    make_organisation("Japan Finance Corporation")
    make_person("Alessio", "Rossi", email="alessio@example.org")
    file = tmp_path / "Contatti.csv"
    file.write_text(FILE, encoding="utf-8")
    page = page_as("Steward")
    page.goto("/imports/new/?subject=people")
    page.set_input_files("input[type=file]", file)
    page.click("main form .submit button.primary")
    page.wait_for_url("**/columns/")
    page.click("main form .submit button.primary")
    page.wait_for_url(lambda url: url.endswith("/") and "columns" not in url)
    expect(page.locator("#ready")).to_contain_text("2 rejected rows stay out")
    page.click(".tabs >> text=Rejected")
    expect(page.locator("#rows")).to_contain_text("not-an-address")
    page.click(".tabs >> text=New")
    row = page.locator(".import-row", has_text="Tanabe")
    row.locator("label", has_text="Leave it out").click()
    expect(page.locator("#ready")).to_contain_text("1 row left out")
    row.locator("label", has_text="Import it").click()
    expect(page.locator("#ready")).to_contain_text("1 new record")
    page.click("#ready button.primary")
    expect(page.locator("main")).to_contain_text("This was done")
    assert Person.objects.filter(email="h.tanabe@example.org").exists()
    page.click("text=Undo this import")
    page.click("main form .submit button.primary")
    expect(page.locator("main")).to_contain_text("This was done, and undone again")
    assert not Person.objects.filter(email="h.tanabe@example.org").exists()


@pytest.fixture
def source(db: None) -> Import:
    """A row of every kind, with the longest of texts."""
    user = make_user("steward@browser.example.org", "Steward", name="Olivia Steward")
    headings = ["Given name", "Family name", "E-mail", "Notes"]
    source = make_import(user, headings=headings, digest="9f86d081884c7d65" * 4, row_count=6)
    person = make_person()
    differences: list[Any] = [
        {
            "field": "job_title",
            "label": "Job title",
            "before": "Councillor for economic development",
            "after": "Regional councillor for economic development and trade",
        },
        {"field": "mobile", "label": "Mobile", "before": "+81 90 1234 5678", "after": ""},
        {"field": "email", "label": "E-mail", "before": "", "after": "a" * 60 + "@example.org"},
    ]
    twin = {"id": 1, "label": "Haruka Tanabe", "url": "/people/1/", "reason": "same e-mail"}
    make_import_row(source, 2, changes=differences, alike=[twin], choice="leave")
    make_import_row(source, 3, changes=differences)
    make_import_row(source, 4, act="update", record_id=person.pk, changes=differences)
    make_import_row(
        source, 5, act="update", record_id=person.pk, changes=differences, choice="leave"
    )
    make_import_row(source, 6, act="same", record_id=person.pk)
    told = [{**change, "exported": "Something else"} for change in differences]
    make_import_row(
        source,
        7,
        act="conflict",
        record_id=person.pk,
        choice="leave",
        changes=told,
        problems=[{"column": None, "text": "Olga Officer changed it after the file was made."}],
    )
    make_import_row(
        source,
        8,
        act="reject",
        choice="leave",
        cells=["Kenji", "Mori", "not-an-address", "Long notes " * 20],
        problems=[{"column": 2, "text": "This is not an e-mail address."}],
    )
    return source


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]
)
def test_axe_finds_nothing_on_the_page_of_an_import(
    page_as: PageAs, source: Import, language: str, theme: str, width: int
) -> None:
    page = page_as("Steward", language=language, theme=theme, width=width)
    for rows in ("new", "changed", "unchanged", "conflicts", "rejected"):
        page.goto(f"/imports/{source.pk}/?rows={rows}")
        assert_axe_clean(page)
        assert not scrolls_sideways(page), rows


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_where_names_are_asked_about_and_once_it_is_over(
    page_as: PageAs, source: Import, language: str, theme: str, width: int
) -> None:
    page = page_as("Steward", language=language, theme=theme, width=width)
    here = make_organisation("Regione Liguria", country="IT")
    alike = [{"id": here.pk, "label": here.name, "place": here.place}]
    source.missing = [
        {"key": "regione ligura|", "name": "Regione Ligura", "rows": 2, "alike": alike}
        | {"waits": True},
        {"key": "vega|it", "name": "Vega " * 30, "rows": 1, "alike": [], "waits": False},
    ]
    source.save()
    for state, path in [
        (Import.State.CHECKED, ""),
        (Import.State.WRITTEN, ""),
        (Import.State.WRITTEN, "undo/"),
        (Import.State.PARTLY_UNDONE, ""),
        (Import.State.UNDONE, ""),
        (Import.State.CANCELLED, ""),
    ]:
        source.state = state
        source.save()
        page.goto(f"/imports/{source.pk}/{path}")
        assert_axe_clean(page)
        assert not scrolls_sideways(page), state


def test_choices_are_saved_without_scripts(page_as: PageAs, source: Import) -> None:
    page = page_as("Steward", java_script_enabled=False)
    page.goto(f"/imports/{source.pk}/?rows=changed")
    row = page.locator("#row-4")
    row.locator("label", has_text="Leave it out").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Save the choices").click()
    assert source.rows.get(number=4).choice == ImportRow.Choice.LEAVE
