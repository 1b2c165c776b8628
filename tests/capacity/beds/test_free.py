"""What of the beds that were counted free can still be promised."""

import pytest

from capacity.beds.free import of_cohort, promisable


@pytest.mark.parametrize(
    ("counted", "moved", "held", "is_stopped", "free"),
    [(5, 0, 2, False, 3), (5, -2, 2, False, 1), (5, 1, 0, True, 0), (-3, 1, 0, True, -2)],
)
def test_holds_and_moves_count_and_a_stop_leaves_nothing(counted, moved, held, is_stopped, free):
    assert promisable(counted, moved=moved, held=held, is_stopped=is_stopped) == free


@pytest.mark.parametrize(("counted", "free", "cohort"), [(3, 5, 1), (3, 0, 0), (3, -2, -2)])
def test_a_cohort_has_no_more_free_than_its_level(counted, free, cohort):
    assert of_cohort(counted, free, moved=0, held=2) == cohort
