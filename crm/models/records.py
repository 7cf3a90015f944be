"""The bases of every record."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.users import User
from crm.search.documents import document
from crm.search.queries import matching


class RecordQuerySet(models.QuerySet[Any]):
    """What every list of records can do."""

    def for_derived(self) -> Self:
        """With what `refresh_derived()` reads, so that many rows cost few queries."""
        return self

    def batches(self, size: int = 1000) -> Iterator[list[Any]]:
        """All of them in lists of so many; what was read may be saved before the next list."""
        rows, last = self.order_by("pk"), 0
        while batch := list(rows.filter(pk__gt=last)[:size]):
            yield batch
            last = batch[-1].pk

    def stale(self) -> Iterator[list[tuple[Any, list[str]]]]:
        """Batches of the records whose derived columns are out of date, and those columns.

        The records come mended in memory and unsaved; one batch at a time is in memory.
        """
        for batch in self.for_derived().batches():
            found = []
            for record in batch:
                before = {column: getattr(record, column) for column in record.DERIVED}
                record.refresh_derived()
                if drifted := [c for c, value in before.items() if getattr(record, c) != value]:
                    found.append((record, drifted))
            if found:
                yield found

    def refresh_derived(self) -> int:
        """Bring the derived columns of all of them up to date; how many were not.

        No version grows and no history is written: nobody edited anything.
        """
        count = 0
        for found in self.stale():
            columns = sorted({column for _record, drifted in found for column in drifted})
            self.model.objects.bulk_update([record for record, _drifted in found], columns)
            count += len(found)
        return count


class Record(models.Model):
    """A noun of the domain: a stable key for files, and a version for forms.

    `version` grows by one each time the record, or a part of it on the same form, is saved;
    a form carries the version it was opened with.
    """

    # Columns stored for lists and search: `refresh_derived()` writes them and nothing else does.
    DERIVED: ClassVar[tuple[str, ...]] = ()

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refresh_derived()
        changed: set[str] = set(self.DERIVED)
        if not self._state.adding:
            self.version += 1
            changed |= {"version", "updated_at"}
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, *changed}
        super().save(*args, **kwargs)

    def refresh_derived(self) -> None:
        """Bring what is derived and stored up to date on this instance, unsaved."""


class SearchableQuerySet(RecordQuerySet):
    def matching(self, typed: str) -> Self:
        """Those that have everything typed; see `crm.search.matching`."""
        return matching(self, typed)

    def refresh_dependents(self) -> None:
        """Bring up to date what is found by the names of these records, in every model.

        Called where their names were written other than by save().
        """
        for model in apps.get_models():
            for path in getattr(model, "FOUND_THROUGH", ()):
                if _end(model, path) is self.model:
                    through = model._default_manager.filter(**{f"{path}__in": self.values("pk")})
                    found = model._default_manager.filter(pk__in=through.values("pk"))
                    found.refresh_derived()  # type: ignore[attr-defined]


def _end(model: Any, path: str) -> Any:
    """The model that a path of relations leads to."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model


def _has_read(row: Any, path: str) -> bool:
    """Whether a path of foreign keys can be followed without a query."""
    for name in path.split("__"):
        if not row._meta.get_field(name).is_cached(row):
            return getattr(row, row._meta.get_field(name).attname) is None
        if (row := getattr(row, name)) is None:
            return True
    return True


