"""Which meetings, in which order, and for whose eyes."""

from datetime import date
from typing import Any, Self

from django.db.models import F
from django.utils import timezone

from crm.models import SearchableQuerySet
from crm.search.queries import matching_with

NEWEST = ["age_order", "pk"]
READ_CONFIDENTIAL = "missions.read_confidential"


class MeetingQuerySet(SearchableQuerySet):
    def held(self) -> Self:
        return self.filter(status=self.model.Status.HELD)

    def planned(self) -> Self:
        return self.filter(status=self.model.Status.PLANNED)

    def upcoming(self, today: date | None = None) -> Self:
        """Planned from today on, soonest first; those without a date are left out."""
        return (
            self.planned()
            .filter(local_date__gte=today or timezone.localdate())
            .order_by("local_date", F("local_time").asc(nulls_last=True), "pk")
        )

    def readable_by(self, reader: Any) -> Self:
        """Without the confidential ones, where the reader may not know what was said."""
        return self if reader.has_perm(READ_CONFIDENTIAL) else self.filter(is_confidential=False)

    def newest_first(self) -> Self:
        """By date, unknown last."""
        return self.order_by(*NEWEST)

    def for_programme(self) -> Self:
        """In the order of a mission: by stop and position, so that no time is needed."""
        return self.order_by(F("stop__position").asc(nulls_last=True), "stop_id", "position", "pk")

    def found_by(self, typed: str, may_read: bool) -> Self:
        """Those matching; for those who may read confidential ones, them by their title too.

        One set of ids rather than an “or”, so that each half is read from its index.
        """
        if not may_read:
            return self.matching(typed)
        confidential = self.model.objects.filter(is_confidential=True).order_by()
        titled = matching_with(confidential, typed, "concealed_text")
        found = self.model.objects.order_by().matching(typed)
        return self.filter(pk__in=found.values("pk").union(titled.values("pk")))

    def for_derived(self) -> Self:
        return self.select_related("mission", "city", "stop__city").prefetch_related(
            "organisations__city", "people"
        )

    def for_list(self) -> Self:
        """With what a row of a list shows."""
        return self.select_related("mission", "city", "stop__city").prefetch_related(
            "organisations"
        )
