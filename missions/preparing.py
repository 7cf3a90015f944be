"""Preparing a mission: tasks made from the steps of a checklist."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import transaction

from crm.text import folded
from missions.models import Checklist, ChecklistStep, Mission, Task


@dataclass(frozen=True)
class PlannedStep:
    """A step as it would be on one mission's list."""

    step: ChecklistStep
    due_on: date | None
    is_there: bool


class Offer(NamedTuple):
    """A template, and its steps as one mission would have them."""

    checklist: Checklist
    steps: list[PlannedStep]

    @property
    def adds_any(self) -> bool:
        """Whether the mission lacks one of them."""
        return not all(one.is_there for one in self.steps)


def planned_steps(checklists: Iterable[Checklist], mission: Mission) -> list[Offer]:
    """The steps of each with their dates for this mission, and whether it has them already."""
    there = {folded(what) for what in mission.tasks.values_list("what", flat=True)}
    return [
        Offer(
            checklist,
            [
                PlannedStep(step, step.due_on(mission.starts_on), folded(step.what) in there)
                for step in checklist.steps.all()
            ],
        )
        for checklist in checklists
    ]


def add_from(checklist: Checklist, mission: Mission) -> int:
    """Add the steps that the mission does not have yet; how many."""
    with transaction.atomic():
        locked = Mission.objects.select_for_update(of=("self",)).get(pk=mission.pk)
        [(_checklist, steps)] = planned_steps([checklist], locked)
        missing = [one for one in steps if not one.is_there]
        for one in missing:
            Task.objects.create(mission=locked, what=one.step.what, due_on=one.due_on)
    return len(missing)
