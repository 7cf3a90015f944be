"""The page of an import: what it would do row by row, and what is decided on it."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone, translation

from crm.models import Import, ImportRow, Job, User
from tests.factories import make_import, make_import_row, make_person

Act, Choice, State = ImportRow.Act, ImportRow.Choice, Import.State


def change(field: str, before: str, after: str, **more: Any) -> dict[str, str]:
    return {"field": field, "label": field, "before": before, "after": after, **more}


@pytest.fixture
def source(steward: User) -> Import:
    """One row of each kind."""
    source = make_import(steward)
    person = make_person()
    make_import_row(source, 2, changes=[change("email", "", "h.tanabe@example.org")])
    make_import_row(
        source,
        3,
        act=Act.UPDATE,
        record_id=person.pk,
        label="Kenji Mori",
        changes=[change("job_title", "Director of trade", "Director of research")],
    )
    make_import_row(source, 4, act=Act.SAME, record_id=person.pk, label="Sakura Ito")
    make_import_row(
        source,
        5,
        act=Act.CONFLICT,
        choice=Choice.LEAVE,
        record_id=person.pk,
        label="Yuki Sato",
        changes=[change("phone", "+81 52 789 5111", "+81 52 789 2043", exported="+81 52 789 1")],
    )
    make_import_row(
        source,
        6,
        act=Act.REJECT,
        label="",
        cells=["Rossi", "not-an-address"],
        problems=[{"column": 1, "text": "This is not an e-mail address."}],
    )
    return source


def shown(client: Client, source: Import, query: str = "") -> str:
    return client.get(f"/imports/{source.pk}/{query}").content.decode()


def words(html: str) -> str:
    """What a reader sees, on one line."""
    text = re.sub(r"<[^>]+>", " ", html)
    return " ".join(text.replace("’", "'").split())


def stamp_of(client: Client, source: Import, act: str, query: str = "") -> str:
    """What the form of that act carries."""
    html = shown(client, source, query)
    form = re.search(
        rf'action="/imports/{source.pk}/{act}/".*?name="stamp" value="(\w+)"', html, re.S
    )
    return form[1] if form else ""


def send(client: Client, source: Import, act: str, query: str = "", **data: str) -> str:
    data.setdefault("stamp", stamp_of(client, source, act, query))
    answer = client.post(f"/imports/{source.pk}/{act}/", data, follow=True)
    assert answer.status_code == 200
    return words(answer.content.decode())


def test_the_page_says_in_numbers_what_would_happen(steward_client, source):
    seen = words(shown(steward_client, source))
    assert "1 new record " in seen
    assert "1 record changed" in seen
    assert "1 rejected row stays out" in seen
    assert "Import 2 rows" in seen


def test_a_change_is_shown_cell_by_cell_with_the_words_that_differ(steward_client, source):
    html = shown(steward_client, source, "?rows=changed")
    assert "<del>Director of <b>trade</b></del>" in html
    assert "<ins>Director of <b>research</b></ins>" in html


def test_a_conflict_shows_what_is_here_what_the_file_says_and_what_was_exported(
    steward_client, source
):
    seen = words(shown(steward_client, source, "?rows=conflicts"))
    assert "Before: +81 52 789 5111" in seen
    assert "After: +81 52 789 2043" in seen
    assert "When the file was made: +81 52 789 1" in seen


def test_a_rejected_row_says_why_beside_its_cell(steward_client, source):
    seen = words(shown(steward_client, source, "?rows=rejected"))
    assert "E-mail not-an-address This is not an e-mail address." in seen


def test_a_likely_duplicate_is_explained_and_linked(steward_client, source):
    twin = {"id": 1, "label": "Tanabe Haruka", "url": "/people/1/", "reason": "same e-mail"}
    make_import_row(source, 7, choice=Choice.LEAVE, alike=[twin])
    html = shown(steward_client, source, "?rows=new&alike=1")
    assert "Looks like Tanabe Haruka (opens in a new tab) : same e-mail" in words(html)
    assert 'href="/people/1/"' in html
    assert html.count('<li class="import-row') == 1


def test_labels_are_in_the_readers_language(steward, steward_client, source):
    steward.language = "it"
    steward.save()
    with translation.override("it"):
        assert "Qualifica" in shown(steward_client, source, "?rows=changed")


@pytest.mark.parametrize("rows", [1, 20])
def test_the_number_of_queries_does_not_depend_on_the_rows(
    rows, steward, steward_client, django_assert_max_num_queries
):
    source = make_import(steward)
    for number in range(2, 2 + rows):
        make_import_row(source, number, act=Act.UPDATE, record_id=number)
    with django_assert_max_num_queries(9):
        shown(steward_client, source)


def test_rows_come_a_page_at_a_time(steward, steward_client):
    source = make_import(steward)
    ImportRow.objects.bulk_create(
        ImportRow(source=source, number=number, act=Act.CREATE, label=f"Person {number}")
        for number in range(2, 122)
    )
    second = shown(steward_client, source, "?rows=new&page=2")
    assert "Person 52<" in second
    assert "Person 102<" not in second
    assert "51 to 100 of 120" in words(second)
    assert steward_client.get(f"/imports/{source.pk}/?rows=new&page=nonsense").status_code == 200


def test_a_row_can_be_left_out(steward_client, source):
    row = source.rows.get(act=Act.CREATE)
    seen = send(steward_client, source, "choices", rows="new", **{f"choice-{row.pk}": "leave"})
    row.refresh_from_db()
    assert row.choice == Choice.LEAVE
    assert "Import 1 row" in seen


def test_all_of_a_kind_can_be_left_out_at_once(steward_client, source):
    make_import_row(source, 7)
    send(steward_client, source, "choices", rows="new", every="leave")
    assert not source.rows.filter(act=Act.CREATE, choice=Choice.TAKE).exists()
    assert source.rows.get(act=Act.UPDATE).choice == Choice.TAKE


def test_a_rejected_row_cannot_be_taken(steward_client, source):
    row = source.rows.get(act=Act.REJECT)
    ImportRow.objects.filter(pk=row.pk).update(choice=Choice.LEAVE)
    send(steward_client, source, "choices", rows="rejected", every="take")
    row.refresh_from_db()
    assert row.choice == Choice.LEAVE


def test_a_choice_of_another_imports_row_is_passed_over(steward, steward_client, source):
    other = make_import_row(make_import(steward))
    send(steward_client, source, "choices", rows="new", **{f"choice-{other.pk}": "leave"})
    other.refresh_from_db()
    assert other.choice == Choice.TAKE


def test_a_choice_by_script_brings_the_new_numbers(steward_client, source):
    row = source.rows.get(act=Act.CREATE)
    answer = steward_client.post(
        f"/imports/{source.pk}/choices/",
        {
            "stamp": stamp_of(steward_client, source, "choices"),
            "rows": "new",
            f"choice-{row.pk}": "leave",
        },
        headers={"HX-Request": "true"},
    )
    assert "Import 1 row" in words(answer.content.decode())
    assert "<html" not in answer.content.decode()


def test_a_page_from_before_a_choice_imports_nothing(steward_client, source):
    stamp = stamp_of(steward_client, source, "write")
    source.rows.filter(act=Act.UPDATE).update(choice=Choice.LEAVE)
    seen = send(steward_client, source, "write", stamp=stamp)
    assert "has changed since you opened the page" in seen
    source.refresh_from_db()
    assert source.state == State.CHECKED


def test_a_page_from_before_another_check_imports_nothing(steward_client, source):
    stamp = stamp_of(steward_client, source, "write")
    row = source.rows.get(act=Act.CREATE)
    row.delete()
    make_import_row(source)
    assert "has changed since" in send(steward_client, source, "write", stamp=stamp)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.CANCELLED, "was cancelled meanwhile. Nothing was imported."),
        (State.WRITTEN, "it is imported once, not twice"),
        (State.WRITING, "it is imported once, not twice"),
        (State.UNDONE, "was undone meanwhile"),
        (State.UPLOADED, "are being matched again"),
    ],
)
def test_a_page_left_open_says_what_happened_meanwhile(state, said, steward_client, source):
    stamp = stamp_of(steward_client, source, "write")
    Import.objects.filter(pk=source.pk).update(
        state=state,
        written_at=timezone.now(),
        job=Job.objects.create(user=source.user, title="Import"),
    )
    assert said in send(steward_client, source, "write", stamp=stamp)
    source.refresh_from_db()
    assert source.state == state


def test_a_cancelled_import_keeps_neither_rows_nor_file(
    steward_client, source, django_capture_on_commit_callbacks
):
    source.file.save("people.csv", ContentFile(b"Family name\r\nTanabe\r\n"))
    storage, name = source.file.storage, source.file.name
    with django_capture_on_commit_callbacks(execute=True):
        seen = send(steward_client, source, "cancel")
    assert "The import was cancelled. Nothing was written." in seen
    assert not source.rows.exists()
    assert not storage.exists(name)


def test_an_import_is_cancelled_once(steward_client, source):
    stamp = stamp_of(steward_client, source, "cancel")
    send(steward_client, source, "cancel", stamp=stamp)
    assert "was cancelled meanwhile" in send(steward_client, source, "cancel", stamp=stamp)


def test_an_import_that_was_cancelled_while_it_was_checked_stays_cancelled(steward, steward_client):
    job = Job.objects.create(user=steward, title="Check", state=Job.State.RUNNING, steps=10)
    source = make_import(steward, state=State.CHECKING, job=job)
    send(steward_client, source, "cancel")
    source.refresh_from_db()
    assert source.state == State.CANCELLED
    assert "0 of 10" not in words(shown(steward_client, source))


def test_an_import_given_up_while_it_was_checked_says_only_that(steward, steward_client):
    job = Job.objects.create(
        user=steward, title="Check", state=Job.State.FAILED, problem="It is no longer waiting."
    )
    source = make_import(steward, state=State.CANCELLED, job=job)
    seen = words(shown(steward_client, source))
    assert "This import was cancelled before anything was written." in seen
    assert "no longer waiting" not in seen


def test_a_cell_as_long_as_a_book_is_shown_from_its_beginning(steward, steward_client):
    source = make_import(steward, headings=["Name"], state=State.CHECKED)
    make_import_row(
        source, 2, act="reject", cells=["x" * 5_000], problems=[{"column": 0, "text": "Too long."}]
    )
    seen = words(shown(steward_client, source))
    assert "x" * 299 + "…" in seen
    assert "x" * 301 not in seen


def test_what_is_under_way_asks_again_by_itself_then_shows_the_page(steward, steward_client):
    job = Job.objects.create(
        user=steward, title="Check", state=Job.State.RUNNING, steps=10, steps_done=4
    )
    source = make_import(steward, state=State.CHECKING, job=job)
    html = shown(steward_client, source)
    assert "4 of 10 done" in words(html)
    assert f'hx-get="/imports/{source.pk}/"' in html
    Import.objects.filter(pk=source.pk).update(state=State.CHECKED)
    answer = steward_client.get(f"/imports/{source.pk}/", headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"


def test_work_that_failed_says_why(steward, steward_client):
    job = Job.objects.create(
        user=steward, title="Check", state=Job.State.FAILED, problem="The file is gone."
    )
    source = make_import(steward, state=State.CHECKING, job=job)
    seen = shown(steward_client, source)
    assert "The file is gone." in words(seen)
    assert "hx-get" not in seen


def test_a_writing_that_was_refused_says_why_and_can_be_sent_again(steward_client, source):
    job = Job.objects.create(
        user=source.user, title="Import", state=Job.State.FAILED, problem="Nothing was imported."
    )
    Import.objects.filter(pk=source.pk).update(job=job)
    seen = words(shown(steward_client, source))
    assert "Nothing was imported." in seen
    assert "Import 2 rows" in seen


def test_a_written_import_says_what_was_done_and_who_did_it(steward_client, source):
    Import.objects.filter(pk=source.pk).update(
        state=State.WRITTEN, written_at=timezone.now(), digest="9f86d081"
    )
    seen = words(shown(steward_client, source))
    assert "This was done" in seen
    assert "1 row left out" in seen
    assert "Stella Steward, today" in seen
    assert "9f86d081" in seen
    assert "Undo this import" in seen


def test_a_colleague_with_the_right_sees_it_and_others_do_not(
    steward, officer_client, administrator_client
):
    source = make_import(steward)
    assert administrator_client.get(f"/imports/{source.pk}/").status_code == 200
    assert officer_client.get(f"/imports/{source.pk}/").status_code == 403


def test_there_is_no_page_for_an_import_that_is_not_there(steward_client):
    assert steward_client.get("/imports/999/").status_code == 404


def test_a_page_that_counts_as_many_but_other_rows_imports_nothing(steward_client, source):
    other = make_import_row(source, 7, choice=Choice.LEAVE)
    stamp = stamp_of(steward_client, source, "write")
    source.rows.filter(number=2).update(choice=Choice.LEAVE)
    source.rows.filter(pk=other.pk).update(choice=Choice.TAKE)
    assert "has changed since" in send(steward_client, source, "write", stamp=stamp)
