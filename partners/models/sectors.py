"""What organisations and meetings are about."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.models import SearchableQuerySet, SearchableRecord


class SectorQuerySet(SearchableQuerySet):
    def choosable(self) -> Self:
        """The ones that can be newly chosen: not retired."""
        return self.filter(is_retired=False)

    def top(self) -> Self:
        """The first level of the tree."""
        return self.filter(parent=None)

    def within(self, slugs: list[str]) -> Self:
        """These sectors and the ones below them."""
        return self.filter(Q(slug__in=slugs) | Q(parent__slug__in=slugs))


class Sector(SearchableRecord):
    """A line of activity, in a tree two levels deep. Its slug never changes."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_it = models.CharField(_("Italian name"), max_length=100)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        limit_choices_to={"parent": None},
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Stays readable, can't be newly chosen.")
    )

    NAMED_BY = ("name", "name_it", "parent")

    # Derived and stored: written by refresh_derived().
    DERIVED = SearchableRecord.FOUND_BY

    objects = SectorQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=DERIVED)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["position", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="sector_not_its_own_parent",
                violation_error_message=_("A sector can't be part of itself."),
            )
        ]

    def __str__(self) -> str:
        return self.local_name

    def get_absolute_url(self) -> str:
        return reverse("partners:sector-detail", args=[self.slug])

    @property
    def local_name(self) -> str:
        """The name in the reader's language."""
        return (self.name_it if get_language() == "it" else "") or self.name

    @property
    def found_by(self) -> tuple[str, ...]:
        """What finds whatever is about it: its names, and those of the sector it is part of."""
        names = (self.name, self.name_it)
        return (*names, self.parent.name, self.parent.name_it) if self.parent else names

    def refresh_derived(self) -> None:
        """Bring what it is found by up to date on this instance, unsaved."""
        self.index((self.name, self.name_it))

    def clean(self) -> None:
        if self.parent and self.parent.parent_id:
            raise ValidationError(
                {"parent": _("The tree has two levels: choose a sector of the first level.")}
            )
        if self.parent and self.pk and self.children.exists():
            raise ValidationError(
                {"parent": _("Other sectors are part of this one: it stays on the first level.")}
            )
        if self.pk and Sector.objects.exclude(slug=self.slug).filter(pk=self.pk).exists():
            raise ValidationError({"slug": _("Addresses use the slug: it never changes.")})
