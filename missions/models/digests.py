"""The daily e-mails that were sent, so that none is sent twice and no day is lost."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Digest(models.Model):
    """A daily e-mail to a user: what it covers, and whether it left."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="digests",
        verbose_name=_("user"),
    )
    day = models.DateField(_("day"))  # on the user's own clock
    since = models.DateField(_("since"))  # the first day whose alarms it carries
    claimed_at = models.DateTimeField(_("claimed"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    is_empty = models.BooleanField(_("empty"), default=False)  # nothing to say: not sent

    class Meta:
        verbose_name = _("daily e-mail")
        verbose_name_plural = _("daily e-mails")
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day"),
            models.CheckConstraint(condition=Q(since__lte=F("day")), name="digest_since_before"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.day:%Y-%m-%d}"
