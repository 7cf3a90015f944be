"""Where people work, and worked."""

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from simple_history.models import HistoricalRecords

from crm.models import Record, RecordQuerySet
from partners.models.organisations import Organisation


class AffiliationQuerySet(RecordQuerySet):
    def current(self, today: date | None = None) -> Self:
        """The ones that have not ended, primary first."""
        today = today or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today))


class Affiliation(Record):
    """A person works for an organisation. People move; the history stays."""

    person = models.ForeignKey(
        "Person", on_delete=models.CASCADE, related_name="affiliations", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="affiliations",
        verbose_name=_("organisation"),
    )
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    department = models.CharField(_("department"), max_length=200, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    is_primary = models.BooleanField(
        _("primary"), default=False, help_text=_("The one that contact lists show.")
    )

    objects = AffiliationQuerySet.as_manager()
    history = HistoricalRecords()
    COUNTED = {
        "organisation": ngettext_lazy(
            "%(shown)s person’s post", "%(shown)s people’s posts", "number"
        ),
        "person": ngettext_lazy("%(shown)s post", "%(shown)s posts", "number"),
    }

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["-is_primary", F("since").desc(nulls_last=True), "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="affiliation_ends_after_start",
                violation_error_message=_("The affiliation ends before it starts."),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(is_primary=True),
                name="affiliation_one_primary",
                violation_error_message=_("The person has a primary affiliation already."),
            ),
        ]
        indexes = [
            # The contact list's facets: people of these organisations.
            models.Index(fields=["organisation", "person"], name="affiliation_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.organisation}"

    @property
    def is_current(self) -> bool:
        return self.until is None or self.until >= timezone.localdate()

    def clean(self) -> None:
        if self.is_primary and self.until and self.until < timezone.localdate():
            raise ValidationError(
                {"is_primary": _("An affiliation that has ended is not primary.")}
            )

    def step_aside(self, rule: str) -> bool:
        """In a merge: of two primary affiliations one stays a plain one."""
        if rule == "affiliation_one_primary":
            self.is_primary = False
        return rule == "affiliation_one_primary"

    def is_like(self, other: "Affiliation") -> bool:
        """In a merge: the same work, as far as both say anything of it."""
        said = [
            (self.job_title, other.job_title),
            (self.department, other.department),
            (self.since, other.since),
        ]
        return self.until == other.until and all(a == b or not a or not b for a, b in said)

    @property
    def yields(self) -> bool:
        """In a merge: one that has ended gives way to a current one."""
        return not self.is_current
