"""The bar of every page and the tasks of the home page, by role and clock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from capacity.deadlines import actions, selectors
from capacity.deadlines.duties import left_text
from capacity.deadlines.models import Heartbeat, ReportingSlot
from regions.phases.models import PhasePeriod
from regions.places.models import Contact
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot(world, at):
    actions.open_slots(at("07:00"))
    return ReportingSlot.objects.get()


def bar(user, moment):
    found = selectors.next_for(user, now=moment)
    return found and (found.what, found.left_text, found.state)


@pytest.mark.parametrize(
    ("who", "clock", "expected"),
    [
        ("reporter", "07:59", ("Aanleveren tot 08:30", "nog 31 min", "ok")),
        ("reporter", "08:00", ("Aanleveren tot 08:30", "nog 30 min", "soon")),
        ("beds", "08:12", ("Aanleveren tot 08:30", "nog 18 min", "soon")),
        ("reporter", "08:30", ("Aanleveren tot 08:30", "nu", "over")),
        ("reporter", "08:42", ("Aanleveren tot 08:30", "12 min te laat", "over")),
        ("physician", "08:12", None),
        ("coordinator", "08:54", ("Regiobeeld indienen tot 10:00", "nog 1 u 06", "ok")),
        ("analyst", "09:30", ("Regiobeeld indienen tot 10:00", "nog 30 min", "soon")),
        ("coordinator", "11:15", ("Regiobeeld indienen tot 10:00", "1 u 15 te laat", "over")),
        ("desk", "10:00", ("Landelijk beeld om 12:00", "nog 2 u 00", "ok")),
        ("lead", "11:41", ("Landelijk beeld publiceren om 12:00", "nog 19 min", "soon")),
        ("lead", "12:00", None),
    ],
)
def test_the_bar(world, slot, at, who, clock, expected):
    assert bar(getattr(world, who), at(clock)) == expected


def test_the_bar_costs_one_query(world, slot, at, django_assert_num_queries):
    for who in (world.reporter, world.coordinator, world.lead):
        with django_assert_num_queries(1):
            selectors.next_for(who, now=at("08:10"))


def test_who_has_answered_is_left_alone(world, slot, at, sign):
    factories.report(world.site, slot)
    sign(world.region, slot, at("09:00"))

    assert bar(world.reporter, at("08:10")) is None
    assert bar(world.coordinator, at("09:10")) is None
    assert selectors.tasks_for(world.beds, at("08:10")) == []
    assert selectors.tasks_for(world.coordinator, at("09:10")) == []


def test_who_has_answered_the_morning_sees_the_afternoon(world, at):
    PhasePeriod.objects.update(phase_id="2c")
    actions.open_slots(at("07:00"))
    factories.report(world.site, selectors.slot_at(at("08:00")))

    assert bar(world.reporter, at("09:00")) == ("Aanleveren tot 15:00", "nog 6 u 00", "ok")
    assert selectors.tasks_for(world.reporter, at("09:00")) == []
    assert len(selectors.tasks_for(world.reporter, at("12:00"))) == 1


def test_a_clock_that_was_set_back_sees_its_own_day(world, at, now):
    actions.open_slots(now + timedelta(days=9))
    actions.open_slots(now)

    assert selectors.next_for(world.reporter, now=now).at == at("08:30")


def test_a_reporter_has_to_report(world, slot, at):
    (task,) = selectors.tasks_for(world.reporter, at("08:12"))

    assert (task.title, task.about) == ("Capaciteit aanleveren", "'s Heeren & Zn")
    assert (task.soon_at, task.due_at) == (at("08:00"), at("08:30"))
    assert world.site.code in task.url


def test_a_coordinator_has_to_sign(world, slot, at):
    factories.site("derde", region=world.region)
    factories.report(world.site, slot)

    (task,) = selectors.tasks_for(world.coordinator, at("08:40"))

    assert (task.title, task.about) == (
        "Regiobeeld indienen",
        "1 van 2 ziekenhuizen hebben aangeleverd",
    )


def test_a_picture_that_was_returned_is_to_be_signed_again(world, slot, at, sign):
    returned = {"returned_at": at("10:20"), "returned_name": "x", "question": "Klopt Noord?"}
    sign(world.region, slot, at("09:50"), status="returned", **returned)

    (task, *_) = selectors.tasks_for(world.coordinator, at("10:24"))

    assert (task.title, task.about) == ("Regiobeeld opnieuw indienen", "Klopt Noord?")
    assert task.due_at == at("10:00")


def test_from_three_quarters_of_an_hour_on_the_region_phones(world, slot, at):
    Contact.objects.create(site=world.site, function="beds", phone="0800 1234")

    assert len(selectors.tasks_for(world.coordinator, at("09:14"))) == 1
    _, phone = selectors.tasks_for(world.coordinator, at("09:15"))

    assert phone.title == "Bel 's Heeren & Zn: nog geen cijfers"
    assert phone.about == "Beddencoördinatie 0800 1234"


@pytest.mark.parametrize(("clock", "count"), [("11:39", 0), ("11:40", 1), ("12:00", 0)])
def test_the_shift_lead_checks_the_national_picture(world, slot, at, clock, count):
    tasks = selectors.tasks_for(world.lead, at(clock))

    assert len(tasks) == count
    assert [task.about for task in tasks] == ["Zonder regiobeeld: Oost, West"] * count


def test_left_text_of_days_ago(at):
    assert left_text(at("08:30"), at("08:30") + timedelta(days=1)) == "24 u 00 te laat"


def test_the_call_of_a_moment_is_the_newest_that_opened(world, at):
    PhasePeriod.objects.update(phase_id="2c")
    actions.open_slots(at("07:00"))

    assert selectors.slot_at(at("11:59")).hospital_due_at == at("08:30")
    assert selectors.slot_at(at("12:00")).hospital_due_at == at("15:00")


def test_the_heartbeat_keeps_real_time(world, now):
    assert selectors.seconds_since_tick(now=timezone.now()) is None

    actions.tick(now=now)  # a morning of 2020

    assert 0 <= selectors.seconds_since_tick(now=timezone.now()) < 30
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=2))
    assert 119 < selectors.seconds_since_tick(now=timezone.now()) < 130


def test_a_tick_that_fails_does_not_count_as_life(world, now, monkeypatch):
    monkeypatch.setattr(actions, "fire_due", lambda now: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        actions.tick(now=now)

    assert not Heartbeat.objects.exists()


def test_the_task_hands_in_the_business_clock(world, demonstration_clock, now):
    from capacity.deadlines.tasks import tick

    tick.apply(throw=True)

    slot = ReportingSlot.objects.get()
    assert slot.day == now.date()
    assert slot.deadlines.exclude(fired_at=None).count() == 2
