"""How long, how much oxygen, and which warnings (T9)."""

from datetime import UTC, datetime

import pytest

from transfers.rides import timing
from transfers.rides.dayline import Axis, Drive, lanes

PACE = timing.Pace()


def test_a_micu_drives_slower_and_is_never_promised_too_early():
    assert timing.drive_minutes(100, is_micu=False, pace=PACE) == 100
    assert timing.drive_minutes(101, is_micu=True, pace=PACE) == 132


def test_oxygen_is_flow_times_minutes_times_two():
    assert timing.oxygen_litres(4, 120) == 960


@pytest.mark.parametrize(
    ("utc", "is_night"),
    [("20:59", False), ("21:00", True), ("05:59", True), ("06:00", False)],
)
def test_night_is_from_ten_to_seven_local_winter_time(utc, is_night):
    moment = datetime.fromisoformat(f"2020-10-29T{utc}:00+00:00")

    assert timing.arrives_at_night(moment) is is_night


def test_the_day_line_places_bars_in_percent_and_leaves_out_other_days():
    axis = Axis(datetime(2020, 10, 29, 6, tzinfo=UTC), datetime(2020, 10, 29, 16, tzinfo=UTC))
    today = Drive(
        "17-101",
        "ploeg 1",
        "403",
        "rit 403",
        axis.start.replace(hour=7),
        axis.start.replace(hour=9),
        30,
        30,
        "",
    )
    yesterday = Drive(
        "17-101",
        "ploeg 1",
        "398",
        "rit 398",
        axis.start.replace(day=28),
        axis.start.replace(day=28, hour=9),
        30,
        30,
        "",
    )

    (lane,) = lanes([yesterday, today], axis)

    (bar,) = lane.bars
    assert (bar.load_x, bar.load_width) == (5.0, 5.0)
    assert (bar.drive_x, bar.drive_width) == (10.0, 20.0)
    assert (bar.clean_x, bar.clean_width) == (30.0, 5.0)
