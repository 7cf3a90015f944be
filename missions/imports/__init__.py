"""Files of meetings."""

from missions.imports.meetings import MEETINGS

__all__ = ["MEETINGS"]
