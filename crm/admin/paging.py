"""Lists of the admin: as quick over a million rows as over ten."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts up to MOST rows and stops there; beyond that the list is to be narrowed."""

    @cached_property
    def count(self) -> int:
        return min(self.counted, MOST)

    @cached_property
    def counted(self) -> int:
        """The number of rows, or one more than MOST."""
        rows: Any = self.object_list
        if not hasattr(rows, "order_by"):
            return len(rows)
        return int(rows.order_by()[: MOST + 1].count())

    @property
    def is_bounded(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.counted > MOST
