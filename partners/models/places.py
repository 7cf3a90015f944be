"""Cities, and the time they live by."""

from collections.abc import Callable
from functools import cache
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_countries.fields import CountryField
from simple_history.models import HistoricalRecords

from crm.models import SearchableQuerySet, SearchableRecord
from crm.search import slipped
from crm.text import folded, script_language
from crm.when import validate_zone
from partners.duplicates import refresh


def in_every_language(words: Callable[[], object]) -> tuple[str, ...]:
    """Words in each language that the product speaks."""
    said = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.append(str(words()))
    return tuple(said)


@cache
def country_names(country: str) -> tuple[str, ...]:
    """A country in each language that the product speaks."""
    return in_every_language(lambda: countries.name(country))


class CityQuerySet(SearchableQuerySet):
    def matching(self, typed: str) -> Self:
        """Cities found by every word typed: called so first, then those that begin so; large first.

        See `crm.search.matching`.
        """
        text = folded(typed)
        if not text:
            return self
        nearness = Case(
            When(sort_name=text[:200], then=Value(0)),
            When(search_text__contains=f"\n{text}\n", then=Value(1)),
            When(search_text__contains=f"\n{text}", then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
        return (
            super()
            .matching(typed)
            .annotate(nearness=nearness)
            .order_by("nearness", F("population").desc(nulls_last=True), "sort_name", "pk")
        )

    def similar_to(self, typed: str) -> Self:
        """Cities found by what is typed but for a slip, large first."""
        return slipped(self, typed).order_by(F("population").desc(nulls_last=True), "pk")

    def in_use(self) -> Self:
        """Cities where an organisation of ours is: the ones that show in browsing."""
        organisations = self.model.organisations.rel.related_model.objects
        return self.filter(Exists(organisations.active().filter(city=OuterRef("pk"))))


class City(SearchableRecord):
    """A city of the world. Reference data from GeoNames; stewards can add one."""

    geonames_id = models.PositiveIntegerField(
        _("GeoNames id"), null=True, blank=True, unique=True, editable=False
    )
    country = CountryField(_("country"))
    name = models.CharField(_("name"), max_length=200)
    name_it = models.CharField(_("Italian name"), max_length=200, blank=True)
    native_name = models.CharField(
        _("native name"), max_length=200, blank=True, help_text=_("In its own script.")
    )
    other_names = models.TextField(
        _("other spellings"), blank=True, help_text=_("Separated by “|”.")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=50,
        validators=[validate_zone],
        help_text=_("An IANA zone, such as Asia/Tokyo."),
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True, help_text=_("Degrees."))
    longitude = models.FloatField(_("longitude"), null=True, blank=True, help_text=_("Degrees."))
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)

    NAMED_BY = ("name", "name_it", "native_name", "other_names", "sort_name")

    # Derived and stored: written by refresh_derived().
    DERIVED = (*SearchableRecord.FOUND_BY, "sort_name")
    sort_name = models.CharField(max_length=200, editable=False, blank=True)

    objects = CityQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=DERIVED)

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["sort_name", "pk"]
        indexes = [
            # The admin's list and autocomplete.
            models.Index(fields=["sort_name", "id"], name="city_by_name"),
            models.Index(fields=["country", "sort_name"], name="city_by_country"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="city_coordinates_on_earth",
                violation_error_message=_(
                    "Give both coordinates in degrees: latitude −90 to 90, longitude −180 to 180."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.local_name}, {self.country.name}"

    def get_absolute_url(self) -> str:
        return reverse("partners:city-detail", args=[self.pk])

    @property
    def local_name(self) -> str:
        """The name in the reader's language."""
        return (self.name_it if get_language() == "it" else "") or self.name

    @property
    def names(self) -> tuple[str, ...]:
        """Its names in every language, the empty ones too."""
        return self.name, self.name_it, self.native_name

    @property
    def native_language(self) -> str:
        """The language tag of the native name, for `lang`."""
        return script_language(self.native_name, self.country.code or "")

    def refresh_derived(self) -> None:
        """Bring what is derived and stored up to date on this instance, unsaved."""
        self.index((*self.names, *self.other_names.split("|")))
        self.sort_name = folded(self.name)[:200]

    def refresh_dependents(self) -> None:
        super().refresh_dependents()
        for batch in self.organisations.batches(500):
            refresh(batch)
