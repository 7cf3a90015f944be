"""Two acts at once that need each other's records."""

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from crm.collisions import TIMES, all_or_nothing, hold_linked
from crm.models import User
from missions.models import FollowUp, Meeting
from partners.merging.joining import Wish, join
from partners.merging.undoing import undo
from partners.models import Organisation
from tests.factories import make_followup, make_meeting, make_organisation, make_user


def deadlock() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = psycopg.errors.DeadlockDetected("deadlock detected")
    return error


Act = Callable[[threading.Event, threading.Event], None]


def merged_beside(act: Act, kept: Organisation, gone: Organisation, user: User) -> None:
    """Does an act in a thread, and the merge once the act sets the first event; then the second."""
    holds, merged = threading.Event(), threading.Event()

    def save() -> None:
        try:
            all_or_nothing(lambda: act(holds, merged))
        finally:
            connection.close()

    saving = threading.Thread(target=save)
    saving.start()
    holds.wait(10)
    join(Organisation, Wish(kept.pk, [gone.pk]), user)
    merged.set()
    saving.join(20)


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

    def act(holds: threading.Event, merged: threading.Event) -> None:
        locked = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        holds.set()
        merged.wait(0.5)
        locked.title = "Long talk"
        locked.save()
        list(Organisation.objects.select_for_update(no_key=True).filter(pk=gone.pk))

    merged_beside(act, kept, gone, user)
    meeting.refresh_from_db()
    assert meeting.title == "Long talk"
    assert [one.pk for one in meeting.organisations.all()] == [kept.pk]


def merging_in_the_middle(link: Any) -> Organisation:
    """Merges what somebody's act is about to save a link with; what stays."""
    kept, gone = make_organisation("Kept"), make_organisation("Gone")

    def act(holds: threading.Event, merged: threading.Event) -> None:
        record = Organisation.objects.get(pk=gone.pk)
        link(record.merged_into or record)
        holds.set()
        merged.wait(1)

    merged_beside(act, kept, gone, make_user("a@example.org"))
    return kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other")
@pytest.mark.parametrize(
    "link",
    [
        lambda one: make_meeting([one], title="Talk"),
        lambda one: Organisation.objects.create(
            name="Branch", country="JP", kind=Organisation.Kind.OTHER, parent=one
        ),
    ],
)
def test_what_is_saved_as_its_organisation_is_merged_links_the_one_that_stays(link):
    kept = merging_in_the_middle(link)
    meeting, branch = Meeting.objects.first(), Organisation.objects.filter(name="Branch").first()
    linked = (
        [one.pk for one in meeting.organisations.all()]
        if meeting
        else [branch and branch.parent_id]
    )
    assert linked == [kept.pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other")
def test_a_merge_waits_for_whoever_is_about_to_commit_a_link_and_moves_it():
    kept, gone = make_organisation("Kept"), make_organisation("Gone")

    def act(holds: threading.Event, merged: threading.Event) -> None:
        make_meeting([gone], title="Talk")
        hold_linked()
        holds.set()
        # The merge waits for this act: it is not over when the time is.
        merged.wait(0.5)

    merged_beside(act, kept, gone, make_user("a@example.org"))
    assert [one.pk for one in Meeting.objects.get().organisations.all()] == [kept.pk]


@pytest.mark.django_db
def test_a_record_that_was_merged_before_may_stay_linked():
    kept, gone = make_organisation("Kept"), make_organisation("Gone")
    join(Organisation, Wish(kept.pk, [gone.pk]), make_user("a@example.org"))
    tries = []

    def act() -> Meeting:
        tries.append(1)
        return make_meeting([gone], title="Talk")

    assert all_or_nothing(act).pk
    assert len(tries) == 2


@pytest.mark.django_db
def test_an_act_that_fails_leaves_the_next_one_its_own():
    with pytest.raises(OperationalError):
        all_or_nothing(breaking(1, OperationalError("disk full")))
    assert all_or_nothing(lambda: make_organisation("Kept")).pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other")
def test_what_a_colleague_saves_while_a_merge_is_undone_stays():
    kept, gone, third = (make_organisation(name) for name in ("Kept", "Gone", "Third"))
    promise, user = make_followup(gone), make_user("a@example.org")
    made = join(Organisation, Wish(kept.pk, [gone.pk]), user)
    holds = threading.Event()

    def save() -> None:
        with transaction.atomic():
            FollowUp.objects.filter(pk=promise.pk).update(organisation=third)
            holds.set()
            time.sleep(0.5)
        connection.close()

    saving = threading.Thread(target=save)
    saving.start()
    holds.wait(10)
    stayed = undo(made.pk, user)
    saving.join(20)
    promise.refresh_from_db()
    assert promise.organisation == third
    assert [one["why"] for one in stayed] == ["changed"]
