"""A delegate's own itinerary, by local day."""

from typing import Any

from django.test import Client

from missions.models import Delegate
from tests.factories import make_meeting
from tests.journeys import Journey
from tests.missions.test_mission_delegation import url
from tests.reading import words


def test_their_meetings_stand_under_the_days_of_the_place(reader_client: Client, journey: Journey):
    said = words(reader_client.get(url(journey, f"{journey.delegates[1].pk}/")))
    assert "Mon 8 March 2027 14:00 Tokyo 06:00 Rome How small firms are financed" in said
    assert "Welcome by the Ambassador" not in said
    assert "5 of 6 meetings" in said


def test_a_confidential_meeting_stays_so_for_readers(reader_client: Client, journey: Journey):
    said = words(reader_client.get(url(journey, f"{journey.delegates[0].pk}/")))
    assert "Conclusions" not in said
    assert "Japan Finance Corporation" in said


def test_who_declined_goes_nowhere(reader_client: Client, journey: Journey):
    place = journey.delegates[0]
    place.status = Delegate.Status.DECLINED
    place.save()
    said = words(reader_client.get(url(journey, f"{place.pk}/")))
    assert "Who declined goes nowhere." in said


def test_queries_do_not_grow_with_the_meetings(
    officer_client: Client, journey: Journey, django_assert_max_num_queries: Any
):
    def count(rows: int) -> int:
        for _number in range(rows):
            make_meeting([journey.partners["jfc"]], mission=journey.mission, stop=journey.stops[0])
        with django_assert_max_num_queries(40) as queries:
            officer_client.get(url(journey, f"{journey.delegates[0].pk}/"))
        return len(queries)

    assert count(1) == count(20)
