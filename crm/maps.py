"""Where things stand on the outlines of the world, `static/img/world.svg`.

The outlines are equirectangular, 1000 units for the 360 degrees of longitude. A picture keeps its
proportions at every size and its parts are placed by percentages, so that circles and words are
as large on a phone as on a desk. Numbers leave here as text: a template would write “12,5” for
a reader in Italian, and SVG reads no such thing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt

from django.utils.functional import Promise
from django_countries import countries

WORLD_WIDTH, WORLD_HEIGHT = 1000.0, 500.0
# The shapes of pictures, by the class that keeps their proportions.
RATIOS = {"wide": 2.3, "tall": 1.6}
# Closer than this, in units, the outlines are too coarse to tell anything.
CLOSEST = 90.0
LARGEST, SMALLEST = 22.0, 4.0
# The widths, in pixels, at which labels must keep clear of each other: a desk, a phone.
DESK, PHONE = 640.0, 340.0
LETTER, LINE = 7.0, 16.0
# Where a name stands beside its circle, the first that has room.
SIDES = ("right", "left", "above", "below")

Point = tuple[float, float]


def project(latitude: float, longitude: float) -> Point:
    """Where degrees lie, in the units of the outlines."""
    return ((longitude + 180) / 0.36, (90 - latitude) / 0.36)


def percent(share: float) -> str:
    return f"{100 * share:.2f}%"


def outline_id(country: str) -> str:
    """The id of a country's outline; small ones have none."""
    return {"XK": "XKX"}.get(country) or countries.alpha3(country)


@dataclass(frozen=True)
class View:
    """A part of the world, in its units; `shape` names its proportions.

    Unless it is told otherwise, all of it but the far south.
    """

    x: float = 0.0
    y: float = 8.0
    width: float = WORLD_WIDTH
    height: float = WORLD_WIDTH / RATIOS["wide"]
    shape: str = "wide"

    @property
    def box(self) -> str:
        """What `viewBox` takes."""
        return f"{self.x:.2f} {self.y:.2f} {self.width:.2f} {self.height:.2f}"

    @property
    def worlds(self) -> list[str]:
        """How far the outlines are shifted each time they are drawn: twice over the date line."""
        shifts = [0.0]
        if self.x < 0:
            shifts.append(-WORLD_WIDTH)
        if self.x + self.width > WORLD_WIDTH:
            shifts.append(WORLD_WIDTH)
        return [f"{shift:.0f}" for shift in shifts]

    def shares(self, point: Point) -> Point:
        """How far a point is from the left and from the top, 0 to 1."""
        return ((point[0] - self.x) / self.width, (point[1] - self.y) / self.height)


def fitted(points: Sequence[Point], *, closest: float = CLOSEST, is_bound: bool = True) -> View:
    """The part of the world that shows these points, with room around them.

    `is_bound` keeps it within the world; otherwise it may reach over the date line.
    """
    if not points:
        return View()
    ratio = RATIOS["tall"]
    left, right = min(x for x, _y in points), max(x for x, _y in points)
    top, bottom = min(y for _x, y in points), max(y for _x, y in points)
    width = max((right - left) * 1.3, (bottom - top) * 1.3 * ratio, closest)
    if is_bound and (width >= WORLD_WIDTH or width / ratio > WORLD_HEIGHT):
        return View()
    height = width / ratio
    x, y = (left + right - width) / 2, (top + bottom - height) / 2
    if is_bound:
        x = min(max(x, 0.0), WORLD_WIDTH - width)
    if height <= WORLD_HEIGHT:
        y = min(max(y, 0.0), WORLD_HEIGHT - height)
    return View(x, y, width, height, "tall")


@dataclass
class Circle:
    """A city with so many of something, and the address that it leads to."""

    label: str | Promise
    count: int
    url: str
    point: Point
    number: str = ""
    x: str = ""
    y: str = ""
    radius: float = SMALLEST
    # Where its name stands, and whether it has room on a desk, and on a phone as well.
    side: str = "right"
    is_labelled: bool = False
    is_labelled_small: bool = False

    @property
    def r(self) -> str:
        return f"{self.radius:.1f}"

    @property
    def anchor(self) -> str:
        """What `text-anchor` takes."""
        return {"right": "start", "left": "end"}.get(self.side, "middle")

    @property
    def dx(self) -> str:
        gap = self.radius + 4
        shift = {"right": gap, "left": -gap}.get(self.side, 0.0)
        return f"{shift:.1f}"

    @property
    def dy(self) -> str:
        gap = self.radius + LINE / 2 + 1
        shift = {"above": -gap, "below": gap}.get(self.side, 0.0)
        return f"{4 + shift:.1f}"


Box = tuple[float, float, float, float]


