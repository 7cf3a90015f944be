"""Imports beside what others do at the same time: a merge, another import of the same list."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection

from crm.imports import checking, states, writers, writing
from crm.jobs import Refused
from crm.models import Import
from missions.models import Attendance, Meeting
from partners.merging.joining import Wish, join
from partners.models import Affiliation, Organisation, Person
from tests.factories import make_organisation, make_person, make_user
from tests.importing import make_import, rows_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one by one"),
]


def writes(source: Import, refused: list[str]) -> threading.Thread:
    """A thread that writes the import; a refusal is told there."""

    def act() -> None:
        try:
            writing.start(source, source.user)
        except Refused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    thread = threading.Thread(target=act)
    thread.start()
    return thread


def before_it_is_over(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Do it once while the first import that has written everything is not over yet."""
    put, left = states.put, [act]

    def waiting(source: Import, state: str, **more: Any) -> None:
        if state == Import.State.WRITTEN and left:
            left.pop()()
        put(source, state, **more)

    monkeypatch.setattr(writing, "put", waiting)


def before_it_is_held(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Do it once while the first rows are written, and what they link is not held yet."""
    remember, left = writers._remember, [act]

    def waiting(rows: Sequence[Any]) -> None:
        remember(rows)
        if left:
            left.pop()()

    monkeypatch.setattr(writers, "_remember", waiting)


Hook = Callable[[pytest.MonkeyPatch, Callable[[], None]], None]


def merged_beside(
    monkeypatch: pytest.MonkeyPatch,
    hook: Hook,
    source: Import,
    kept: Organisation | Person,
    gone: Organisation | Person,
    patience: float = 10,
) -> list[str]:
    """Writes the import, and merges what is gone while it is at it; what was refused.

    The import waits so many seconds at most for the merge to be over.
    """
    written, merged = threading.Event(), threading.Event()

    def wait() -> None:
        written.set()
        merged.wait(patience)

    hook(monkeypatch, wait)
    refused: list[str] = []
    thread = writes(source, refused)
    written.wait(10)
    join(type(kept), Wish(kept.pk, [gone.pk]), source.user)
    merged.set()
    thread.join(20)
    return refused


@pytest.mark.parametrize("subject", ["people", "meetings", "organisations"])
def test_a_partner_that_is_merged_meanwhile_is_linked_with_nothing_that_comes_in(
    subject: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    steward = make_user("steward@example.org", "Steward")
    kept, gone = make_organisation("Kept"), make_organisation("Gone")
    text = {
        "people": "given_name,family_name,organisation\nLu,Ro,Gone\n",
        "meetings": "Title,Date,Organisations\nTalk,2026-03-09,Gone\n",
        "organisations": "name,kind,country,parent\nVega,company,IT,Gone\n",
    }[subject]
    source = make_import(steward, subject, text)
    checking.start(source, steward)
    # Whom a meeting is with is held already, for the last contact: there the merge waits.
    patience = 0.5 if subject == "meetings" else 10
    refused = merged_beside(monkeypatch, before_it_is_held, source, kept, gone, patience)
    assert not Affiliation.objects.filter(organisation=gone).exists()
    assert not Meeting.objects.filter(organisations=gone).exists()
    assert not Organisation.objects.filter(parent=gone).exists()
    if subject == "meetings":
        assert Meeting.objects.get(organisations=kept)
    else:
        assert "Nothing was imported: 1 row" in refused[0]
        assert rows_of(source)[0].act == "reject"


def test_a_person_who_is_merged_meanwhile_is_down_for_no_meeting_that_comes_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steward = make_user("steward@example.org", "Steward")
    kept, gone = make_person("Haruka", "Tanabe"), make_person("Haruko", "Tanabe")
    source = make_import(steward, "meetings", "Title,Date,People\nTalk,2026-03-09,Haruko Tanabe\n")
    checking.start(source, steward)
    merged_beside(monkeypatch, before_it_is_held, source, kept, gone)
    assert not Attendance.objects.filter(person=gone).exists()


def test_a_merge_waits_for_an_import_that_links_its_partners(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steward = make_user("steward@example.org", "Steward")
    kept, gone = make_organisation("Kept"), make_organisation("Gone")
    text = "given_name,family_name,organisation\nLu,Ro,Gone\n"
    source = make_import(steward, "people", text)
    checking.start(source, steward)
    assert merged_beside(monkeypatch, before_it_is_over, source, kept, gone, 0.5) == []
    assert Affiliation.objects.get().organisation == kept


def test_two_imports_of_one_list_at_once_make_everybody_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steward = make_user("steward@example.org", "Steward")
    text = "given_name,family_name,email\nHaruka,Tanabe,h@example.jp\n"
    first, second = (make_import(steward, "people", text, matched_by="email") for _each in range(2))
    for source in (first, second):
        checking.start(source, steward)
    written, over = threading.Event(), threading.Event()

    def wait() -> None:
        written.set()
        over.wait(1)  # the other one waits for this: it is not over so soon

    before_it_is_over(monkeypatch, wait)
    refused: list[str] = []
    one = writes(first, refused)
    written.wait(10)
    other = writes(second, refused)
    other.join(2)
    over.set()
    one.join(20)
    other.join(20)
    assert Person.objects.count() == 1
    assert "somebody changed or made since" in refused[0]
    assert [row.act for row in rows_of(second)] == ["same"]
