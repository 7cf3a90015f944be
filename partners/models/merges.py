"""Merges, as they are kept: whole enough to be undone."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Organisation
from partners.models.people import Person

UNDONE_WITHIN = timedelta(days=90)


class Merge(models.Model):
    """Records that became one: the survivor, by whom and when, and what it takes to undo it.

    The others are archived and point at the survivor (`merged_into`). `journal` is what was
    changed, in order, as `partners.merging` writes and reads it: it holds what the records said,
    so it goes with the survivor where an Administrator deletes them.
    """

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        related_name="merges",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        related_name="merges",
        verbose_name=_("person"),
        null=True,
        blank=True,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="merges",
        verbose_name=_("who"),
    )
    created_at = models.DateTimeField(_("when"), auto_now_add=True)
    journal = models.JSONField(default=list)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("undone by"),
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=None, person__isnull=False)
                | Q(organisation__isnull=False, person=None),
                name="merge_of_one_kind",
            )
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="merge_newest")]

    def __str__(self) -> str:
        return f"{self.survivor} {self.created_at:%Y-%m-%d}"

    @property
    def survivor(self) -> Organisation | Person:
        """The record that the others became."""
        return self.organisation or self.person  # type: ignore[return-value]

    @property
    def may_be_undone(self) -> bool:
        return self.undone_at is None and self.created_at > timezone.now() - UNDONE_WITHIN
