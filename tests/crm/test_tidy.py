"""What is kept for a while only is forgotten, with its files."""

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from crm.models import Import, ImportRow, Job, Submission, User
from crm.uploads import forget_waiting, keep, kept
from tests.factories import make_import, make_import_row


def tidy() -> str:
    said = StringIO()
    call_command("tidy", stdout=said)
    return said.getvalue()


def make_job(user: User, days_ago: int) -> Job:
    job = Job.objects.create(user=user, title="A briefing book")
    job.file.save("book.pdf", ContentFile(b"%PDF-"))
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(days=days_ago))
    return job


def test_old_work_is_forgotten_with_its_file(officer: User) -> None:
    old, new = make_job(officer, 8), make_job(officer, 6)
    tidy()
    assert list(Job.objects.all()) == [new]
    assert not old.file.storage.exists(str(old.file.name))
    assert new.file.storage.exists(str(new.file.name))


def test_work_that_was_cut_off_is_ended(officer: User) -> None:
    for minutes, state in ((31, "running"), (29, "waiting")):
        job = Job.objects.create(user=officer, title="A briefing book", state=state)
        at = timezone.now() - timedelta(minutes=minutes)
        Job.objects.filter(pk=job.pk).update(created_at=at)
    assert "Ended 1 jobs that were cut off." in tidy()
    assert list(Job.objects.values_list("state", flat=True)) == ["waiting", "failed"]


@pytest.mark.parametrize(("days_ago", "kept"), [(29, 1), (31, 0)])
def test_tokens_of_forms_are_forgotten_after_a_month(
    days_ago: int, kept: int, officer: User
) -> None:
    Submission.objects.create(token=uuid.uuid4(), user=officer)
    Submission.objects.update(created_at=timezone.now() - timedelta(days=days_ago))
    tidy()
    assert Submission.objects.count() == kept


def test_files_that_wait_are_forgotten_after_a_day(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = keep(ContentFile(b"%PDF-", name="letter.pdf"), officer)
    tidy()
    assert (waiting := kept(token, officer)) is not None
    assert waiting.name == "letter.pdf"
    # A file bears the day of the disk, whatever day it is for the test.
    monkeypatch.setattr("crm.uploads.KEPT", timedelta(days=-36500))
    assert forget_waiting()
    assert forget_waiting() == 0


def test_tidying_says_what_it_forgot(officer: User) -> None:
    make_job(officer, 8)
    said = tidy().splitlines()
    assert said[-1] == ("Forgot 1 jobs, 0 tokens of forms, 0 files waiting and 0 files of imports.")


def test_the_files_of_imports_are_forgotten_after_90_days_and_their_record_is_kept(
    steward: User,
) -> None:
    old, new = make_import(steward), make_import(steward)
    for source, days_ago in ((old, 91), (new, 89)):
        source.file.save("people.csv", ContentFile(b"Family name\nTanabe\n"))
        at = timezone.now() - timedelta(days=days_ago)
        type(source).objects.filter(pk=source.pk).update(created_at=at)
    assert "and 1 files of imports." in tidy()
    assert not old.file.storage.exists(str(old.file.name))
    old.refresh_from_db()
    assert (old.file.name, old.file_name) == ("", "People of Nagoya.csv")
    assert new.file.storage.exists(str(new.file.name))


def test_rows_of_old_imports_that_made_no_record_are_forgotten(steward: User) -> None:
    written = make_import(steward, state="written", written_at=timezone.now())
    given_up = make_import(steward, state="checked")
    for source in (written, given_up):
        make_import_row(source, number=2, act="create")
        make_import_row(source, number=3, act="reject")
    Import.objects.update(created_at=timezone.now() - timedelta(days=91))
    tidy()
    assert [(row.source_id, row.number) for row in ImportRow.objects.all()] == [(written.pk, 2)]
    given_up.refresh_from_db()
    assert given_up.state == "cancelled"
