"""How likely two records are one: points for what agrees and what does not, with the reasons.

Points add up to the logarithm of the odds: 0 points is a score of one half, the least shown.
"""

import math
from dataclasses import dataclass, field
from typing import Any

LIKELY = 0.5


@dataclass(slots=True)
class Score:
    """The points so far, and why, the strongest reason first."""

    points: float
    reasons: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    def add(self, points: float, code: str = "", **values: Any) -> None:
        """Count points; a code makes them a reason to show."""
        self.points += points
        if code:
            self.reasons.append((points, {"code": code, **values}))

    @property
    def value(self) -> float:
        """From 0 to 1."""
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, self.points)))), 4)

    def told(self) -> list[dict[str, Any]]:
        """The reasons as they are stored."""
        ordered = sorted(self.reasons, key=lambda reason: -reason[0])
        return [reason for _points, reason in ordered]


def between(value: float, steps: tuple[tuple[float, float], ...]) -> float:
    """Points for a likeness, on the line between the steps on either side of it."""
    low, points = steps[0]
    for high, more in steps[1:]:
        if value <= high:
            return points + (more - points) * max(0.0, value - low) / (high - low)
        low, points = high, more
    return points
