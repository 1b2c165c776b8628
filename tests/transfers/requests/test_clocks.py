"""When a status is late, per urgency, and from when that is near."""

from datetime import UTC, datetime, timedelta

import pytest

from transfers.requests import clocks
from transfers.requests import status as states

SINCE = datetime(2020, 10, 29, 7, 5, tzinfo=UTC)
LIMITS = {"submitted": {"6": 30, "24": 120, "48": 240}, "offered": {"6": 45, "24": 120, "48": 240}}


@pytest.mark.parametrize(("urgency", "minutes"), [(6, 30), (24, 120), (48, 240)])
def test_the_limit_follows_the_urgency(urgency, minutes):
    due = clocks.due_at(states.SUBMITTED, urgency, SINCE, LIMITS)

    assert due == SINCE + timedelta(minutes=minutes)


@pytest.mark.parametrize("status", [states.DRAFT, *states.ENDED])
def test_a_draft_and_an_ended_request_have_no_clock(status):
    assert clocks.due_at(status, 6, SINCE, {}) is None


def test_a_clock_without_a_limit_is_an_error_and_no_silence():
    with pytest.raises(KeyError):
        clocks.due_at(states.ESCALATED, 6, SINCE, LIMITS)


@pytest.mark.parametrize(
    ("limit", "before"), [(240, 60), (120, 30), (60, 20), (30, 20), (15, 15), (10, 10)]
)
def test_soon_is_the_last_quarter_and_at_least_twenty_minutes(limit, before):
    due = SINCE + timedelta(minutes=limit)

    assert clocks.soon_at(SINCE, due) == due - timedelta(minutes=before)


def test_without_a_clock_nothing_is_soon():
    assert clocks.soon_at(SINCE, None) is None


@pytest.mark.parametrize(("level", "hours"), [("icu", 4), ("ward", 12), ("unheard-of", 4)])
def test_values_count_for_as_long_as_their_level_says(level, hours):
    until = clocks.values_until(level, SINCE, {"icu": 4, "ward": 12})

    assert until == SINCE + timedelta(hours=hours)
