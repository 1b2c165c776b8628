"""A bed is taken once, given back once, and the pool always equals the facts."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capacity.beds import actions
from capacity.models import BedPool, CapacityReport, Hold, Movement
from communications.models import Message
from tests import factories

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def site(reference):
    return factories.site()


@pytest.fixture
def reported(site):
    """Three ICU beds are free, counted at 08:00."""
    return file(site, 3)


def file(site, free, *, slot=None, measured_at=None, now=factories.NOW):
    line = {
        "open_cohort": 10,
        "open_other": 10,
        "reserve": 0,
        "occ_confirmed": 20 - free,
        "occ_other": 0,
    }
    at = {"measured_at": measured_at} if measured_at else {}
    report = factories.report(
        site, slot or factories.slot(), lines={"icu": line, "ward": line}, **at
    )
    actions.refresh_pools(report=report, now=now)
    return report


def pool_of(site, level="icu"):
    return BedPool.objects.get(site=site, level=level)


def take(site, number, now=factories.NOW, level="icu"):
    return actions.hold(
        site=site, level=level, reference=f"PMR-{number}", until=now + HOUR, now=now
    )


def test_a_hold_takes_one_bed_and_a_release_gives_it_back(site, reported, now):
    hold = take(site, 1)

    assert pool_of(site).free_beds == 2

    actions.release(hold=hold, end=Hold.End.RELEASED, now=now)
    actions.release(hold=hold, end=Hold.End.EXPIRED, now=now)

    assert pool_of(site).free_beds == 3
    assert (hold.ended_at, hold.end) == (now, "released")
    assert pool_of(site, "ward").free_beds == 3


def test_the_fourth_of_three_is_refused(site, reported):
    for number in range(3):
        take(site, number)

    with pytest.raises(ValidationError) as refused:
        take(site, 4)

    assert refused.value.code == "no_free_bed"
    assert pool_of(site).held == 3


def test_expired_figures_give_no_bed(site, reported):
    until = pool_of(site).valid_until
    take(site, 1, now=until - timedelta(seconds=1))

    with pytest.raises(ValidationError) as refused:
        take(site, 2, now=until)

    assert refused.value.code == "no_free_bed"


def test_a_site_that_never_reported_gives_no_bed(site):
    with pytest.raises(ValidationError) as refused:
        take(site, 1)

    assert refused.value.code == "no_free_bed"


def test_a_request_holds_one_bed_of_a_pool(site, reported):
    take(site, 1)

    with pytest.raises(ValidationError) as refused, transaction.atomic():
        take(site, 1)

    assert refused.value.code == "already_held"
    assert pool_of(site).held == 1


def test_the_database_refuses_a_hold_that_skips_the_rule(site, reported):
    BedPool.objects.filter(pk=pool_of(site).pk).update(held=3)

    with pytest.raises(IntegrityError, match="capacity_pool_held_within_ceiling"):
        BedPool.objects.filter(pk=pool_of(site).pk).update(held=F("held") + 1)


def test_extending_keeps_the_bed_and_an_ended_hold_cannot_be_extended(site, reported, now):
    hold = take(site, 1)

    actions.extend(hold=hold, until=now + 5 * HOUR, now=now)
    assert Hold.objects.get().until == now + 5 * HOUR

    actions.release(hold=hold, end=Hold.End.EXPIRED, now=now)
    with pytest.raises(ValidationError) as refused:
        actions.extend(hold=hold, until=now + 6 * HOUR, now=now)
    assert refused.value.code == "hold_ended"


def test_an_arrival_fills_the_held_bed_and_a_departure_frees_one(site, reported, now):
    hold = take(site, 1)

    actions.record_arrival(hold=hold, at=now)
    actions.record_arrival(hold=hold, at=now)
    actions.record_departure(site=site, level="icu", reference="PMR-9", at=now)
    actions.record_departure(site=site, level="icu", reference="PMR-9", at=now)

    pool = pool_of(site)
    assert (pool.moved, pool.held, pool.free_beds) == (0, 0, 3)
    assert Hold.objects.get().end == "arrived"


def test_a_patient_whose_hold_ran_out_still_fills_a_bed(site, reported, now):
    hold = take(site, 1)
    actions.release(hold=hold, end=Hold.End.EXPIRED, now=now)

    actions.record_arrival(hold=hold, at=now)

    assert pool_of(site).free_beds == 2
    assert Hold.objects.get().end == "expired"


def test_a_departure_from_a_site_without_figures_is_kept(site, now):
    actions.record_departure(site=site, level="icu", reference="PMR-1", at=now)

    assert pool_of(site).moved == 1
    with pytest.raises(ValidationError):
        take(site, 2)


def test_a_report_includes_who_came_before_it_was_counted(site, reported, now):
    actions.record_arrival(hold=take(site, 1), at=now)
    assert pool_of(site).moved == -1

    file(site, 2, measured_at=now + HOUR)

    assert (pool_of(site).moved, pool_of(site).free_beds) == (0, 2)


def test_a_report_never_revives_a_held_bed(site, reported):
    take(site, 1)

    file(site, 3)

    assert pool_of(site).free_beds == 2


def test_a_cut_keeps_the_holds_refuses_new_ones_and_alerts_once(site, reported, now):
    coordinator = factories.user("regional_coordinator", region=site.region)
    desk = factories.user("lcps_coordinator")
    factories.user("regional_coordinator", region=factories.region())
    take(site, 1)
    take(site, 2)

    report = file(site, 1)
    actions.refresh_pools(report=report, now=now)

    pool = pool_of(site)
    assert (pool.held, pool.free_beds, pool.ceiling) == (2, -1, 2)
    with pytest.raises(ValidationError):
        take(site, 3)
    told = Message.objects.filter(template="beds_overpromised", channel="in_app")
    assert {message.recipient for message in told} == {coordinator, desk}
    assert told.count() == 2
    assert "1 te weinig (IC)" in told[0].body


def test_after_a_cut_a_released_bed_cannot_be_promised_again(site, reported, now):
    first = take(site, 1)
    take(site, 2)
    file(site, 1)

    actions.release(hold=first, end=Hold.End.RELEASED, now=now)

    assert pool_of(site).free_beds == 0
    with pytest.raises(ValidationError):
        take(site, 3)


def test_a_correction_of_yesterday_does_not_replace_today(site, reported, now):
    yesterday = factories.slot(factories.NOW.date() - timedelta(days=1))

    file(site, 9, slot=yesterday)

    assert pool_of(site).free_beds == 3
    assert pool_of(site).line.report == reported


def test_figures_expire_two_days_after_their_call_was_due(site, reported):
    assert pool_of(site).valid_until == reported.slot.hospital_due_at + timedelta(hours=48)


steps = st.lists(
    st.tuples(
        st.sampled_from(["hold", "release", "arrive", "depart", "report", "correct"]),
        st.integers(0, 5),
    ),
    max_size=25,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_after_any_history_the_pool_equals_the_facts(reference, now, steps):
    with transaction.atomic():
        site = factories.site()
        file(site, 2)
        slots = [factories.slot(), factories.slot(now.date() - timedelta(days=1))]
        for minute, (what, number) in enumerate(steps):
            play(what, number, site=site, slots=slots, at=now + timedelta(minutes=minute))
            assert_pools_equal_facts(site)
        transaction.set_rollback(True)


def play(what, number, *, site, slots, at):
    holds = list(Hold.objects.filter(pool__site=site))
    if what == "hold":
        before = pool_of(site)
        try:
            with transaction.atomic():
                take(site, number, now=at)
        except ValidationError as refused:
            assert refused.code == "already_held" or before.free_beds < 1
        else:
            assert before.free_beds > 0
    elif what == "release" and holds:
        actions.release(hold=holds[number % len(holds)], end=Hold.End.RELEASED, now=at)
    elif what == "arrive" and holds:
        actions.record_arrival(hold=holds[number % len(holds)], at=at)
    elif what == "depart":
        actions.record_departure(site=site, level="icu", reference=f"PMR-{number}", at=at)
    elif what in ("report", "correct"):
        file(site, number - 1, slot=slots[what == "correct"], measured_at=at, now=at)


def assert_pools_equal_facts(site):
    for pool in BedPool.objects.filter(site=site):
        newest = (
            CapacityReport.objects.current()
            .filter(site=site)
            .order_by("-slot__hospital_due_at")
            .first()
        )
        line = newest.lines.get(level=pool.level)
        moved = Movement.objects.filter(pool=pool, at__gt=newest.measured_at)
        held = pool.holds.active().count()
        change = moved.aggregate(total=Sum("change"))["total"] or 0
        assert (pool.line, pool.measured_at) == (line, newest.measured_at)
        assert (pool.reported_free, pool.moved, pool.held) == (line.free_beds, change, held)
        assert pool.ceiling == max(line.free_beds + change, held)
