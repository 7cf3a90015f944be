"""Work done in the background, its progress, and the page where it is found again.

`start()` makes the job and hands it to a task; the task opens it with `working()`:

    @task()
    def make_book(key: str, mission_id: int) -> None:
        with working(key) as work:
            work.expect(60)
            ...
            work.advance()
            work.hand_over("briefing.pdf", content)
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, cast

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import DetailView
from django_tasks.base import Task

from crm.models import STALLED, Job, User

logger = logging.getLogger(__name__)


UNFINISHED = Q(state__in=[Job.State.WAITING, Job.State.RUNNING])


class Refused(Exception):
    """The work can't be done, for a reason that its reader is told; nothing is wrong with us."""


class Work:
    """What a task tells of itself while it works."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def expect(self, steps: int) -> None:
        """How many steps there will be."""
        self.job.steps, self.job.steps_done = steps, 0
        self._tell("steps", "steps_done")

    def advance(self, steps: int = 1) -> None:
        """So many steps more are done."""
        self.job.steps_done = min(self.job.steps_done + steps, self.job.steps)
        self._tell("steps_done")

    def _tell(self, *columns: str) -> None:
        """Save how far it is, beside the database while the work holds a transaction there."""
        if transaction.get_connection().in_atomic_block:
            self.job.tell()
        else:
            self.job.save(update_fields=columns)

    def hand_over(self, name: str, content: bytes) -> None:
        """The file that was made, and the name it is saved under."""
        self.job.file_name = PurePath(name).name
        self.job.file.save(self.job.file_name, ContentFile(content), save=True)


def start(user: User, title: str, task: "Task[..., None]", back_url: str = "", **given: Any) -> Job:
    """A job for the user, done by `task(key, **given)` once this transaction is saved."""
    with transaction.atomic():
        job = Job.objects.create(user=user, title=title, back_url=back_url)
        task.enqueue(key=str(job.key), **given)
    return job


@contextmanager
def working(key: str) -> Iterator[Work]:
    """The job while it is worked on, in its user's language; ends it as done or as failed."""
    job = Job.objects.select_related("user").get(key=key)
    with job.held():
        job.state, job.problem = Job.State.RUNNING, ""
        job.save(update_fields=["state", "problem"])
        with translation.override(job.user.language or "en"), timezone.override(job.user.time_zone):
            try:
                yield Work(job)
            except Refused as refusal:
                job.state, job.problem = Job.State.FAILED, str(refusal)
            except Exception:
                logger.exception("The job %s failed", job.key)
                job.state = Job.State.FAILED
                job.problem = _("Something went wrong on our side. Nothing was changed: try again.")
            except BaseException:  # the worker is being ended
                _end(job, Job.State.FAILED, _("It was cut off half-way: ask for it again."))
                raise
            else:
                job.state, job.steps_done = Job.State.DONE, job.steps
        _end(job, job.state, job.problem)


def _end(job: Job, state: str, problem: str) -> None:
    job.state, job.problem, job.finished_at = state, problem, timezone.now()
    job.save(update_fields=["state", "problem", "steps", "steps_done", "finished_at"])
    job.forget_told()
    job.lock_path.unlink(missing_ok=True)


def under_way(user: User) -> QuerySet[Job]:
    """The user's work that is waiting or running, but for what nobody will end any more."""
    return Job.objects.filter(UNFINISHED, user=user, created_at__gte=timezone.now() - STALLED)


def give_up() -> int:
    """End as failed what was cut off without a word; how much there was."""
    count = 0
    cut_off = Job.objects.filter(UNFINISHED, created_at__lt=timezone.now() - STALLED)
    for job in cut_off.select_related("user"):
        with translation.override(job.user.language or "en"):
            _end(job, Job.State.FAILED, _("It was cut off half-way: ask for it again."))
        count += 1
    return count


class JobDetail(DetailView):  # type: ignore[type-arg]
    """How far it is, for the one who asked for it; the part that changes asks again by itself."""

    template_name = "crm/job_detail.html"
    slug_field = slug_url_kwarg = "key"

    def get_queryset(self) -> Any:
        return Job.objects.filter(user=cast(User, self.request.user))

    def get_template_names(self) -> list[str]:
        is_part = self.request.htmx  # type: ignore[attr-defined]
        return ["crm/job_progress.html" if is_part else self.template_name]


class JobFile(View):
    """The file, for the one who asked for it."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse | FileResponse:
        job = get_object_or_404(Job, key=key, user=request.user, state=Job.State.DONE)
        try:
            file = job.file.open("rb")
        except (OSError, ValueError) as error:
            raise Http404(_("The file is no longer kept.")) from error
        return FileResponse(
            file,
            as_attachment=True,
            filename=job.file_name,
            headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
        )
