"""Work in the background: its page, its file, and what becomes of it when it fails."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from crm.jobs import Refused, start, under_way, working
from crm.models import Job, User


@task()
def make_letter(key: str, words: str) -> None:
    with working(key) as work:
        work.expect(2)
        work.advance()
        if words == "refuse":
            raise Refused("There is nothing to write.")
        if words == "break":
            raise ZeroDivisionError
        work.hand_over("letter.txt", words.encode())
        work.advance()


def ask(user: User, words: str) -> Job:
    start(user, "A letter", make_letter, back_url="/missions/", words=words)
    return Job.objects.get()


def test_a_job_that_is_done_offers_its_file(officer_client: Client, officer: User) -> None:
    job = ask(officer, "Dear friends")
    page = officer_client.get(job.get_absolute_url())
    assert reverse("job-file", args=[job.key]) in page.content.decode()
    answer = officer_client.get(reverse("job-file", args=[job.key]))
    assert b"".join(answer) == b"Dear friends"
    assert answer["Content-Disposition"] == 'attachment; filename="letter.txt"'


def test_a_job_that_is_refused_says_why(officer_client: Client, officer: User) -> None:
    job = ask(officer, "refuse")
    assert job.state == Job.State.FAILED
    assert (
        "There is nothing to write." in officer_client.get(job.get_absolute_url()).content.decode()
    )


def test_a_job_that_breaks_says_so_and_keeps_the_details_in_the_log(
    officer_client: Client, officer: User, caplog: pytest.LogCaptureFixture
) -> None:
    job = ask(officer, "break")
    assert (
        "Something went wrong on our side"
        in officer_client.get(job.get_absolute_url()).content.decode()
    )
    assert "ZeroDivisionError" in caplog.text


def test_a_job_that_waits_asks_again_by_itself(officer_client: Client, officer: User) -> None:
    job = Job.objects.create(
        user=officer, title="A letter", state="running", steps=60, steps_done=15
    )
    page = officer_client.get(job.get_absolute_url()).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "15 of 60 done" in page
    assert 'value="25"' in page


def test_large_numbers_are_grouped_as_the_reader_writes_them(
    officer_client: Client, officer: User
) -> None:
    job = Job.objects.create(
        user=officer, title="A letter", state="running", steps=8000, steps_done=3000
    )
    assert "3,000 of 8,000 done" in officer_client.get(job.get_absolute_url()).content.decode()


def test_a_job_that_should_be_over_says_so_and_asks_no_more(
    officer_client: Client, officer: User
) -> None:
    job = Job.objects.create(user=officer, title="A letter", state="running")
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=31))
    page = officer_client.get(job.get_absolute_url()).content.decode()
    assert "It should be ready by now" in page
    assert "hx-trigger" not in page
    assert not under_way(officer).exists()


def test_a_job_whose_process_is_gone_says_so_at_once(officer_client: Client, officer: User) -> None:
    job = Job.objects.create(user=officer, title="A letter", state="running")
    with job.held():
        page = officer_client.get(job.get_absolute_url()).content.decode()
        assert "It should be ready by now" not in page
    assert not job.lock_path.exists()
    job.lock_path.touch()  # what a killed process leaves: a lock that nobody holds
    page = officer_client.get(job.get_absolute_url()).content.decode()
    assert "It should be ready by now" in page
    assert "hx-trigger" not in page


def test_a_job_whose_worker_is_ended_is_not_left_running(officer: User) -> None:
    job = Job.objects.create(user=officer, title="A letter")
    with pytest.raises(SystemExit), working(str(job.key)):
        raise SystemExit
    job.refresh_from_db()
    assert (job.state, job.problem) == ("failed", "It was cut off half-way: ask for it again.")


def test_the_part_that_changes_comes_alone(officer_client: Client, officer: User) -> None:
    job = Job.objects.create(user=officer, title="A letter")
    headers: Any = {"HX-Request": "true"}
    assert (
        "<html" not in officer_client.get(job.get_absolute_url(), headers=headers).content.decode()
    )


@pytest.mark.parametrize("name", ["job-detail", "job-file"])
def test_a_job_is_for_the_one_who_asked(
    name: str, reader_client: Client, administrator_client: Client, officer: User
) -> None:
    job = ask(officer, "Dear friends")
    address = reverse(name, args=[job.key])
    assert reader_client.get(address).status_code == 404
    assert administrator_client.get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_file_that_is_gone_is_not_found(officer_client: Client, officer: User) -> None:
    job = ask(officer, "Dear friends")
    job.file.storage.delete(str(job.file.name))
    assert officer_client.get(reverse("job-file", args=[job.key])).status_code == 404
