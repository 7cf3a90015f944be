"""Who goes where: a grid saved in one go, and what others changed meanwhile stays."""

from typing import Any

from django.test import Client

from missions.models import Meeting
from tests.factories import make_delegate, make_meeting
from tests.journeys import Journey
from tests.reading import words


def url(journey: Journey) -> str:
    return f"/missions/{journey.mission.pk}/delegation/where/"


def opened(client: Client, journey: Journey, query: str = "") -> dict[str, Any]:
    """What the browser would send of the grid as it was opened."""
    context = client.get(url(journey) + query).context
    grid = context["grid"]
    ticked: dict[str, list[str]] = {}
    for line in context["lines"]:
        for cell in line.cells:
            if cell.is_ticked:
                ticked.setdefault(cell.name, []).append(cell.value)
    return {"offered": grid.offered, **dict(grid.opened), **ticked}


def test_everyone_goes_everywhere_until_a_tick_is_taken_away(
    officer_client: Client, journey: Journey
):
    head = journey.delegates[0]
    sent = opened(officer_client, journey)
    sent[f"goes-{head.pk}"].remove(f"m{journey.meetings[1].pk}")
    sent[f"goes-{head.pk}"].remove(f"s{journey.stops[1].pk}")
    response = officer_client.post(url(journey), sent, follow=True)
    assert "Saved: 2 changes." in words(response)
    assert list(head.missed_meetings.all()) == [journey.meetings[1]]
    assert list(head.missed_stops.all()) == [journey.stops[1]]


def test_a_tick_given_back_takes_them_along_again(officer_client: Client, journey: Journey):
    engineer = journey.delegates[1]
    sent = opened(officer_client, journey)
    sent[f"goes-{engineer.pk}"].append(f"m{journey.meetings[0].pk}")
    officer_client.post(url(journey), sent)
    assert not engineer.missed_meetings.exists()


def test_several_delegates_are_changed_at_once(officer_client: Client, journey: Journey):
    sent = opened(officer_client, journey)
    for place in journey.delegates:
        sent[f"goes-{place.pk}"].remove(f"m{journey.meetings[2].pk}")
    officer_client.post(url(journey), sent)
    assert journey.meetings[2].missing_delegates.count() == 4


def test_nothing_changed_writes_nothing(officer_client: Client, journey: Journey):
    before = journey.delegates[0].history.count()
    response = officer_client.post(url(journey), opened(officer_client, journey), follow=True)
    assert "Nothing was changed." in words(response)
    assert journey.delegates[0].history.count() == before


def test_what_somebody_else_changed_meanwhile_stays_and_is_said(
    officer_client: Client, journey: Journey
):
    head = journey.delegates[0]
    sent = opened(officer_client, journey)
    head.missed_meetings.add(journey.meetings[2])
    added = make_meeting(
        [journey.partners["jfc"]], mission=journey.mission, status=Meeting.Status.PLANNED
    )
    sent[f"goes-{head.pk}"].remove(f"m{journey.meetings[1].pk}")
    response = officer_client.post(url(journey), sent, follow=True)
    assert set(head.missed_meetings.all()) == {journey.meetings[1], journey.meetings[2]}
    assert added not in head.missed_meetings.all()
    assert "their changes are kept too" in words(response)


def test_one_delegate_alone_leaves_the_others_as_they_are(officer_client: Client, journey: Journey):
    head, engineer = journey.delegates[:2]
    sent = opened(officer_client, journey, f"?delegate={head.pk}")
    assert f"goes-{engineer.pk}" not in sent
    sent[f"goes-{head.pk}"].remove(f"m{journey.meetings[1].pk}")
    officer_client.post(url(journey), sent)
    assert list(engineer.missed_meetings.all()) == [journey.meetings[0]]


def test_the_grid_tells_everyone_from_some(officer_client: Client, journey: Journey):
    said = words(officer_client.get(url(journey)))
    assert "Everyone" in said
    assert "3 of 4" in said


def test_a_damaged_form_changes_nothing(officer_client: Client, journey: Journey):
    sent = {"offered": "s1 m99999 x", f"was-{journey.delegates[0].pk}": "m7 zz"}
    assert officer_client.post(url(journey), sent).status_code == 302
    assert officer_client.post(url(journey), {}).status_code == 302


def test_queries_do_not_grow_with_the_grid(
    officer_client: Client, journey: Journey, django_assert_max_num_queries: Any
):
    def count(rows: int) -> int:
        for _number in range(rows):
            make_delegate(journey.mission, journey.home["iit"])
            make_meeting([journey.partners["jfc"]], mission=journey.mission)
        with django_assert_max_num_queries(40) as queries:
            officer_client.get(url(journey))
        return len(queries)

    assert count(1) == count(20)
