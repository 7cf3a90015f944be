"""What became of promises: kept, late, dropped or open; and the rate of it."""

from datetime import UTC, date, datetime

import pytest

from missions.models import FollowUp
from missions.promises import Reckoning, State, Tally
from tests.factories import (
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_user,
)
from tests.reading import words

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DUE = date(2026, 11, 20)
# Midnight of the 20th to the 21st in Rome is 23:00 of the 20th in UTC.
BEFORE_MIDNIGHT = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)


@pytest.fixture
def jfc(db):
    return make_organisation()


@pytest.mark.parametrize(
    ("fields", "became"),
    [
        ({"due_on": None, "done_at": NOON}, "kept"),
        ({"due_on": DUE, "done_at": BEFORE_MIDNIGHT}, "kept"),
        ({"due_on": DUE, "done_at": AFTER_MIDNIGHT}, "late"),
        ({"due_on": date(2026, 5, 20)}, "late"),
        ({"due_on": date(2199, 11, 22)}, "open"),
        ({"due_on": None}, "open"),
        ({"due_on": DUE, "dropped_at": NOON}, "dropped"),
    ],
)
def test_the_page_and_the_database_agree_on_what_became_of_it(jfc, fields, became):
    promise = make_followup(jfc, **fields)
    assert promise.state == became
    assert FollowUp.objects.reckoned() == Reckoning(us=Tally(**{became: 1}))


def test_a_reader_in_tokyo_counts_the_same_days_as_one_in_rome(client, jfc):
    make_followup(jfc, due_on=DUE, done_at=BEFORE_MIDNIGHT)
    for zone in ("Asia/Tokyo", "Europe/Rome", "America/Los_Angeles"):
        client.force_login(make_user(f"{zone[-5:]}@example.org", "Reader", time_zone=zone))
        assert client.get(f"/partners/{jfc.pk}/").context["reckoning"].us == Tally(kept=1)


def fill(partner, meeting=None):
    """Ours: four kept, one late, one dropped, one open; theirs: one kept, one late."""
    for number in range(4):
        make_followup(partner, f"Kept {number}", due_on=DUE, done_at=BEFORE_MIDNIGHT)
    make_followup(partner, "Late", due_on=DUE, done_at=AFTER_MIDNIGHT)
    make_followup(partner, "Dropped", dropped_at=NOON, dropped_why="No money")
    make_followup(partner, "Open")
    make_followup(partner, "Theirs", promised_by="them", done_at=NOON)
    make_followup(partner, "Theirs, late", promised_by="them", due_on=date(2020, 1, 1))
    if meeting:
        FollowUp.objects.update(meeting=meeting)


RATE = "By us kept 4 of 6 (67%), 1 late, 1 dropped · By them kept 1 of 2, 1 late"


def said(response):
    return words(response).replace("dropped By them", "dropped · By them")


def test_a_partners_page_gives_the_rate_with_its_counts(reader_client, jfc):
    fill(jfc)
    assert RATE in said(reader_client.get(f"/partners/{jfc.pk}/"))


def test_a_missions_page_gives_the_rate_of_its_meetings(reader_client, jfc):
    mission = make_mission()
    fill(jfc, make_meeting([jfc], mission=mission))
    make_followup(jfc, "Elsewhere", done_at=NOON)
    assert RATE in said(reader_client.get(f"/missions/{mission.pk}/"))


def test_the_list_gives_the_rate_of_what_is_filtered(reader_client, jfc):
    fill(jfc)
    make_followup(make_organisation("Other"), "Elsewhere", done_at=NOON)
    for tab in ("all", "done", "dropped"):
        url = f"/follow-ups/?show={tab}&organisation={jfc.pk}"
        assert RATE in said(reader_client.get(url)), tab
    assert "By us kept" not in words(reader_client.get("/follow-ups/?show=all&by=them"))


def test_nothing_is_said_of_promises_that_have_time_yet(reader_client, jfc):
    make_followup(jfc)
    assert " of " not in str(reader_client.get(f"/partners/{jfc.pk}/").context["reckoning"].us)
    assert "By us kept" not in words(reader_client.get(f"/partners/{jfc.pk}/"))


def test_a_reader_does_not_count_what_was_promised_in_confidence(
    reader_client, officer_client, jfc
):
    make_followup(jfc, done_at=NOON, meeting=make_meeting([jfc], is_confidential=True))
    url = f"/partners/{jfc.pk}/"
    assert officer_client.get(url).context["reckoning"].us.kept == 1
    assert not reader_client.get(url).context["reckoning"]


def test_the_state_is_a_facet(reader_client, jfc):
    fill(jfc)

    def found(query):
        return [one.what for one in reader_client.get(f"/follow-ups/{query}").context["page"].rows]

    assert found("?show=done&state=late") == ["Late"]
    assert len(found("?show=done&state=kept")) == 5
    assert found("?show=all&state=late") == ["Theirs, late"]
    assert found("?show=all&state=open") == ["Open"]
    assert found("?show=dropped&state=nonsense") == ["Dropped"]
    panels = reader_client.get("/follow-ups/?show=done").context["panels"]
    counts = {o.value: o.count for p in panels if p.name == "state" for o in p.options}
    assert counts == {State.KEPT: 5, State.LATE: 1}


def test_a_promise_shows_on_the_pages_of_the_others_who_were_there(reader_client, jfc):
    garage = make_organisation("Nagoya Innovator’s Garage")
    meeting = make_meeting([jfc, garage])
    make_followup(jfc, "Send the terms", meeting=meeting, person=make_person())
    response = reader_client.get(f"/partners/{garage.pk}/")
    assert "With others, at meetings they were at" in words(response)
    assert "We promised Japan Finance Corporation, Haruka Tanabe" in words(response)
    assert not response.context["reckoning"]


def test_home_shows_what_is_overdue_and_nobodys(officer_client, officer, jfc):
    make_followup(jfc, "Nobody’s", due_on=date(2020, 1, 1))
    make_followup(jfc, "Mine", due_on=date(2020, 1, 1), assignee=officer)
    make_followup(jfc, "Given up", due_on=date(2020, 1, 1)).drop(officer, "No money")
    response = officer_client.get("/")
    assert [one.what for one in response.context["overdue"]] == ["Mine"]
    assert [one.what for one in response.context["unclaimed"]] == ["Nobody’s"]
    assert "Overdue, seen to by nobody" in words(response)
