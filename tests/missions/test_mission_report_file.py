"""The report of a mission as a PDF: what is in the file, and who gets the names."""

import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from crm.models import Export, User
from missions.models import Agreement, Meeting, Mission
from tests.factories import (
    make_agreement,
    make_delegate,
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
)
from tests.journeys import Journey

pytestmark = pytest.mark.django_db


def opened(client: Client, mission: Mission, language: str = "en") -> PdfReader:
    response = client.get(f"/missions/{mission.pk}/report/?format=pdf&language={language}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    return PdfReader(io.BytesIO(response.content))


def text(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.fixture
def mission(nagoya: Any) -> Mission:
    """One meeting held with Dr Suzuki of the Garage, and what came of it."""
    mission = make_mission(aims="To open two laboratories.", notes="Never for a board.")
    garage = make_organisation(
        "Nagoya Innovator’s Garage", nagoya, native_name="ナゴヤ イノベーターズ ガレージ"
    )
    suzuki = make_person("Kenji", "Suzuki", garage, "Manager", native_name="鈴木 健二")
    iit = make_organisation("IIT", country="IT", side="home")
    make_delegate(mission, iit, person=make_person("Luca", "Canepa", iit))
    held = make_meeting(
        [garage],
        [suzuki],
        mission=mission,
        title="Round table",
        outcome="Two researchers come to Genoa.",
        notes="Ask for the rate.",
        local_date=date(2026, 3, 10),
        time_zone="Asia/Tokyo",
    )
    make_followup(garage, "Send the terms", meeting=held)
    make_agreement("Letter of intent", [garage], meeting=held)
    return mission


def test_the_file_says_what_the_page_says(mission, officer_client):
    said = text(opened(officer_client, mission))
    for words in (
        "1 meeting held, with 1 partner and 1 person.",
        "To open two laboratories.",
        "Two researchers come to Genoa.",
        "Nagoya Innovator’s Garage",
        "Suzuki",
        "Send the terms",
        "Letter of intent",
        "Round table",
        "Luca Canepa",
    ):
        assert words in said, words
    assert "Ask for the rate." not in said
    assert "Never for a board." not in said


def test_names_in_japanese_are_set_in_a_japanese_face(mission, officer_client):
    pdf = opened(officer_client, mission, "it")
    assert "鈴木 健二" in text(pdf)
    faces = {
        str(font.get_object()["/BaseFont"])
        for page in pdf.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert any("NotoSansCJKjp" in face for face in faces)
    root: Any = pdf.trailer["/Root"]
    assert root["/Lang"] == "it"


def test_a_file_that_names_people_is_recorded_as_an_export(mission, officer, officer_client):
    opened(officer_client, mission)
    export = Export.objects.get()
    assert (export.user, export.file_format, export.row_count) == (officer, "pdf", 2)
    assert export.filter_words.startswith("Mission to Japan")


def test_whoever_may_not_export_people_gets_their_number_and_no_name(mission, reader_client):
    said = text(opened(reader_client, mission))
    assert "1 person" in said
    assert "Suzuki" not in said
    assert "Canepa" not in said
    assert not Export.objects.exists()


def test_the_file_holds_nothing_confidential_whoever_makes_it(
    mission, reader_client, officer_client
):
    Meeting.objects.update(is_confidential=True)
    for client in (reader_client, officer_client):
        assert "Two researchers" not in text(opened(client, mission))
        assert "Send the terms" not in text(opened(client, mission))


def test_a_mission_with_nothing_in_it_makes_a_page(officer_client):
    pdf = opened(officer_client, make_mission("#panic[x] <b>& 名"))
    assert len(pdf.pages) == 1
    assert "Nothing is written down of this mission yet." in text(pdf)
    assert "#panic[x] <b>& 名" in text(pdf)


def test_a_whole_journey_is_a_few_pages(journey: Journey, officer: User, officer_client: Client):
    assert 1 <= len(opened(officer_client, journey.mission).pages) <= 3


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("format=docx", "The report is made as PDF."),
        ("format=pdf&language=ja", "The report is written in Italian or in English."),
    ],
)
def test_what_is_not_made_is_said_on_the_page(mission, officer_client, query, said):
    response = officer_client.get(f"/missions/{mission.pk}/report/?{query}")
    assert response.status_code == 400
    assert said in response.content.decode()


def test_the_file_says_where_an_agreement_stands_today(mission, officer_client):
    agreement = Agreement.objects.get()
    agreement.status, agreement.in_force_until = "signed", date(2026, 1, 31)
    agreement.save()
    assert "ended" in text(opened(officer_client, mission))
