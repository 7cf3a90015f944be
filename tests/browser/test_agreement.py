"""An agreement written in a browser: parties found by typing, its document weighed first."""

from pathlib import Path

from django.urls import reverse

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
    assert page.get_by_text("The file is larger than 20 MB and was not taken").is_visible()
    assert document.input_value() == ""
    document.set_input_files(letter)
    page.get_by_label("Title").fill("Letter of intent")
    page.get_by_label("Status").select_option("signed")
    page.get_by_role("button", name="Save").last.click()
    assert page.get_by_text("letter.pdf").is_visible()
    for label, typed in (("Our side", "liguria"), ("Their side", "finance")):
        page.get_by_role("combobox", name=label).fill(typed)
        page.locator("li[role=option]:visible").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Save").last.click()
    page.wait_for_url("**/agreements/*/")
    agreement = Agreement.objects.get()
    assert agreement.document.read() == b"%PDF-1.7"
    assert agreement.parties.count() == 2
