"""Who took part in meetings, and for whom they spoke."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from simple_history.models import HistoricalRecords

from crm.models import Record
from missions.models.meetings import Meeting
from partners.models import Organisation, Person


class Attendance(Record):
    """A person at a meeting, and the organisation they spoke for that day."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="attendances", verbose_name=_("meeting")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="attendances", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="attendances",
        verbose_name=_("spoke for"),
        null=True,
        blank=True,
        help_text=_("Empty: the organisation they work for."),
    )

    history = HistoricalRecords()
    # What a merge says of it, by whose it is.
    COUNTED = {
        "organisation": ngettext_lazy(
            "%(shown)s attendee who spoke for it", "%(shown)s attendees who spoke for it", "number"
        ),
        "person": ngettext_lazy(
            "%(shown)s meeting attended", "%(shown)s meetings attended", "number"
        ),
    }

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                name="attendance_once",
                violation_error_message=_("This person is at the meeting already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.person)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.organisation_id is None and (primary := self.person.primary_affiliation()):
            self.organisation_id = primary.organisation_id
        super().save(*args, **kwargs)
