"""`manage.py send_digests`: the daily e-mails whose hour has come. For a scheduler, every hour."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from missions.digests.sending import NobodyAnswers, rehearse, send_digests


class Command(BaseCommand):
    help = "Send each user's daily e-mail, once a day from their hour on. Run it every hour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", help="Another instant, as 2026-11-22T07:00+01:00.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Print what would be sent; send nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SITE_URL:
            raise CommandError(
                "SITE_URL is not set, so the links of the e-mails would lead nowhere. "
                "Set it to the address that people type, such as https://ponti.example.org."
            )
        now = instant(options["now"]) if options["now"] else timezone.now()
        if options["dry_run"]:
            count = rehearse(now, self.stdout.write)
            self.stdout.write(f"{count} would be sent.")
            return
        if settings.EMAIL_BACKEND.endswith("console.EmailBackend") and not settings.DEBUG:
            raise CommandError(
                "EMAIL_HOST is not set, so no e-mail can leave. Nothing was sent or marked as sent."
            )
        try:
            tally = send_digests(now)
        except NobodyAnswers as error:
            raise CommandError(
                f"The mail server does not take our mail ({error}). "
                "What was not sent is sent at the next run."
            ) from error
        self.stdout.write(f"{tally.sent} sent, {tally.empty} with nothing to say.")
        if tally.failures:
            for address, why in tally.failures:
                self.stderr.write(f"{address}: {why}")
            raise CommandError(
                f"{len(tally.failures)} could not be sent; the next run tries them again."
            )


def instant(typed: str) -> datetime:
    """The instant that was typed; without an offset it is on the product's own clock."""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError as error:
        raise CommandError(f"“{typed}” is not an instant. Write 2026-11-22T07:00+01:00.") from error
    return at if at.tzinfo else timezone.make_aware(at)
