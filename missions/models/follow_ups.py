"""Follow-ups: what was promised at a meeting, by us or by them."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from simple_history.models import HistoricalRecords

from crm.models import SearchableQuerySet, SearchableRecord, User
from missions.models.duties import Duty
from missions.models.meeting_queries import READ_CONFIDENTIAL
from missions.models.meetings import Meeting
from missions.promises import Reckoning, State, reckon, state, state_of
from partners.models import Organisation, Person

OPEN = Q(done_at=None, dropped_at=None)
DONE = Q(done_at__isnull=False)


class FollowUpQuerySet(SearchableQuerySet):
    def open(self) -> Self:
        """Neither done nor dropped yet, the most urgent first, no due date last."""
        return self.filter(OPEN).order_by("due_order", "pk")

    def overdue(self, today: date | None = None) -> Self:
        """Open, and due before today."""
        return self.open().filter(due_order__lt=today or timezone.localdate())

    def done(self) -> Self:
        """Done, the latest first."""
        return self.filter(DONE).order_by("-done_at", "-pk")

    def dropped(self) -> Self:
        """Given up, the latest first."""
        return self.filter(dropped_at__isnull=False).order_by("-dropped_at", "-pk")

    def ended(self) -> Self:
        """Done or dropped, with `ended_at`, the instant of it."""
        return self.exclude(OPEN).annotate(ended_at=Coalesce("done_at", "dropped_at"))

    def beside(self, organisation: Organisation) -> Self:
        """With others, at meetings that this organisation was met at too."""
        met = Meeting.organisations.through.objects.filter(organisation=organisation)
        found = self.filter(meeting__in=met.values("meeting_id"))
        return found.exclude(organisation=organisation)

    def reckoned(self) -> Reckoning:
        """How many were kept, late, dropped or are open, by us and by them, in one query."""
        rows = self.order_by().annotate(became=state()).values("promised_by", "became")
        counted = rows.annotate(number=Count("pk"))
        return reckon(counted.values_list("promised_by", "became", "number"))

    def visible_to(self, reader: User | AnonymousUser) -> Self:
        """Without what was promised at confidential meetings that the reader may not read."""
        if reader.has_perm(READ_CONFIDENTIAL):
            return self
        return self.exclude(meeting__is_confidential=True)

    def for_derived(self) -> Self:
        return self.select_related("organisation__city", "person")

    def for_list(self) -> Self:
        """With what a row of a list shows."""
        return self.select_related("organisation", "person", "assignee", "meeting")


class FollowUp(SearchableRecord, Duty):  # type: ignore[misc]  # both have a Record's columns
    """A promise: by us or by them, to or from an organisation."""

    class By(models.TextChoices):
        US = "us", _("By us")
        THEM = "them", _("By them")

    promised_by = models.CharField(_("promised"), max_length=10, choices=By, default=By.US)
    what = models.CharField(_("what"), max_length=300)
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("meeting"),
        null=True,
        blank=True,
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("counterpart"),
        help_text=_("Whom we promised it to, or who promised it to us."),
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("person"),
        null=True,
        blank=True,
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("seen to by"),
        null=True,
        blank=True,
    )
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True, editable=False)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("dropped by"),
        null=True,
        blank=True,
        editable=False,
    )
    dropped_why = models.CharField(_("why dropped"), max_length=300, blank=True, editable=False)

    FOUND_THROUGH = ("organisation", "organisation__city", "person")

    # Derived and stored: written by refresh_derived().
    DERIVED = SearchableRecord.FOUND_BY

    # The due date, after every date where there is none: what lists are ordered by.
    due_order = models.GeneratedField(
        expression=Coalesce("due_on", models.Value(date.max)),
        output_field=models.DateField(),
        db_persist=True,
    )

    objects = FollowUpQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=[*DERIVED, "due_order"])
    COUNTED = {
        "organisation": ngettext_lazy("%(shown)s follow-up", "%(shown)s follow-ups", "number"),
        "person": ngettext_lazy("%(shown)s follow-up", "%(shown)s follow-ups", "number"),
    }

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        permissions = [("export_followup", _("Can export follow-ups"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(what=""),
                name="follow_up_says_what",
                violation_error_message=_("Say what was promised."),
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | Q(done_by=None),
                name="follow_up_done_whole",
                violation_error_message=_("Who marked it done goes with when."),
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=False) | Q(dropped_by=None, dropped_why=""),
                name="follow_up_dropped_whole",
                violation_error_message=_("Who dropped it and why go with when."),
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(dropped_at=None),
                name="follow_up_done_or_dropped",
                violation_error_message=_("A promise is done or dropped, not both."),
            ),
        ]
        indexes = [
            # The list and Home: open ones by due date, everyone's and mine.
            models.Index(fields=["due_order", "id"], name="follow_up_open", condition=OPEN),
            models.Index(
                fields=["assignee", "due_order", "id"], name="follow_up_mine", condition=OPEN
            ),
            models.Index(fields=["done_at", "id"], name="follow_up_done", condition=DONE),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        page = (
            reverse("missions:meeting-detail", args=[self.meeting_id])
            if self.meeting_id
            else reverse("partners:organisation-detail", args=[self.organisation_id])
        )
        return f"{page}#follow-up-{self.pk}"

    @property
    def is_dropped(self) -> bool:
        return self.dropped_at is not None

    @property
    def is_open(self) -> bool:
        return not self.is_done and not self.is_dropped

    @property
    def state(self) -> State:
        """What became of it, on the house's calendar."""
        return state_of(self)

    def refresh_derived(self) -> None:
        """Bring what it is found by up to date on this instance, unsaved."""
        person = self.one_around("person")
        organisation = self.one_around("organisation", "city")
        self.index([self.what], (*organisation.found_by, *(person.names if person else ())))

    @property
    def is_done_late(self) -> bool:
        return self.is_done and self.state == State.LATE

    @property
    def urgency(self) -> str:
        """“overdue”, “coming” or “undated”: the group of the list that an open one stands in."""
        if self.due_on is None:
            return "undated"
        return "overdue" if self.due_on < timezone.localdate() else "coming"

    def drop(self, by: User, why: str = "") -> None:
        """Given up now, for a reason; dropping what is done or dropped changes nothing."""
        if self.is_open:
            self.dropped_at, self.dropped_by, self.dropped_why = timezone.now(), by, why
            self.save()

    def forget_end(self) -> None:
        super().forget_end()
        self.dropped_at = self.dropped_by = None
        self.dropped_why = ""
