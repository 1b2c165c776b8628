"""Opening calls, by the business clock that is handed in."""

from datetime import UTC, date, datetime, timedelta

import pytest

from capacity.deadlines import actions
from capacity.deadlines.models import Deadline, ReportingSlot
from regions.phases.models import PhasePeriod, Setting
from tests import factories

pytestmark = pytest.mark.django_db


def due() -> list[datetime]:
    return list(
        ReportingSlot.objects.order_by("hospital_due_at").values_list("hospital_due_at", flat=True)
    )


def test_the_first_tick_opens_today_only(world, now, at):
    assert actions.open_slots(now) == 1

    slot = ReportingSlot.objects.get()
    assert (slot.day, slot.phase_id, slot.fields) == (date(2020, 10, 29), "2b", "full")
    assert (slot.opens_at, slot.hospital_due_at) == (at("00:00"), at("08:30"))
    assert (slot.region_due_at, slot.nation_due_at) == (at("10:00"), at("12:00"))
    # 2 sites x 2, 2 regions x 3, the nation x 2
    assert slot.deadlines.count() == 12


def test_opening_again_changes_nothing(world, now):
    actions.open_slots(now)
    before = set(Deadline.objects.values_list("pk", flat=True))

    assert actions.open_slots(now + timedelta(hours=3)) == 0

    assert set(Deadline.objects.values_list("pk", flat=True)) == before


def test_a_site_that_joins_during_the_day_is_asked_too(world, now):
    actions.open_slots(now)
    newcomer = factories.site("nieuw", region=world.region)

    actions.open_slots(now)

    assert Deadline.objects.filter(site=newcomer).count() == 2


def test_missed_days_are_opened_one_by_one_and_no_further_than_a_week_back(world, now):
    actions.open_slots(now - timedelta(days=3))

    assert actions.open_slots(now) == 3
    assert actions.open_slots(now + timedelta(days=30)) == 8


@pytest.mark.parametrize(
    ("phase", "day", "clocks"),
    [
        ("2c", date(2021, 1, 13), ["08:30", "15:00", "20:00"]),
        ("1a", date(2021, 1, 15), ["08:30"]),
        ("1a", date(2021, 1, 16), []),  # Saturday
        ("1a", date(2020, 12, 25), []),
        ("0", date(2021, 1, 13), ["08:30"]),  # Wednesday
        ("0", date(2021, 1, 14), []),
    ],
)
def test_the_phase_says_when_is_asked(world, at, phase, day, clocks):
    PhasePeriod.objects.update(phase_id=phase)

    actions.open_day(day, now=at("07:00", day))

    assert due() == [at(clock, day) for clock in clocks]


def test_without_a_phase_nobody_is_asked(world, now):
    PhasePeriod.objects.all().delete()

    assert actions.open_slots(now) == 0


def test_days_are_added_to_and_removed_from_the_holidays(world, at):
    PhasePeriod.objects.update(phase_id="1a")
    Setting.objects.filter(name="holidays.added").update(value=["2021-01-14"])
    Setting.objects.filter(name="holidays.removed").update(value=["2020-12-25"])

    assert actions.open_day(date(2021, 1, 14), now=at("07:00")) == 0
    assert actions.open_day(date(2020, 12, 25), now=at("07:00")) == 1


def test_a_phase_raised_during_the_day_asks_again_in_the_afternoon(world, now, at):
    actions.open_slots(now)
    PhasePeriod.objects.create(phase_id="2c", valid_from=at("13:00"), decision="test")

    actions.open_slots(at("13:00"))

    assert [s.phase_id for s in ReportingSlot.objects.order_by("opens_at")] == ["2b", "2c", "2c"]


def test_a_phase_lowered_withdraws_what_has_not_opened(world, now, at):
    PhasePeriod.objects.update(phase_id="2c")
    actions.open_slots(now)
    PhasePeriod.objects.update(valid_to=at("13:00"))
    PhasePeriod.objects.create(phase_id="2b", valid_from=at("13:00"), decision="test")

    actions.open_slots(at("13:00"))

    # The call of 15:00 opened at noon and stays; that of 20:00 had not.
    assert due() == [at("08:30"), at("15:00")]


@pytest.mark.parametrize(
    ("day", "hour"), [(date(2020, 10, 25), 7), (date(2021, 3, 28), 6), (date(2021, 1, 1), 7)]
)
def test_clock_changes_and_new_year(world, day, hour):
    actions.open_slots(datetime(day.year, day.month, day.day, 4, tzinfo=UTC))

    slot = ReportingSlot.objects.get()
    assert slot.day == day
    assert slot.hospital_due_at == datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)
