"""The user, the bases of every record, and what is kept about forms and exports."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.when import validate_zone


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """Addresses are the same in capitals."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A saved user whose password is hashed; without one nobody can sign in."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An Administrator."""
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff who signs in. Deactivated when they leave, never deleted.

    The person they are is `user.person`, where there is one (see `partners.Person.user`).
    """

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, blank=True
    )
    time_zone = models.CharField(
        _("time zone"), max_length=50, default=settings.TIME_ZONE, validators=[validate_zone]
    )
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.AUTO)
    wants_digest = models.BooleanField(
        _("daily e-mail"),
        default=True,
        help_text=_("Each morning: my meetings, promises, agreements and partners gone quiet."),
    )
    digest_hour = models.PositiveSmallIntegerField(
        _("sent from"),
        default=7,
        validators=[MaxValueValidator(23)],
        help_text=_("The hour of the day, on your clock."),
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Untick instead of deleting the account.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name", "email"]
        permissions = [("enter_admin", _("Can enter the administration"))]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("Another account has this e-mail."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Whether the administration opens for them: a permission, not a flag of its own."""
        return self.is_active and self.has_perm("crm.enter_admin")


class RecordQuerySet(models.QuerySet[Any]):
    """What every list of records can do."""

    def for_derived(self) -> Self:
        """With what `refresh_derived()` reads, so that many rows cost few queries."""
        return self

    def batches(self, size: int = 1000) -> Iterator[list[Any]]:
        """All of them in lists of so many; what was read may be saved before the next list."""
        rows, last = self.order_by("pk"), 0
        while batch := list(rows.filter(pk__gt=last)[:size]):
            yield batch
            last = batch[-1].pk

    def stale(self) -> Iterator[list[tuple[Any, list[str]]]]:
        """Batches of the records whose derived columns are out of date, and those columns.

        The records come mended in memory and unsaved; one batch at a time is in memory.
        """
        for batch in self.for_derived().batches():
            found = []
            for record in batch:
                before = {column: getattr(record, column) for column in record.DERIVED}
                record.refresh_derived()
                if drifted := [c for c, value in before.items() if getattr(record, c) != value]:
                    found.append((record, drifted))
            if found:
                yield found

    def refresh_derived(self) -> int:
        """Bring the derived columns of all of them up to date; how many were not.

        No version grows and no history is written: nobody edited anything.
        """
        count = 0
        for found in self.stale():
            columns = sorted({column for _record, drifted in found for column in drifted})
            self.model.objects.bulk_update([record for record, _drifted in found], columns)
            count += len(found)
        return count


class Record(models.Model):
    """A noun of the domain: a stable key for files, and a version for forms.

    `version` grows by one each time the record, or a part of it on the same form, is saved;
    a form carries the version it was opened with.
    """

    # Columns stored for lists and search: `refresh_derived()` writes them and nothing else does.
    DERIVED: ClassVar[tuple[str, ...]] = ()

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refresh_derived()
        changed: set[str] = set(self.DERIVED)
        if not self._state.adding:
            self.version += 1
            changed |= {"version", "updated_at"}
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, *changed}
        super().save(*args, **kwargs)

    def refresh_derived(self) -> None:
        """Bring what is derived and stored up to date on this instance, unsaved."""


class ArchivableQuerySet(RecordQuerySet):
    def active(self) -> Self:
        """In use: in lists, counts, autocomplete and exports."""
        return self.filter(archived_at=None)

    def archived(self) -> Self:
        """Put away, with their history."""
        return self.exclude(archived_at=None)


class ArchivableRecord(Record):
    """A record that is put away rather than deleted: when, by whom and why."""

    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("archived by"),
        null=True,
        blank=True,
        editable=False,
    )
    archived_why = models.CharField(_("why archived"), max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(archived_at__isnull=False) | Q(archived_by=None, archived_why=""),
                name="%(class)s_archived_whole",
                violation_error_message=_("Who archived it and why go with when."),
            )
        ]

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    def archive(self, by: User | None, why: str = "") -> None:
        """Put the record away; it keeps its page, its history and its name in past meetings."""
        self.archived_at, self.archived_by, self.archived_why = timezone.now(), by, why
        self.save()

    def restore(self) -> None:
        """Bring it back into lists."""
        self.archived_at = self.archived_by = None
        self.archived_why = ""
        self.save()


class Submission(models.Model):
    """The token of a form that was saved: sent twice, it is still saved once."""

    token = models.UUIDField(unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    url = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.token)


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


# No work of ours takes so long.
STALLED = timedelta(minutes=30)


def job_path(job: "Job", filename: str) -> str:
    """Where the file that a job made is kept."""
    return f"jobs/{job.key}{Path(filename).suffix.lower()}"


class Job(models.Model):
    """Work that takes longer than a request: its progress, and the file that it made.

    Made by `crm.jobs.start()`; its page can be left and found again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="jobs",
        verbose_name=_("who"),
    )
    title = models.CharField(_("what"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    steps_done = models.PositiveIntegerField(_("steps done"), default=0)
    steps = models.PositiveIntegerField(_("steps"), default=0)
    file = models.FileField(_("file"), upload_to=job_path, blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    problem = models.TextField(_("problem"), blank=True)
    back_url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(steps_done__lte=models.F("steps")), name="job_steps_within"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("job-detail", args=[self.key])

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}

    @property
    def is_stalled(self) -> bool:
        """Whether it should be over by now: its worker was ended half-way, or there is none."""
        return not self.is_over and self.created_at < timezone.now() - STALLED

    @property
    def percent(self) -> int:
        return 100 * self.steps_done // self.steps if self.steps else 0
