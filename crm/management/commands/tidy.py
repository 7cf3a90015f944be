"""`manage.py tidy`: forget what is kept for a while only. For a scheduler, once a night."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from crm.imports.writing import WRITES
from crm.jobs import give_up
from crm.models import Import, ImportRow, Job, Submission
from crm.uploads import forget_waiting

# How long the file of an import, and its rows that were never written, can be looked at again;
# what it did is kept for good.
IMPORT_FILES = timedelta(days=90)


def forget_import_files() -> int:
    """Delete the files of old imports, and the rows that made no record; how many files."""
    count = 0
    old = Import.objects.filter(created_at__lt=timezone.now() - IMPORT_FILES)
    waiting = {Import.State.UPLOADED, Import.State.CHECKED}
    old.filter(state__in=waiting).update(state=Import.State.CANCELLED)
    written = Q(choice=ImportRow.Choice.TAKE, act__in=WRITES, source__written_at__isnull=False)
    ImportRow.objects.filter(source__in=old).exclude(written).delete()
    for source in old.exclude(file="").iterator():
        source.file.delete(save=False)
        Import.objects.filter(pk=source.pk).update(file="")
        count += 1
    return count


class Command(BaseCommand):
    help = (
        "Forget old background work and its files, files of old imports, tokens of forms, "
        "and expired sessions."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days", type=int, default=7, help="How long work and its files are kept (7)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        before = timezone.now() - timedelta(days=options["days"])
        jobs = 0
        for job in Job.objects.filter(created_at__lt=before).iterator():
            if job.file:
                job.file.delete(save=False)
            job.delete()
            jobs += 1
        ended = give_up()
        DBTaskResult.objects.filter(enqueued_at__lt=before).delete()
        # A form may stay open over a week-end; nobody sends the same one a month later.
        month = timezone.now() - timedelta(days=30)
        forms, _each = Submission.objects.filter(created_at__lt=month).delete()
        files = forget_waiting()
        imports = forget_import_files()
        call_command("clearsessions")
        self.stdout.write(f"Ended {ended} jobs that were cut off.")
        self.stdout.write(
            f"Forgot {jobs} jobs, {forms} tokens of forms, {files} files waiting "
            f"and {imports} files of imports."
        )
