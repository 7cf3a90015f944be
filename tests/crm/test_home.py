"""Home: what needs its reader today."""

from datetime import UTC, date, datetime, time, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from missions.models import FollowUp
from tests.conftest import signed_in
from tests.factories import (
    make_agreement,
    make_delegate,
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_stop,
    make_user,
)
from tests.reading import words


def home(client):
    response = client.get("/")
    assert response.status_code == 200
    return response


def today():
    return timezone.localdate()


def planned(*organisations, days=7, people=(), **fields):
    return make_meeting(
        organisations, people, status="planned", local_date=today() + timedelta(days=days), **fields
    )


def shown(response, name):
    return [str(row) for row in response.context[name]]


def test_my_next_meetings_are_those_i_attend_log_or_have_with_a_partner_of_mine(
    officer_client, officer, steward
):
    planned(title="I attend", days=1, people=[make_person(user=officer)])
    planned(title="I logged", days=2, author=officer)
    planned(make_organisation(owner=officer), title="With my partner", days=3)
    planned(make_organisation(owner=steward), title="Somebody else’s", days=4, author=steward)
    assert shown(home(officer_client), "meetings") == ["I attend", "I logged", "With my partner"]


def test_they_stand_in_two_clocks(officer_client, officer, tokyo):
    planned(title="Guarantees", author=officer, city=tokyo, local_time=time(17))
    text = words(home(officer_client))
    assert "17:00 Tokyo 09:00 Rome" in text or "17:00 Tokyo 10:00 Rome" in text


def test_what_was_held_cancelled_or_is_over_is_not_next(officer_client, officer):
    make_meeting(title="Held", author=officer, local_date=today())
    make_meeting(title="Off", author=officer, status="cancelled", local_date=today())
    planned(title="Yesterday", days=-1, author=officer)
    assert shown(home(officer_client), "meetings") == []


