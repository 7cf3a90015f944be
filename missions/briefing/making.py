"""A briefing book made: at once where it is short, in the background where it is long.

Every book holds personal data: each one made is recorded as an export.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from crm.jobs import Refused, Work, start, under_way, working
from crm.models import Export, Job, User
from missions.briefing.pages import book
from missions.briefing.pdf import pdf
from missions.briefing.pictures import portraits
from missions.briefing.records import gather
from missions.briefing.word import word
from missions.models import Mission

# Longer books are made in the background.
MEETINGS_AT_ONCE = 60
PERMISSION = "partners.export_person"


class Format(models.TextChoices):
    PDF = "pdf", gettext_lazy("PDF")
    DOCX = "docx", gettext_lazy("Word")


class Readers(models.TextChoices):
    STAFF = "staff", gettext_lazy("For us")
    DELEGATES = "delegates", gettext_lazy("For the delegates")


CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class Wanted:
    """Which book: the values of Format, of a language and of Readers."""

    file_format: str
    language: str
    readers: str

    @property
    def words(self) -> str:
        """“PDF, Italian, for the delegates”."""
        language = dict(settings.LANGUAGES)[self.language]
        return ", ".join(
            [str(Format(self.file_format).label), str(language), str(Readers(self.readers).label)]
        )


@dataclass(frozen=True)
class Made:
    """A book: the name that it is saved under, and its bytes."""

    name: str
    content: bytes


def make(
    mission: Mission,
    reader: User,
    wanted: Wanted,
    address: str,
    advance: Callable[[], object] = bool,
) -> Made:
    """The book, recorded; `advance` is called for each meeting that is worded."""
    with translation.override(wanted.language), timezone.override(reader.time_zone):
        records = gather(mission, reader, for_delegates=wanted.readers == Readers.DELEGATES)
        words = book(records, advance)
        pictures = portraits(records.delegates)
        content = (
            word(words, pictures) if wanted.file_format == Format.DOCX else pdf(words, pictures)
        )
        name = get_valid_filename(f"{_('Briefing book')} {mission.title}"[:80].strip(" ."))
    people = {one.person_id for one in records.delegates if one.person_id}
    people |= {
        row.person_id
        for one in records.meetings
        if not one.is_concealed
        for row in one.attendances.all()
    }
    Export.objects.create(
        user=reader,
        subject="missions.mission",
        file_format=wanted.file_format,
        filter_words=f"{mission.title}; {wanted.words}",
        address=address,
        columns=["name", "native_name", "organisation", "job_title", "email", "phone", "mobile"],
        row_count=len(people),
    )
    return Made(f"{name}.{wanted.file_format}", content)


def make_later(mission: Mission, reader: User, wanted: Wanted, address: str, back_url: str) -> Job:
    """The job that makes it; the one under way where the same book was asked for already."""
    title = f"{_('Briefing book')}: {mission.title}"[:200] + f" ({wanted.words})"
    with transaction.atomic():
        User.objects.select_for_update().get(pk=reader.pk)  # two at once ask for one
        running = under_way(reader).filter(title=title, back_url=back_url).first()
        if running is not None and not running.is_stalled:
            return running
        return start(
            reader,
            title,
            make_book,
            back_url=back_url,
            mission_id=mission.pk,
            file_format=wanted.file_format,
            language=wanted.language,
            readers=wanted.readers,
            address=address,
        )


@task()
def make_book(
    key: str, mission_id: int, file_format: str, language: str, readers: str, address: str
) -> None:
    """The book in the background, a step for each meeting and one for setting them."""
    with working(key) as work:
        _work(work, mission_id, Wanted(file_format, language, readers), address)


def _work(work: Work, mission_id: int, wanted: Wanted, address: str) -> None:
    mission = Mission.objects.select_related("initiative").filter(pk=mission_id).first()
    if mission is None:
        raise Refused(_("The mission is no longer there."))
    if not work.job.user.has_perms(["missions.view_mission", PERMISSION]):
        raise Refused(_("You may no longer make briefing books."))
    work.expect(mission.meetings.exclude(status="cancelled").count() + 1)
    made = make(mission, work.job.user, wanted, address, work.advance)
    work.hand_over(made.name, made.content)
    work.advance()


def has_many_meetings(mission: Mission) -> bool:
    """Whether a book of it is made in the background."""
    meetings: Any = mission.meetings.exclude(status="cancelled")
    return bool(meetings.count() > MEETINGS_AT_ONCE)
