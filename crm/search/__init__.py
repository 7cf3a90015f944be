"""Search in every script: what records are found by, and each database's own index behind it."""

from crm.search.indexes import search_index
from crm.search.marks import marked
from crm.search.queries import can_slip, matching, nearby, slipped
from crm.search.ranking import best, likest, ranked

__all__ = [
    "best",
    "can_slip",
    "likest",
    "marked",
    "matching",
    "nearby",
    "ranked",
    "search_index",
    "slipped",
]