def test_a_meeting_of_tomorrow_there_that_starts_soon_here_is_next(officer, tokyo):
    """At any hour, one that begins in 30 minutes of real time shows wherever its reader is."""
    soon = timezone.now() + timedelta(minutes=30)
    for zone in ("Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
        there = soon.astimezone(ZoneInfo(zone))
        make_meeting(
            title=zone,
            status="planned",
            author=officer,
            time_zone=zone,
            local_date=there.date(),
            local_time=there.time().replace(second=0, microsecond=0),
        )
    officer.time_zone = "America/New_York"
    officer.save()
    assert len(shown(home(signed_in(officer)), "meetings")) == 3


def test_my_follow_ups_come_late_ones_first_and_others_not_at_all(officer_client, officer, steward):
    partner = make_organisation()
    make_followup(partner, "No date", assignee=officer)
    make_followup(partner, "Coming", assignee=officer, due_on=today())
    make_followup(partner, "Late", assignee=officer, due_on=today() - timedelta(days=3))
    make_followup(partner, "Not mine", assignee=steward, due_on=today())
    make_followup(partner, "Kept", assignee=officer).mark_done(officer)
    response = home(officer_client)
    assert shown(response, "overdue") == ["Late"]
    assert shown(response, "coming") == ["Coming", "No date"]
    assert "3 open, mine" in words(response)
    assert "3 days late" in words(response)


@pytest.mark.parametrize(
    ("tier", "days", "is_quiet"),
    [
        (1, 90, False),
        (1, 91, True),
        (2, 180, False),
        (2, 181, True),
        (3, 365, False),
        (3, 366, True),
        (None, 365, False),
        (None, 366, True),
    ],
)
def test_a_partner_goes_quiet_after_what_its_tier_bears(
    officer_client, officer, tier, days, is_quiet
):
    partner = make_organisation("Garage", owner=officer, tier=tier)
    make_meeting([partner], local_date=today() - timedelta(days=days))
    assert shown(home(officer_client), "quiet") == (["Garage"] if is_quiet else [])


def test_never_met_and_met_undated_are_quiet_others_and_our_own_side_are_not(
    officer_client, officer, steward
):
    make_organisation("Never", owner=officer)
    make_meeting([make_organisation("Undated", owner=officer)])
    make_organisation("Ours", owner=officer, side="home")
    make_organisation("Not mine", owner=steward)
    make_organisation("Archived", owner=officer).archive(officer)
    response = home(officer_client)
    assert set(shown(response, "quiet")) == {"Never", "Undated"}
    assert "2 of my 2 partners" in words(response)


def test_agreements_about_to_expire_are_the_signed_ones_of_the_next_90_days(reader_client):
    for title, days, status in (
        ("In 90", 90, "signed"),
        ("Today", 0, "signed"),
        ("In 91", 91, "signed"),
        ("Over", -1, "signed"),
        ("Draft", 5, "draft"),
    ):
        make_agreement(title, in_force_until=today() + timedelta(days=days), status=status)
    assert shown(home(reader_client), "agreements") == ["Today", "In 90"]


def test_missions_under_way_say_how_far_they_are(reader_client, tokyo):
    mission = make_mission("Marine robotics", status="planned")
    make_stop(mission, tokyo)
    make_meeting(mission=mission, status="planned")
    make_delegate(mission, make_organisation())
    make_mission("Long ago", status="completed")
    response = home(reader_client)
    assert shown(response, "missions") == ["Marine robotics"]
    assert "1 meeting, 1 place in the delegation still unnamed" in words(response)


def test_on_the_first_day_it_leads_to_what_there_is(officer_client, tokyo):
    mission = make_mission("Mission of the Liguria Region to Japan", status="completed")
    stop = make_stop(mission, tokyo)
    make_meeting([make_organisation("Embassy of Italy")], mission=mission, stop=stop)
    response = home(officer_client)
    text = words(response)
    for said in (
        "Nothing is planned.",
        "Held last",
        "Embassy of Italy",
        "Nothing is promised in your name.",
        "You own no partner yet.",
        "The latest Mission of the Liguria Region to Japan",
    ):
        assert said in text
    assert "Tokyo" in text[: text.index("Next meetings")]


def test_confidential_titles_and_promises_are_kept_from_readers(reader, tokyo):
    secret = planned(
        make_organisation("Garage"), title="Secret", is_confidential=True, author=reader
    )
    FollowUp.objects.create(
        organisation=make_organisation(), what="Secret promise", meeting=secret, assignee=reader
    )
    text = words(home(signed_in(reader)))
    assert "Secret" not in text
    assert "Garage" in text


def test_the_day_is_the_readers(officer):
    officer.time_zone = "Pacific/Kiritimati"
    officer.save()
    client = signed_in(officer)
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    with patch("django.utils.timezone.now", return_value=late):
        assert "Monday 23 November 2026" in words(home(client))


def test_agreements_asleep_are_shown_to_whoever_owns_a_party_and_to_managers(
    officer_client, officer, manager_client
):
    old = {"status": "signed", "signed_on": today() - timedelta(days=500)}
    make_agreement("Mine", [make_organisation("Garage", owner=officer)], **old)
    make_agreement("Another’s", [make_organisation()], **old)
    assert shown(home(officer_client), "dormant") == ["Mine"]
    assert sorted(shown(home(manager_client), "dormant")) == ["Another’s", "Mine"]
    assert "nothing happened for a year" in words(home(officer_client))


def test_the_alarm_is_said_in_words(reader_client):
    for days in (90, 30, 7):
        make_agreement(status="signed", in_force_until=today() + timedelta(days=days))
    text = words(home(reader_client))
    assert text.index("Within 7 days") < text.index("Within 30 days") < text.index("Within 90")


def test_somebody_without_a_role_sees_an_empty_page(db, client):
    client.force_login(make_user())
    text = words(home(client))
    assert "Next meetings" not in text
    assert "Gone quiet" not in text


def test_twenty_of_everything_cost_as_much_as_one(
    officer_client, officer, tokyo, django_assert_max_num_queries
):
    def fill(count):
        for number in range(count):
            partner = make_organisation(f"Partner {number}", owner=officer)
            meeting = planned(partner, author=officer, city=tokyo, local_time=time(10))
            mission = make_mission(status="planned", starts_on=date(2030, 1, 1))
            make_stop(mission, tokyo)
            for due_on in (date(2020, 1, 1), date(2090, 1, 1)):
                make_followup(partner, due_on=due_on, meeting=meeting, person=make_person())
                make_followup(
                    partner, assignee=officer, due_on=due_on, meeting=meeting, person=make_person()
                )
            make_agreement(organisations=[partner], status="signed", in_force_until=today())

    fill(5)
    with django_assert_max_num_queries(29) as few:
        home(officer_client)
    fill(20)
    with django_assert_max_num_queries(29) as many:
        home(officer_client)
    assert len(few) == len(many)


def test_a_full_day_is_counted_whole(officer_client, officer):
    for number in range(7):
        planned(title=f"Visit {number}", days=1, author=officer)
    assert "7 meetings tomorrow." in words(home(officer_client))
