"""Missions: what they serve, who organises them, where they stop and who goes along."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy
from simple_history.models import HistoricalRecords

from crm.models import Record, SearchableQuerySet, SearchableRecord
from partners.models import City, Organisation, Person


class Initiative(Record):
    """What missions serve: Expo Osaka 2025."""

    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="initiative_ends_after_start",
                violation_error_message=_("The initiative ends before it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self.missions.refresh_derived()


class MissionQuerySet(SearchableQuerySet):
    def under_way(self) -> Self:
        """Planned or going on."""
        return self.filter(status__in=[Mission.Status.PLANNED, Mission.Status.UNDER_WAY])

    def for_derived(self) -> Self:
        return self.select_related("initiative").prefetch_related(
            "stops__city", "organisers__organisation"
        )

    def for_list(self) -> Self:
        """With what a row of the list shows."""
        return self.select_related("initiative").prefetch_related("stops__city")


class Mission(SearchableRecord):
    """A journey out, or a delegation received."""

    class Direction(models.TextChoices):
        OUTWARD = "outward", _("Journey out")
        INWARD = "inward", _("Delegation received")

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("mission", "Planned")
        UNDER_WAY = "under-way", pgettext_lazy("mission", "Under way")
        COMPLETED = "completed", pgettext_lazy("mission", "Completed")
        CANCELLED = "cancelled", pgettext_lazy("mission", "Cancelled")

    title = models.CharField(_("title"), max_length=200)
    direction = models.CharField(
        _("direction"), max_length=10, choices=Direction, default=Direction.OUTWARD
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    initiative = models.ForeignKey(
        Initiative,
        on_delete=models.PROTECT,
        related_name="missions",
        verbose_name=_("initiative"),
        null=True,
        blank=True,
    )
    starts_on = models.DateField(
        _("starts on"), null=True, blank=True, help_text=_("Empty where not known.")
    )
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    aims = models.TextField(_("aims"), blank=True)
    emergency = models.TextField(
        _("emergencies"),
        blank=True,
        help_text=_("Whom to call on the journey: goes into the briefing book."),
    )
    notes = models.TextField(_("notes"), blank=True, help_text=_("For us: where it is known from."))

    NAMED_BY = ("title",)
    FOUND_THROUGH = (
        "initiative",
        "stops__city",
        "organisers__organisation",
    )

    # Derived and stored: written by refresh_derived().
    DERIVED = SearchableRecord.FOUND_BY

    # Set by missions.tallies.count_parts() where a list shows them.
    meeting_count = 0
    unnamed_count = 0

    # When it starts, before every date where that is not known: what the list is ordered by.
    start_order = models.GeneratedField(
        expression=Coalesce("starts_on", models.Value(date.min)),
        output_field=models.DateField(),
        db_persist=True,
    )

    objects = MissionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=[*DERIVED, "start_order"])

    class Meta:
        verbose_name = _("mission")
        verbose_name_plural = _("missions")
        ordering = ["-start_order", "-pk"]
        permissions = [("export_mission", _("Can export missions"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="mission_ends_after_start",
                violation_error_message=_("The mission ends before it starts."),
            )
        ]
        indexes = [
            # The list, newest first.
            models.Index(fields=["start_order", "id"], name="mission_newest"),
            # Home's missions under way.
            models.Index(fields=["status", "starts_on"], name="mission_by_status"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("missions:mission-detail", args=[self.pk])

    def refresh_derived(self) -> None:
        """Bring what it is found by up to date on this instance, unsaved."""
        beside: list[str] = [self.initiative.name] if self.initiative else []
        for stop in self.all_around("stops", "city"):
            beside += stop.city.names
        for organiser in self.all_around("organisers", "organisation"):
            beside += organiser.organisation.names
        self.index([self.title], beside)


class MissionPart(Record):
    """A part that its mission is found by."""

    mission_id: int

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        Mission.objects.filter(pk=self.mission_id).refresh_derived()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        Mission.objects.filter(pk=self.mission_id).refresh_derived()
        return deleted


class Organiser(MissionPart):
    """An organisation that organises a mission, in the lead or collaborating."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        COLLABORATING = "collaborating", _("Collaborating")

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="organisers", verbose_name=_("mission")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="organised",
        verbose_name=_("organisation"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.COLLABORATING)

    history = HistoricalRecords()
    COUNTED = {
        "organisation": ngettext_lazy(
            "%(shown)s mission organised", "%(shown)s missions organised", "number"
        )
    }

    class Meta:
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")
        ordering = [F("role").desc(), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "organisation"],
                name="organiser_once",
                violation_error_message=_("It organises this mission already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.get_role_display()}"

    @property
    def yields(self) -> bool:
        """In a merge: who collaborates gives way to who leads."""
        return self.role != self.Role.LEAD


class Stop(MissionPart):
    """A stay of a mission in a city, in order: Tokyo, Nagoya, Tokyo again."""

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="stops", verbose_name=_("mission")
    )
    city = models.ForeignKey(
        City, on_delete=models.PROTECT, related_name="stops", verbose_name=_("city")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ["mission", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="stop_ends_after_start",
                violation_error_message=_("The stop ends before it starts."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.city.local_name}"

    def clean(self) -> None:
        if self.pk and self.mission_id and self.meetings.exclude(mission=self.mission_id).exists():
            raise ValidationError(
                {"mission": _("Its meetings belong to another mission: move them first.")}
            )

    def get_absolute_url(self) -> str:
        return f"{reverse('missions:mission-detail', args=[self.mission_id])}#stop-{self.pk}"


class Delegate(Record):
    """A place in the delegation, held for an organisation; unnamed, it means representatives."""

    class Role(models.TextChoices):
        HEAD = "head", _("Head of delegation")
        MEMBER = "member", _("Member")
        INTERPRETER = "interpreter", _("Interpreter")
        ORGANISER = "organiser", _("Organiser")
        SPEAKER = "speaker", _("Speaker")

    class Status(models.TextChoices):
        INVITED = "invited", _("Invited")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="delegates", verbose_name=_("mission")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="delegates",
        verbose_name=_("organisation"),
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="delegations",
        verbose_name=_("person"),
        null=True,
        blank=True,
        help_text=_("Empty: one or more representatives, still unnamed."),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.INVITED)
    # Who goes where is kept as its exceptions, so that whoever joins goes along with the others.
    missed_stops = models.ManyToManyField(
        Stop, related_name="missing_delegates", verbose_name=_("stops without them"), blank=True
    )
    missed_meetings = models.ManyToManyField(
        "missions.Meeting",
        related_name="missing_delegates",
        verbose_name=_("meetings without them"),
        blank=True,
    )

    # In a merge of two places, they go wherever one of the two went.
    KEPT_WHERE_SHARED = ("missed_stops", "missed_meetings")

    history = HistoricalRecords(m2m_fields=[missed_stops, missed_meetings])
    COUNTED = {
        "organisation": ngettext_lazy(
            "%(shown)s place in a delegation", "%(shown)s places in delegations", "number"
        ),
        "person": ngettext_lazy(
            "%(shown)s place in a delegation", "%(shown)s places in delegations", "number"
        ),
    }

    class Meta:
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        ordering = ["mission", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "person"],
                name="delegate_once",
                violation_error_message=_("This person has a place in the delegation already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person or self.organisation}, {self.get_role_display()}"

    def get_absolute_url(self) -> str:
        return reverse("missions:delegate-detail", args=[self.mission_id, self.pk])

    @property
    def is_unnamed(self) -> bool:
        """Whether a name is still to come: nobody is named for a place that was declined."""
        return self.person_id is None and self.status != self.Status.DECLINED

    @property
    def yields(self) -> int:
        """In a merge: the confirmed place stays before the invited one, then the head’s."""
        order = [self.Status.CONFIRMED, self.Status.INVITED, self.Status.DECLINED]
        return 2 * order.index(self.Status(self.status)) + (self.role != self.Role.HEAD)
