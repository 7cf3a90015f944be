"""Private addresses: pages and calendars that open without signing in, until they are revoked."""

import secrets
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import User
from missions.models.missions import Delegate

IN_FORCE = Q(revoked_at=None)


def new_token() -> str:
    """43 characters that nobody guesses."""
    return secrets.token_urlsafe(32)


class PrivateLinkQuerySet(models.QuerySet[Any]):
    def in_force(self) -> Self:
        """Not revoked, of a user who may sign in or of a delegate."""
        return self.filter(IN_FORCE).exclude(user__is_active=False)


class PrivateLink(models.Model):
    """A secret address of a user's calendar, or of a delegate's page and calendar.

    One is in force at a time for each; a new one is made by revoking it. The token is kept as it
    is, so that it can be shown again to those who may hand it out; it opens nothing else.
    """

    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="private_links",
        verbose_name=_("user"),
        null=True,
        blank=True,
    )
    delegate = models.ForeignKey(
        Delegate,
        on_delete=models.CASCADE,
        related_name="private_links",
        verbose_name=_("delegate"),
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
        null=True,
        blank=True,
        editable=False,
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("revoked by"),
        null=True,
        blank=True,
        editable=False,
    )
    # The last day it was opened on: written once a day at most.
    opened_on = models.DateField(_("last opened"), null=True, blank=True, editable=False)

    objects = PrivateLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("private address")
        verbose_name_plural = _("private addresses")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, delegate__isnull=False)
                | Q(user__isnull=False, delegate=None),
                name="private_link_of_one",
                violation_error_message=_("It is of a user or of a delegate."),
            ),
            models.UniqueConstraint(
                fields=["user"], condition=IN_FORCE, name="private_link_of_user"
            ),
            models.UniqueConstraint(
                fields=["delegate"], condition=IN_FORCE, name="private_link_of_delegate"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user or self.delegate)

    def revoke(self, by: User) -> None:
        """It opens nothing from now on; revoking it again changes nothing."""
        if self.revoked_at is None:
            self.revoked_at, self.revoked_by = timezone.now(), by
            self.save(update_fields=["revoked_at", "revoked_by"])

    def step_aside(self, rule: str) -> bool:
        """In a merge: of two addresses of one place, one opens nothing from now on."""
        if rule == "private_link_of_delegate":
            self.revoked_at = timezone.now()
        return rule == "private_link_of_delegate"

    def note_opening(self, today: date | None = None) -> None:
        """Remember that it was opened today."""
        today = today or timezone.localdate()
        if self.opened_on != today:
            self.opened_on = today
            self.save(update_fields=["opened_on"])
