"""Distances and driving times, against sums done by hand."""

from dataclasses import dataclass

import pytest

from regions.places import travel


@dataclass(frozen=True)
class Place:
    latitude: float
    longitude: float


UTRECHT = Place(52.0, 5.0)


def test_one_degree_north_is_a_360th_of_a_meridian() -> None:
    # 2 x pi x 6371.0088 km / 360 = 111.195 km
    assert travel.distance_km(UTRECHT, Place(53.0, 5.0)) == pytest.approx(111.195, abs=0.001)


def test_one_degree_east_shrinks_with_the_cosine_of_the_latitude() -> None:
    # 111.195 km x cos 52 degrees = 68.459 km, less a hair because the great circle bends north of
    # the parallel
    assert travel.distance_km(UTRECHT, Place(52.0, 6.0)) == pytest.approx(68.459, abs=0.005)


@pytest.mark.parametrize(
    ("degrees_north", "expected"),
    [
        # 111.195 km x 1.3 = 144.55 km at 60 km/h = 144.55 min, + 10 = 154.55, up to 155
        (1.0, 155),
        # 11.1195 km x 1.3 = 14.455 min, + 10 = 24.455, up to 25
        (0.1, 25),
        # 2.7799 km x 1.3 = 3.614 min, + 10 = 13.614, up to 14
        (0.025, 14),
        (0.0, 10),
    ],
)
def test_minutes_are_line_times_1_3_at_60_plus_10_rounded_up(
    degrees_north: float, expected: int
) -> None:
    assert travel.minutes(UTRECHT, Place(52.0 + degrees_north, 5.0)) == expected


def test_float_noise_does_not_add_a_minute() -> None:
    # A line of exactly 10 / 1.3 km takes 10 + 10 = 20 minutes, whatever the last bit of the float
    # says.
    degrees = 10 / 1.3 / 111.19508023353291

    assert travel.minutes(Place(0.0, 0.0), Place(degrees, 0.0)) == 20


def test_both_directions_take_as_long() -> None:
    groningen, rotterdam = Place(53.19166, 6.55176), Place(51.8801, 4.5318)

    assert travel.minutes(groningen, rotterdam) == travel.minutes(rotterdam, groningen)
    assert 260 <= travel.minutes(groningen, rotterdam) <= 280


def test_opposite_ends_of_the_earth_are_half_its_circumference_apart() -> None:
    assert travel.distance_km(Place(0.0, 0.0), Place(0.0, 180.0)) == pytest.approx(20015.1, abs=0.1)
