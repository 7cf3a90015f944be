"""Files of meetings: what their rows would do, and did, and what follows from it."""

from datetime import date, time

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.imports import checking, undoing, writing
from crm.jobs import Refused
from crm.models import ImportRow, User
from missions.exports import meeting_columns
from missions.models import Attendance, Meeting
from partners.models import (
    City,
    Organisation,
)
from tests.factories import make_meeting, make_mission, make_organisation, make_person, make_sector
from tests.importing import acts, changes, make_import, problems, rows_of, taken_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def jfc(tokyo: City) -> Organisation:
    return make_organisation("Japan Finance Corporation", tokyo, native_name="日本政策金融公庫")


def test_a_meeting_comes_with_whom_it_was_with(steward: User, jfc, tokyo) -> None:
    vega = make_organisation("Vega Ventures")
    haruka = make_person("Haruka", "Tanabe", jfc, email="tanabe@jfc.example")
    kenji = make_person("Kenji", "Mori", native_name="森 健司")
    mission, robotics = make_mission("Mission to Japan"), make_sector("Robotics")
    source = taken_in(
        steward,
        "meetings",
        "Titolo;Data;Ora;Città;Missione;Organizzazioni incontrate;Partecipanti;Settori;Esito;"
        "Riservato\n"
        "Garanzie;09/03/2026;17.30;東京;Mission to Japan;日本政策金融公庫 | Vega Ventures;"
        "TANABE@jfc.example | Mori Kenji;Robotics;Un accordo;sì\n",
    )
    meeting = Meeting.objects.get()
    assert (meeting.local_date, meeting.local_time) == (date(2026, 3, 9), time(17, 30))
    assert (meeting.time_zone, meeting.city, meeting.mission) == ("Asia/Tokyo", tokyo, mission)
    assert {*meeting.organisations.all()} == {jfc, vega}
    assert {*meeting.people.all()} == {haruka, kenji}
    assert [*meeting.sectors.all()] == [robotics]
    assert (meeting.status, meeting.is_confidential) == (Meeting.Status.HELD, True)
    assert meeting.author == steward
    assert meeting.history.get().history_change_reason == source.history_reason


def test_whom_somebody_spoke_for_is_among_the_organisations_met(
    steward: User, jfc: Organisation
) -> None:
    make_person("Haruka", "Tanabe", jfc)
    taken_in(steward, "meetings", "Title,Date,People\nGuarantees,2026-03-09,Haruka Tanabe\n")
    assert [*Meeting.objects.get().organisations.all()] == [jfc]
    assert Attendance.objects.get().organisation == jfc
    jfc.refresh_from_db()
    assert jfc.last_contact_on == date(2026, 3, 9)
    call_command("check_derived")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Title,Organisations\nX,Nobody\n", "No organisation is called “Nobody”"),
        ("Title,People\nX,Nobody\n", "Nobody is called “Nobody”"),
        ("Title,Mission\nX,Nowhere\n", "No mission is called “Nowhere”"),
        ("Title,Time\nX,10:00\n", "A time needs a date."),
        ("Title,Date\nX,2030-01-01\n", "It can’t have been held in the future"),
        ("Title,Time zone\nX,Tokio\n", "is not a time zone"),
        ("Outcome\nGood\n", "Say whom we met"),
        ("Title,Duration\nX,-5\n", "greater than or equal to 1"),
        (
            "Title,Date,Time,Time zone\nX,2026-03-29,02:30,Europe/Rome\n",
            "the clocks in Europe/Rome jump over 02:30",
        ),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_the_reason(
    text: str, said: str, steward: User
) -> None:
    source = make_import(steward, "meetings", text)
    checking.start(source, steward)
    assert acts(source) == ["reject"]
    assert any(said in text for text in map(str, problems(source)))


