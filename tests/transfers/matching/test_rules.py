"""Every hard rule removes who breaks it, with the numbers that say why, and nobody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.transfers.matching.test_rank import AT, NEED, SHARES, beds, place
from transfers.matching.rank import rank
from transfers.matching.rules import RULES

LATER = datetime(2020, 10, 29, 13, 0, tzinfo=UTC)
FIGURES = {"open": 20, "occupied": 17, "reserve": 1, "measured_at": AT}
IN_REGION = replace(NEED, scope="region")
CHILD = replace(NEED, age_group="child")

# rule, need, what the place is like, the numbers that explain it
BROKEN = [
    ("sending_site", NEED, {"site": "maasstad"}, {}),
    ("outside_region", IN_REGION, {}, {}),
    ("no_such_level", NEED, {"has_level": False}, {}),
    ("age_group", CHILD, {}, {"group": "child"}),
    ("already_asked", NEED, {"asked_until": LATER}, {"until": LATER}),
    ("refused_already", NEED, {"refused": "too_ill"}, {"refusal": "too_ill"}),
    ("figures_expired", NEED, {"beds": beds(may_be_used=False)}, {"measured_at": AT}),
    ("figures_expired", NEED, {"beds": None}, {}),
    ("figures_disputed", NEED, {"disputed_at": LATER}, {"at": LATER}),
    ("intake_stop", NEED, {"stop_until": LATER}, {"until": LATER}),
    ("no_free_bed", NEED, {"beds": beds(0)}, FIGURES | {"free": 0}),
    ("no_free_bed", NEED, {"beds": beds(-3)}, FIGURES | {"free": -3}),
    ("no_bed_of_label", NEED, {"beds": beds(cohort_free=0)}, FIGURES | {"free": 0}),
    (
        "no_bed_of_label",
        replace(NEED, in_cohort=False),
        {"beds": beds(other_free=0)},
        FIGURES | {"free": 0},
    ),
    ("region_above_band", NEED, {"region": "zuidwest"}, {"deviation": 320, "band": 100}),
    ("out_of_reach", NEED, {"travel_minutes": 241}, {"minutes": 241, "reach": 240}),
]


@pytest.mark.parametrize(("rule", "need", "like", "facts"), BROKEN)
def test_a_place_that_breaks_a_rule_is_excluded_with_its_numbers(rule, need, like, facts):
    ranking = rank(need, [replace(place("rijnstate", "oost", 112), **like)], SHARES)

    assert ranking.ranked == ()
    assert [(row.rule, dict(row.facts)) for row in ranking.excluded] == [(rule, facts)]


def test_every_rule_is_tested():
    assert {rule for rule, *_ in BROKEN} == {code for code, _rule in RULES}


@pytest.mark.parametrize(
    ("need", "like"),
    [
        (IN_REGION, {"region": "zuidwest"}),  # above its band, but no load changes hands
        (CHILD, {"age_groups": frozenset({"adult", "child"})}),
        (NEED, {"beds": beds(1)}),
        (NEED, {"beds": beds(other_free=0)}),
        (replace(NEED, in_cohort=False), {"beds": beds(cohort_free=0)}),
        (NEED, {"travel_minutes": 240}),
        (NEED, {"beds": beds(age="stale")}),
        (NEED, {"region": "not in the key"}),
    ],
)
def test_a_place_at_the_edge_of_a_rule_stays(need, like):
    ranking = rank(need, [replace(place("rijnstate", "oost", 112), **like)], SHARES)

    assert ranking.excluded == ()


@pytest.mark.parametrize(("occupied", "rule"), [(137, None), (138, "region_above_band")])
def test_the_band_itself_still_belongs_to_the_fair_share(occupied, rule):
    # 137.5 is 10 % above 125: 137 stays within, 138 does not.
    shares = [
        replace(SHARES[2], occupied=occupied),
        replace(SHARES[0], occupied=500 - occupied, basis_points=7500),
    ]
    ranking = rank(NEED, [place("rijnstate", "oost", 112)], shares)

    assert [row.rule for row in ranking.excluded] == ([rule] if rule else [])


def test_who_breaks_several_rules_stands_under_the_first_one_only():
    wrong = replace(
        place("a", "zuidwest", 300), has_level=False, refused="other", beds=None, stop_until=LATER
    )

    assert [row.rule for row in rank(NEED, [wrong], SHARES).excluded] == ["no_such_level"]


def test_without_a_match_the_answer_says_which_rule_removed_how_many():
    full = [place(f"full-{n}", "oost", 100, own_beds=beds(0)) for n in range(3)]
    stopped = [replace(place("stopped", "oost", 100), stop_until=AT + timedelta(hours=1))]
    ranking = rank(NEED, [*full, *stopped], SHARES)

    assert [(rule, len(rows)) for rule, rows in ranking.removed_by_rule().items()] == [
        ("intake_stop", 1),
        ("no_free_bed", 3),
    ]
    assert ranking.exclusion_of("stopped").rule == "intake_stop"
    assert ranking.place_of("stopped") is None
