"""Organisations: who they are, where, and when we last met them."""

from datetime import date, timedelta
from functools import cache
from itertools import chain
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField
from simple_history.models import HistoricalRecords

from crm.models import ArchivableQuerySet, ArchivableRecord
from crm.text import LAST, international_phone, script_language, sort_key, web_domain
from partners.duplicates import refresh
from partners.models.places import City, country_names, in_every_language
from partners.models.sectors import Sector

ACTIVE = Q(archived_at=None)
# Days without contact after which a partner has gone quiet, by `tier_order`; 9 is no tier.
QUIET_AFTER = {1: 90, 2: 180, 3: 365, 9: 365}


def quiet_since(today: date) -> Q:
    """Without contact for longer than their tier bears; never, and met undated, count too."""
    quiet = Q(pk__in=[])
    for tier_order, days in QUIET_AFTER.items():
        quiet |= Q(
            tier_order=tier_order,
            contact_order__gt=-(today - timedelta(days=days)).toordinal(),
        )
    return quiet


@cache
def kind_names(kind: str) -> tuple[str, ...]:
    """A kind of organisation in every language that the product speaks."""
    return in_every_language(lambda: Organisation.Kind(kind).label)


class OrganisationQuerySet(ArchivableQuerySet):
    def partners(self) -> Self:
        """The other side: everybody but our own system."""
        return self.filter(side=Organisation.Side.PARTNER)

    def gone_quiet(self, today: date | None = None) -> Self:
        """See `quiet_since()`."""
        return self.filter(quiet_since(today or timezone.localdate()))

    def for_derived(self) -> Self:
        return self.for_traits().prefetch_related("sectors__parent")

    def for_traits(self) -> Self:
        return self.select_related("city")

    def for_list(self) -> Self:
        """With what a row of the directory shows."""
        return self.select_related("city", "owner").prefetch_related("sectors")


