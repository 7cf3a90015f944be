"""The rows of a list that have what is typed, or where none has it, those that nearly do."""

from functools import cached_property
from typing import Any

import django_filters

from crm.search import can_slip, slipped


class SearchedFilter(django_filters.FilterSet):
    """Which rows a list is about before any facet: searched, ticked, archived or not."""

    def part(self, name: str) -> Any:
        """What the form made of a part of the address; nothing where it made no sense."""
        self.form.is_valid()
        return self.form.cleaned_data.get(name)

    @property
    def search(self) -> str:
        return self.part("q") or ""

    @property
    def picked(self) -> list[int]:
        """The rows that were ticked; where there are none, nothing was."""
        return self.part("ids") or []

    @property
    def wants_archived(self) -> bool:
        return bool(self.part("archived"))

    def base(self, queryset: Any) -> Any:
        """The rows before any facet: searched, and without the archived unless asked for."""
        queryset = self.standing(queryset)
        if self.picked:
            queryset = queryset.filter(pk__in=self.picked)
        return self.searched(queryset) if self.search else queryset

    def standing(self, queryset: Any) -> Any:
        """The rows that could be found: without the archived unless asked for."""
        if hasattr(queryset, "active"):
            return queryset.standing() if self.wants_archived else queryset.active()
        return queryset

    def searched(self, queryset: Any) -> Any:
        """The rows that have what is typed, or all but have it where nothing does."""
        return slipped(queryset, self.search) if self.is_similar else self.matched(queryset)

    def matched(self, queryset: Any) -> Any:
        """The rows that have what is typed."""
        return queryset.matching(self.search)

    @cached_property
    def is_similar(self) -> bool:
        """Whether nothing has what is typed, whatever else narrows the list; one query."""
        if not can_slip(self.search):
            return False
        rows = self.standing(self.queryset.model._default_manager.order_by())
        return not self.matched(rows).exists()
