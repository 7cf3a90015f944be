"""Rows written all or nothing: at once, in the background, and cut off half-way."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client

from crm.imports import checking, states, writing
from crm.imports.checking import BATCH, FEW
from crm.imports.resources import ImportResource
from crm.jobs import Refused
from crm.jobs import start as start_job
from crm.models import Import, ImportRow, Job, User
from partners.models import Organisation
from tests.factories import make_city, make_organisation, make_user
from tests.importing import make_import, rows_of

HEAD = "name,kind,country\n"


def file_of(count: int) -> str:
    return HEAD + "".join(f"Vega {number},company,IT\n" for number in range(count))


@pytest.mark.django_db
def test_a_long_file_is_checked_and_written_in_the_background(steward: User) -> None:
    source = make_import(steward, "organisations", file_of(FEW + 1))
    job = checking.start(source, steward)
    assert job is not None
    source.refresh_from_db()
    assert (source.state, source.counts, source.row_count) == ("checked", {"create": 301}, 301)
    assert Job.objects.get(pk=job.pk).state == "done"
    assert writing.start(source, steward) is not None
    source.refresh_from_db()
    assert source.state == "written"
    assert Organisation.objects.filter(name__startswith="Vega").count() == 301


@pytest.mark.django_db
def test_how_far_a_writing_is_can_be_seen_before_it_is_over(
    steward: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_import(steward, "organisations", file_of(FEW + 1))
    checking.start(source, steward)
    seen: list[tuple[int, int]] = []
    put = states.put

    def looking(*given: Any, **more: Any) -> None:
        job = Job.objects.order_by("-pk")[0]
        seen.append((job.steps_done, job.steps))
        put(*given, **more)

    monkeypatch.setattr("crm.imports.writing.put", looking)
    writing.start(source, steward)
    assert (301, 301) in seen
    assert list((Path(settings.MEDIA_ROOT) / "jobs").glob("*.progress")) == []


@pytest.mark.django_db
def test_an_error_half_way_leaves_everything_as_it_was(
    steward: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    jfc = make_organisation()
    text = f"key,name,kind,country\n{jfc.key},JFC,,\n,Vega,company,IT\n"
    source = make_import(steward, "organisations", text)
    checking.start(source, steward)

    def fail(*_given: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ImportResource, "after_writing", fail)
    monkeypatch.setattr("partners.imports.organisations.OrganisationResource.after_writing", fail)
    with pytest.raises(ZeroDivisionError):
        writing.start(source, steward)
    jfc.refresh_from_db()
    assert (jfc.name, jfc.version, jfc.history.count()) == ("Japan Finance Corporation", 1, 1)
    assert Organisation.objects.count() == 1
    source.refresh_from_db()
    assert source.state == "checked"


@pytest.mark.django_db
def test_an_import_is_written_once(steward: User) -> None:
    source = make_import(steward, "organisations", file_of(1))
    checking.start(source, steward)
    writing.start(source, steward)
    with pytest.raises(Refused):
        writing.start(Import.objects.get(), steward)
    assert Organisation.objects.count() == 1


@pytest.mark.django_db
def test_only_the_rows_that_are_taken_are_written(steward: User) -> None:
    source = make_import(steward, "organisations", file_of(2))
    checking.start(source, steward)
    first = rows_of(source)[0]
    first.choice = ImportRow.Choice.LEAVE
    first.save()
    writing.start(source, steward)
    assert Organisation.objects.get().name == "Vega 1"
    source.refresh_from_db()
    assert source.counts == {"create": 1, "left": 1}


@pytest.mark.django_db
def test_what_was_chosen_stays_chosen_when_the_file_is_checked_again(steward: User) -> None:
    source = make_import(
        steward, "organisations", "name,kind,country\nVega,company,IT\nLyra,company,IT\n"
    )
    checking.start(source, steward)
    source.rows.filter(number=2).update(choice="leave")
    checking.start(source, steward)
    assert [*source.rows.values_list("number", "choice")] == [(2, "leave"), (3, "take")]
    source.mapping = ["name", "kind", ""]
    checking.start(source, steward)
    assert [*source.rows.values_list("act", flat=True)] == ["reject", "reject"]


def test_what_a_row_speaks_of_may_be_gone_when_it_is_written(steward: User) -> None:
    city = make_city("Nagoya")
    text = "name,kind,country,city\nVega,company,JP,Nagoya\n"
    source = make_import(steward, "organisations", text)
    checking.start(source, steward)
    city.delete()
    with pytest.raises(Refused):
        writing.start(source, steward)
    assert rows_of(source)[0].act == "reject"
    assert not Organisation.objects.exists()


@pytest.mark.django_db
def test_an_import_whose_work_died_goes_back_to_where_it_was(steward: User) -> None:
    source = make_import(steward, "organisations", file_of(1))
    checking.start(source, steward)
    job = Job.objects.create(user=steward, title="Importing", state=Job.State.FAILED)
    Import.objects.update(state="writing", job=job)
    source.refresh_from_db()
    states.mend(source)
    source.refresh_from_db()
    assert source.state == "checked"


@pytest.mark.django_db
def test_an_import_whose_worker_was_killed_can_be_imported_at_once(
    steward: User, steward_client: Client
) -> None:
    source = make_import(steward, "organisations", file_of(1))
    checking.start(source, steward)
    job = Job.objects.create(user=steward, title="Importing", state=Job.State.RUNNING)
    Import.objects.update(state="writing", job=job)
    job.lock_path.parent.mkdir(parents=True, exist_ok=True)
    job.lock_path.touch()
    page = steward_client.get(source.get_absolute_url()).content.decode()
    assert "It was cut off half-way. Nothing was written." in page
    assert "Import 1 row" in page


@pytest.mark.django_db
def test_a_column_mapped_twice_is_refused(steward: User) -> None:
    source = make_import(
        steward, "organisations", "name,title\nVega,Lyra\n", mapping=["name", "name"]
    )
    with pytest.raises(Refused, match="Two columns go to the same field"):
        checking.start(source, steward)


DYING = """
import os, signal, django
django.setup()
from django.conf import settings
from crm.imports import writing
from crm.models import Import
from partners.imports.organisations import OrganisationResource
def die(*given):
    os.kill(os.getpid(), signal.SIGKILL)
