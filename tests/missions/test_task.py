"""A mission's checklist: ticked, changed, removed and put back, made from a template."""

from datetime import date

import pytest

from missions.models import Task
from tests.factories import make_checklist, make_mission, make_task
from tests.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission():
    return make_mission(starts_on=date(2027, 3, 8))


@pytest.fixture
def task(mission):
    return make_task(mission, "Book the interpreter", due_on=date(2026, 1, 31))


def act(client, task, verb, **headers):
    return client.post(f"/missions/{task.mission_id}/tasks/{task.pk}/{verb}/", headers=headers)


def test_the_missions_page_shows_what_is_late_and_how_many_are_open(reader_client, task):
    make_task(task.mission, "Visas")
    text = words(reader_client.get(f"/missions/{task.mission_id}/"))
    assert "Checklist 2 open" in text
    assert "weeks late 31 January" in text
    assert "Add a task" not in text


def test_one_click_marks_it_done_and_clicking_twice_is_clicking_once(
    officer_client, steward_client, officer, task
):
    assert (
        act(officer_client, task, "done")["Location"] == f"/missions/{task.mission_id}/#checklist"
    )
    act(steward_client, task, "done")
    task.refresh_from_db()
    assert task.done_by == officer
    act(officer_client, task, "reopen")
    task.refresh_from_db()
    assert (task.done_at, task.done_by) == (None, None)


def test_with_htmx_the_row_and_the_count_come_back(officer_client, task):
    html = act(officer_client, task, "done", HX_Request="true").content.decode()
    assert html.lstrip().startswith(f'<li id="task-{task.pk}"')
    assert 'id="task-count" hx-swap-oob="true">All done' in html


def test_a_task_is_added_once_with_who_sees_to_it(officer_client, officer, mission):
    url = f"/missions/{mission.pk}/tasks/new/"
    data = {
        "token": str(officer_client.get(url).context["form"].initial["token"]),
        "what": "Gifts",
        "due_on": "22 February 2027",
        "assignee": officer.pk,
    }
    officer_client.post(url, data)
    officer_client.post(url, data)
    task = Task.objects.get()
    assert (task.mission, task.what, task.due_on) == (mission, "Gifts", date(2027, 2, 22))
    assert task.assignee == officer


def test_a_changed_task_says_so_to_whoever_saves_second(officer_client, steward_client, task):
    url = f"/missions/{task.mission_id}/tasks/{task.pk}/"
    data = {"version": "1", "what": "Interpreters", "due_on": "31 January 2026", "assignee": ""}
    assert steward_client.post(url, data).status_code == 302
    response = officer_client.post(url, data | {"what": "Two interpreters"})
    assert "Somebody saved this meanwhile" in words(response)
    task.refresh_from_db()
    assert task.what == "Interpreters"


def test_a_removed_task_can_be_put_back_as_it_was(officer_client, task):
    act(officer_client, task, "remove")
    assert not Task.objects.exists()
    page = officer_client.get(f"/missions/{task.mission_id}/")
    assert "Removed: Book the interpreter" in words(page)
    assert f"/tasks/{task.pk}/restore/" in page.content.decode()
    act(officer_client, task, "restore")
    act(officer_client, task, "restore")
    back = Task.objects.get()
    assert (back.pk, back.what, back.due_on) == (task.pk, task.what, task.due_on)


def test_the_task_of_another_mission_is_not_found(officer_client, task):
    other = make_mission("Another")
    url = f"/missions/{other.pk}/tasks/{task.pk}/"
    assert officer_client.get(url).status_code == 404
    assert officer_client.post(f"{url}done/").status_code == 404


def test_a_reader_ticks_and_removes_nothing(reader_client, task):
    assert act(reader_client, task, "done").status_code == 403
    assert act(reader_client, task, "remove").status_code == 403


def test_a_template_adds_what_is_missing_due_before_the_start(officer_client, task):
    checklist = make_checklist(
        steps=[("Book the interpreter", 30), ("Visas", 45), ("Thanks", -7), ("Gifts", None)]
    )
    url = f"/missions/{task.mission_id}/tasks/template/"
    page = words(officer_client.get(url))
    assert "Book the interpreter on the list already" in page
    assert "Add these tasks" in page
    for _again in range(2):
        officer_client.post(url, {"checklist": checklist.pk})
    assert "Add these tasks" not in words(officer_client.get(url))
    due = dict(Task.objects.exclude(pk=task.pk).values_list("what", "due_on"))
    assert due == {"Visas": date(2027, 1, 22), "Thanks": date(2027, 3, 15), "Gifts": None}


def test_without_a_start_the_tasks_have_no_date(officer_client):
    mission = make_mission()
    url = f"/missions/{mission.pk}/tasks/template/"
    officer_client.post(url, {"checklist": make_checklist().pk})
    assert Task.objects.get().due_on is None


def test_the_checklist_asks_as_much_of_the_database_for_twenty_tasks_as_for_one(
    officer_client, officer, django_assert_max_num_queries
):
    counts = []
    for number in (1, 20):
        mission = make_mission(f"With {number}")
        for at in range(number):
            make_task(mission, f"Task {at}", assignee=officer)
        with django_assert_max_num_queries(80) as queries:
            officer_client.get(f"/missions/{mission.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
