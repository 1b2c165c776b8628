"""The pure calendar: wall times, days, calls and what is checked when."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from capacity.deadlines.calendar import (
    AMSTERDAM,
    Call,
    Ladder,
    Rhythm,
    asks,
    calls_on,
    days_to_open,
    instant,
    local_day,
    steps,
)

NONE: frozenset[date] = frozenset()
MORNING = Rhythm("daily", time(8, 30), time(10), time(12))
AFTERNOON = Rhythm("daily", time(15), time(15, 30), fields="short")
EVENING = Rhythm("daily", time(20), time(20, 30), fields="short")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (date(2020, 10, 29), time(8, 30), utc(2020, 10, 29, 7, 30)),  # winter
        (date(2020, 7, 1), time(8, 30), utc(2020, 7, 1, 6, 30)),  # summer
        (date(2020, 10, 24), time(8, 30), utc(2020, 10, 24, 6, 30)),  # the last summer morning
        (
            date(2020, 10, 25),
            time(8, 30),
            utc(2020, 10, 25, 7, 30),
        ),  # after the hour that came twice
        (date(2020, 10, 25), time(2, 30), utc(2020, 10, 25, 0, 30)),  # comes twice: the first
        (date(2020, 10, 25), time(3, 0), utc(2020, 10, 25, 2, 0)),
        (date(2021, 3, 28), time(2, 30), utc(2021, 3, 28, 1, 30)),  # skipped: 03:30 summer time
        (date(2021, 3, 28), time(3, 30), utc(2021, 3, 28, 1, 30)),
        (date(2021, 3, 28), time(8, 30), utc(2021, 3, 28, 6, 30)),
        (
            date(2021, 1, 1),
            time(0, 0),
            utc(2020, 12, 31, 23, 0),
        ),  # New Year begins in UTC's old year
    ],
)
def test_instant(day, at, expected):
    assert instant(day, at) == expected


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (utc(2020, 12, 31, 22, 59, 59), date(2020, 12, 31)),
        (utc(2020, 12, 31, 23, 0, 0), date(2021, 1, 1)),
        (utc(2020, 7, 31, 22, 0, 0), date(2020, 8, 1)),
    ],
)
def test_local_day_turns_at_dutch_midnight(moment, day):
    assert local_day(moment) == day


def test_five_years_of_half_past_eight_and_ten_come_once_a_day():
    first, days = date(2020, 1, 1), 5 * 365 + 2
    calls = [c for n in range(days) for c in calls_on(first + timedelta(days=n), [MORNING], NONE)]

    assert len(calls) == len({c.hospital_due_at for c in calls}) == days
    for n, call in enumerate(calls):
        for moment, wall in ((call.hospital_due_at, time(8, 30)), (call.region_due_at, time(10))):
            local = moment.astimezone(AMSTERDAM)
            assert (local.date(), local.time()) == (first + timedelta(days=n), wall)
        assert call.opens_at.astimezone(AMSTERDAM).time() == time.min


def test_the_days_of_a_clock_change_have_23_and_25_hours():
    def length(day):
        return instant(day + timedelta(days=1), time.min) - instant(day, time.min)

    assert length(date(2021, 3, 28)) == timedelta(hours=23)
    assert length(date(2020, 10, 25)) == timedelta(hours=25)


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (date(2020, 10, 31), "daily", True),  # Saturday
        (date(2020, 10, 30), "working_days", True),
        (date(2020, 10, 31), "working_days", False),
        (date(2020, 12, 25), "working_days", False),  # Friday, Christmas
        (date(2020, 10, 28), "wednesday", True),
        (date(2020, 10, 29), "wednesday", False),
        (date(2019, 12, 25), "wednesday", False),  # Wednesday and Thursday are Christmas
        (date(2019, 12, 26), "wednesday", False),
        (date(2019, 12, 27), "wednesday", True),  # the next working day
        (date(2019, 12, 28), "wednesday", False),
        (date(2019, 12, 30), "wednesday", False),
    ],
)
def test_asks(day, days, expected):
    christmas = frozenset(date(y, 12, d) for y in (2019, 2020) for d in (25, 26))

    assert asks(day, days, christmas) is expected


def test_wednesday_is_asked_once_a_week():
    holidays = frozenset({date(2020, 1, 1), date(2020, 1, 2), date(2020, 1, 3)})
    asked = [
        d
        for n in range(70)
        if asks(d := date(2020, 1, 1) + timedelta(days=n), "wednesday", holidays)
    ]

    assert asked[0] == date(2020, 1, 6)  # the Monday after
    assert asked[1] == date(2020, 1, 8)
    assert len(asked) == 10


def test_later_call_opens_when_the_one_before_is_done():
    morning, afternoon, evening = calls_on(date(2021, 1, 13), [EVENING, MORNING, AFTERNOON], NONE)

    assert morning.opens_at == utc(2021, 1, 12, 23)
    assert afternoon.opens_at == morning.nation_due_at == utc(2021, 1, 13, 11)
    assert evening.opens_at == afternoon.region_due_at == utc(2021, 1, 13, 14, 30)


def test_calls_that_overlap_still_open_before_they_are_due():
    early = Rhythm("daily", time(9), time(9, 30))

    first, second = calls_on(date(2021, 1, 13), [MORNING, early], NONE)

    assert first.hospital_due_at == second.opens_at < second.hospital_due_at


def test_steps_in_clock_order():
    (call,) = calls_on(date(2020, 10, 29), [MORNING], NONE)

    found = [
        (s.due_at.astimezone(AMSTERDAM).strftime("%H:%M"), s.what, s.party)
        for s in steps(call, Ladder())
    ]

    assert found == [
        ("08:00", "remind_hospital", "site"),
        ("08:30", "hospital_late", "site"),
        ("08:45", "late_list", "region"),
        ("09:30", "remind_region", "region"),
        ("10:00", "region_late", "region"),
        ("11:40", "overview_prepared", "nation"),
        ("12:00", "overview_due", "nation"),
    ]


def test_reminder_is_30_real_minutes_before_also_across_the_skipped_hour():
    night = Rhythm("daily", time(3, 15), time(4))
    (call,) = calls_on(date(2021, 3, 28), [night], NONE)

    reminder = steps(call, Ladder())[0].due_at

    assert call.hospital_due_at - reminder == timedelta(minutes=30)
    assert reminder.astimezone(AMSTERDAM).time() == time(1, 45)


def test_short_call_has_no_national_steps():
    (call,) = calls_on(date(2021, 1, 13), [AFTERNOON], NONE)

    assert {s.party for s in steps(call, Ladder())} == {"site", "region"}


@pytest.mark.parametrize(
    ("newest", "first", "count"),
    [
        (None, date(2020, 10, 29), 1),
        (date(2020, 10, 29), date(2020, 10, 29), 1),
        (date(2020, 10, 28), date(2020, 10, 29), 1),
        (date(2020, 10, 26), date(2020, 10, 27), 3),
        (date(2020, 9, 1), date(2020, 10, 22), 8),
        (date(2020, 11, 2), date(2020, 10, 29), 1),  # the clock of a demonstration was set back
    ],
)
def test_days_to_open(newest, first, count):
    days = days_to_open(newest, date(2020, 10, 29))

    assert (days[0], days[-1], len(days)) == (first, date(2020, 10, 29), count)


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": "sometimes"},
        {"region_at": time(8, 30)},
        {"nation_at": time(9)},
    ],
)
def test_rhythm_refuses_what_cannot_be(wrong):
    right = {
        "days": "daily",
        "hospital_at": time(8, 30),
        "region_at": time(10),
        "nation_at": time(12),
    }

    with pytest.raises(ValueError):
        Rhythm(**right | wrong)


def test_call_is_done_at_its_last_deadline():
    moment = utc(2021, 1, 13, 14)

    assert Call(date(2021, 1, 13), moment, moment, moment, None, "short").done_at == moment
