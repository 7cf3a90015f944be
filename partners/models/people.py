"""People: their names in every script, and how to reach them."""

from collections.abc import Collection
from datetime import date
from pathlib import PurePath
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Prefetch, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.models import ArchivableQuerySet, ArchivableRecord
from crm.portraits import PortraitField
from crm.text import LAST, international_phone, script_language, sort_key
from partners.duplicates import refresh
from partners.models.affiliations import Affiliation
from partners.models.organisations import ACTIVE


class PersonQuerySet(ArchivableQuerySet):
    def working_for(self, organisation_ids: Collection[int]) -> Self:
        """People with a current affiliation to one of these organisations."""
        current = Affiliation.objects.current().filter(organisation__in=organisation_ids)
        return self.filter(pk__in=current.values("person"))

    def with_primary(self, today: date | None = None) -> Self:
        """Joined with the primary current affiliation as `post`, one row a person.

        Not as `primary`: Django leaves the name unquoted, and SQL keeps that word for itself.
        """
        today = today or timezone.localdate()
        return self.annotate(
            post=FilteredRelation(
                "affiliations",
                condition=Q(affiliations__is_primary=True)
                & (Q(affiliations__until=None) | Q(affiliations__until__gte=today)),
            )
        )

    def for_list(self) -> Self:
        """With what a row of the contact list shows: the primary affiliation and its place."""
        return self.with_primary().select_related("post__organisation__city")

    def for_derived(self) -> Self:
        current = Affiliation.objects.current().select_related("organisation__city")
        return self.prefetch_related(
            Prefetch("affiliations", queryset=current, to_attr="current_affiliations")
        )

    def unsettled(self, today: date | None = None) -> Self:
        """Those whose primary affiliation has ended, or who have none among current ones."""
        today = today or timezone.localdate()
        mine = Affiliation.objects.filter(person=OuterRef("pk"))
        current = mine.current(today)
        return self.filter(
            Exists(mine.filter(is_primary=True, until__lt=today))
            | (Exists(current) & ~Exists(current.filter(is_primary=True)))
        )

    def contactable(self) -> Self:
        """Without those who asked not to be contacted."""
        return self.exclude(contact_preference=Person.ContactPreference.NONE)


