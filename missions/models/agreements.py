"""Agreements: memoranda, letters of intent and contracts."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.models import Record, RecordQuerySet
from missions.models.meetings import Meeting
from partners.models import Organisation

DOCUMENT_TYPES = {".pdf", ".doc", ".docx", ".odt", ".jpg", ".jpeg", ".png"}
DOCUMENT_MEGABYTES = 20
# Days before its end from which an agreement is "about to expire".
EXPIRING_WITHIN = 90


def validate_document(document: "File[Any]") -> None:
    """Refuse a document of another type, or over 20 MB."""
    if Path(document.name or "").suffix.lower() not in DOCUMENT_TYPES:
        raise ValidationError(
            _("This type of file can't be attached. Attach one of: %(types)s."),
            params={"types": ", ".join(sorted(DOCUMENT_TYPES))},
        )
    if document.size > DOCUMENT_MEGABYTES * 1024 * 1024:
        raise ValidationError(
            _("The file is larger than %(size)s MB."), params={"size": DOCUMENT_MEGABYTES}
        )


class AgreementQuerySet(RecordQuerySet):
    def expiring(self, within: int = EXPIRING_WITHIN, today: date | None = None) -> Self:
        """Signed, and ending within so many days, soonest first."""
        today = today or timezone.localdate()
        return self.filter(
            status=Agreement.Status.SIGNED,
            in_force_until__range=(today, today + timedelta(days=within)),
        ).order_by("in_force_until", "pk")

    def matching(self, typed: str) -> Self:
        """Those whose title or protocol number has every word typed."""
        for word in typed.split():
            self = self.filter(Q(title__icontains=word) | Q(protocol_number__icontains=word))
        return self

    def for_list(self) -> Self:
        """With what a row of a list shows."""
        return self.prefetch_related("parties__organisation")


class Agreement(Record):
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

    # When it was signed, before every date where that is not known: what the list is ordered by.
    signed_order = models.GeneratedField(
        expression=Coalesce("signed_on", models.Value(date.min)),
        output_field=models.DateField(),
        db_persist=True,
    )

    objects = AgreementQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["signed_order"])

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-signed_order", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_on=None)
                | Q(in_force_until=None)
                | Q(in_force_until__gte=F("signed_on")),
                name="agreement_ends_after_signing",
                violation_error_message=_("The agreement ends before it is signed."),
            ),
            models.CheckConstraint(
                condition=Q(in_force_from=None)
                | Q(in_force_until=None)
                | Q(in_force_until__gte=F("in_force_from")),
                name="agreement_ends_after_start",
                violation_error_message=_("The agreement ends before it is in force."),
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
    def is_expiring(self) -> bool:
        """Signed, and ending soon."""
        return (
            self.status == self.Status.SIGNED
            and self.days_left is not None
            and 0 <= self.days_left <= EXPIRING_WITHIN
        )

    @property
    def days_left(self) -> int | None:
        """Days until it ends, negative once it has; None where that is not known."""
        if self.in_force_until is None:
            return None
        return (self.in_force_until - timezone.localdate()).days


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
