"""The daily e-mail on its way: claimed before it is sent, so that no two runs send it twice.

A day is claimed by its row (one for a user and a day), in a transaction of its own. The row is
marked when the mail has left, and deleted when it could not, so that the next run tries again. A
run that was cut off leaves a claim behind: after an hour another run takes it over, and sends with
the same Message-ID, by which mail programs know a double.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Max, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.models import User
from crm.templatetags.ponti import long_day
from crm.when import ZONES
from missions.digests.contents import Morning, sections
from missions.models import Digest

DONE = Q(sent_at__isnull=False) | Q(is_empty=True)
# Days that one e-mail makes up for at most.
MADE_UP_FOR = 30
# After which a claim that came to nothing was left by a run that was cut off.
CUT_OFF = timedelta(hours=1)
BATCH = 500


@dataclass
class Tally:
    """What a run did; `failures` says for whom it could not, and why."""

    sent: int = 0
    empty: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)


class NobodyAnswers(Exception):
    """The mail server can't be reached, or lets nobody in: no other mail would leave either."""


def zone_of(user: User) -> ZoneInfo:
    return ZoneInfo(user.time_zone if user.time_zone in ZONES else settings.TIME_ZONE)


def due(now: datetime) -> Iterator[User]:
    """The users whose hour has come today on their own clock, and who have not had the day's."""
    last = 0
    had = Q(digests__sent_at__isnull=False) | Q(digests__is_empty=True)
    done = Max("digests__day", filter=had)
    wanting = User.objects.filter(is_active=True, wants_digest=True).annotate(done_on=done)
    while batch := list(wanting.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        for user in batch:
            local = now.astimezone(zone_of(user))
            if local.hour >= user.digest_hour and (
                user.done_on is None or user.done_on < local.date()
            ):
                yield user


def first_day(last: date | None, today: date) -> date:
    """The first day whose alarms the e-mail carries: the one after the last that had one."""
    if last is None:
        return today
    return max(last + timedelta(days=1), today - timedelta(days=MADE_UP_FOR - 1))


def claim(user: User, today: date) -> Digest | None:
    """The user's day, for this run alone; nothing where another has it, or it is done."""
    with transaction.atomic():
        last = Digest.objects.filter(DONE, user=user).aggregate(last=Max("day"))["last"]
        if last and last >= today:
            return None
        digest, is_new = Digest.objects.get_or_create(
            user=user, day=today, defaults={"since": first_day(last, today)}
        )
        if is_new:
            return digest
        left = Digest.objects.exclude(DONE).filter(
            pk=digest.pk, claimed_at__lt=timezone.now() - CUT_OFF
        )
        return digest if left.update(claimed_at=timezone.now()) else None


def letter(user: User, now: datetime, since: date) -> EmailMultiAlternatives | None:
    """The e-mail in the user's language and on their clock; nothing where nothing is to say."""
    language = user.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(zone_of(user)):
        morning = Morning(user, now, since)
        told = sections(morning)
        if not told:
            return None
        title = capfirst(long_day(morning.today))
        preferences = settings.SITE_URL + reverse("preferences")
        context = {
            "language": language,
            "title": title,
            "sections": told,
            "site": settings.SITE_URL,
            "preferences": preferences,
        }
        subject = _("%(day)s: %(what)s") % {
            "day": title,
            "what": ", ".join(one.told for one in told[:2]),
        }
        mail = EmailMultiAlternatives(
            subject,
            render_to_string("missions/digest.txt", context),
            to=[user.email],
            headers={
                "Message-ID": message_id(user, morning.today),
                "List-Unsubscribe": f"<{preferences}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render_to_string("missions/digest.html", context), "text/html")
        return mail


def message_id(user: User, today: date) -> str:
    """The same for a user and a day, whoever sends it and however often."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<digest.{user.pk}.{today:%Y%m%d}@{host}>"


def send_digests(now: datetime) -> Tally:
    """Send to everybody whose hour has come; one whose mail can't leave holds up nobody else.

    Raises NobodyAnswers where no mail can leave at all; what was sent before stays sent.
    """
    tally, connection = Tally(), get_connection()
    try:
        for user in due(now):
            digest = claim(user, now.astimezone(zone_of(user)).date())
            if digest is not None:
                _send(digest, user, now, connection, tally)
    finally:
        connection.close()
    return tally


def _send(digest: Digest, user: User, now: datetime, connection: Any, tally: Tally) -> None:
    try:
        mail = letter(user, now, digest.since)
        if mail is None:
            Digest.objects.filter(pk=digest.pk).update(is_empty=True)
            tally.empty += 1
            return
        _open(connection)
        mail.connection = connection
        mail.send()
    except NobodyAnswers:
        digest.delete()
        raise
    except Exception as error:  # whatever it was, the others get theirs
        digest.delete()
        tally.failures.append((user.email, f"{type(error).__name__}: {error}"))
        _hang_up(connection)
        return
    Digest.objects.filter(pk=digest.pk).update(sent_at=timezone.now())
    tally.sent += 1


def _open(connection: Any) -> None:
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        raise NobodyAnswers(f"{type(error).__name__}: {error}") from error


def _hang_up(connection: Any) -> None:
    """Begin the next mail on a connection of its own."""
    try:
        connection.close()
    except (OSError, SMTPException):
        connection.connection = None


def rehearse(now: datetime, write: Callable[[str], Any]) -> int:
    """Write what would be sent, and neither send nor keep anything; how many there are."""
    count = 0
    for user in due(now):
        today = now.astimezone(zone_of(user)).date()
        last = Digest.objects.filter(DONE, user=user).aggregate(last=Max("day"))["last"]
        if mail := letter(user, now, first_day(last, today)):
            count += 1
            write(f"To: {user.email}\nSubject: {mail.subject}\n\n{mail.body}\n")
    return count
