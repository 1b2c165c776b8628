"""How far, and how long: the one place that turns two points on the map into minutes of driving.

Pure. There is no road network behind it. A straight line, lengthened and driven at a steady speed, is
within what a planner needs to rank hospitals; it is not good enough to promise a time of arrival
to the minute.
"""

import math
from typing import Protocol

EARTH_RADIUS_KM = 6371.0088
DETOUR = 1.3
SPEED_KM_PER_HOUR = 60
HANDLING_MINUTES = 10


class Located(Protocol):
    """Anything with a place in WGS 84 degrees: a site, an ambulance service, a region's label."""

    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...


def distance_km(origin: Located, destination: Located) -> float:
    """Length of the straight line between two places.

    Parameters
    ----------
    origin, destination : Located
        Places in degrees north and degrees east (WGS 84).

    Returns
    -------
    float
        Kilometres along the great circle (haversine, mean earth radius 6371.0088 km), at least 0.
        The flattening of the earth is left out: an error of at most 0.5 %.
    """
    north, south = math.radians(origin.latitude), math.radians(destination.latitude)
    half_height = (south - north) / 2
    half_width = math.radians(destination.longitude - origin.longitude) / 2
    chord = (
        math.sin(half_height) ** 2 + math.cos(north) * math.cos(south) * math.sin(half_width) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def minutes(origin: Located, destination: Located) -> int:
    """Time to drive from one place to another.

    Straight line x 1.3 (roads are longer than lines) at 60 km/h, plus 10 minutes at the two doors.

    Parameters
    ----------
    origin, destination : Located
        Places in degrees north and degrees east (WGS 84).

    Returns
    -------
    int
        Whole minutes, rounded up, so a plan is never a minute too optimistic; 10 for two places at
        one address. The same in both directions. Loading, cleaning and the slower pace of an
        intensive care truck are not in it.
    """
    driving = distance_km(origin, destination) * DETOUR / SPEED_KM_PER_HOUR * 60
    # The rounding to a thousandth keeps the last bit of a float from adding a minute.
    return math.ceil(round(driving + HANDLING_MINUTES, 3))
