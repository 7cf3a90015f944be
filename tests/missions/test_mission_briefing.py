"""The briefing book: the page that offers it, and what is in the PDF."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pypdf import PdfReader

from crm.models import Export, Job
from missions.models import Meeting
from partners.models import Person
from tests.factories import (
    make_delegate,
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
)
from tests.journeys import Journey
from tests.reading import words


def address(mission: Any, **asked: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"/missions/{mission.pk}/briefing/?{query}"


def book(client: Client, mission: Any, **asked: str) -> PdfReader:
    answer = client.get(address(mission, format="pdf", **asked))
    assert answer.status_code == 200, words(answer)
    return PdfReader(io.BytesIO(answer.content))


def page_with(pdf: PdfReader, sentence: str) -> str:
    return next(text for page in pdf.pages if sentence in (text := said(page)))


def said(page: Any) -> str:
    return " ".join(page.extract_text().split())


def whole(pdf: PdfReader) -> str:
    return " ".join(said(page) for page in pdf.pages)


def test_every_part_is_in_the_contents_and_each_meeting_on_a_page_of_its_own(
    officer_client: Client, journey: Journey
) -> None:
    pdf = book(officer_client, journey.mission)
    contents = said(pdf.pages[1])
    for heading in ("Aims", "Delegation", "Programme", "In an emergency", "Contacts"):
        assert heading in contents
    pages = [page.extract_text().split("\n") for page in pdf.pages[2:]]
    for meeting in journey.meetings:
        assert meeting.title in contents
        heads = [lines for lines in pages if meeting.title in lines[:6]]
        assert len(heads) == 1, meeting.title
    assert len(pdf.pages) == 11


def test_the_outline_leads_to_each_meeting(officer_client: Client, journey: Journey) -> None:
    pdf = book(officer_client, journey.mission)
    titles: list[str] = []

    def walk(entries: Any) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry)
            else:
                titles.append(entry.title)

    walk(pdf.outline)
    assert titles[:3] == ["Aims", "Delegation", "Programme"]
    assert "Round table with the federation" in titles


def test_a_meetings_page_says_whom_we_meet_and_what_is_open(
    officer_client: Client, journey: Journey
) -> None:
    journey.meetings[1].attendances.create(
        person=journey.people["tanabe"], organisation=journey.partners["jfc"]
    )
    page = page_with(book(officer_client, journey.mission), "A joint guarantee fund")
    for sentence in (
        "日本政策金融公庫",
        "Monday 8 March 2027 · 14:00–15:00 Tokyo · 06:00 Rome",
        "Tanabe Haruka",
        "田辺 遥",
        "たなべ はるか",
        "Address as “Ms Tanabe”",
        "Tanabe is the family name",
        "Speaks Japanese, English",
        "tanabe@example.jp",
        "First talk in Genoa",
        "They would like to see the laboratories.",
        "Send the list of laboratories",
        "by 30 June 2026",
        "Send the terms of the guarantee",
        "Memorandum on the financing of small firms",
        "The whole delegation",
    ):
        assert sentence in page, sentence
    assert "Thank the Director" not in page


def test_who_stays_away_from_a_meeting_is_not_on_its_page(
    officer_client: Client, journey: Journey
) -> None:
    page = page_with(book(officer_client, journey.mission), "Mita 2-5-4")
    assert "Giulia Parodi (Head of delegation)" in page_with(
        book(officer_client, journey.mission), "Who goes Giulia Parodi"
    )
    assert "Luca Canepa" not in page


def test_a_cancelled_meeting_is_left_out(officer_client: Client, journey: Journey) -> None:
    Meeting.objects.filter(pk=journey.meetings[2].pk).update(status="cancelled")
    assert "Round table" not in whole(book(officer_client, journey.mission))


def test_the_book_is_written_in_the_language_asked_for(
    officer_client: Client, journey: Journey
) -> None:
    pdf = book(officer_client, journey.mission, language="it")
    root: Any = pdf.trailer["/Root"]
    assert root["/Lang"] == "it"
    assert "8–12 marzo 2027" in said(pdf.pages[0])
    assert "lunedì 8 marzo 2027" in whole(pdf).lower()


def test_only_the_last_three_meetings_held_are_told(
    officer_client: Client, journey: Journey
) -> None:
    for day in range(1, 6):
        make_meeting([journey.partners["jfc"]], title=f"Talk {day}", local_date=date(2026, 6, day))
    page = page_with(book(officer_client, journey.mission), "A joint guarantee fund")
    assert [day for day in range(1, 6) if f"Talk {day}" in page] == [3, 4, 5]


# The delegates' own


def test_the_delegates_book_leaves_out_what_is_ours(
    officer_client: Client, journey: Journey
) -> None:
    Meeting.objects.filter(title="First talk in Genoa").update(
        notes="They hesitate.", temperature=1
    )
    Meeting.objects.filter(pk=journey.meetings[0].pk).update(notes="Bring the gift.")
    ours = whole(book(officer_client, journey.mission))
    theirs = whole(book(officer_client, journey.mission, **{"for": "delegates"}))
    for secret in (
        "They hesitate.",
        "Bring the gift.",
        "Cold",
        "Ask for the rate.",
        "Olga Officer · by",
    ):
        assert secret in ours, secret
        assert secret not in theirs, secret
    assert "Conclusions" in ours
    assert "Conclusions" not in theirs


def test_a_promise_of_a_confidential_meeting_stays_out_of_the_delegates_book(
    officer_client: Client, journey: Journey
) -> None:
    secret = make_meeting([journey.partners["jfc"]], title="Behind doors", is_confidential=True)
    make_followup(journey.partners["jfc"], "Lower the rate", meeting=secret)
    assert "Lower the rate" in whole(book(officer_client, journey.mission))
    theirs = whole(book(officer_client, journey.mission, **{"for": "delegates"}))
    assert "Lower the rate" not in theirs
    assert "Behind doors" not in theirs


def test_of_a_confidential_meeting_the_delegates_book_has_no_room_and_no_names(
    officer_client: Client, journey: Journey
) -> None:
    spoken = make_person("Akira", "Hidden", email="hidden@example.jp")
    secret = make_meeting(
        [journey.partners["jfc"]],
        mission=journey.mission,
        status="planned",
        place="Room 9",
        is_confidential=True,
    )
    secret.attendances.create(person=spoken, organisation=journey.partners["jfc"])
    ours = whole(book(officer_client, journey.mission))
    theirs = whole(book(officer_client, journey.mission, **{"for": "delegates"}))
    for said in ("Room 9", "Akira Hidden", "hidden@example.jp"):
        assert said in ours
        assert said not in theirs


@pytest.mark.parametrize("readers", ["staff", "delegates"])
def test_how_somebody_is_reached_follows_what_they_allow(
    officer_client: Client, journey: Journey, readers: str
) -> None:
    Person.objects.filter(pk=journey.people["head"].pk).update(contact_preference="none")
    text = whole(book(officer_client, journey.mission, **{"for": readers}))
    assert "parodi@example.it" not in text
    assert "Asked not to be contacted" in text


# Who may


def test_each_book_is_recorded(officer_client: Client, officer: Any, journey: Journey) -> None:
    book(officer_client, journey.mission, language="it", **{"for": "delegates"})
    export = Export.objects.get()
    assert export.user == officer
    assert export.file_format == "pdf"
    assert export.filter_words.startswith("Spring mission to Japan; PDF, Italian")
    assert export.row_count == 3


def test_whoever_may_not_export_people_makes_no_book(
    reader_client: Client, journey: Journey
) -> None:
    for asked in ({}, {"format": "pdf"}, {"format": "pdf", "for": "delegates"}):
        assert reader_client.get(address(journey.mission, **asked)).status_code == 403
    assert not Export.objects.exists()


# The page


def test_the_page_offers_the_choices(officer_client: Client, journey: Journey) -> None:
    page = words(officer_client.get(address(journey.mission)))
    assert "a page for each of 6 meetings" in page
    for choice in ("PDF", "Word", "Italian", "English", "For us", "For the delegates"):
        assert choice in page


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"format": "odt"}, "The book is made as PDF or as Word"),
        ({"format": "pdf", "language": "ja"}, "The book is written in Italian or in English."),
        ({"format": "pdf", "for": "press"}, "The book is made for us or for the delegates."),
        ({"format": ""}, "This field is required."),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(
    officer_client: Client, journey: Journey, asked: dict[str, str], sentence: str
) -> None:
    answer = officer_client.get(address(journey.mission, **asked))
    assert answer.status_code == 400
    assert sentence in words(answer)


# Long books


def test_a_long_book_is_made_in_the_background(officer_client: Client) -> None:
    mission, firm = make_mission("A long journey"), make_organisation()
    for number in range(61):
        make_meeting([firm], mission=mission, title=f"Talk {number}", status="planned")
    answer = officer_client.get(address(mission, format="pdf", language="en"), follow=True)
    job = Job.objects.get()
    assert answer.redirect_chain[-1][0] == job.get_absolute_url()
    assert job.state == Job.State.DONE, job.problem
    assert job.steps == job.steps_done == 62
    with job.file.open("rb") as file:
        assert "Talk 60" in whole(PdfReader(file))
    assert Export.objects.count() == 1
    assert "A long journey" in words(officer_client.get(address(mission)))


def test_asking_twice_for_a_long_book_makes_one(officer_client: Client, officer: Any) -> None:
    mission = make_mission("A long journey")
    for number in range(61):
        make_meeting(mission=mission, title=f"Talk {number}", status="planned")
    running = Job.objects.create(
        user=officer,
        title="Briefing book: A long journey (PDF, English, For us)",
        back_url=f"/missions/{mission.pk}/briefing/",
        state=Job.State.RUNNING,
    )
    answer = officer_client.get(address(mission, format="pdf"))
    assert answer["Location"] == running.get_absolute_url()


def test_the_queries_do_not_grow_with_the_meetings(officer_client: Client) -> None:
    counts = []
    for size in (1, 20):
        mission = make_mission(f"Journey of {size}")
        for number in range(size):
            firm = make_organisation(f"Firm {number}")
            person = make_person("Haruka", f"Tanabe {number}", firm, "Director")
            make_meeting([firm], [person], mission=mission, status="planned")
            make_meeting([firm], title="Before", local_date=date(2026, 5, 1))
            make_followup(firm)
            make_delegate(mission, firm, person=person)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            book(officer_client, mission)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# What people type


def test_a_mission_with_nothing_in_it_makes_a_sane_book(officer_client: Client) -> None:
    text = whole(book(officer_client, make_mission("An idea")))
    assert "Dates to be settled" in text
    assert "Nobody has a place in the delegation yet." in text
    assert "No meeting is planned yet." in text
    assert "write it here by hand" in text


def test_nothing_that_people_type_breaks_the_book(
    officer_client: Client, journey: Journey, caplog: pytest.LogCaptureFixture
) -> None:
    mission = journey.mission
    mission.title = "T" * 150 + " #[x] $ \\ <b> & ‹ › 🚀 نور"[:50]
    mission.aims = "Aims with words. " * 176 + "W" * 200
    mission.emergency = "118\x07\x0b\n\n112"
    mission.save()
    person = make_person("#emph[A]", "$x$ \\u", journey.partners["jfc"], "<Director> & ‹co›")
    person.native_name = "สมชาย ใจดี"
    person.save()
    journey.meetings[1].attendances.create(person=person, organisation=journey.partners["jfc"])
    journey.partners["garage"].native_name = "שלום"
    journey.partners["garage"].save()
    pdf = book(officer_client, mission)
    text = whole(pdf)
    for typed in ("#emph[A] $x$ \\u", "<Director> & ‹co›", "[symbol]", "[in Arabic script]"):
        assert typed in text, typed
    assert "Its name in its own script can’t be printed here." in text
    assert "118" in text
    assert not [record for record in caplog.records if "without PDF/UA" in record.message]


def picture() -> ContentFile[bytes]:
    written = io.BytesIO()
    Image.new("RGB", (40, 60), "navy").save(written, "JPEG")
    return ContentFile(written.getvalue(), "face.jpg")


def test_a_portrait_is_in_the_book_and_a_broken_one_is_initials(
    officer_client: Client, journey: Journey
) -> None:
    head, engineer = journey.people["head"], journey.people["engineer"]
    head.photo.save("face.jpg", picture())
    engineer.photo.save("broken.jpg", ContentFile(b"not a picture", "broken.jpg"))
    interpreter = journey.people["interpreter"]
    Person.objects.filter(pk=interpreter.pk).update(photo="people/gone.jpg")
    pdf = book(officer_client, journey.mission)
    page = next(page for page in pdf.pages if "Head of delegation" in said(page))
    assert len(page.images) == 1
    assert "LC" in said(page)
    assert "AM" in said(page)


def test_no_heading_is_the_last_line_of_a_page(officer_client: Client, journey: Journey) -> None:
    """A programme of three pages, whose days would break anywhere."""
    for number in range(40):
        make_meeting(
            [journey.partners["garage"]],
            mission=journey.mission,
            stop=journey.stops[1],
            title=f"Visit {number}",
            status="planned",
            local_date=date(2027, 3, 1 + number // 2),
        )
    pdf = book(officer_client, journey.mission)
    for page in pdf.pages[2:]:
        lines = [line.strip() for line in page.extract_text().split("\n") if line.strip()]
        body = [line for line in lines if not line.startswith(("Page ", "For us:"))]
        assert not body[-1].endswith("March 2027"), body[-3:]
