"""Two acts at once that need each other's records."""

import threading
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from crm.collisions import TIMES, all_or_nothing
from missions.models import Meeting
from partners.merging.joining import Wish, join
from partners.models import Organisation
from tests.factories import make_meeting, make_organisation, make_user


def deadlock() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = psycopg.errors.DeadlockDetected("deadlock detected")
    return error


def breaking(times: int, error: OperationalError) -> Any:
    """An act that makes an organisation, and is broken off so many times before it is done."""
    left = [error] * times

    def act() -> Organisation:
        made = make_organisation("Nagoya Innovator’s Garage")
        if left:
            raise left.pop()
        return made

    return act


@pytest.mark.django_db(transaction=True)
def test_what_the_database_broke_off_is_done_again_and_once():
    all_or_nothing(breaking(2, deadlock()))
    assert Organisation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("times", "error"), [(TIMES, deadlock()), (1, OperationalError("disk full"))]
)
def test_what_cant_be_done_leaves_nothing(times, error):
    with pytest.raises(OperationalError):
        all_or_nothing(breaking(times, error))
    assert not Organisation.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other")
def test_a_meeting_saved_while_its_organisation_is_merged_is_saved_and_so_is_the_merge():
    """Each holds what the other needs: the form its meeting, the merge its organisations."""
    kept, gone = make_organisation("Kept"), make_organisation("Gone")
    meeting, user = make_meeting([gone], title="Talk"), make_user("a@example.org")
    holds, merged = threading.Event(), threading.Event()

    def save() -> None:
        def act() -> None:
            locked = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
            holds.set()
            merged.wait(0.5)
            locked.title = "Long talk"
            locked.save()
            list(Organisation.objects.select_for_update(no_key=True).filter(pk=gone.pk))

        try:
            all_or_nothing(act)
        finally:
            connection.close()

    saving = threading.Thread(target=save)
    saving.start()
    holds.wait(10)
    join(Organisation, Wish(kept.pk, [gone.pk]), user)
    merged.set()
    saving.join(20)
    meeting.refresh_from_db()
    assert meeting.title == "Long talk"
    assert [one.pk for one in meeting.organisations.all()] == [kept.pk]
