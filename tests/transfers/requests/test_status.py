"""The table itself: every status can be reached and left, and every step is somebody's."""

import pytest

from transfers.requests import conditions, labels, letters, turns
from transfers.requests import status as states

NAMES = sorted({row.name for row in states.TABLE})


@pytest.mark.parametrize("status", states.ALL)
def test_a_step_exists_exactly_where_the_table_says(status):
    for name in NAMES:
        rows = [row for row in states.TABLE if row.name == name and status in row.since]
        if rows:
            assert states.step(name, since=status) is rows[0]
            assert len(rows) == 1
        else:
            with pytest.raises(states.NoSuchStep):
                states.step(name, since=status)


def test_every_status_is_reached_and_only_the_ended_are_never_left():
    reached = {states.DRAFT} | {row.to for row in states.TABLE}
    left = {since for row in states.TABLE for since in row.since}

    assert reached == set(states.ALL) == set(states.STATUSES)
    assert set(states.ALL) - left == set(states.ENDED)


def test_a_closed_request_is_reached_from_a_draft():
    reached = {states.DRAFT}
    for _ in states.ALL:
        reached |= {row.to for row in states.TABLE if reached & set(row.since)}

    assert states.CLOSED in reached


def test_the_words_of_the_table_are_known():
    for row in states.TABLE:
        assert set(row.conditions) <= set(conditions.CONDITIONS), row.name
        assert row.letter in {"", *letters.RECIPIENTS, *letters.WRITTEN_BY_OFFERS}, row.name
        assert row.name in labels.STEPS


def test_conditions_letters_and_steps_elsewhere_are_used():
    used = {name for row in states.TABLE for name in row.conditions}

    assert used == set(conditions.CONDITIONS)
    assert {row.letter for row in states.TABLE} >= set(letters.RECIPIENTS)
    assert set(NAMES) >= states.ELSEWHERE


def test_every_status_but_the_ended_stands_in_a_column_and_on_the_track():
    for status in set(states.ALL) - {states.WITHDRAWN, states.EXPIRED, states.DECEASED}:
        assert turns.column_of(status, "") in turns.COLUMNS
    assert turns.column_of(states.WITHDRAWN, "nation") is None
    assert turns.column_of(states.ON_HOLD, "nation") == turns.SEARCH
    assert turns.column_of(states.ON_HOLD, "region") == turns.NEW
