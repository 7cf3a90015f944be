"""Meetings: when, where, with whom, and what was said."""

from datetime import date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Max, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy
from simple_history.models import HistoricalRecords

from crm import when
from crm.models import SearchableRecord
from crm.search.documents import document
from missions.models.meeting_queries import NEWEST, READ_CONFIDENTIAL, MeetingQuerySet
from missions.models.missions import Mission, Stop
from partners.models import City, Organisation, Person, Sector

UNDATED = 1
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
OUT_OF_TIME = _("Check the year: it is between 1900 and 2199.")


class Meeting(SearchableRecord):
    """An encounter: planned, held or cancelled.

    What people type is the local time of the place; `starts_at` is the instant derived from it.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class Format(models.TextChoices):
        IN_PERSON = "in-person", _("In person")
        SITE_VISIT = "site-visit", _("Site visit")
        VIDEO = "video", _("Video")
        PHONE = "phone", _("Phone")
        EVENT = "event", _("Event")

    class Temperature(models.IntegerChoices):
        COLD = 1, pgettext_lazy("temperature", "Cold")
        COOL = 2, pgettext_lazy("temperature", "Cool")
        WARM = 3, pgettext_lazy("temperature", "Warm")
        HOT = 4, pgettext_lazy("temperature", "Hot")

    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("Empty: named after whom we meet.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.HELD)
    format = models.CharField(_("format"), max_length=10, choices=Format, default=Format.IN_PERSON)

    mission = models.ForeignKey(
        Mission,
        on_delete=models.PROTECT,
        related_name="meetings",
        verbose_name=_("mission"),
        null=True,
        blank=True,
    )
    stop = models.ForeignKey(
        Stop,
        on_delete=models.PROTECT,
        related_name="meetings",
        verbose_name=_("stop"),
        null=True,
        blank=True,
    )
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=0,
        help_text=_("Its place among the meetings of the stop; 0 puts it last."),
    )
    organisations = models.ManyToManyField(
        Organisation,
        related_name="meetings",
        verbose_name=_("organisations met"),
        blank=True,
    )
    people = models.ManyToManyField(
        Person,
        through="Attendance",
        related_name="meetings",
        verbose_name=_("people"),
        blank=True,
    )
    sectors = models.ManyToManyField(
        Sector, related_name="meetings", verbose_name=_("sectors"), blank=True
    )

    local_date = models.DateField(
        _("date"), null=True, blank=True, help_text=_("Empty where not known.")
    )
    local_time = models.TimeField(
        _("time"), null=True, blank=True, help_text=_("The local time of the place.")
    )
    fold = models.PositiveSmallIntegerField(
        _("which of the two"),
        null=True,
        blank=True,
        choices=[(0, _("Before the clocks go back")), (1, _("After the clocks go back"))],
        help_text=_("Only for an hour that the clocks show twice."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=50,
        blank=True,
        validators=[when.validate_zone],
        help_text=_("Empty: the city’s, else the stop’s, else yours."),
    )
    duration = models.PositiveSmallIntegerField(
        _("duration"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_080)],
        help_text=_("Minutes."),
    )
    FOUND_THROUGH = (
        "mission",
        "city",
        "stop__city",
        "organisations",
        "organisations__city",
        "people",
    )

    # Derived and stored: written by refresh_derived().
    DERIVED = (*SearchableRecord.FOUND_BY, "concealed_text", "starts_at", "age_order")
    # The title of a confidential one, for those who may know it.
    concealed_text = models.TextField(blank=True, editable=False)
    starts_at = models.DateTimeField(_("instant"), null=True, blank=True, editable=False)
    age_order = models.BigIntegerField(default=UNDATED, editable=False)
    city = models.ForeignKey(
        City,
        on_delete=models.PROTECT,
        related_name="meetings",
        verbose_name=_("city"),
        null=True,
        blank=True,
    )
    place = models.CharField(
        _("place"), max_length=200, blank=True, help_text=_("Building, room, or link.")
    )

    purpose = models.TextField(_("purpose"), blank=True)
    notes = models.TextField(_("notes"), blank=True, help_text=_("Internal: never shared."))
    outcome = models.TextField(
        _("outcome"), blank=True, help_text=_("What came of it; may be shared.")
    )
    temperature = models.PositiveSmallIntegerField(
        _("temperature"),
        choices=Temperature,
        null=True,
        blank=True,
        help_text=_("How warm the other side was, as we felt it."),
    )
    is_confidential = models.BooleanField(
        _("confidential"),
        default=False,
        help_text=_("Readers see that it was, not what was said."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="meetings_logged",
        verbose_name=_("logged by"),
        null=True,
        blank=True,
        editable=False,
    )

    # Whether conceal_from() found that its reader may not know what was said.
    is_concealed = False

    objects = MeetingQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[organisations, sectors], excluded_fields=DERIVED)
    COUNTED = {"organisation": ngettext_lazy("%(shown)s meeting", "%(shown)s meetings", "number")}

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = NEWEST
        permissions = [
            ("read_confidential", _("Can read confidential meetings")),
            ("import_meeting", _("Can import meetings")),
            ("export_meeting", _("Can export meetings")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stop=None) | Q(mission__isnull=False),
                name="meeting_stop_needs_mission",
                violation_error_message=_("A stop goes with its mission."),
            ),
            models.CheckConstraint(
                condition=Q(local_time=None) | Q(local_date__isnull=False),
                name="meeting_time_needs_date",
                violation_error_message=_("A time needs a date."),
            ),
            models.CheckConstraint(
                condition=Q(local_date=None) | Q(local_date__range=(EARLIEST, LATEST)),
                name="meeting_date_in_our_time",
                violation_error_message=OUT_OF_TIME,
            ),
            models.CheckConstraint(
                condition=~Q(time_zone=""),
                name="meeting_zone_known",
                violation_error_message=_("A meeting needs a time zone."),
            ),
            models.CheckConstraint(
                condition=Q(temperature=None) | Q(temperature__range=(1, 4)),
                name="meeting_temperature_known",
                violation_error_message=_("The temperature is cold, cool, warm, hot or none."),
            ),
        ]
        indexes = [
            # The list and every timeline, newest first; the address's after=.
            models.Index(fields=["age_order", "id"], name="meeting_newest"),
            models.Index(fields=["status", "age_order", "id"], name="meeting_status_newest"),
            models.Index(fields=["city", "age_order", "id"], name="meeting_city_newest"),
            # Titles that only some may search in.
            models.Index(
                fields=["id"], name="meeting_confidential", condition=Q(is_confidential=True)
            ),
            # Home's next meetings.
            models.Index(fields=["status", "local_date"], name="meeting_by_status"),
            # What the rows of files find it by.
            models.Index(Lower("title"), name="meeting_by_title"),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Meeting"))

    def get_absolute_url(self) -> str:
        return reverse("missions:meeting-detail", args=[self.pk])

    @property
    def local_start(self) -> datetime | None:
        """The start in the zone of the place."""
        return self.starts_at.astimezone(ZoneInfo(self.time_zone)) if self.starts_at else None

    @property
    def ends_at(self) -> datetime | None:
        """The instant it ends, where start and duration are known."""
        if self.starts_at is None or self.duration is None:
            return None
        return self.starts_at + timedelta(minutes=self.duration)

    def may_be_read_by(self, reader: Any) -> bool:
        """Whether the reader may know what was said."""
        return not self.is_confidential or reader.has_perm(READ_CONFIDENTIAL)

    def conceal_from(self, reader: Any) -> Self:
        """Blank what was said, and the room or the call, where the reader may not know it.

        On this instance only, which is for showing from then on, never for saving.
        """
        self.is_concealed = not self.may_be_read_by(reader)
        if self.is_concealed:
            self.title = self.place = self.purpose = self.notes = self.outcome = ""
            self.temperature = None
        return self

    @property
    def heading(self) -> str:
        """Its title, else whom we met: reads the organisations, prefetch them for a list."""
        return (
            self.title
            or ", ".join(organisation.name for organisation in self.organisations.all())
            or str(self)
        )

    @property
    def where(self) -> City | None:
        """Its own city, else its stop's."""
        return self.city or (self.stop.city if self.stop else None)

    def clean(self) -> None:
        self.settle_zone()
        if self.stop and self.stop.mission_id != self.mission_id:
            raise ValidationError(
                {
                    "stop": _("This stop belongs to another mission.")
                    if self.mission_id
                    else _("Choose the mission that this stop belongs to.")
                }
            )
        if self.local_time and not self.local_date:
            raise ValidationError({"local_date": _("A time needs a date.")})
        if self.local_date and not EARLIEST <= self.local_date <= LATEST:
            raise ValidationError({"local_date": OUT_OF_TIME})
        if (
            self.status == self.Status.HELD
            and self.local_date
            and self.local_date > timezone.localdate() + timedelta(days=1)
        ):
            raise ValidationError(
                {"local_date": _("It can’t have been held in the future: is it planned?")}
            )
        self._clean_instant()

    def _clean_instant(self) -> None:
        if not (self.local_date and self.local_time and self.time_zone in when.ZONES):
            return
        try:
            when.instant(self.local_date, self.local_time, self.time_zone, self.fold)
        except when.NonexistentTime:
            raise ValidationError(
                {
                    "local_time": _(
                        "That night the clocks in %(zone)s jump over %(time)s: choose another time."
                    )
                    % {"zone": self.time_zone, "time": self.local_time.strftime("%H:%M")}
                }
            ) from None
        except when.AmbiguousTime:
            raise ValidationError(
                {"fold": _("That night the clocks show this hour twice: say which one it was.")}
            ) from None

    @property
    def own_zone(self) -> str:
        """The zone that it has where none is chosen: the city's, the stop's, the author's."""
        source = self.where or self.author
        return source.time_zone if source else str(settings.TIME_ZONE)

    def settle_zone(self) -> None:
        """Fill in the zone where none was chosen."""
        self.time_zone = self.time_zone or self.own_zone

    def settle_position(self) -> None:
        """Put it after the other meetings of its stop, where it has no place there yet."""
        if self.stop_id and not self.position:
            others = Meeting.objects.filter(stop=self.stop_id).exclude(pk=self.pk)
            self.position = (others.aggregate(last=Max("position"))["last"] or 0) + 1

    def refresh_derived(self) -> None:
        """Bring the instant and the order up to date on this instance, unsaved.

        `age_order` grows as the meeting grows old: minus the minutes of its local start (of the
        day, where the time is unknown), and above every one of them where the date is unknown.
        """
        self.starts_at = (
            when.instant(self.local_date, self.local_time, self.time_zone, self.fold or 0)
            if self.local_date and self.local_time
            else None
        )
        minutes = self.local_time.hour * 60 + self.local_time.minute if self.local_time else 0
        self.age_order = (
            -(self.local_date.toordinal() * 1440 + minutes) if self.local_date else UNDATED
        )
        self.refresh_found_by()

    def refresh_found_by(self) -> None:
        """Bring what it is found by up to date on this instance, unsaved.

        What was said is not there, nor the title of a confidential meeting, which stands apart:
        by it nobody finds what they may not read.
        """
        mission, city = self.one_around("mission"), self.one_around("city")
        beside: list[str] = [mission.title] if mission else []
        if city is None and (stop := self.one_around("stop", "city")):
            city = stop.city
        if city:
            beside += city.names
        for organisation in self.all_around("organisations", "city"):
            beside += organisation.found_by
        for person in self.all_around("people"):
            beside += person.names
        self.index([] if self.is_confidential else [self.title], beside)
        self.concealed_text = document([self.title]).text if self.is_confidential else ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.is_concealed:
            raise RuntimeError("A concealed meeting is for showing, never for saving.")
        self.settle_zone()
        self.settle_position()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "time_zone", "position"}
        super().save(*args, **kwargs)