def placed(circles: Iterable[Circle], view: View) -> list[Circle]:
    """The circles in the picture, the largest first so that small ones lie on top of them.

    Their areas stand for the counts; those with room for their name have it.
    """
    ordered = sorted(circles, key=lambda circle: (-circle.count, str(circle.label)))
    most = max((circle.count for circle in ordered), default=1)
    for circle in ordered:
        across, down = view.shares(circle.point)
        circle.x, circle.y = percent(across), percent(down)
        circle.radius = max(SMALLEST, LARGEST * sqrt(circle.count / most))
    _label(ordered, view, DESK)
    _label(ordered, view, PHONE)
    return ordered


def _label(ordered: list[Circle], view: View, width: float) -> None:
    """Name those whose name touches no other name and no other circle, on a picture so wide."""
    discs = {id(circle): _disc(circle, view, width) for circle in ordered}
    taken: list[Box] = []
    for circle in ordered:
        others = [*taken, *(box for key, box in discs.items() if key != id(circle))]
        for side in SIDES if width == DESK else [circle.side] * circle.is_labelled:
            words = _words(circle, side, view, width)
            fits = words[0] >= 0 and words[2] <= width
            if fits and not any(_touch(words, box) for box in others):
                taken.append(words)
                circle.side, circle.is_labelled = side, True
                circle.is_labelled_small = width == PHONE
                break


def _centre(circle: Circle, view: View, width: float) -> Point:
    across, down = view.shares(circle.point)
    return across * width, down * width / RATIOS[view.shape]


def _disc(circle: Circle, view: View, width: float) -> Box:
    x, y = _centre(circle, view, width)
    # A circle's box is a little larger than what is seen of it.
    r = circle.radius * 0.85
    return (x - r, y - r, x + r, y + r)


def _words(circle: Circle, side: str, view: View, width: float) -> Box:
    x, y = _centre(circle, view, width)
    long, gap = LETTER * len(str(circle.label)), circle.radius + 4
    start = {"right": x + gap, "left": x - gap - long}.get(side, x - long / 2)
    y += {"above": -gap - LINE / 2, "below": gap + LINE / 2}.get(side, 0)
    return (start, y - LINE / 2, start + long, y + LINE / 2)


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


# Journeys


@dataclass
class Halt:
    """A place of a journey, once however often it is come to: its numbers in order."""

    label: str
    point: Point
    numbers: list[int] = field(default_factory=list)
    x: str = ""
    y: str = ""
    anchor: str = "start"

    @property
    def is_home(self) -> bool:
        return not self.numbers

    @property
    def number(self) -> str:
        return ", ".join(map(str, self.numbers))

    @property
    def radius(self) -> int:
        return 4 if self.is_home else 10 if len(self.numbers) == 1 else 13

    @property
    def dx(self) -> str:
        gap = 0 if self.is_home else self.radius + 5
        return str(-gap if self.anchor == "end" else gap)

    @property
    def dy(self) -> str:
        """Home says its name above, so that the way does not strike it through."""
        return "-11" if self.is_home else "4"


@dataclass(frozen=True)
class Leg:
    """A straight piece of the way, by percentages."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass
class Journey:
    """A journey as a picture; one that only `shows_way` leaves the numbers to another."""

    view: View
    halts: list[Halt]
    legs: list[Leg]
    shows_way: bool = False


def unrolled(points: Sequence[Point]) -> list[Point]:
    """The points of a way, each taken round the side of the world that is nearer."""
    way: list[Point] = []
    for x, y in points:
        shift = round((way[-1][0] - x) / WORLD_WIDTH) * WORLD_WIDTH if way else 0.0
        way.append((x + shift, y))
    return way


def journey(way: Sequence[tuple[str, Point, int | None]]) -> Journey | None:
    """Places with their number, in order, as halts and the legs between; home has no number."""
    if not way:
        return None
    points = unrolled([point for _label, point, _number in way])
    halts: dict[str, Halt] = {}
    for (label, _point, number), point in zip(way, points, strict=True):
        halt = halts.setdefault(f"{label} {point}", Halt(label, point))
        if number:
            halt.numbers.append(number)
    view = fitted(points, is_bound=False)
    for halt in halts.values():
        across, down = view.shares(halt.point)
        halt.x, halt.y = percent(across), percent(down)
        halt.anchor = "end" if across > 0.65 else "start"
    _keep_words_apart(list(halts.values()), view)
    ends = [(percent(a), percent(d)) for a, d in map(view.shares, points)]
    legs = [Leg(*one, *other) for one, other in pairwise(ends) if one != other]
    return Journey(view, list(halts.values()), list(dict.fromkeys(legs)))


def _keep_words_apart(halts: list[Halt], view: View) -> None:
    """Of two places side by side, the one to the west says its name to the west."""
    for one in halts:
        for other in halts:
            dx, dy = (a - b for a, b in zip(other.point, one.point, strict=True))
            if 0 < dx < view.width * 0.4 and abs(dy) < view.height * 0.12:
                one.anchor, other.anchor = "end", "start"
    for halt in halts:
        halt.anchor = "middle" if halt.is_home else halt.anchor
