"""Checklists kept as templates."""

from datetime import date
from typing import Any

import pytest

from missions.models import Checklist
from tests.factories import make_checklist, make_mission, make_task
from tests.reading import words

pytestmark = pytest.mark.django_db


def sent(client, url):
    """Opens the form and sends back what it says."""
    context = client.get(url).context
    data: dict[str, Any] = {}
    for form in (context["form"], context["parts"]["steps"].management_form):
        data |= {bound.html_name: bound.value() for bound in form}
    for line in context["parts"]["steps"]:
        data |= {bound.html_name: bound.value() for bound in line}
    data = {name: value for name, value in data.items() if value is not None}
    return client.post(url, data | {f"steps-{n}-DELETE": "" for n in range(9)})


def test_an_empty_list_offers_the_usual_steps(officer_client, reader_client):
    assert "Start from the usual steps" in words(officer_client.get("/checklists/"))
    assert "Start from the usual steps" not in words(reader_client.get("/checklists/"))
    sent(officer_client, "/checklists/new/?usual=1")
    steps = dict(Checklist.objects.get().steps.values_list("what", "days_before"))
    assert steps["Letters of invitation"] == 60
    assert {"Visas", "Interpreter", "Gifts"} < steps.keys()
    assert f"{len(steps)} steps" in words(officer_client.get("/checklists/"))


def test_a_missions_checklist_is_kept_with_the_days_before_its_start(officer_client):
    mission = make_mission("Spring in Japan", starts_on=date(2027, 3, 8))
    make_task(mission, "Visas", due_on=date(2027, 1, 22))
    make_task(mission, "Gifts")
    sent(officer_client, f"/checklists/new/?mission={mission.pk}")
    checklist = Checklist.objects.get(name="Spring in Japan")
    assert dict(checklist.steps.values_list("what", "days_before")) == {"Visas": 45, "Gifts": None}


def test_a_step_is_changed_and_removed(officer_client):
    checklist = make_checklist(steps=[("Visas", 60), ("Gifts", 14)])
    visas, gifts = checklist.steps.all()
    data = {
        "version": "1",
        "name": "Journeys abroad",
        "steps-TOTAL_FORMS": "2",
        "steps-INITIAL_FORMS": "0",
        "steps-0-id": visas.pk,
        "steps-0-what": "Visas",
        "steps-0-days_before": "90",
        "steps-1-id": gifts.pk,
        "steps-1-what": "Gifts",
        "steps-1-days_before": "14",
        "steps-1-DELETE": "on",
    }
    assert officer_client.post(f"/checklists/{checklist.pk}/edit/", data).status_code == 302
    assert list(checklist.steps.values_list("what", "days_before")) == [("Visas", 90)]


def test_saving_without_a_change_writes_nothing(officer_client):
    checklist = make_checklist()
    answer = sent(officer_client, f"/checklists/{checklist.pk}/edit/")
    assert answer["Location"] == "/checklists/"
    assert Checklist.objects.get().version == checklist.version


def test_two_checklists_cannot_have_one_name(officer_client):
    make_checklist("Journeys abroad")
    response = sent(officer_client, "/checklists/new/?usual=1")
    assert "Another checklist has this name." in words(response)
    assert Checklist.objects.count() == 1
