"""Files read in: the file, how it is understood, and what each of its rows would do or did."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.jobs import Job


def import_path(given: "Import", filename: str) -> str:
    """Where the file that was given is kept."""
    return f"imports/{given.key}{Path(filename).suffix.lower()[:10]}"


class Import(models.Model):
    """A file that somebody reads in: kept with who, when, what it was and what it did.

    `subject` names an `crm.imports.subjects.Subject` (“organisations”, “people”, “meetings”).
    `reading` says how the file is read: see `crm.imports.reading.Shape`. `headings` are the
    file's own, one for a column; `mapping` names the field that each column goes to, "" for none;
    both have the same length. `matched_by` names the field by which a row finds its record.
    `counts` maps each `ImportRow.Act` to its number of rows, "left" to that of those that were left
    out when the others were written. `missing` are the names of other
    records that no record answers to, and `answers` what was said of them: see
    `crm.imports.missing`.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", pgettext_lazy("import", "Columns to be matched")
        CHECKING = "checking", pgettext_lazy("import", "Being checked")
        CHECKED = "checked", pgettext_lazy("import", "Ready to be imported")
        WRITING = "writing", pgettext_lazy("import", "Being imported")
        WRITTEN = "written", pgettext_lazy("import", "Imported")
        CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")
        UNDOING = "undoing", pgettext_lazy("import", "Being undone")
        UNDONE = "undone", pgettext_lazy("import", "Undone")
        PARTLY_UNDONE = "partly-undone", pgettext_lazy("import", "Undone in part")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="imports",
        verbose_name=_("who"),
    )
    created_at = models.DateTimeField(_("when"), auto_now_add=True)
    subject = models.CharField(_("what"), max_length=50)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.UPLOADED)

    file = models.FileField(_("file"), upload_to=import_path, blank=True)
    file_name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"), default=0, help_text=_("Bytes."))
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True)

    reading = models.JSONField(_("how it is read"), default=dict)
    headings = models.JSONField(_("headings"), default=list)
    mapping = models.JSONField(_("columns"), default=list)
    matched_by = models.CharField(_("matched by"), max_length=50, blank=True)
    only_fills = models.BooleanField(_("only fill what is empty"), default=False)
    missing = models.JSONField(default=list)
    answers = models.JSONField(default=dict)

    job = models.ForeignKey(Job, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    written_at = models.DateTimeField(_("imported"), null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("imported by"),
        null=True,
        blank=True,
    )
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
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            # The list of imports, newest first.
            models.Index(fields=["-created_at", "-id"], name="import_newest")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(written_at__isnull=False),
                name="import_undone_after_written",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("import-detail", args=[self.pk])

    @property
    def history_reason(self) -> str:
        """What the rows of history that it writes are marked with."""
        return f"import {self.pk}"


class ImportRow(models.Model):
    """A row of the file: what it would do, shown before anything is written.

    `cells` are the file's own, one for a column. `changes` are its differences:
    [{"field", "label", "before", "after"}], as text. `problems` say why it is rejected, or what a
    colleague changed meanwhile: [{"column", "text"}], `column` an index or null. `alike` are
    likely duplicates: [{"id", "label", "url", "reason", "score"}].
    """

    class Act(models.TextChoices):
        CREATE = "create", pgettext_lazy("row", "New")
        UPDATE = "update", pgettext_lazy("row", "Changed")
        SAME = "same", pgettext_lazy("row", "Unchanged")
        CONFLICT = "conflict", pgettext_lazy("row", "Conflict")
        REJECT = "reject", pgettext_lazy("row", "Rejected")

    class Choice(models.TextChoices):
        TAKE = "take", pgettext_lazy("row", "Import it")
        LEAVE = "leave", pgettext_lazy("row", "Leave it out")

    # Not `import`: Python keeps that word for itself.
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(default=list)
    act = models.CharField(_("what it does"), max_length=10, choices=Act)
    choice = models.CharField(_("choice"), max_length=10, choices=Choice, default=Choice.TAKE)
    record_id = models.BigIntegerField(null=True, blank=True)
    record_version = models.PositiveIntegerField(null=True, blank=True)
    label = models.CharField(max_length=300, blank=True)
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    alike = models.JSONField(default=list)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ["number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="import_row_once")]
        indexes = [
            # The page of an import, one act at a time.
            models.Index(fields=["source", "act", "number"], name="import_row_by_act")
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.number}"


class ImportShape(models.Model):
    """How the columns of files of one shape were matched last time.

    `shape` is a digest of the headings in their order (see `crm.imports.columns.shape_of`).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="import_shapes"
    )
    subject = models.CharField(max_length=50)
    shape = models.CharField(max_length=64)
    mapping = models.JSONField(default=list)
    matched_by = models.CharField(max_length=50, blank=True)
    only_fills = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("shape of a file")
        verbose_name_plural = _("shapes of files")
        ordering = ["-updated_at"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "subject", "shape"], name="import_shape_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.shape[:8]}"
