"""Age in calls: fresh until the next is due, then late, stale, expired (C8)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from capacity.beds.staleness import Age, state, valid_until

DUE = [datetime(2020, 10, day, 7, 30, tzinfo=UTC) for day in (26, 27, 28, 29)]
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "age"),
    [
        (DUE[1], Age.FRESH),
        (DUE[2] - SECOND, Age.FRESH),
        (DUE[2], Age.FRESH),
        (DUE[2] + SECOND, Age.LATE),
        (DUE[3] - SECOND, Age.LATE),
        (DUE[3], Age.EXPIRED),
    ],
)
def test_a_daily_figure_ages_with_each_missed_call(now, age):
    until = valid_until(due_at=DUE[1], days="daily")

    assert state(answered_due=DUE[1], dues=DUE, valid_until=until, now=now) is age


def test_two_missed_calls_make_a_figure_stale():
    dues = [DUE[3], DUE[3] + timedelta(hours=6.5), DUE[3] + timedelta(hours=11.5)]

    age = state(
        answered_due=DUE[3],
        dues=dues,
        valid_until=DUE[3] + timedelta(hours=48),
        now=dues[-1] + SECOND,
    )

    assert age is Age.STALE


def local(*parts):
    from capacity.beds.staleness import AMSTERDAM

    return datetime(*parts, tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("due", "until"),
    [
        (local(2020, 10, 26, 8, 30), local(2020, 10, 28, 8, 30)),  # Monday to Wednesday
        (local(2020, 10, 30, 8, 30), local(2020, 11, 3, 8, 30)),  # Friday to Tuesday
        (local(2020, 10, 23, 8, 30), local(2020, 10, 27, 8, 30)),  # over the clock change
    ],
)
def test_two_working_days_leave_out_the_weekend(due, until):
    assert valid_until(due_at=due.astimezone(UTC), days="working_days") == until


def test_holidays_are_no_working_days():
    holidays = {date(2020, 12, 25)}

    until = valid_until(
        due_at=local(2020, 12, 24, 8, 30),
        days="working_days",
        is_working_day=lambda day: day.weekday() < 5 and day not in holidays,
    )

    assert until == local(2020, 12, 29, 8, 30)


def test_standby_lasts_nine_days_of_wall_clock():
    until = valid_until(due_at=local(2020, 10, 21, 8, 30), days="wednesday")

    assert until == local(2020, 10, 30, 8, 30)
