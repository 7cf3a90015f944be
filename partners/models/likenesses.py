"""Likely duplicates, as they are kept: what records share, and the pairs found."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Organisation
from partners.models.people import Person


class BlockingKey(models.Model):
    """Something that two records have to share before they are compared at all.

    Derived from the record and its own alone; `partners.duplicates` writes them and nothing else.
    An archived record has none.
    """

    COMPUTED = Q()  # all of them: a merge drops them, and they are found again

    value = models.CharField(max_length=120)

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self) -> str:
        return self.value


class OrganisationKey(BlockingKey):
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="blocking_keys"
    )

    class Meta(BlockingKey.Meta):
        verbose_name = _("blocking key of an organisation")
        verbose_name_plural = _("blocking keys of organisations")
        ordering = ["value", "pk"]
        constraints = [
            # Read by value: who else has it?
            models.UniqueConstraint(fields=["value", "organisation"], name="organisation_key_once")
        ]


class PersonKey(BlockingKey):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="blocking_keys")

    class Meta(BlockingKey.Meta):
        verbose_name = _("blocking key of a person")
        verbose_name_plural = _("blocking keys of people")
        ordering = ["value", "pk"]
        constraints = [models.UniqueConstraint(fields=["value", "person"], name="person_key_once")]


class Pair(models.Model):
    """Two records that look like one; `first` has the smaller id.

    `score` runs from 0 to 1. `reasons` are codes with what they speak of, put into words by
    `partners.duplicates`: [{"code": "phone", "value": "+81 3 5253 1111"}].
    """

    COMPUTED = Q(dismissed_at=None)  # a merge drops these, and they are found again

    score = models.FloatField(_("score"))
    reasons = models.JSONField(_("reasons"), default=list)
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    dismissed_at = models.DateTimeField(_("said to be two"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("said by"),
        null=True,
        blank=True,
    )

    class Meta:
        abstract = True
        default_permissions = ()
        ordering = ["-score", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="%(class)s_smaller_first"
            ),
            models.CheckConstraint(
                condition=Q(score__range=(0, 1)), name="%(class)s_score_in_range"
            ),
            models.UniqueConstraint(fields=["first", "second"], name="%(class)s_once"),
        ]
        indexes = [
            # The inbox, likeliest first.
            models.Index(
                fields=["-score", "id"],
                name="%(class)s_likeliest",
                condition=Q(dismissed_at=None),
            )
        ]

    @property
    def is_dismissed(self) -> bool:
        return self.dismissed_at is not None

    def settle_moved(self) -> None:
        """In a merge: the smaller id stays first."""
        pair: Any = self
        pair.first_id, pair.second_id = sorted([pair.first_id, pair.second_id])


class OrganisationPair(Pair):
    first = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="pairs_first")
    second = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="pairs_second")

    class Meta(Pair.Meta):
        verbose_name = _("likely duplicate of an organisation")
        verbose_name_plural = _("likely duplicates of organisations")

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"


class PersonPair(Pair):
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="pairs_first")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="pairs_second")

    class Meta(Pair.Meta):
        verbose_name = _("likely duplicate of a person")
        verbose_name_plural = _("likely duplicates of people")

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"
