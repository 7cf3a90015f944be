"""Work done in the background, as it is kept."""

import fcntl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any) -> Self:  # type: ignore[override]
        """As the database has it; how far it is, as it was told last."""
        job = super().from_db(db, field_names, values)
        if job.__dict__.get("state") == cls.State.RUNNING and "key" in job.__dict__:
            job.steps, job.steps_done = job.told() or (job.steps, job.steps_done)
        return job

    @property
    def told_path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "jobs" / f"{self.key}.progress"

    def tell(self) -> None:
        """Say how far it is beside the database: what a transaction saves is seen by nobody yet."""
        path = self.told_path
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(f"{self.steps_done} {self.steps}")
        new.replace(path)

    def told(self) -> tuple[int, int] | None:
        """The steps, and those done, where they were told beside the database."""
        try:
            done, steps = self.told_path.read_text().split()
        except (OSError, ValueError):
            return None
        return int(steps), int(done)

    def forget_told(self) -> None:
        self.told_path.unlink(missing_ok=True)

    # Whoever works on it holds its lock, which the system lets go when that process ends.

    @property
    def lock_path(self) -> Path:
        return self.told_path.with_suffix(".lock")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the job's lock while it is worked on."""
        path = self.lock_path
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as lock:
            with suppress(OSError):  # where files can't be locked, time tells that it is stalled
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                yield
            finally:
                path.unlink(missing_ok=True)

    @property
    def is_cut_off(self) -> bool:
        """Whether the process that worked on it is gone: its lock is there, and nobody holds it."""
        if self.state != self.State.RUNNING:
            return False
        try:
            with self.lock_path.open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:  # somebody holds it, or it is not kept here
            return False
        return True

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}

    @property
    def is_stalled(self) -> bool:
        """Whether it should be over by now: its worker was ended half-way, or there is none."""
        is_late = self.created_at < timezone.now() - STALLED
        return not self.is_over and (is_late or self.is_cut_off)

    @property
    def percent(self) -> int:
        return 100 * self.steps_done // self.steps if self.steps else 0
