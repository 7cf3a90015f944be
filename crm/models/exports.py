"""What is kept of a file that was taken out."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Export(models.Model):
    """The record of an export of personal data: who took what, when, and how much."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="exports",
        verbose_name=_("who"),
    )
    created_at = models.DateTimeField(_("when"), auto_now_add=True)
    subject = models.CharField(_("what"), max_length=50)
    file_format = models.CharField(_("format"), max_length=10)
    filter_words = models.TextField(_("filter in words"), blank=True)
    address = models.TextField(_("address"), blank=True)
    columns = models.JSONField(_("columns"), default=list)
    row_count = models.PositiveIntegerField(_("rows"))

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-created_at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            # The record of exports, newest first.
            models.Index(fields=["-created_at", "-id"], name="export_newest")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("export-list")
