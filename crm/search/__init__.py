"""Search in every script: what records are found by, and each database's own index behind it."""

from crm.search.documents import Document, document, tokens
from crm.search.indexes import search_index

__all__ = ["Document", "document", "search_index", "tokens"]