class SearchableRecord(Record):
    """A record that is found by what somebody types."""

    # The columns that other records are found by, and the relations that lead to such records.
    NAMED_BY: ClassVar[tuple[str, ...]] = ()
    FOUND_THROUGH: ClassVar[tuple[str, ...]] = ()
    # What an import is about to link it with, by the relation's name.
    linked_ahead: Mapping[str, list[Any]] = MappingProxyType({})

    # Derived and stored: written by refresh_derived(), and left out of the history.
    FOUND_BY: ClassVar[tuple[str, ...]] = ("search_text", "search_tokens")
    search_text = models.TextField(blank=True, editable=False)
    search_tokens = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        before = None if self._state.adding else self._stored_names()
        super().save(*args, **kwargs)
        if before and before != self._stored_names():
            self.refresh_dependents()

    def index(
        self, names: Iterable[str], beside: Iterable[str] = (), phones: Iterable[str] = ()
    ) -> None:
        """Set what the record is found by on this instance, unsaved. See `document()`."""
        self.search_text, self.search_tokens = document(names, beside, phones)

    def one_around(self, name: str, *joined: str) -> Any:
        """What a foreign key points at: as it was read already, else by one query of its own."""
        field: Any = self._meta.get_field(name)
        if field.is_cached(self):
            return getattr(self, name)
        pk = getattr(self, field.attname)
        if pk is None:
            return None
        rows = field.related_model._base_manager.select_related(*joined)
        return rows.filter(pk=pk).first()

    def all_around(self, name: str, *joined: str) -> list[Any]:
        """What a relation leads to, with the foreign keys `joined`: in one query, or none.

        None where all of it was read ahead; a record that was read among others costs no more
        than one that was read alone.
        """
        read = getattr(self, "_prefetched_objects_cache", {})
        ahead = self.linked_ahead.get(name, read.get(name))
        if ahead is not None and all(_has_read(row, path) for row in ahead for path in joined):
            return list(ahead)
        if self.pk is None:
            return []
        relation: Any = self._meta.get_field(name)
        back = relation.related_query_name() if relation.concrete else relation.field.name
        rows = relation.related_model._base_manager.select_related(*joined)
        return list(rows.filter(**{back: self}))

    def refresh_dependents(self) -> None:
        """Bring what depends on its names up to date, once they have changed."""
        records: Any = type(self)._default_manager.filter(pk=self.pk)
        records.refresh_dependents()

    def _stored_names(self) -> tuple[Any, ...] | None:
        """What others are found by, as the database has it."""
        if not self.NAMED_BY:
            return None
        names = type(self)._default_manager.filter(pk=self.pk)
        return names.values_list(*self.NAMED_BY).first()


class ArchivableQuerySet(SearchableQuerySet):
    def active(self) -> Self:
        """In use: in lists, counts, autocomplete and exports."""
        return self.filter(archived_at=None)

    def for_traits(self) -> Self:
        """With what tells likely duplicates; many rows cost few queries."""
        return self.for_derived()

    def archived(self) -> Self:
        """Put away, with their history; but for those that became another one."""
        return self.exclude(archived_at=None).filter(merged_into=None)

    def standing(self) -> Self:
        """In use or archived: all but those that became another one, which nobody looks for."""
        return self.filter(merged_into=None)

    def became(self, ids: Iterable[Any]) -> dict[Any, Any]:
        """Of the records with these ids those that were merged, each with the one it became."""
        merged = self.filter(pk__in=list(ids)).exclude(merged_into=None)
        return dict(merged.values_list("pk", "merged_into_id"))


class ArchivableRecord(SearchableRecord):
    """A record that is put away rather than deleted: when, by whom and why."""

    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("archived by"),
        null=True,
        blank=True,
        editable=False,
    )
    archived_why = models.CharField(_("why archived"), max_length=300, blank=True, editable=False)
    # Its address leads there; it is archived, and points at the survivor of every later merge.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="merged",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None)
                | (Q(archived_at__isnull=False) & ~Q(merged_into=models.F("id"))),
                name="%(class)s_merged_away",
                violation_error_message=_("A record that was merged into another is archived."),
            ),
            models.CheckConstraint(
                condition=Q(archived_at__isnull=False) | Q(archived_by=None, archived_why=""),
                name="%(class)s_archived_whole",
                violation_error_message=_("Who archived it and why go with when."),
            ),
        ]

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    def archive(self, by: User | None, why: str = "") -> None:
        """Put the record away; it keeps its page, its history and its name in past meetings."""
        self.archived_at, self.archived_by, self.archived_why = timezone.now(), by, why
        self.save()

    def restore(self) -> None:
        """Bring it back into lists."""
        self.archived_at = self.archived_by = None
        self.archived_why = ""
        self.save()
