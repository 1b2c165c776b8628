"""Lines on the map from the sending hospital to where the patient could go. Pure: no Django."""

from collections.abc import Sequence
from dataclasses import dataclass

from regions.places.travel import Located

# The outlines of the regions are drawn in these units: straight in degrees, fitted to their corners.
X_PER_DEGREE, X_AT_ZERO = 211.526, -698.18
Y_PER_DEGREE, Y_AT_ZERO = -345.122, 18498.35
# A line bends by this part of its length, so that lines to one city stay apart.
BEND = 0.12
RIGHT_HALF = 480
ABOVE, BELOW = -22, 48


@dataclass(frozen=True)
class Point:
    """A place on the map, with its name and where the name stands."""

    x: int
    y: int
    label: str
    label_y: int
    is_at_end: bool
    is_chosen: bool = False


@dataclass(frozen=True)
class Route:
    """One line, and the place it leads to."""

    path: str
    to: Point


def point(place: Located, label: str, *, is_below: bool = False, is_chosen: bool = False) -> Point:
    """Where a place stands on the map, in its units."""
    x = round(X_AT_ZERO + X_PER_DEGREE * place.longitude)
    y = round(Y_AT_ZERO + Y_PER_DEGREE * place.latitude)
    return Point(x, y, label, y + (BELOW if is_below else ABOVE), x > RIGHT_HALF, is_chosen)


def route(start: Point, end: Point) -> Route:
    """A bent line between two points."""
    dx, dy = end.x - start.x, end.y - start.y
    middle_x = round((start.x + end.x) / 2 + dy * BEND)
    middle_y = round((start.y + end.y) / 2 - dx * BEND)
    return Route(f"M{start.x} {start.y}Q{middle_x} {middle_y} {end.x} {end.y}", end)


def routes(
    start: Located, destinations: Sequence[tuple[Located, str, bool]], name: str
) -> tuple[Point, list[Route]]:
    """The sending place and a line to each destination (place, label, whether it is chosen)."""
    origin = point(start, name, is_below=True)
    ends = [point(place, label, is_chosen=chosen) for place, label, chosen in destinations]
    return origin, [route(origin, end) for end in ends]
