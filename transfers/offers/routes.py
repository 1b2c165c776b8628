"""Lines on the map from the sending hospital to where the patient could go. Pure: no Django."""

from collections.abc import Sequence
from dataclasses import dataclass

from regions.places.travel import Located

# The outlines of the regions are drawn in these units: straight in degrees, fitted to their corners.
X_PER_DEGREE, X_AT_ZERO = 211.526, -698.18
Y_PER_DEGREE, Y_AT_ZERO = -345.122, 18498.35
# A line bends by this part of its length, so that lines to one city stay apart.
BEND = 0.12
# Where a name may stand: its size as drawn, and how far from its point.
LETTER, LINE, GAP = 20, 40, 20
LEFT, RIGHT = -56, 840


@dataclass(frozen=True)
class Label:
    """A name on the map, and the box it fills; `is_at_end` when it ends at its point."""

    text: str
    x: int
    y: int
    is_at_end: bool

    @property
    def box(self) -> tuple[int, int, int, int]:
        width = LETTER * len(self.text)
        left = self.x - width if self.is_at_end else self.x
        return left, self.y - LINE, left + width, self.y

    def overlaps(self, other: "Label") -> bool:
        left, top, right, bottom = self.box
        a, b, c, d = other.box
        return left < c and a < right and top < d and b < bottom

    @property
    def is_inside(self) -> bool:
        left, _top, right, _bottom = self.box
        return left >= LEFT and right <= RIGHT


@dataclass(frozen=True)
class Point:
    """A place on the map; `label` is None where no name fits: the list beside it has them all."""

    x: int
    y: int
    label: Label | None
    is_chosen: bool = False


@dataclass(frozen=True)
class Route:
    """One line, and the place it leads to."""

    path: str
    to: Point


def on_map(place: Located) -> tuple[int, int]:
    """Where a place lies, in units of the map."""
    x = round(X_AT_ZERO + X_PER_DEGREE * place.longitude)
    return x, round(Y_AT_ZERO + Y_PER_DEGREE * place.latitude)


def routes(
    start: Located, name: str, destinations: Sequence[tuple[Located, str, bool]]
) -> tuple[Point, list[Route]]:
    """The sending place and a line to each destination (place, its name, whether it is chosen).

    Names are set down one by one, the chosen place first, where they cover no name before.
    """
    taken: list[Label] = []
    ends: dict[int, Point] = {}
    for index in sorted(range(len(destinations)), key=lambda index: not destinations[index][2]):
        place, text, is_chosen = destinations[index]
        x, y = on_map(place)
        ends[index] = Point(x, y, _set_down(text, x, y, taken), is_chosen)
    x, y = on_map(start)
    origin = Point(x, y, _set_down(name, x, y, taken))
    return origin, [_route(origin, ends[index]) for index in range(len(destinations))]


def _set_down(text: str, x: int, y: int, taken: list[Label]) -> Label | None:
    """The first of above and below, to the right and to the left, that is free."""
    for height in (y - GAP, y + GAP + LINE):
        for is_at_end in (False, True):
            label = Label(text, x, height, is_at_end)
            if label.is_inside and not any(label.overlaps(other) for other in taken):
                taken.append(label)
                return label
    return None


def _route(start: Point, end: Point) -> Route:
    """A bent line between two points."""
    dx, dy = end.x - start.x, end.y - start.y
    middle_x = round((start.x + end.x) / 2 + dy * BEND)
    middle_y = round((start.y + end.y) / 2 - dx * BEND)
    return Route(f"M{start.x} {start.y}Q{middle_x} {middle_y} {end.x} {end.y}", end)
