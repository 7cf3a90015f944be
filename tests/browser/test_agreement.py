"""An agreement written in a browser: parties found by typing, its document weighed first."""

from pathlib import Path

from django.urls import reverse
from playwright.sync_api import expect

from missions.models import Agreement
from tests.browser.conftest import PageAs
from tests.factories import make_organisation


def test_a_document_is_weighed_before_it_is_sent_and_waits_where_the_form_comes_back(
    page_as: PageAs, tmp_path: Path
):
    make_organisation("Liguria International", side="home", country="IT")
    make_organisation("Japan Finance Corporation")
    large, letter = tmp_path / "large.pdf", tmp_path / "letter.pdf"
    with large.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    letter.write_bytes(b"%PDF-1.7")
    page = page_as("Officer")
    page.goto(reverse("missions:agreement-create"))
    document = page.get_by_label("Document")
    document.set_input_files(large)
    expect(page.get_by_text("The file is larger than 20 MB and was not taken")).to_be_visible()
    expect(document).to_have_value("")
    document.set_input_files(letter)
    page.get_by_label("Title").fill("Letter of intent")
    page.get_by_label("Status").select_option("signed")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("letter.pdf")).to_be_visible()
    sides = {"Our side": "Liguria International", "Their side": "Japan Finance Corporation"}
    for label, party in sides.items():
        page.get_by_role("combobox", name=label).fill(party)
        page.get_by_role("option", name=party).click()
        expect(page.locator(".token", has_text=party)).to_be_visible()
    page.get_by_role("button", name="Save").last.click()
    page.wait_for_url("**/agreements/*/")
    agreement = Agreement.objects.get()
    assert agreement.document.read() == b"%PDF-1.7"
    assert agreement.parties.count() == 2
