"""Totals, changes and shares over sites, without a database."""

from functools import partial

import pytest

from capacity.picture import totals
from capacity.picture.totals import Change, Figures, Sum, change, total

share = partial(totals.share, band=0.1, enough=0.8)


def figures(**values: object) -> Figures:
    usual = {
        "open_cohort": 10,
        "open_other": 20,
        "reserve": 2,
        "occ_cohort": 8,
        "occ_other": 15,
        "new": 3,
        "offer": 1,
        "need": 0,
    }
    return Figures(**usual | values)


def test_free_is_open_minus_occupied_minus_reserve():
    assert figures().counted_free == 5
    assert figures().counted_cohort_free == 2


def test_overfull_is_shown_and_not_clipped():
    assert figures(occ_other=30).free == -10


def test_holds_subtract_and_departures_add():
    site = figures(held=3, moved=1)

    assert site.free == 3
    assert site.counted_free == 5
    assert site.cohort_free == 0


def test_a_stop_leaves_nothing_to_promise_but_hides_no_shortage():
    assert figures(is_stopped=True).free == 0
    assert figures(is_stopped=True).cohort_free == 0
    assert figures(is_stopped=True, occ_other=30).free == -10
    assert figures(is_stopped=True).counted_free == 5


def test_total_adds_every_figure():
    found = total([figures(), figures(open_other=30, offer=4)])

    assert found.open == Sum(70, 2, 2)
    assert found.free == Sum(20, 2, 2)
    assert found.offer == Sum(5, 2, 2)
    assert found.is_complete


def test_a_silent_site_makes_the_total_a_lower_bound():
    found = total([figures(), None, None])

    assert found.open == Sum(30, 1, 3)
    assert (found.known, found.of) == (1, 3)
    assert not found.is_complete


def test_an_unknown_flow_is_unknown_though_the_stock_is_known():
    found = total([figures(), figures(new=None)])

    assert found.open.is_complete
    assert found.new == Sum(3, 1, 2)


@pytest.mark.parametrize(("sites", "of"), [([None, None], 2), ([], 0)])
def test_nothing_known_is_unknown_and_never_zero(sites: list[None], of: int):
    assert total(sites).open == Sum(None, 0, of)


def test_zero_is_a_figure():
    assert total([figures(need=0)]).need == Sum(0, 1, 1)


def test_stored_totals_leave_out_the_holds():
    kept = total([figures(held=4), None]).stored()

    assert kept["free"] == 5
    assert (kept["sites"], kept["of"]) == (1, 2)


def test_change_counts_only_sites_that_answered_both_calls():
    today = {1: figures(occ_cohort=9), 2: figures(occ_cohort=50), 3: None}
    before = {1: figures(occ_cohort=8), 3: figures(occ_cohort=7), 4: figures()}

    assert change(today, before, "occ_cohort") == Change(1, 1)


def test_change_is_unknown_without_a_site_in_both():
    assert change({1: figures()}, {2: figures()}, "open") is None
    assert change({1: figures(new=None)}, {1: figures()}, "new") is None


def of(value: int | None, known: int = 10, sites: int = 10) -> Sum:
    return Sum(value, known, sites)


@pytest.mark.parametrize(
    ("occupied", "side"),
    [(109, "within"), (110, "within"), (111, "above"), (90, "within"), (89, "below")],
)
def test_the_edge_of_the_band_is_within(occupied: int, side: str):
    found = share(of(occupied), of(1000), key=0.1)

    assert found.side == side
    assert found.fraction == pytest.approx(occupied / 100 - 1)
    assert found.beds == pytest.approx(occupied - 100)


@pytest.mark.parametrize(("known", "side"), [(8, "above"), (7, "incomplete")])
def test_a_region_with_fewer_than_four_fifths_of_its_sites_says_nothing(known: int, side: str):
    found = share(of(200, known), of(1000), key=0.1)

    assert found.side == side
    assert found.is_conclusive is (side == "above")


def test_an_incomplete_nation_says_nothing_about_any_region():
    assert share(of(200), of(1000, 7), key=0.1).side == "incomplete"


def test_without_a_key_there_is_no_share():
    found = share(of(200), of(1000), key=None)

    assert (found.side, found.fraction, found.beds) == ("no_key", None, None)


@pytest.mark.parametrize(("occupied", "side"), [(0, "within"), (3, "above")])
def test_a_region_that_should_carry_nothing(occupied: int, side: str):
    found = share(of(occupied), of(0 if not occupied else 30), key=0.0)

    assert (found.side, found.fraction) == (side, None)
