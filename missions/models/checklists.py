"""Checklists: what has to be done before a mission leaves, and the templates it is made from."""

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.models import Record, RecordQuerySet
from missions.models.duties import Duty
from missions.models.missions import Mission


class Checklist(Record):
    """A template: the steps that missions of one sort need."""

    name = models.CharField(_("name"), max_length=100)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="checklist_name_once",
                violation_error_message=_("Another checklist has this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ChecklistStep(Record):
    """A line of a template, due so many days before the mission starts."""

    checklist = models.ForeignKey(
        Checklist, on_delete=models.CASCADE, related_name="steps", verbose_name=_("checklist")
    )
    what = models.CharField(_("what"), max_length=200)
    days_before = models.SmallIntegerField(
        _("days before"),
        null=True,
        blank=True,
        help_text=_("Before the mission starts; after it with a minus; empty: no date."),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = [F("days_before").desc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(what=""),
                name="checklist_step_says_what",
                violation_error_message=_("Say what has to be done."),
            )
        ]

    def __str__(self) -> str:
        return self.what

    def due_on(self, starts_on: date | None) -> date | None:
        """The day it is due for a mission that starts then."""
        if starts_on is None or self.days_before is None:
            return None
        return starts_on - timedelta(days=self.days_before)


class TaskQuerySet(RecordQuerySet):
    def open(self) -> Self:
        """Not done yet, the most urgent first, no due date last."""
        return self.filter(done_at=None).order_by(F("due_on").asc(nulls_last=True), "pk")

    def for_list(self) -> Self:
        """With what a row of the checklist shows."""
        return self.select_related("assignee")


class Task(Duty):
    """A line of a mission's checklist: letters, interpreter, gifts, visas."""

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="tasks", verbose_name=_("mission")
    )
    what = models.CharField(_("what"), max_length=200)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="tasks",
        verbose_name=_("seen to by"),
        null=True,
        blank=True,
    )

    objects = TaskQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(what=""),
                name="task_says_what",
                violation_error_message=_("Say what has to be done."),
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | Q(done_by=None),
                name="task_done_whole",
                violation_error_message=_("Who marked it done goes with when."),
            ),
        ]
        indexes = [
            # The daily e-mail, and Home: what is open of mine.
            models.Index(fields=["assignee", "due_on"], name="task_mine", condition=Q(done_at=None))
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return f"{reverse('missions:mission-detail', args=[self.mission_id])}#task-{self.pk}"
