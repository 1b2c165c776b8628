"""Sharing out whole beds: totals kept, shares followed, no flicker."""

from random import Random

import pytest

from lcps.demonstration.world.apportion import by_largest_remainder, following


def test_largest_remainders_get_what_rounding_down_leaves() -> None:
    # Shares 4.7, 2.8, 2.5: down to 4, 2, 2; the two left go to .8 and .7.
    assert by_largest_remainder(10, {"a": 47, "b": 28, "c": 25}) == {"a": 5, "b": 3, "c": 2}


def test_equal_remainders_go_to_the_part_named_first() -> None:
    assert by_largest_remainder(1, {"a": 1, "b": 1}) == {"a": 1, "b": 0}


@pytest.mark.parametrize(("total", "weights"), [(-1, {"a": 1.0}), (3, {"a": 0.0}), (3, {})])
def test_what_cannot_be_shared_is_refused(total: int, weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="cannot share"):
        by_largest_remainder(total, weights)


def test_a_part_within_one_of_its_share_stays() -> None:
    # Shares 5.4 and 4.6 of 10: yesterday's 6 and 4 are within one, so nothing moves.
    assert following(10, {"a": 54, "b": 46}, {"a": 6, "b": 4}, {}) == {"a": 6, "b": 4}


def test_what_is_missing_goes_to_the_part_furthest_below_its_share() -> None:
    assert following(11, {"a": 54, "b": 46}, {"a": 6, "b": 4}, {}) == {"a": 6, "b": 5}


def test_a_fixed_part_is_left_alone() -> None:
    parts = following(10, {"a": 1, "b": 1, "c": 8}, {"a": 1, "b": 1, "c": 8}, {"c": 2})

    assert parts == {"a": 4, "b": 4, "c": 2}


def test_parts_sum_to_the_total_and_stay_within_reach_of_their_share() -> None:
    dice = Random(7)
    weights = {str(number): 0.2 + dice.random() for number in range(12)}
    parts = by_largest_remainder(40, weights)
    for total in (38, 44, 0, 3, 90, 200, 199):
        parts = following(total, weights, parts, {})

        assert sum(parts.values()) == total
        assert min(parts.values()) >= 0
        for name, weight in weights.items():
            assert abs(parts[name] - total * weight / sum(weights.values())) <= 2
