"""Missions, meetings, follow-ups and agreements as files: what their lists show, and no more."""

import csv
import io
from datetime import date, time

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import Export
from missions.exports import meeting_columns
from missions.imports import MEETINGS
from tests.factories import (
    make_agreement,
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_organiser,
    make_person,
    make_sector,
    make_stop,
)

pytestmark = pytest.mark.django_db
NOUNS = ["mission", "meeting", "followup", "agreement"]


def body(response):
    assert response.status_code == 200, response.content.decode()[:500]
    return b"".join(response.streaming_content).decode("utf-8-sig")


def rows(client, noun, query=""):
    url = reverse(f"missions:{noun}-export")
    text = body(client.get(f"{url}?format=csv&{query}"))
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def jfc(tokyo):
    return make_organisation("Japan Finance Corporation", tokyo)


@pytest.fixture
def japan(nagoya, tokyo, genoa):
    mission = make_mission("Mission to Japan", starts_on=date(2026, 3, 2), aims="To meet.")
    for position, city in enumerate((tokyo, nagoya, tokyo), 1):
        make_stop(mission, city, position)
    make_organiser(mission, make_organisation("Liguria International", genoa), role="lead")
    make_organiser(mission, make_organisation("Italian Chamber", tokyo))
    return mission


@pytest.fixture
def promised(officer, jfc, nagoya):
    """Some of each, by one officer and with others."""
    for number in range(1, 4):
        day = date(2026, 5, number)
        held = make_meeting([jfc], title=f"Meeting {number}", local_date=day, author=officer)
        assignee = officer if number < 3 else None
        due = date(2026, 12, number)
        make_followup(jfc, f"Send paper {number}", meeting=held, assignee=assignee, due_on=due)
        signed = date(2026, 1, number)
        make_agreement(f"Agreement {number}", [jfc], signed_on=signed, status="signed")
        make_mission(f"Mission {number}", starts_on=signed)


@pytest.mark.parametrize(
    ("noun", "query", "column"),
    [
        ("mission", "", "Title"),
        ("mission", "q=mission 2", "Title"),
        ("meeting", "", "Title"),
        ("meeting", "since=2026-05-02&sort=-date", "Title"),
        ("meeting", "mine=1", "Title"),
        ("followup", "", "What"),
        ("followup", "show=all", "What"),
        ("agreement", "", "Title"),
        ("agreement", "q=2", "Title"),
    ],
)
def test_the_rows_are_the_lists_in_its_order(officer_client, promised, noun, query, column):
    shown = officer_client.get(f"{reverse(f'missions:{noun}-list')}?{query}").context["page"].rows
    assert shown
    found = [row[column] for row in rows(officer_client, noun, query)]
    assert found == [str(one) for one in shown]
    address = Export.objects.get().address
    assert [row[column] for row in rows(officer_client, noun, address.partition("?")[2])] == found


@pytest.mark.parametrize("noun", NOUNS)
def test_the_rows_chosen_are_exported_in_the_lists_order(officer_client, promised, noun):
    page = officer_client.get(reverse(f"missions:{noun}-list")).context["page"].rows
    last, first = page[-1], page[0]
    found = rows(officer_client, noun, f"ids={last.pk},{first.pk}")
    assert [row["Key"] for row in found] == [str(first.key), str(last.key)]


def test_a_mission_says_where_it_goes_and_who_organises_it(officer_client, japan):
    (row,) = rows(officer_client, "mission")
    assert row["Cities"] == "Tokyo; Nagoya; Tokyo"
    assert row["Organisers"] == "Liguria International; Italian Chamber"
    assert (row["Starts on"], row["Ends on"], row["Meetings"]) == ("2026-03-02", "", "0")


def test_a_meeting_says_when_where_and_who(officer_client, japan, jfc):
    make_meeting(
        [jfc, make_organisation("AIRC Consortium")],
        [make_person("Haruka", "Tanabe", jfc, name_order="family"), make_person("悠", "")],
        [make_sector("Robotics")],
        title="On credit",
        mission=japan,
        stop=japan.stops.first(),
        local_date=date(2026, 3, 3),
        local_time=time(9, 30),
        duration=60,
        outcome="Agreed.",
        notes="Careful.",
    )
    (row,) = rows(officer_client, "meeting")
    assert row["Organisations met"] == "AIRC Consortium; Japan Finance Corporation"
    assert row["People"] == "Tanabe Haruka; 悠"
    assert (row["Date"], row["Time"], row["Time zone"]) == ("2026-03-03", "09:30", "Asia/Tokyo")
    assert (row["Stop"], row["City"], row["Confidential"]) == ("Tokyo", "", "no")
    assert (row["Sectors"], row["Outcome"]) == ("Robotics", "Agreed.")
    assert "Internal notes" not in row
    (row,) = rows(officer_client, "meeting", "columns=title,notes")
    assert row == {"Title": "On credit", "Internal notes": "Careful."}


def test_every_column_of_a_meeting_is_one_that_an_import_knows(officer):
    """But its stop, which is the mission's."""
    known = {field.name for field in MEETINGS.fields} | {"stop"}
    assert {column.name for column in meeting_columns(officer)} <= known


@pytest.fixture
def outsider_client(reader, reader_client):
    """A reader who was given the right to export, and may not read what is confidential."""
    named = [f"export_{noun}" for noun in NOUNS]
    reader.user_permissions.add(*Permission.objects.filter(codename__in=named))
    return reader_client