class Person(ArchivableRecord):
    """Somebody we know, with their names in every script."""

    class NameOrder(models.TextChoices):
        GIVEN_FIRST = "given", _("Given name first")
        FAMILY_FIRST = "family", _("Family name first")

    class ContactPreference(models.TextChoices):
        ANY = "any", _("Any way")
        EMAIL = "email", _("By e-mail")
        PHONE = "phone", _("By phone")
        NONE = "none", _("Not to be contacted")

    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    native_name = models.CharField(
        _("native name"), max_length=100, blank=True, help_text=_("In its own script: 田辺 遥.")
    )
    native_reading = models.CharField(
        _("reading"), max_length=100, blank=True, help_text=_("How it is read: たなべ はるか.")
    )
    name_order = models.CharField(
        _("name order"), max_length=10, choices=NameOrder, default=NameOrder.GIVEN_FIRST
    )
    form_of_address = models.CharField(
        _("form of address"), max_length=50, blank=True, help_text=_("Dr, Prof., 様 …")
    )
    photo = PortraitField(
        _("photograph"), help_text=_("A portrait: JPEG, PNG or WebP, up to 10 MB.")
    )
    languages = models.CharField(
        _("languages"), max_length=100, blank=True, help_text=_("As codes: ja, en, it.")
    )

    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    mobile = models.CharField(_("mobile"), max_length=50, blank=True)
    contact_preference = models.CharField(
        _("contact preference"),
        max_length=10,
        choices=ContactPreference,
        default=ContactPreference.ANY,
    )
    source = models.CharField(
        _("where from"),
        max_length=200,
        blank=True,
        help_text=_("Where we have them from: a business card, a mission, a web page."),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="person",
        verbose_name=_("account"),
        null=True,
        blank=True,
        help_text=_("For our own staff: the account they sign in with."),
    )
    notes = models.TextField(_("notes"), blank=True)

    NAMED_BY = ("given_name", "family_name", "native_name", "native_reading")
    FOUND_THROUGH = ("affiliations__organisation", "affiliations__organisation__city")

    # Derived and stored: written by refresh_derived().
    DERIVED = (
        *ArchivableRecord.FOUND_BY,
        "phone_international",
        "mobile_international",
        "sort_name",
        "sort_organisation",
    )
    phone_international = models.CharField(max_length=50, blank=True, editable=False)
    mobile_international = models.CharField(max_length=50, blank=True, editable=False)
    sort_name = models.CharField(max_length=200, blank=True, editable=False)
    sort_organisation = models.CharField(max_length=200, blank=True, editable=False)

    # Their primary current affiliation, where with_primary() joined one.
    post: Affiliation | None = None

    objects = PersonQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=DERIVED)

    class Meta(ArchivableRecord.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name", "pk"]
        permissions = [
            ("archive_person", _("Can archive and restore people")),
            ("export_person", _("Can export people")),
            ("merge_person", _("Can merge people")),
            ("import_person", _("Can import people")),
        ]
        constraints = [
            *ArchivableRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(given_name="", family_name="", native_name=""),
                name="person_named",
                violation_error_message=_("A person needs a name."),
            ),
        ]
        indexes = [
            # The contact list's sorts.
            models.Index(fields=["sort_name", "id"], name="person_by_name", condition=ACTIVE),
            models.Index(
                fields=["sort_organisation", "sort_name", "id"],
                name="person_by_organisation",
                condition=ACTIVE,
            ),
            # What the rows of files find their person by.
            models.Index(Lower("email"), name="person_by_email", condition=ACTIVE),
            models.Index(fields=["native_name"], name="person_by_native_name", condition=ACTIVE),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partners:person-detail", args=[self.pk])

    @property
    def name(self) -> str:
        """The name in Latin letters as the person writes it, else the native one."""
        parts = [self.given_name, self.family_name]
        if self.name_order == self.NameOrder.FAMILY_FIRST:
            parts.reverse()
        return " ".join(filter(None, parts)) or self.native_name

    @property
    def names(self) -> tuple[str, ...]:
        """What they are called in either order and any script, the empty ones too."""
        given, family = self.given_name, self.family_name
        return f"{given} {family}", f"{family} {given}", self.native_name, self.native_reading

    @property
    def native_language(self) -> str:
        """The language tag of the native name, for `lang`."""
        return script_language(self.native_name)

    @property
    def photo_url(self) -> str:
        """Where their portrait is seen; another one has another address. Empty without one."""
        if not self.photo:
            return ""
        page = reverse("partners:person-photo", args=[self.pk])
        return f"{page}?{PurePath(str(self.photo.name)).stem}"

    @property
    def initials(self) -> str:
        """Two letters that stand for them."""
        letters = "".join(part[0] for part in (self.given_name, self.family_name) if part)
        return (letters or self.native_name[:2]).upper()

    @property
    def may_be_contacted(self) -> bool:
        return self.contact_preference != self.ContactPreference.NONE

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        refresh([self])

    def primary_affiliation(self) -> Affiliation | None:
        """The primary affiliation where it is current."""
        return self.affiliations.current().filter(is_primary=True).first()

    def settle_affiliations(self) -> None:
        """Let one current affiliation be primary, and bring the derived columns up to date.

        Called after every way of writing affiliations.
        """
        vars(self).pop("current_affiliations", None)
        current = self.affiliations.current()
        if not current.filter(is_primary=True).exists():
            for stale in self.affiliations.filter(is_primary=True):
                stale.is_primary = False
                stale.save()
            if (
                heir := current.order_by(F("since").desc(nulls_last=True), "-pk").first()
            ) is not None:
                heir.is_primary = True
                heir.save()
        self.refresh_derived()
        type(self).objects.filter(pk=self.pk).update(
            **{column: getattr(self, column) for column in self.DERIVED}
        )
        refresh([self])

    def refresh_derived(self) -> None:
        """Bring what is derived and stored up to date on this instance, unsaved."""
        current = getattr(self, "current_affiliations", None)
        if current is None:
            current = (
                list(
                    Affiliation.objects.current()
                    .filter(person=self)
                    .select_related("organisation__city")
                )
                if self.pk
                else []
            )
        primary = next((row.organisation for row in current if row.is_primary), None)
        country = primary.country_code if primary else ""
        self.phone_international = international_phone(self.phone, country)
        self.mobile_international = international_phone(self.mobile, country)
        self.index(
            self.names,
            (self.email, *(name for row in current for name in row.organisation.found_by)),
            (
                self.phone_international or self.phone,
                self.mobile_international or self.mobile,
            ),
        )
        self.sort_name = sort_key(self.family_name, self.given_name) or sort_key(self.native_name)
        self.sort_organisation = primary.sort_name if primary else LAST