def test_a_row_with_a_key_changes_its_meeting(steward: User, jfc: Organisation) -> None:
    vega = make_organisation("Vega Ventures")
    haruka, kenji = make_person("Haruka", "Tanabe"), make_person("Kenji", "Mori")
    meeting = make_meeting([jfc], [haruka], title="Guarantees", local_date=date(2026, 3, 9))
    source = make_import(
        steward,
        "meetings",
        f"Key,Version,Organisations met,People,Outcome\n{meeting.key},{meeting.version},"
        "Vega Ventures,Haruka Tanabe; Kenji Mori,Agreed\n",
    )
    checking.start(source, steward)
    assert changes(rows_of(source)[0]) == {
        "organisations": ("Japan Finance Corporation", "Vega Ventures"),
        "people": ("Haruka Tanabe", "Haruka Tanabe; Kenji Mori"),
        "outcome": ("", "Agreed"),
    }
    writing.start(source, steward)
    meeting.refresh_from_db()
    assert ([*meeting.organisations.all()], meeting.outcome) == ([vega], "Agreed")
    assert {*meeting.people.all()} == {haruka, kenji}
    jfc.refresh_from_db()
    vega.refresh_from_db()
    assert (jfc.is_met, vega.last_contact_on) == (False, date(2026, 3, 9))
    call_command("check_derived")
    undoing.start(source, steward)
    meeting.refresh_from_db()
    jfc.refresh_from_db()
    assert ([*meeting.people.all()], meeting.outcome) == ([haruka], "")
    assert jfc.last_contact_on == date(2026, 3, 9)
    call_command("check_derived")


def test_a_colleague_who_changed_who_was_there_makes_a_conflict(
    steward: User, jfc: Organisation
) -> None:
    haruka, kenji = make_person("Haruka", "Tanabe"), make_person("Kenji", "Mori")
    meeting = make_meeting([jfc], [haruka], title="Guarantees")
    text = f"Key,Version,People\n{meeting.key},{meeting.version},Haruka Tanabe; Kenji Mori\n"
    meeting.save()
    Attendance.objects.create(meeting=meeting, person=make_person("Sakura", "Ito"))
    source = make_import(steward, "meetings", text)
    checking.start(source, steward)
    assert acts(source) == ["conflict"]
    assert rows_of(source)[0].changes[0]["exported"] == "Haruka Tanabe"
    assert kenji not in meeting.people.all()


def test_a_meeting_of_the_same_day_with_the_same_organisation_is_pointed_out(
    steward: User, jfc: Organisation
) -> None:
    make_meeting([jfc], title="Guarantees", local_date=date(2026, 3, 9))
    source = make_import(
        steward,
        "meetings",
        "Title,Date,Organisations\nLoans,2026-03-09,Japan Finance Corporation\n",
    )
    checking.start(source, steward)
    row = rows_of(source)[0]
    assert (row.act, row.choice) == ("create", "leave")
    assert row.alike[0]["reason"] == "the same day, with Japan Finance Corporation"


def test_a_confidential_meeting_is_changed_only_by_those_who_may_read_it(
    officer: User, jfc: Organisation
) -> None:
    meeting = make_meeting([jfc], title="A secret", is_confidential=True)
    officer.groups.clear()
    source = make_import(officer, "meetings", f"Key,Outcome\n{meeting.key},X\n")
    checking.start(source, officer)
    assert acts(source) == ["reject"]
    assert "secret" not in rows_of(source)[0].label


def test_an_untouched_export_changes_nothing(steward: User, steward_client, journey) -> None:
    address = "/meetings/export/?" + "&".join(
        f"columns={column.name}" for column in meeting_columns(steward)
    )
    answer = steward_client.get(f"{address}&format=csv&delimiter=comma")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    source = make_import(steward, "meetings", text)
    before = Meeting.history.count()
    checking.start(source, steward)
    assert {*acts(source)} == {"same"}, [changes(row) for row in rows_of(source)]
    assert Meeting.history.count() == before


def queries_for(user: User, rows: int) -> int:
    text = "Title,Date,Organisations,People\n" + "".join(
        f"Talk {number},2026-03-09,Japan Finance Corporation,Haruka Tanabe\n"
        for number in range(rows)
    )
    source = make_import(user, "meetings", text)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        checking.start(source, user)
        source.rows.update(choice=ImportRow.Choice.TAKE)
        writing.start(source, user)
    assert Meeting.objects.count() >= rows
    return len(asked)


def test_the_number_of_queries_does_not_depend_on_the_rows(
    steward: User, jfc: Organisation
) -> None:
    make_person("Haruka", "Tanabe", jfc)
    queries_for(steward, 1)
    assert queries_for(steward, 20) <= queries_for(steward, 2) + 2


def test_a_cell_of_a_thousand_names_is_refused_at_once(steward: User, jfc: Organisation) -> None:
    many, long, blank = "x;" * 1000, "x " * 100_000, "a" + " " * 200_000 + "b"
    source = make_import(
        steward,
        "meetings",
        "Title,Date,People\n"
        f"One,2026-03-09,{many}\nTwo,2026-03-09,{long}\nThree,2026-03-09,{blank}\n",
    )
    checking.start(source, steward)
    assert acts(source) == ["reject", "reject", "reject"]
    assert "The cell names more than 300 records." in problems(source)