class Organisation(ArchivableRecord):
    """An institution of our own system (home side) or of anybody else's (partner side)."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", _("Public authority")
        AGENCY = "agency", _("Agency")
        RESEARCH = "research", _("Research institute")
        UNIVERSITY = "university", _("University")
        INCUBATOR = "incubator", _("Incubator")
        CHAMBER = "chamber", _("Chamber of commerce")
        FEDERATION = "federation", _("Federation")
        FINANCE = "finance", _("Public finance")
        EMBASSY = "embassy", _("Embassy")
        CONSORTIUM = "consortium", _("Consortium")
        COMPANY = "company", _("Company")
        OTHER = "other", _("Other")

    class Side(models.TextChoices):
        HOME = "home", pgettext_lazy("side", "Home")
        PARTNER = "partner", pgettext_lazy("side", "Partner")

    class Tier(models.IntegerChoices):
        STRATEGIC = 1, _("Strategic")
        PRIORITY = 2, _("Priority")
        OCCASIONAL = 3, _("Occasional")

    FAMILIES = {
        Kind.AUTHORITY: "public",
        Kind.AGENCY: "public",
        Kind.EMBASSY: "public",
        Kind.RESEARCH: "research",
        Kind.UNIVERSITY: "research",
        Kind.CONSORTIUM: "research",
        Kind.INCUBATOR: "start",
        Kind.COMPANY: "start",
        Kind.CHAMBER: "trade",
        Kind.FEDERATION: "trade",
        Kind.FINANCE: "finance",
    }

    name = models.CharField(
        _("name"), max_length=200, help_text=_("Its own, in Latin letters, in full.")
    )
    short_name = models.CharField(_("short name"), max_length=50, blank=True)
    native_name = models.CharField(
        _("native name"), max_length=200, blank=True, help_text=_("In its own script.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    side = models.CharField(
        _("side"),
        max_length=10,
        choices=Side,
        default=Side.PARTNER,
        help_text=_("Home: of our own system. Partner: everybody else."),
    )

    country = CountryField(_("country"))
    city = models.ForeignKey(
        City,
        on_delete=models.PROTECT,
        related_name="organisations",
        verbose_name=_("city"),
        null=True,
        blank=True,
    )
    sectors = models.ManyToManyField(
        Sector, related_name="organisations", verbose_name=_("sectors"), blank=True
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        help_text=_("The organisation it is a unit of."),
    )
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Tier, null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="organisations",
        verbose_name=_("owner"),
        null=True,
        blank=True,
        help_text=_("The colleague who keeps the relation warm."),
    )

    website = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    address = models.TextField(_("address"), blank=True)
    notes = models.TextField(_("notes"), blank=True)

    NAMED_BY = ("name", "short_name", "native_name", "sort_name", "country", "city")
    FOUND_THROUGH = ("city", "sectors", "sectors__parent")

    # Derived and stored: written by refresh_derived() and missions.contact.refresh_last_contact().
    DERIVED = (
        *ArchivableRecord.FOUND_BY,
        "phone_international",
        "sort_name",
        "sort_city",
        "tier_order",
    )
    phone_international = models.CharField(max_length=50, blank=True, editable=False)
    sort_name = models.CharField(max_length=200, blank=True, editable=False)
    sort_city = models.CharField(max_length=200, blank=True, editable=False)
    last_contact_on = models.DateField(_("last contact"), null=True, blank=True, editable=False)
    is_met = models.BooleanField(_("met"), default=False, editable=False)
    contact_order = models.IntegerField(default=1, editable=False)
    tier_order = models.PositiveSmallIntegerField(default=9, editable=False)

    objects = OrganisationQuerySet.as_manager()
    history = HistoricalRecords(
        m2m_fields=[sectors],
        excluded_fields=[*DERIVED, "last_contact_on", "is_met", "contact_order"],
    )

    class Meta(ArchivableRecord.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_name", "pk"]
        permissions = [
            ("archive_organisation", _("Can archive and restore organisations")),
            ("merge_organisation", _("Can merge organisations")),
            ("import_organisation", _("Can import organisations")),
            ("export_organisation", _("Can export organisations")),
        ]
        constraints = [
            *ArchivableRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(name=""),
                name="organisation_named",
                violation_error_message=_("An organisation needs a name."),
            ),
            models.CheckConstraint(
                condition=Q(tier__in=[1, 2, 3]) | Q(tier=None),
                name="organisation_tier_known",
                violation_error_message=_("The tier is 1, 2, 3 or none."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="organisation_not_its_own_parent",
                violation_error_message=_("An organisation can't be part of itself."),
            ),
            models.CheckConstraint(
                condition=Q(last_contact_on=None) | Q(is_met=True),
                name="organisation_contact_whole",
                violation_error_message=_("A date of last contact means that they were met."),
            ),
        ]
        indexes = [
            # The directory's sorts; the second half of each serves the address's after=.
            models.Index(fields=["sort_name", "id"], name="org_by_name", condition=ACTIVE),
            models.Index(
                fields=["sort_city", "sort_name", "id"], name="org_by_city", condition=ACTIVE
            ),
            models.Index(
                fields=["tier_order", "sort_name", "id"], name="org_by_tier", condition=ACTIVE
            ),
            models.Index(
                fields=["contact_order", "sort_name", "id"], name="org_by_contact", condition=ACTIVE
            ),
            # Its facets and their counts: narrow, so that a count reads the index alone.
            models.Index(fields=["city"], name="org_in_city", condition=ACTIVE),
            models.Index(fields=["country"], name="org_in_country", condition=ACTIVE),
            models.Index(fields=["kind"], name="org_of_kind", condition=ACTIVE),
            models.Index(fields=["side"], name="org_on_side", condition=ACTIVE),
            models.Index(fields=["tier"], name="org_of_tier", condition=ACTIVE),
            models.Index(fields=["owner", "contact_order"], name="org_of_owner", condition=ACTIVE),
            # What the rows of files find it by.
            models.Index(Lower("email"), name="org_by_email", condition=ACTIVE),
            models.Index(fields=["short_name"], name="org_by_short_name", condition=ACTIVE),
            models.Index(fields=["native_name"], name="org_by_native_name", condition=ACTIVE),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partners:organisation-detail", args=[self.pk])

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called, the empty ones too."""
        return self.name, self.short_name, self.native_name

    @property
    def found_by(self) -> tuple[str, ...]:
        """What finds whatever has to do with it: its names, and those of its city."""
        return (*self.names, *self.city.names) if self.city else self.names

    @property
    def country_code(self) -> str:
        """As it is stored: `country` looks it up anew each time that it is read."""
        return str(vars(self).get("country") or self.country.code or "")

    @property
    def native_language(self) -> str:
        """The language tag of the native name, for `lang`."""
        return script_language(self.native_name, self.country.code)

    @property
    def kind_family(self) -> str:
        """The family of kinds that its monogram is tinted by."""
        return self.FAMILIES.get(self.Kind(self.kind), "other") if self.kind else "other"

    @property
    def monogram(self) -> str:
        """Two letters that stand for it."""
        if self.short_name and len(self.short_name) <= 2:
            return self.short_name.upper()
        words = [word for word in self.sort_name.split() if word not in {"of", "the", "di", "for"}]
        return ("".join(word[0] for word in words[:2]) if len(words) > 1 else self.name[:2]).upper()

    @property
    def quiet_after(self) -> int:
        """Days without contact after which it has gone quiet."""
        return QUIET_AFTER[self.tier_order]

    @property
    def domain(self) -> str:
        """The host of its website, without “www.”."""
        return web_domain(self.website)

    @property
    def place(self) -> str:
        """“Nagoya, Japan”, or the country alone."""
        return str(self.city) if self.city else self.country.name

    def clean(self) -> None:
        errors: dict[str, Any] = {}
        if self.city and self.country and self.city.country != self.country:
            errors["city"] = _("%(city)s is not in %(country)s.") % {
                "city": self.city,
                "country": self.country.name,
            }
        if self.parent and self.pk and self.pk in self.parent.lineage_ids():
            errors["parent"] = _("%(parent)s is itself part of this organisation.") % {
                "parent": self.parent
            }
        if errors:
            raise ValidationError(errors)

    def lineage_ids(self) -> list[int]:
        """Its own id and those of the organisations above it, nearest first."""
        ids: list[int] = []
        above: Organisation | None = self
        while above is not None and above.pk not in ids:
            ids.append(above.pk)
            above = above.parent
        return ids

    def refresh_derived(self) -> None:
        """Bring what is derived from it and its sectors up to date on this instance, unsaved."""
        self.phone_international = international_phone(self.phone, self.country.code or "")
        city, sectors = self.city, self.all_around("sectors", "parent")
        self.index(
            self.names,
            (
                *(city.names if city else ()),
                *country_names(self.country.code or ""),
                *kind_names(self.kind),
                *chain.from_iterable(sector.found_by for sector in sectors),
                self.domain,
                self.email,
            ),
            [self.phone_international or self.phone],
        )
        self.sort_name = sort_key(self.name)
        self.sort_city = city.sort_name if city else LAST
        self.tier_order = self.tier or 9

    def settle_sectors(self) -> None:
        """Let its sectors find it. Called after every way of writing them."""
        type(self).objects.filter(pk=self.pk).refresh_derived()

    def set_last_contact(self, on: date | None, is_met: bool) -> None:
        """Set the three columns of last contact on this instance, unsaved.

        `contact_order` grows as the contact grows old: minus the day's number for a date,
        0 for “met, date unknown”, 1 for “never”.
        """
        self.last_contact_on, self.is_met = on, is_met
        self.contact_order = -on.toordinal() if on else 0 if is_met else 1

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        refresh([self])
