"""Files of meetings taken back: what they did is undone, and what followed from it."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from crm.imports import checking, undoing, writing
from crm.models import Import, ImportRow, User
from missions.models import Attendance, Meeting
from partners.merging.joining import Wish, join
from partners.models import (
    Affiliation,
    City,
    Organisation,
    OrganisationKey,
    Person,
    PersonKey,
)
from tests.factories import make_meeting, make_organisation, make_person
from tests.importing import make_import, taken_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def jfc(tokyo: City) -> Organisation:
    return make_organisation("Japan Finance Corporation", tokyo, native_name="日本政策金融公庫")


def test_the_last_contact_is_right_after_an_import_and_after_its_undoing(
    steward: User, jfc: Organisation
) -> None:
    make_meeting([jfc], local_date=date(2025, 6, 1))
    source = taken_in(
        steward,
        "meetings",
        "Title,Date,Organisations\nGuarantees,2026-03-09,Japan Finance Corporation\n",
    )
    jfc.refresh_from_db()
    assert jfc.last_contact_on == date(2026, 3, 9)
    undoing.start(source, steward)
    jfc.refresh_from_db()
    assert jfc.last_contact_on == date(2025, 6, 1)
    assert Meeting.objects.count() == 1
    call_command("check_derived")


def test_undoing_brings_back_who_was_taken_off(steward: User, jfc: Organisation) -> None:
    haruka = make_person("Haruka", "Tanabe", jfc)
    meeting = make_meeting([jfc], [haruka], title="Guarantees")
    before = meeting.attendances.values("pk", "key", "person", "organisation", "created_at").get()
    source = make_import(steward, "meetings", f"Key,People\n{meeting.key},-\n")
    checking.start(source, steward)
    writing.start(source, steward)
    assert not meeting.attendances.exists()
    undoing.start(source, steward)
    assert meeting.attendances.values(*before).get() == before


def test_a_meeting_at_which_somebody_spoke_for_a_partner_is_undone_too(
    steward: User, jfc: Organisation
) -> None:
    make_person("Haruka", "Tanabe", jfc)
    text = "Title,Date,People\nGuarantees,2026-03-09,Haruka Tanabe\n"
    source = taken_in(steward, "meetings", text)
    marks = {(row.history_user, row.history_change_reason) for row in Meeting.history.all()}
    assert marks == {(steward, source.history_reason)}
    undoing.start(source, steward)
    assert not Meeting.objects.exists()
    call_command("check_derived")


def stands() -> dict[str, list[dict[str, Any]]]:
    """Everything that imports write, but for what tells that something was written."""
    records: list[Any] = [Organisation, Person, Affiliation, Meeting, Attendance]
    lines: list[Any] = [Organisation.sectors.through, Meeting.organisations.through]
    lines += [OrganisationKey, PersonKey]
    unsaid = {"version", "updated_at"}
    found = {}
    for model in records + lines:
        names = [f.attname for f in model._meta.concrete_fields if f.name not in unsaid]
        if model in lines:
            names.remove("id")
        found[model.__name__] = [*model.objects.order_by(*names).values(*names)]
    return found


def test_nothing_derived_drifts_through_imports_and_everything_comes_back(
    steward: User, jfc: Organisation
) -> None:
    haruka = make_person("Haruka", "Tanabe", jfc)
    meeting = make_meeting([jfc], local_date=date(2025, 6, 1))
    done = []
    for subject, text in (
        (
            "organisations",
            f"key,name,kind,country\n{jfc.key},Renamed Bank,,\n,Vega,company,IT\n",
        ),
        (
            "people",
            "key,given_name,family_name,organisation\n"
            f"{haruka.key},Haru,,Vega\n,Luca,Rossi,Renamed Bank\n",
        ),
        (
            "meetings",
            "key,title,date,organisations,people\n"
            f"{meeting.key},Renamed,2026-05-05,Vega,Luca Rossi\n"
            ",Other,2026-06-06,Renamed Bank,Haru Tanabe\n",
        ),
    ):
        source = make_import(steward, subject, text)
        before = stands()
        checking.start(source, steward)
        source.rows.update(choice=ImportRow.Choice.TAKE)
        writing.start(source, steward)
        call_command("check_derived")
        done.append((source, before))
    for source, before in reversed(done):
        undoing.start(source, steward)
        call_command("check_derived")
        assert stands() == before
    assert [*Organisation.objects.all()] == [jfc]
    assert [*Meeting.objects.get().organisations.all()] == [jfc]


def test_undoing_names_what_partners_and_people_have_become_since(
    steward: User, jfc: Organisation
) -> None:
    old, vega = make_organisation("JFC Tokyo"), make_organisation("Vega Ventures")
    haruka, twin = make_person("Haruka", "Tanabe"), make_person("Haruka", "Tanabé")
    kenji = make_person("Kenji", "Mori")
    meeting = make_meeting([old], [haruka], title="Guarantees")
    taken_in(
        steward,
        "meetings",
        f"Key,Organisations,People\n{meeting.key},Vega Ventures,Kenji Mori\n",
    )
    source = Import.objects.get()
    join(Organisation, Wish(jfc.pk, [old.pk]), steward)
    join(Person, Wish(twin.pk, [haruka.pk]), steward)
    undoing.start(source, steward)
    assert source.state == "undone"
    assert ([*meeting.organisations.all()], [*meeting.people.all()]) == ([jfc], [twin])
    assert vega not in meeting.organisations.all()
    assert kenji not in meeting.people.all()
    call_command("check_derived")
