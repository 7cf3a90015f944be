"""Agreements: memoranda, letters of intent and contracts."""

from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from simple_history.models import HistoricalRecords

from crm.models import Record, SearchableQuerySet, SearchableRecord, User
from missions.documents import validate_document
from missions.models.follow_ups import FollowUp
from missions.models.meetings import EARLIEST, LATEST, OUT_OF_TIME, Meeting
from partners.models import Organisation

# Days before its end at which an agreement raises an alarm, the last first.
ALARMS = (7, 30, 90)
# Days before its end from which an agreement is "about to expire".
EXPIRING_WITHIN = ALARMS[-1]
ENDS_BEFORE_SIGNING = _("The agreement ends before it is signed.")
ENDS_BEFORE_START = _("The agreement ends before it is in force.")
# Days without a meeting or a promise kept after which an agreement in force is dormant.
DORMANT_AFTER = 365


def begun(today: date) -> Q:
    """Those that began by that day; where neither start nor signature is known, they have."""
    by_signature = Q(signed_on=None) | Q(signed_on__lte=today)
    return Q(in_force_from__lte=today) | (Q(in_force_from=None) & by_signature)


def renewed(*conditions: Q) -> Q:
    """Those that a signed agreement renews, one with these conditions."""
    renewals = Agreement.objects.filter(
        *conditions, renews=OuterRef("pk"), status__in=Agreement.SIGNED_ONCE
    )
    return Q(Exists(renewals))


def in_state(state: str, today: date) -> Q:
    """Those in a state on that day: says of rows what `Agreement.state_on` says of one."""
    status, states = Agreement.Status, Agreement.State
    signed = Q(status__in=Agreement.SIGNED_ONCE)
    over = Q(status=status.ENDED) | Q(in_force_until__lt=today)
    near = Q(in_force_until__lte=today + timedelta(days=EXPIRING_WITHIN))
    running = Q(status=status.SIGNED) & ~Q(in_force_until__lt=today) & ~renewed()
    return {
        states.DRAFT: Q(status=status.DRAFT),
        states.WITHDRAWN: Q(status=status.WITHDRAWN),
        states.RENEWED: signed & renewed(),
        states.ENDED: signed & over & ~renewed(),
        states.SIGNED: running & ~begun(today),
        states.EXPIRING: running & begun(today) & near,
        states.IN_FORCE: running & begun(today) & ~near,
    }[Agreement.State(state)]


class AgreementQuerySet(SearchableQuerySet):
    def in_state(self, state: str, today: date | None = None) -> Self:
        """Those whose `state` it is on that day."""
        return self.filter(in_state(state, today or timezone.localdate()))

    def in_force(self, today: date | None = None) -> Self:
        """Signed, begun and not over; a renewed one until what renews it begins."""
        today = today or timezone.localdate()
        return self.filter(
            ~Q(in_force_until__lt=today),
            ~renewed(begun(today)),
            begun(today),
            status=Agreement.Status.SIGNED,
        )

    def expiring(self, within: int = EXPIRING_WITHIN, today: date | None = None) -> Self:
        """In force, not renewed, and ending within so many days, soonest first."""
        today = today or timezone.localdate()
        return (
            self.in_state(Agreement.State.EXPIRING, today)
            .filter(in_force_until__lte=today + timedelta(days=within))
            .order_by("in_force_until", "pk")
        )

    def alarming(self, since: date, today: date) -> Self:
        """Not renewed, and 90, 30 or 7 days from their end on a day of this span, soonest first.

        One that ended meanwhile is among them: no alarm is lost where days were missed.
        """
        crossed = Q(pk__in=[])
        for days in ALARMS:
            ahead = timedelta(days=days)
            crossed |= Q(in_force_until__range=(since + ahead, today + ahead))
        return self.filter(
            crossed, begun(today), ~renewed(), status=Agreement.Status.SIGNED
        ).order_by("in_force_until", "pk")

    def dormant(self, today: date | None = None) -> Self:
        """In force for over a year, not renewed, and for a year nothing happened with a partner.

        Nothing: no meeting held (one whose date is unknown tells nothing) and no promise kept.
        """
        today = today or timezone.localdate()
        since = today - timedelta(days=DORMANT_AFTER)
        partners = Party.objects.filter(
            agreement=OuterRef("pk"), organisation__side=Organisation.Side.PARTNER
        )
        met = partners.filter(organisation__last_contact_on__gte=since)
        midnight = timezone.make_aware(datetime.combine(since, time.min))
        kept = FollowUp.objects.filter(
            organisation__parties__agreement=OuterRef("pk"),
            organisation__side=Organisation.Side.PARTNER,
            done_at__gte=midnight,
        )
        old = Q(in_force_from__lt=since) | Q(in_force_from=None, signed_on__lt=since)
        running = self.in_force(today).filter(old, ~renewed())
        return running.filter(Exists(partners), ~Exists(met), ~Exists(kept))

    def of_partners_of(self, user: User) -> Self:
        """With a party that the user owns."""
        owned = Party.objects.filter(agreement=OuterRef("pk"), organisation__owner=user)
        return self.filter(Exists(owned))

    def for_derived(self) -> Self:
        return self.prefetch_related("parties__organisation__city")

    def for_list(self) -> Self:
        """With what a row of a list shows."""
        return self.prefetch_related("parties__organisation", "renewals")


