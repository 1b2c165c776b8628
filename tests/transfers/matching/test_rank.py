"""The order of destinations: small worlds that a person can solve."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from capacity.picture import totals
from transfers.matching.problem import (
    Beds,
    Candidate,
    Need,
    Preferences,
    Regions,
    RegionShare,
    deviation,
)
from transfers.matching.rank import check, rank

AT = datetime(2020, 10, 29, 7, 26, tzinfo=UTC)
NEED = Need("icu", True, "adult", "maasstad", "zuidwest", "nation", 240)
# 500 beds occupied; everybody should carry a quarter, so 125 each.
SHARES = (
    RegionShare("zuidwest", 165, 2500, 100),  # +32 %
    RegionShare("brabant", 131, 2500, 100),  # +4.8 %
    RegionShare("oost", 110, 2500, 100),  # -12 %
    RegionShare("noord", 94, 2500, 100),  # -24.8 %
)


def beds(free=2, *, offered=0, age="fresh", may_be_used=True, **other):
    figures = {"open": 20, "occupied": 17, "reserve": 1, "cohort_free": free, "other_free": free}
    return Beds(
        free=free,
        offered=offered,
        measured_at=AT,
        age=age,
        may_be_used=may_be_used,
        **figures | other,
    )


def place(site, region, minutes, *, own_beds=None, **other):
    defaults = {"has_level": True, "age_groups": frozenset({"adult"}), "beds": own_beds or beds()}
    return Candidate(site=site, region=region, travel_minutes=minutes, **defaults | other)


def order(candidates, *, need=NEED, shares=SHARES, **other):
    ranking = rank(need, candidates, shares, **other)
    assert check(need, candidates, shares, ranking) == []
    return [row.site for row in ranking.ranked]


def test_own_region_comes_before_a_nearer_place_elsewhere():
    shares = [replace(SHARES[0], occupied=125), *SHARES[1:]]

    assert order(
        [place("ikazia", "zuidwest", 60), place("rijnstate", "oost", 40)], shares=shares
    ) == [
        "ikazia",
        "rijnstate",
    ]


def test_a_site_that_offers_a_bed_comes_before_one_that_does_not():
    offering = place("mcl", "noord", 176, own_beds=beds(offered=1))

    assert order([place("rijnstate", "oost", 112), offering]) == ["mcl", "rijnstate"]


def test_a_region_below_its_band_comes_before_one_within():
    assert order([place("amphia", "brabant", 50), place("rijnstate", "oost", 112)]) == [
        "rijnstate",
        "amphia",
    ]


def test_the_patient_who_comes_counts_in_the_region_that_receives():
    # 112 of 125 is -10.4 %, below the band; with this patient -9.6 %, within it.
    shares = [
        SHARES[0],
        SHARES[1],
        RegionShare("oost", 112, 2500, 100),
        RegionShare("noord", 92, 2500, 100),
    ]
    ranking = rank(NEED, [place("rijnstate", "oost", 112)], shares)

    assert (ranking.ranked[0].share_before, ranking.ranked[0].share_after) == (-104, -96)
    assert ranking.ranked[0].cost.fairness == 0


def test_inside_the_own_region_no_load_changes_hands():
    shares = [replace(SHARES[0], occupied=125), *SHARES[1:]]
    row = rank(NEED, [place("ikazia", "zuidwest", 15)], shares).ranked[0]

    assert row.share_before == row.share_after


def test_within_one_side_of_the_band_the_journey_decides():
    assert order([place("mcl", "noord", 176), place("rijnstate", "oost", 112)]) == [
        "rijnstate",
        "mcl",
    ]


def test_the_way_home_counts_as_much_as_the_way_there():
    far_but_near_home = place("mcl", "noord", 176, home_minutes=20)
    near_but_far_from_home = place("rijnstate", "oost", 112, home_minutes=90)

    assert order([near_but_far_from_home, far_but_near_home]) == ["mcl", "rijnstate"]


@pytest.mark.parametrize(
    ("advantage", "lost"),
    [({"is_neighbour": True}, {}), ({}, {"arrivals_today": 1}), ({}, {"refusals": 1})],
)
def test_between_equal_journeys_each_other_part_decides(advantage, lost):
    chosen, passed_over = place("b", "oost", 100, **advantage), place("a", "oost", 100, **lost)

    assert order([passed_over, chosen]) == ["b", "a"]


def test_preferences_say_how_many_minutes_a_part_is_worth():
    busy, quiet = place("a", "oost", 100, arrivals_today=1), place("b", "oost", 110)

    assert order([busy, quiet]) == ["a", "b"]  # 2 x 10 minutes further is as much: the code decides
    assert order([busy, quiet], preferences=Preferences(per_arrival=21)) == ["b", "a"]
    assert order([busy, quiet], preferences=Preferences(per_arrival=0)) == ["a", "b"]


def test_equal_places_stand_in_the_order_of_their_codes():
    assert order([place(code, "oost", 100) for code in ("c", "a", "b")]) == ["a", "b", "c"]


def test_without_a_key_fairness_is_unknown_and_plays_no_part():
    ranking = rank(NEED, [place("amphia", "brabant", 50), place("rijnstate", "oost", 112)], [])

    assert [row.site for row in ranking.ranked] == ["amphia", "rijnstate"]
    assert [row.share_after for row in ranking.ranked] == [None, None]


def test_arguments_name_what_the_cost_was_made_of():
    rijnstate = place("rijnstate", "oost", 112, own_beds=beds(offered=1))
    mcl = place("mcl", "noord", 176, own_beds=beds(age="late"), arrivals_today=3, refusals=2)
    first, second = rank(NEED, [rijnstate, mcl], SHARES).ranked

    assert [(r.code, r.is_for, dict(r.facts)) for r in first.reasons] == [
        ("closest", True, {"minutes": 112}),
        ("region_below_band", True, {"deviation": -112}),
        ("bed_offered", True, {"count": 1}),
    ]
    assert [(r.code, r.is_for, dict(r.facts)) for r in second.reasons] == [
        ("least_loaded_region", True, {"deviation": -248}),
        ("long_ride", False, {"minutes": 176}),
        ("nothing_offered", False, {}),
        ("many_arrivals", False, {"count": 3}),
        ("refused_lately", False, {"count": 2}),
        ("figures_late", False, {"measured_at": AT}),
    ]


@pytest.mark.parametrize(
    ("occupied", "code"),
    [(131, "region_near_band"), (137, "region_over_band_after"), (126, None)],
)
def test_a_region_that_comes_near_its_band_is_said_against_the_place(occupied, code):
    shares = [
        RegionShare("zuidwest", 165, 2500, 100),
        RegionShare("brabant", occupied, 2500, 100),
        RegionShare("rest", 500 - 165 - occupied, 5000, 100),
    ]
    row = rank(NEED, [place("amphia", "brabant", 50)], shares).ranked[0]

    assert [r.code for r in row.reasons if r.code.startswith("region")] == ([code] if code else [])


@pytest.mark.parametrize(
    ("occupied", "more", "expected"),
    [(125, 0, 0), (126, 0, 8), (124, 0, -8), (125, 1, 8), (0, 0, -1000), (250, 0, 1000)],
)
def test_deviation_is_a_whole_number_of_thousandths(occupied, more, expected):
    assert deviation(RegionShare("x", occupied, 2500, 100), 500, more=more) == expected


def test_deviation_rounds_half_away_from_zero_on_both_sides():
    # Expected 80: one bed is 12.5 thousandths.
    assert deviation(RegionShare("x", 81, 1000, 100), 800) == 13
    assert deviation(RegionShare("x", 79, 1000, 100), 800) == -13


@given(occupied=st.integers(0, 400), part=st.integers(1, 5_000), nation=st.integers(1, 4_000))
@example(occupied=1_004, part=912, nation=10_000)
def test_the_board_says_the_same_of_a_region(occupied, part, nation):
    ours = deviation(RegionShare("x", occupied, part, 100), nation)

    board = totals.share(
        totals.Sum(occupied, 9, 9),
        totals.Sum(nation, 9, 9),
        key=part / 10_000,
        band=0.1,
        enough=0.8,
    )

    assert board.per_mille == ours
    assert board.side == ("within" if abs(ours) <= 100 else "above" if ours > 0 else "below")


def test_deviation_is_unknown_when_nothing_is_expected():
    assert deviation(RegionShare("x", 5, 0, 100), 500) is None
    assert deviation(RegionShare("x", 0, 2500, 100), 0) is None
    assert deviation(RegionShare("x", 5, 2500, 100, is_conclusive=False), 500) is None


def test_a_region_that_did_not_report_makes_no_other_look_overloaded():
    shares = [*SHARES[:3], replace(SHARES[3], occupied=2, is_conclusive=False)]

    regions = Regions(shares)

    # The three carry 406 together, so 135.3 each.
    assert regions.before("zuidwest") == 219
    assert regions.before("oost") == -187
    assert regions.before("noord") is None


def random_world(seed):
    dice = random.Random(seed)
    regions = ["zuidwest", "brabant", "oost", "noord"]
    shares = [RegionShare(code, dice.randint(80, 170), 2500, 100) for code in regions]
    candidates = [
        Candidate(
            site=f"site-{number}",
            region=dice.choice(regions),
            has_level=dice.random() > 0.1,
            age_groups=frozenset(dice.sample(["adult", "child"], dice.randint(1, 2))),
            travel_minutes=dice.randint(10, 260),
            beds=dice.choice([None, *(beds(dice.randint(-2, 3), offered=dice.randint(0, 1)),) * 6]),
            home_minutes=dice.choice([None, 30, 90]),
            is_neighbour=dice.random() > 0.5,
            stop_until=dice.choice([None, None, None, AT]),
            asked_until=dice.choice([None, None, None, AT]),
            refused=dice.choice(["", "", "", "no_staff"]),
            arrivals_today=dice.randint(0, 3),
            refusals=dice.randint(0, 2),
        )
        for number in range(40)
    ]
    return candidates, shares


@pytest.mark.parametrize("seed", range(25))
def test_any_order_of_the_input_gives_the_same_sound_answer(seed):
    candidates, shares = random_world(seed)
    answer = rank(NEED, candidates, shares)
    random.Random(seed + 1).shuffle(candidates)
    random.Random(seed + 2).shuffle(shares)

    assert rank(NEED, candidates, shares) == answer
    assert check(NEED, candidates, shares, answer) == []


@pytest.mark.parametrize("seed", range(10))
def test_the_best_place_is_the_cheapest_of_all_that_break_no_rule(seed):
    candidates, shares = random_world(seed)
    ranking = rank(NEED, candidates, shares)
    # By brute force: rank every place alone, and compare what each costs by itself.
    alone = [rank(NEED, [candidate], shares).ranked for candidate in candidates]

    assert [row.site for row in ranking.ranked] == [
        row.site for _cost, row in sorted(((r[0].cost, r[0].site), r[0]) for r in alone if r)
    ]


def test_check_finds_a_place_in_the_wrong_order_and_one_that_is_missing():
    candidates = [place("a", "oost", 100), place("b", "oost", 110)]
    ranking = rank(NEED, candidates, SHARES)
    swapped = replace(ranking, ranked=ranking.ranked[::-1])
    cut = replace(ranking, ranked=ranking.ranked[:1])

    assert check(NEED, candidates, SHARES, swapped) == ["the ranks do not follow the costs"]
    assert check(NEED, candidates, SHARES, cut) == [
        "the answer does not hold every candidate exactly once"
    ]


def test_check_finds_a_place_that_breaks_a_rule_and_one_that_is_wrongly_excluded():
    candidates = [place("a", "oost", 100)]
    ranking = rank(NEED, candidates, SHARES)
    stopped = [replace(candidates[0], stop_until=AT)]
    excluded = rank(NEED, stopped, SHARES)

    assert check(NEED, stopped, SHARES, ranking) == ["a is ranked but breaks intake_stop"]
    assert check(NEED, candidates, SHARES, excluded) == ["a does not fall out first by intake_stop"]


def test_input_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="a site occurs twice"):
        rank(NEED, [place("a", "oost", 1), place("a", "oost", 2)], SHARES)
    with pytest.raises(ValueError, match="a region occurs twice"):
        rank(NEED, [], [SHARES[0], SHARES[0]])
    with pytest.raises(ValueError, match="not negative"):
        place("a", "oost", -1)
    with pytest.raises(ValueError, match="unknown scope"):
        replace(NEED, scope="world")
