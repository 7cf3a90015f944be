"""The briefing book as a Word document that people go on editing."""

import io
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from crm.documents import EAST_ASIAN
from tests.factories import make_meeting, make_mission
from tests.journeys import Journey

SOFFICE = shutil.which("soffice")
WRITER = SOFFICE and Path(SOFFICE).resolve().parent.joinpath("libswlo.so").exists()


def document(client: Client, mission: Any, query: str = "") -> Any:
    answer = client.get(f"/missions/{mission.pk}/briefing/?format=docx{query}")
    assert answer.status_code == 200
    return Document(io.BytesIO(answer.content))


def headings(document: Any, level: int) -> list[str]:
    return [one.text for one in document.paragraphs if one.style.name == f"Heading {level}"]


def text(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_the_headings_are_those_of_the_book(officer_client: Client, journey: Journey) -> None:
    word = document(officer_client, journey.mission)
    assert headings(word, 1) == [
        "Aims",
        "Delegation",
        "Programme",
        "Tokyo · 8–9 March 2027",
        "Nagoya · 10–11 March 2027",
        "Tokyo · 12 March 2027",
        "Contacts",
        "In an emergency",
    ]
    assert headings(word, 2)[:2] == [
        "1. Welcome by the Ambassador",
        "2. How small firms are financed",
    ]
    assert "Promises still open" in headings(word, 3)
    assert [one.text for one in word.paragraphs if one.style.name == "Title"] == [
        "Spring mission to Japan"
    ]


def test_each_meeting_starts_on_a_page_of_its_own(officer_client: Client, journey: Journey) -> None:
    """The first of a stop follows the stop's own heading, which starts the page."""
    word = document(officer_client, journey.mission)
    starts = [
        one.paragraph_format.page_break_before
        for one in word.paragraphs
        if one.style.name == "Heading 2"
    ]
    assert starts == [False, True, False, True, True, False]
    assert all(
        one.paragraph_format.page_break_before
        for one in word.paragraphs
        if one.style.name == "Heading 1" and "2027" in one.text
    )


def test_contents_and_page_numbers_are_fields(officer_client: Client, journey: Journey) -> None:
    word = document(officer_client, journey.mission)
    codes = [one.text.strip() for one in word.element.iter(qn("w:instrText"))]
    assert codes == ['TOC \\o "1-2" \\h \\z \\u']
    section = word.sections[0]
    footer = section.footer._element.iter(qn("w:instrText"))
    assert [one.text.strip() for one in footer] == ["PAGE", "NUMPAGES"]
    assert section.header.paragraphs[0].text == "Spring mission to Japan"
    contents = [one.text for one in word.paragraphs if one.style.name.upper().startswith("TOC ")]
    assert "6. Conclusions" in contents


def test_japanese_has_its_face_and_its_language(officer_client: Client, journey: Journey) -> None:
    word = document(officer_client, journey.mission)
    (run, *_) = (
        run for one in word.paragraphs for run in one.runs if run.text == "日本政策金融公庫"
    )
    assert run._r.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) == EAST_ASIAN
    assert run._r.rPr.find(qn("w:lang")).get(qn("w:eastAsia")) == "ja-JP"
    faces = word.styles["Normal"].element.rPr.find(qn("w:rFonts"))
    assert faces.get(qn("w:eastAsia")) == EAST_ASIAN


def test_nothing_that_people_type_is_lost_or_breaks_it(
    officer_client: Client, journey: Journey
) -> None:
    journey.mission.title = "A & B <w:p> ‹co› {{ x }} 🚀"
    journey.mission.aims = "نور\x07\x0b\n\nSec\u202eond"
    journey.mission.save()
    word = document(officer_client, journey.mission)
    whole = text(word)
    for typed in ("A & B <w:p> ‹co› {{ x }} 🚀", "نور", "Second", "A joint guarantee fund"):
        assert typed in whole
    assert word.core_properties.title == "A & B <w:p> ‹co› {{ x }} 🚀: briefing book"


def test_it_is_in_the_language_asked_for(officer_client: Client, journey: Journey) -> None:
    word = document(officer_client, journey.mission, "&language=it")
    assert word.core_properties.language == "it-IT"
    assert "Nagoya · 10–11 marzo 2027" in headings(word, 1)


def test_the_delegates_document_leaves_out_what_is_ours(
    officer_client: Client, journey: Journey
) -> None:
    assert "Ask for the rate." in text(document(officer_client, journey.mission))
    theirs = text(document(officer_client, journey.mission, "&for=delegates"))
    assert "Ask for the rate." not in theirs
    assert "Conclusions" not in theirs


def test_a_mission_with_nothing_in_it_makes_a_document(officer_client: Client) -> None:
    assert "No meeting is planned yet." in text(document(officer_client, make_mission("An idea")))


@pytest.mark.libreoffice
@pytest.mark.skipif(
    not WRITER,
    reason="LibreOffice Writer is not installed (Debian: libreoffice-writer-nogui)",
)
def test_libreoffice_opens_it_without_loss(
    officer_client: Client, journey: Journey, tmp_path: Path
) -> None:
    make_meeting([journey.partners["jfc"]], title="An older talk", local_date=date(2026, 1, 9))
    answer = officer_client.get(f"/missions/{journey.mission.pk}/briefing/?format=docx")
    file = tmp_path / "book.docx"
    file.write_bytes(answer.content)
    subprocess.run(
        [
            SOFFICE or "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            *("--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    pdf = PdfReader(tmp_path / "book.pdf")
    whole = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    for sentence in ("Spring mission to Japan", "An older talk", "日本政策金融公庫", "Conclusions"):
        assert sentence in whole


def test_the_contents_lead_to_their_headings_and_word_numbers_them(
    officer_client: Client, journey: Journey
) -> None:
    word = document(officer_client, journey.mission)
    body = word.element.body
    links = {link.get(qn("w:anchor")): link.text for link in body.iter(qn("w:hyperlink"))}
    marked = {
        mark.get(qn("w:name")): mark.getparent().text for mark in body.iter(qn("w:bookmarkStart"))
    }
    assert links == marked
    assert "6. Conclusions" in links.values()
    assert word.settings.element.find(qn("w:updateFields")) is not None


def test_what_stands_on_one_line_is_kept_apart(officer_client: Client, journey: Journey) -> None:
    word = document(officer_client, journey.mission)
    assert "First talk in Genoa\u200220 May 2026 · Genoa" in [one.text for one in word.paragraphs]
