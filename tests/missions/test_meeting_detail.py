"""The page of a meeting: when, with whom, what came of it."""

from datetime import date, time

import pytest

from missions.models import Meeting
from tests.conftest import signed_in
from tests.factories import (
    make_affiliation,
    make_agreement,
    make_city,
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_sector,
    make_stop,
    make_user,
)
from tests.reading import words


def page(client, meeting):
    response = client.get(f"/meetings/{meeting.pk}/")
    assert response.status_code == 200
    return response


@pytest.mark.parametrize(
    ("zone", "on", "at", "shown"),
    [
        ("Europe/Rome", date(2025, 1, 15), time(10), "10:00 Tokyo 02:00 Rome"),
        ("Europe/Rome", date(2025, 7, 15), time(10), "10:00 Tokyo 03:00 Rome"),
        ("Europe/Rome", date(2025, 1, 15), time(7, 30), "07:30 Tokyo 23:30 Rome (day before)"),
        (
            "America/New_York",
            date(2025, 1, 15),
            time(10),
            "10:00 Tokyo 20:00 New York (day before)",
        ),
        (
            "America/New_York",
            date(2025, 7, 15),
            time(10),
            "10:00 Tokyo 21:00 New York (day before)",
        ),
        (
            "Pacific/Auckland",
            date(2025, 1, 15),
            time(21),
            "21:00 Tokyo 01:00 Auckland (day after)",
        ),
        ("Asia/Tokyo", date(2025, 1, 15), time(10), "10:00 Tokyo"),
    ],
)
def test_the_place_has_the_first_clock_and_the_reader_the_second(tokyo, zone, on, at, shown):
    client = signed_in(make_user(role="Reader", time_zone=zone))
    meeting = make_meeting(city=tokyo, local_date=on, local_time=at)
    day = "Wednesday 15 January 2025" if on.month == 1 else "Tuesday 15 July 2025"
    assert f"Held {day} {shown} " in words(page(client, meeting))


def test_a_date_without_a_time_says_so(reader_client):
    meeting = make_meeting(local_date=date(2025, 1, 15))
    assert "15 January 2025 time not known" in words(page(reader_client, meeting))


def test_what_is_not_known_of_when_is_said(reader_client):
    assert "Held date not known" in words(page(reader_client, make_meeting(title="Embassy")))


def test_a_meeting_without_a_title_is_named_after_whom_was_met(reader_client):
    meeting = make_meeting([make_organisation("Filse"), make_organisation("AIRC")])
    assert "<h1>AIRC, Filse</h1>" in page(reader_client, meeting).content.decode()


def test_people_stand_on_their_side_with_whom_they_spoke_for_that_day(reader_client):
    theirs = make_organisation("Japan Finance Corporation")
    ours = make_organisation("Liguria International", side="home")
    haruka = make_person("Haruka", "Tanabe", theirs)
    marta = make_person("Marta", "Ferrando", ours)
    meeting = make_meeting([theirs], [haruka, marta])
    haruka.affiliations.update(until=date(2020, 1, 1), is_primary=False)
    make_affiliation(haruka, make_organisation("Her new employer"), is_primary=True)
    text = words(page(reader_client, meeting))
    assert (
        "Theirs Haruka Tanabe for Japan Finance Corporation "
        "Ours Marta Ferrando for Liguria International" in text
    )


def test_all_that_was_written_down_is_there(officer_client, tokyo):
    partner = make_organisation("Garage", native_name="ガレージ")
    meeting = make_meeting(
        [partner],
        sectors=[make_sector("Robotics")],
        purpose="To compare programmes.",
        outcome="A residency.",
        notes="They hesitate.",
        format="site-visit",
        place="Room 4",
        city=tokyo,
        duration=90,
    )
    make_agreement("Memorandum on residencies", [partner], meeting=meeting)
    make_followup(partner, "Send the list", meeting=meeting)
    make_followup(partner, "Return the annex", promised_by="them", meeting=meeting)
    text = words(page(officer_client, meeting))
    for said in (
        "Garage ガレージ",
        "To compare programmes.",
        "A residency.",
        "They hesitate.",
        "Site visit",
        "Room 4 Tokyo, Japan",
        "90 minutes",
        "Robotics",
        "Memorandum on residencies",
    ):
        assert said in text
    assert text.index("By us") < text.index("Send the list") < text.index("By them")
    assert text.index("By them") < text.index("Return the annex")


def test_without_the_right_one_learns_that_it_was_confidential_not_what_was_said(
    reader_client, officer_client
):
    partner = make_organisation("Garage")
    meeting = make_meeting(
        [partner],
        is_confidential=True,
        title="Secret title",
        place="Secret call",
        purpose="Secret purpose",
        notes="Secret notes",
        outcome="Secret outcome",
    )
    make_followup(partner, "Secret promise", meeting=meeting)
    html = page(reader_client, meeting).content.decode()
    assert "Secret" not in html
    assert "you see that it took place, not what was said" in html
    assert "Garage" in html
    text = words(page(officer_client, meeting))
    for said in ("title", "call", "purpose", "notes", "outcome", "promise"):
        assert f"Secret {said}" in text


def test_a_concealed_meeting_can_never_be_saved(reader):
    meeting = make_meeting(is_confidential=True, outcome="Secret").conceal_from(reader)
    with pytest.raises(RuntimeError):
        meeting.save()
    assert Meeting.objects.get().outcome == "Secret"


def test_one_goes_on_to_the_next_meeting_of_the_mission(reader_client, tokyo, nagoya):
    mission = make_mission()
    last, first = make_stop(mission, tokyo, 2), make_stop(mission, nagoya, 1)
    embassy = make_meeting(mission=mission, stop=last, title="Embassy")
    garage = make_meeting(mission=mission, stop=first, title="Garage")
    call = make_meeting(mission=mission, title="Briefing call")
    text = words(page(reader_client, embassy))
    assert "Previous meeting Garage" in text
    assert "Next meeting Briefing call" in text
    assert "Meeting 2 of 3" in text
    assert "Previous meeting" not in words(page(reader_client, garage))
    assert "Next meeting" not in words(page(reader_client, call))


def test_readers_are_offered_nothing_they_may_not_do(reader_client):
    meeting = make_meeting([make_organisation()])
    text = words(page(reader_client, meeting))
    assert "Edit" not in text
    assert "Add a follow-up" not in text


def test_twenty_of_everything_cost_as_much_as_one(
    officer_client, tokyo, django_assert_max_num_queries
):
    def meeting_of(count):
        partners = [make_organisation(f"Partner {n}", make_city(f"City {n}")) for n in range(count)]
        people = [make_person(f"P{n}", organisation=partners[n]) for n in range(count)]
        mission = make_mission()
        meeting = make_meeting(partners, people, mission=mission, stop=make_stop(mission, tokyo))
        for partner in partners:
            make_followup(partner, meeting=meeting)
            make_agreement(organisations=partners, meeting=meeting)
            make_meeting([partner], mission=mission)
        return meeting

    one, twenty = meeting_of(2), meeting_of(20)
    with django_assert_max_num_queries(20) as few:
        page(officer_client, one)
    with django_assert_max_num_queries(20) as many:
        page(officer_client, twenty)
    assert len(few) == len(many)
