"""What organisations belong to."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from simple_history.models import HistoricalRecords

from crm.models import Record
from partners.models.organisations import Organisation


class Membership(Record):
    """An organisation belongs to another: RAISE includes IIT."""

    member = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("member"),
    )
    group = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        related_name="members",
        verbose_name=_("belongs to"),
    )
    role = models.CharField(_("role"), max_length=100, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    history = HistoricalRecords()
    COUNTED = {
        "organisation": ngettext_lazy("%(shown)s membership", "%(shown)s memberships", "number")
    }

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["group__sort_name", "member__sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(member=F("group")),
                name="membership_of_another",
                violation_error_message=_("An organisation can't belong to itself."),
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="membership_ends_after_start",
                violation_error_message=_("The membership ends before it starts."),
            ),
            models.UniqueConstraint(
                fields=["member", "group"],
                condition=Q(until=None),
                name="membership_once_at_a_time",
                violation_error_message=_("It already belongs to that organisation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}, {self.group}"
