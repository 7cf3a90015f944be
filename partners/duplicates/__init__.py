"""Likely duplicates: what records share, how alike they are, and why."""

from partners.duplicates.finding import Likeness, likely, refresh
from partners.duplicates.scoring import LIKELY

__all__ = ["LIKELY", "Likeness", "likely", "refresh"]