class Agreement(SearchableRecord):
    """What was signed, or is about to be, with parties on both sides."""

    class Kind(models.TextChoices):
        MEMORANDUM = "memorandum", _("Memorandum")
        LETTER = "letter", _("Letter of intent")
        CONTRACT = "contract", _("Contract")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SIGNED = "signed", _("Signed")
        ENDED = "ended", _("Ended")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class State(models.TextChoices):
        """What its status, its dates and its renewals come to on a day; never stored."""

        DRAFT = "draft", _("Draft")
        SIGNED = "signed", _("Signed, not yet in force")
        IN_FORCE = "in-force", _("In force")
        EXPIRING = "expiring", _("About to expire")
        ENDED = "ended", _("Ended")
        RENEWED = "renewed", _("Renewed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    SIGNED_ONCE = (Status.SIGNED, Status.ENDED)

    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.MEMORANDUM)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    protocol_number = models.CharField(_("protocol number"), max_length=50, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    in_force_from = models.DateField(
        _("in force from"), null=True, blank=True, help_text=_("Empty: from its signature.")
    )
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)
    renews = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="renewals",
        verbose_name=_("renews"),
        null=True,
        blank=True,
        help_text=_("The agreement that it takes the place of."),
    )
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        related_name="agreements",
        verbose_name=_("grew from"),
        null=True,
        blank=True,
    )
    organisations = models.ManyToManyField(
        Organisation, through="Party", related_name="agreements", verbose_name=_("parties")
    )
    document = models.FileField(
        _("document"), upload_to="agreements/%Y/", blank=True, validators=[validate_document]
    )
    notes = models.TextField(_("notes"), blank=True)

    FOUND_THROUGH = ("organisations", "organisations__city")

    # Derived and stored: written by refresh_derived().
    DERIVED = SearchableRecord.FOUND_BY

    # When it was signed, before every date where that is not known: what the list is ordered by.
    signed_order = models.GeneratedField(
        expression=Coalesce("signed_on", models.Value(date.min)),
        output_field=models.DateField(),
        db_persist=True,
    )

    objects = AgreementQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=[*DERIVED, "signed_order"])

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-signed_order", "-pk"]
        permissions = [("export_agreement", _("Can export agreements"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_on=None)
                | Q(in_force_until=None)
                | Q(in_force_until__gte=F("signed_on")),
                name="agreement_ends_after_signing",
                violation_error_message=ENDS_BEFORE_SIGNING,
            ),
            models.CheckConstraint(
                condition=Q(in_force_from=None)
                | Q(in_force_until=None)
                | Q(in_force_until__gte=F("in_force_from")),
                name="agreement_ends_after_start",
                violation_error_message=ENDS_BEFORE_START,
            ),
            models.CheckConstraint(
                condition=Q(renews=None) | ~Q(renews=F("id")),
                name="agreement_renews_another",
                violation_error_message=_("An agreement can’t renew itself."),
            ),
        ]
        indexes = [
            # The list, newest first.
            models.Index(fields=["signed_order", "id"], name="agreement_newest"),
            # Home's agreements about to expire.
            models.Index(fields=["status", "in_force_until"], name="agreement_expiring"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("missions:agreement-detail", args=[self.pk])

    @property
    def is_signed(self) -> bool:
        """Whether it was signed, though it may have ended since."""
        return self.status in self.SIGNED_ONCE

    @property
    def starts_on(self) -> date | None:
        """The day from which it is in force: of its signature, where no other is said."""
        return self.in_force_from or self.signed_on

    @property
    def signed_renewals(self) -> "list[Agreement]":
        """The signed agreements that renew it: reads the renewals, prefetch them for a list."""
        return [one for one in self.renewals.all() if one.is_signed] if self.pk else []

    def has_begun(self, today: date) -> bool:
        return self.starts_on is None or self.starts_on <= today

    def is_over(self, today: date) -> bool:
        """Ended early, or past its end."""
        past = self.in_force_until is not None and self.in_force_until < today
        return self.status == self.Status.ENDED or past

    def state_on(self, today: date) -> "Agreement.State":
        """Its state on that day."""
        if not self.is_signed:
            return self.State(self.status)
        if self.signed_renewals:
            return self.State.RENEWED
        if self.is_over(today):
            return self.State.ENDED
        if not self.has_begun(today):
            return self.State.SIGNED
        end = self.in_force_until
        if end is not None and end - today <= timedelta(days=EXPIRING_WITHIN):
            return self.State.EXPIRING
        return self.State.IN_FORCE

    @property
    def state(self) -> "Agreement.State":
        return self.state_on(timezone.localdate())

    @property
    def is_expiring(self) -> bool:
        """In force, not renewed, and ending soon."""
        return self.state == self.State.EXPIRING

    @property
    def days_left(self) -> int | None:
        """Days until it ends, negative once it has; None where that is not known."""
        if self.in_force_until is None:
            return None
        return (self.in_force_until - timezone.localdate()).days

    @property
    def alarm(self) -> int | None:
        """90, 30 or 7: within so many days it ends; None where it need not alarm anybody."""
        left = self.days_left
        if left is None or not self.is_expiring:
            return None
        return next(days for days in ALARMS if left <= days)

    def clean(self) -> None:
        errors: dict[str, Any] = {}
        for name in ("signed_on", "in_force_from", "in_force_until"):
            on = getattr(self, name)
            if on and not EARLIEST <= on <= LATEST:
                errors[name] = OUT_OF_TIME
        if self.signed_on and "signed_on" not in errors:
            if self.status == self.Status.DRAFT:
                errors["signed_on"] = _(
                    "A draft isn’t signed: choose the status “Signed”, or leave this date empty."
                )
            elif self.signed_on > timezone.localdate() + timedelta(days=1):
                errors["signed_on"] = _(
                    "It can’t have been signed in the future: until then it is a draft."
                )
        if self.in_force_until and not errors:
            if self.signed_on and self.in_force_until < self.signed_on:
                errors["in_force_until"] = ENDS_BEFORE_SIGNING
            elif self.in_force_from and self.in_force_until < self.in_force_from:
                errors["in_force_until"] = ENDS_BEFORE_START
        if self.renews:
            if not self.renews.is_signed:
                errors["renews"] = _("Only an agreement that was signed can be renewed.")
            elif self.pk and self.pk in self.renews.lineage_ids():
                errors["renews"] = _(
                    "“%(title)s” itself renews this one, directly or through others."
                ) % {"title": self.renews}
        if errors:
            raise ValidationError(errors)

    def refresh_derived(self) -> None:
        """Bring what it is found by up to date on this instance, unsaved."""
        parties = self.all_around("parties", "organisation__city")
        self.index(
            [self.title, self.protocol_number],
            [name for party in parties for name in party.organisation.found_by],
        )

    def lineage_ids(self) -> list[int]:
        """Its own id and those of the agreements that it renews, one through the other."""
        ids: list[int] = []
        earlier: Agreement | None = self
        while earlier is not None and earlier.pk not in ids:
            ids.append(earlier.pk)
            earlier = earlier.renews
        return ids


class Party(Record):
    """An organisation that signs an agreement."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="parties", verbose_name=_("agreement")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="parties",
        verbose_name=_("organisation"),
    )

    history = HistoricalRecords()
    COUNTED = {
        "organisation": ngettext_lazy("%(shown)s agreement", "%(shown)s agreements", "number")
    }

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"],
                name="party_once",
                violation_error_message=_("It is a party already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        Agreement.objects.filter(pk=self.agreement_id).refresh_derived()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        Agreement.objects.filter(pk=self.agreement_id).refresh_derived()
        return deleted