def test_what_was_said_in_confidence_stays_out_for_those_who_may_not_read_it(
    outsider_client, officer_client, jfc
):
    secret = make_meeting(
        [jfc],
        title="Takeover",
        place="Room 7",
        purpose="Buy",
        outcome="Signed",
        notes="Hush",
        temperature=4,
        is_confidential=True,
        status="held",
    )
    make_followup(jfc, "Wire the money", meeting=secret)
    words = ("Takeover", "Room 7", "Buy", "Signed", "Hush", "Wire", "Hot")
    columns = "columns=title,place,purpose,outcome,notes,temperature,organisations"
    (row,) = rows(outsider_client, "meeting", columns)
    assert not any(word in cell for word in words for cell in row.values())
    assert row["Organisations met"] == "Japan Finance Corporation"
    assert rows(outsider_client, "meeting", "q=takeover") == []
    assert rows(outsider_client, "followup", "show=all") == []
    (whole,) = rows(officer_client, "meeting", columns)
    assert (whole["Internal notes"], whole["Temperature"]) == ("Hush", "Hot")


def test_a_promise_says_by_whom_to_whom_and_what_became_of_it(officer_client, officer, jfc):
    make_followup(jfc, "Send the paper", assignee=officer, due_on=date(2026, 11, 1))
    (row,) = rows(officer_client, "followup")
    assert (row["What"], row["Organisation"], row["Due"], row["What became of it"]) == (
        "Send the paper",
        "Japan Finance Corporation",
        "2026-11-01",
        "Late",
    )
    assert row["Seen to by"] == officer.email


def test_mine_stays_mine_whoever_makes_it_again(officer_client, manager_client, promised):
    for noun, query in (("followup", ""), ("meeting", "mine=1")):
        mine = rows(officer_client, noun, query)
        address = Export.objects.latest("pk").address
        assert mine
        assert rows(manager_client, noun, address.partition("?")[2]) == mine
        assert rows(manager_client, noun, query) == []


def test_an_agreement_says_its_parties_on_both_sides_and_its_state(officer_client, jfc, genoa):
    agreement = make_agreement(
        "Memorandum", [jfc], status="signed", signed_on=date(2026, 1, 5), protocol_number="7/2026"
    )
    home = make_organisation("Regione Liguria", genoa, side="home")
    agreement.parties.create(organisation=home)
    (row,) = rows(officer_client, "agreement")
    assert (row["Our side"], row["Their side"]) == ("Regione Liguria", "Japan Finance Corporation")
    assert (row["State"], row["Signed on"], row["Protocol number"]) == (
        "In force",
        "2026-01-05",
        "7/2026",
    )


def test_the_record_says_which_list_it_was(officer_client, promised):
    rows(officer_client, "followup", "by=us")
    rows(officer_client, "meeting", "since=2026-05-02")
    said = list(Export.objects.order_by("pk").values_list("subject", "filter_words"))
    assert said == [
        ("missions.followup", "Mine; Promised: By us"),
        ("missions.meeting", "From: 2026-05-02"),
    ]


@pytest.mark.parametrize("noun", NOUNS)
def test_a_file_is_one_query_over_its_rows(officer_client, promised, noun):
    table = {"followup": "missions_followup"}.get(noun, f"missions_{noun}")
    with CaptureQueriesContext(connection) as context:
        assert rows(officer_client, noun, "show=all" if noun == "followup" else "")
    reads = [q["sql"] for q in context.captured_queries if f'FROM "{table}"' in q["sql"]]
    assert len(reads) == 1


@pytest.mark.parametrize("noun", NOUNS)
def test_an_address_not_understood_exports_nothing(officer_client, promised, noun):
    for query in ("ctiy=5", "ids=1,x", "ids=" + ",".join(map(str, range(1, 402)))):
        response = officer_client.get(f"{reverse(f'missions:{noun}-export')}?format=csv&{query}")
        assert response.status_code == 400
        assert "Nothing was exported" in response.content.decode()
    assert not Export.objects.exists()


def test_nothing_ticked_goes_back_to_the_list(officer_client):
    response = officer_client.get(f"{reverse('missions:meeting-export')}?ids=", follow=True)
    assert "Tick the rows that you want first." in response.content.decode()


def test_the_format_of_meetings_and_that_of_the_file_stand_beside_each_other(
    officer_client, manager_client, jfc
):
    make_meeting([jfc], title="On screen", format="video")
    make_meeting([jfc], title="In the room")
    url = reverse("missions:meeting-export")
    page = officer_client.get(f"{url}?format=video").content.decode()
    assert "1 meeting" in page
    assert '<input type="hidden" name="format" value="video">' in page
    (row,) = rows(officer_client, "meeting", "format=video&columns=title")
    assert row == {"Title": "On screen"}
    ((_export, again),) = manager_client.get(reverse("export-list")).context["rows"]
    assert b"On screen" in b"".join(manager_client.get(again.file_url))
    shown = manager_client.get(again.list_url).context["page"].rows
    assert [meeting.title for meeting in shown] == ["On screen"]


@pytest.mark.parametrize(
    ("kind", "noun"),
    [("missions", "mission"), ("meetings", "meeting"), ("agreements", "agreement")],
)
def test_what_a_search_finds_of_a_kind_is_exported(officer_client, promised, kind, noun):
    page = officer_client.get(reverse("search"), {"q": noun, "kind": kind})
    (group,) = page.context["groups"]
    assert group.export_url in page.content.decode().replace("&amp;", "&")
    found = rows(officer_client, noun, group.export_url.partition("?")[2])
    assert {row["Key"] for row in found} == {str(one.key) for one in group.rows}
