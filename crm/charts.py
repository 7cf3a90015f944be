"""Small charts: what they show, as geometry that templates draw in SVG and as words.

A bar is placed by percentages, so that a chart is as wide as its room while its type keeps its
size. Numbers of the geometry leave here as text: SVG reads no decimal comma.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from crm.maps import percent

Text = str | Promise
HEIGHT = 64.0


@dataclass(frozen=True)
class Bar:
    """A horizontal bar; the longest of its chart is as wide as the room."""

    label: Text
    value: int
    width: str
    url: str = ""


def bars(values: Iterable[tuple[Text, int]], most: int = 0) -> list[Bar]:
    """A bar for each value, in the order given; the zeros are left out."""
    rows = [(label, value) for label, value in values if value]
    most = most or max((value for _label, value in rows), default=1)
    return [Bar(label, value, percent(value / most)) for label, value in rows]


@dataclass(frozen=True)
class Segment:
    """A piece of a stacked bar; `tone` names its colour: done, late, open, dropped."""

    label: Text
    value: int
    tone: str
    x: str
    width: str


def stack(values: Iterable[tuple[Text, int, str]]) -> list[Segment]:
    """The pieces of one bar, each as wide as its share of the whole."""
    rows = [row for row in values if row[1]]
    whole = sum(value for _label, value, _tone in rows)
    segments, before = [], 0
    for label, value, tone in rows:
        start, share = percent(before / whole), percent(value / whole)
        segments.append(Segment(label, value, tone, start, share))
        before += value
    return segments


@dataclass(frozen=True)
class Column:
    """An upright bar; `mark` is written below it, where there is room for one."""

    label: Text
    value: int
    x: str
    width: str
    y: str
    height: str
    middle: str
    mark: str = ""
    url: str = ""


@dataclass
class Columns:
    """Upright bars side by side, the highest as high as the room; `height` is in pixels."""

    columns: list[Column] = field(default_factory=list)
    most: int = 0
    height: str = f"{HEIGHT:.0f}"

    @property
    def total(self) -> int:
        return sum(column.value for column in self.columns)


def columns(values: Iterable[tuple[Any, int, str, str]]) -> Columns:
    """A column for each label, value, mark and address, the zeros too."""
    rows = list(values)
    most = max((value for _label, value, _mark, _url in rows), default=0)
    step = 1 / max(len(rows), 1)
    made = []
    for place, (label, value, mark, url) in enumerate(rows):
        high = HEIGHT * value / most if most else 0.0
        made.append(
            Column(
                label,
                value,
                percent(step * (place + 0.12)),
                percent(step * 0.76),
                f"{HEIGHT - high:.1f}",
                f"{high:.1f}",
                percent(step * (place + 0.5)),
                mark,
                url,
            )
        )
    return Columns(made, most)
