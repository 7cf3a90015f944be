"""Lists as somebody wants to find them again."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def seen_by(self, user: Any) -> Self:
        """The user's own, and those shared with a role of theirs (a superuser: with any)."""
        shared = (
            Q(shared_with__isnull=False)
            if user.is_superuser
            else Q(shared_with__in=user.groups.all())
        )
        return self.filter(Q(owner=user) | shared)


class SavedView(models.Model):
    """A list with its filters, order and columns, under a name.

    `page` is the URL name of a list (“partners:person-list”), `query` its address after the “?”,
    `columns` the names of an export's columns in their order; empty: all of them.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_views",
        verbose_name=_("owner"),
    )
    name = models.CharField(_("name"), max_length=80)
    page = models.CharField(_("list"), max_length=100)
    query = models.TextField(_("filters and order"), blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    shared_with = models.ForeignKey(
        Group,
        on_delete=models.SET_NULL,
        related_name="saved_views",
        verbose_name=_("shared with"),
        null=True,
        blank=True,
        help_text=_("Empty: only you see it."),
    )
    pinned_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="pinned_views",
        verbose_name=_("pinned by"),
        blank=True,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"],
                name="saved_view_named_once",
                violation_error_message=_("You have a view of this list with this name."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="saved_view_named",
                violation_error_message=_("A view needs a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("view-detail", args=[self.pk])

    def may_be_changed_by(self, user: Any) -> bool:
        """By its owner; and by an Administrator, for what those who left have shared."""
        return bool(
            self.owner_id == user.pk or (user.is_superuser and self.shared_with_id is not None)
        )

    def address_of(self, url_name: str) -> str:
        """The page of that name as the view has it, and that it is this view's."""
        own = f"view={self.pk}" if self.pk else ""
        return f"{reverse(url_name)}?{'&'.join(filter(None, (self.query, own)))}"