def test_nothing_is_linked_with_a_partner_that_was_merged_since_the_check(
    steward: User, jfc: Organisation
) -> None:
    twin = make_organisation("JFC Tokyo")
    sources = [
        make_import(steward, "meetings", "Title,Date,Organisations\nOne,2026-03-09,JFC Tokyo\n"),
        make_import(steward, "people", "given_name,family_name,organisation\nLu,Ro,JFC Tokyo\n"),
    ]
    for source in sources:
        checking.start(source, steward)
    Organisation.objects.filter(pk=twin.pk).update(merged_into=jfc, archived_at=timezone.now())
    for source in sources:
        with pytest.raises(Refused):
            writing.start(source, steward)
    assert not twin.meetings.exists()
    assert not twin.affiliations.exists()


def test_the_key_of_a_merged_partner_leads_to_the_one_it_became(
    steward: User, jfc: Organisation
) -> None:
    twin = make_organisation("JFC Tokyo", merged_into=jfc, archived_at=timezone.now())
    taken_in(steward, "meetings", f"Title,Date,Organisations\nOne,2026-03-09,{twin.key}\n")
    assert [*Meeting.objects.get().organisations.all()] == [jfc]


def test_meetings_of_one_day_with_different_partners_are_no_twins(
    steward: User, jfc: Organisation
) -> None:
    make_organisation("Vega Ventures")
    text = (
        "Date,Organisations\n2026-03-09,Japan Finance Corporation\n2026-03-09,Vega Ventures\n"
        "2026-03-09,Japan Finance Corporation\n"
    )
    source = make_import(steward, "meetings", text)
    checking.start(source, steward)
    assert acts(source) == ["create", "create", "reject"]
    assert problems(source) == ["The same record as in row 2 of this file."]


def test_each_row_is_compared_with_the_meetings_of_its_own_partners(
    steward: User, jfc: Organisation
) -> None:
    vega = make_organisation("Vega Ventures")
    make_meeting([jfc], title="Guarantees", local_date=date(2026, 3, 9))
    make_meeting([make_organisation("Orion")], title="Else", local_date=date(2026, 3, 9))
    source = make_import(
        steward,
        "meetings",
        "Title,Date,Organisations\nLoans,2026-03-09,Japan Finance Corporation\n"
        f"Ventures,2026-03-09,{vega.name}\n",
    )
    checking.start(source, steward)
    assert [[each["label"] for each in row.alike] for row in rows_of(source)] == [
        ["Guarantees"],
        [],
    ]


def test_whoever_was_there_is_meant_before_a_namesake_and_though_archived(
    steward: User, jfc: Organisation
) -> None:
    haruka, kenji = make_person("Haruka", "Tanabe"), make_person("Kenji", "Mori")
    meeting = make_meeting([jfc], [haruka], title="Guarantees")
    haruka.archive(steward, "retired")
    make_person("Haruka", "Tanabe")
    text = f"Key,People\n{meeting.key},Haruka Tanabe; Kenji Mori\n"
    source = make_import(steward, "meetings", text)
    checking.start(source, steward)
    assert (problems(source), acts(source)) == ([], ["update"])
    writing.start(source, steward)
    assert {*meeting.people.all()} == {haruka, kenji}


def test_a_native_name_is_found_without_its_space(steward: User) -> None:
    haruka = make_person("Haruka", "Tanabe", native_name="田辺 遥")
    taken_in(steward, "meetings", "Title,Date,People\nGuarantees,2026-03-09,田辺遥\n")
    assert [*Meeting.objects.get().people.all()] == [haruka]


def test_a_zone_that_is_emptied_is_that_of_the_place(steward: User, tokyo: City) -> None:
    meeting = make_meeting(title="Talk", time_zone="Europe/Rome", city=tokyo)
    taken_in(
        steward,
        "meetings",
        "Key,Title,Date,Time,City,Time zone\n"
        f"{meeting.key},,2026-03-09,10:00,,-\n,New,2026-03-09,10:00,Tokyo,-\n",
    )
    assert [*Meeting.objects.values_list("time_zone", flat=True)] == ["Asia/Tokyo"] * 2
