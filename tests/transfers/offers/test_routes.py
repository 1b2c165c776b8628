"""Lines on the map: places where they lie, and names that do not cover each other."""

from dataclasses import dataclass
from itertools import combinations

import pytest

from transfers.offers import routes


@dataclass(frozen=True)
class Place:
    latitude: float
    longitude: float


MAASSTAD = Place(51.87946, 4.53609)
RIJNSTATE = Place(52.00098, 5.9102)
LEEUWARDEN = Place(53.19035, 5.80278)


@pytest.mark.parametrize(
    ("place", "expected"),
    [(RIJNSTATE, (552, 552)), (LEEUWARDEN, (529, 141)), (MAASSTAD, (261, 594))],
)
def test_places_lie_where_the_outlines_have_them(place, expected):
    x, y = routes.on_map(place)

    assert abs(x - expected[0]) <= 2
    assert abs(y - expected[1]) <= 2


def test_a_line_runs_from_the_sender_to_the_place():
    start, lines = routes.routes(MAASSTAD, "Maasstad", [(RIJNSTATE, "1 Rijnstate", True)])

    assert lines[0].path.startswith(f"M{start.x} {start.y}Q")
    assert lines[0].path.endswith(f" {lines[0].to.x} {lines[0].to.y}")
    assert lines[0].to.is_chosen


def test_names_never_cover_each_other_and_the_chosen_one_is_always_there():
    near = [Place(52.0 + n / 200, 5.9) for n in range(6)]
    start, lines = routes.routes(
        Place(52.0, 5.88),
        "Zender",
        [(place, f"{n} Plaats", n == 5) for n, place in enumerate(near)],
    )
    labels = [p.label for p in (start, *(line.to for line in lines)) if p.label]

    assert not any(one.overlaps(other) for one, other in combinations(labels, 2))
    assert lines[5].to.label is not None
    assert len(labels) < 7


def test_a_name_that_would_leave_the_map_stands_on_the_other_side():
    _start, lines = routes.routes(
        MAASSTAD, "Maasstad", [(Place(52.2, 6.9), "Medisch Spectrum", True)]
    )

    assert lines[0].to.label.is_at_end