OrganisationResource.after_writing = die
source = Import.objects.get()
writing.write(source, source.user)
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_half_way_leaves_everything_as_it_was() -> None:
    steward = make_user("steward@example.org")
    source = make_import(steward, "organisations", file_of(3))
    checking.start(source, steward)
    database = connection.settings_dict
    address = (
        f"sqlite:///{database['NAME']}"
        if connection.vendor == "sqlite"
        else f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}"
        f":{database['PORT']}/{database['NAME']}"
    )
    died = subprocess.run(
        [sys.executable, "-c", DYING],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "crm.settings",
            "DEBUG": "true",
            "DATABASE_URL": address,
        },
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    source.refresh_from_db()
    assert (source.state, Organisation.objects.count()) == ("checked", 0)
    writing.start(source, steward)
    assert Organisation.objects.count() == 3


@pytest.mark.django_db
def test_a_check_given_up_half_way_stays_given_up(
    steward: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_import(steward, "organisations", file_of(2 * BATCH))
    judge = checking.judge

    def judge_and_cancel(*given: Any) -> None:
        judge(*given)
        Import.objects.update(state="cancelled")

    monkeypatch.setattr(checking, "judge", judge_and_cancel)
    job = checking.start(source, steward)
    assert job is not None
    assert Job.objects.get(pk=job.pk).state == "failed"
    source.refresh_from_db()
    assert (source.state, source.rows.count()) == ("cancelled", 0)


@pytest.mark.django_db
def test_work_that_comes_too_late_does_not_bring_an_import_back(steward: User) -> None:
    source = make_import(steward, "organisations", file_of(FEW + 1))
    checking.start(source, steward)
    writing.start(source, steward)
    late = start_job(steward, "Importing", writing.write_import, import_id=source.pk)
    assert Job.objects.get(pk=late.pk).state == "failed"
    source.refresh_from_db()
    assert source.state == "written"
    assert Organisation.objects.count() == FEW + 1


@pytest.mark.django_db
def test_a_job_that_waited_too_long_writes_nothing_that_nobody_asked_for(steward: User) -> None:
    source = make_import(steward, "organisations", file_of(FEW + 1))
    checking.start(source, steward)
    start_job(steward, "Importing", writing.write_import, import_id=source.pk)
    source.refresh_from_db()
    assert (source.state, Organisation.objects.count()) == ("checked", 0)


@pytest.mark.django_db
def test_rows_are_written_as_they_were_seen_or_not_at_all(steward: User) -> None:
    source = make_import(steward, "organisations", file_of(2))
    checking.start(source, steward)

    def look() -> None:
        raise Refused("Look again.")

    with pytest.raises(Refused, match="Look again"):
        writing.start(source, steward, look)
    source.refresh_from_db()
    assert (source.state, Organisation.objects.count()) == ("checked", 0)


@pytest.mark.django_db
def test_who_imports_a_file_is_told_beside_who_brought_it(
    steward: User, steward_client: Client
) -> None:
    source = make_import(make_user("other@example.org", name="Bianca Rossi"), "organisations", HEAD)
    source.file.save("file.csv", ContentFile(file_of(1).encode()))
    checking.start(source, steward)
    writing.start(source, steward)
    source.refresh_from_db()
    assert source.written_by == steward
    page = steward_client.get(source.get_absolute_url()).text
    assert f"<dd>{steward}, " in page
    assert "<dd>Bianca Rossi, " in page
